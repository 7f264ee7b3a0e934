// What the account may have: requests beyond it are refused, nodes beyond it are resize errors.
#include "engine/quota.h"

#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;

Quotas quotas_of(std::initializer_list<const char*> words) {
  Quotas quotas;
  for (const char* word : words) EXPECT_TRUE(set_quota(quotas, word)) << word;
  return quotas;
}

PoolFacts four_cores() {
  PoolFacts facts;
  facts.vm_size = "standard_d4s_v3";
  facts.cores = 4;
  return facts;
}

AddPool pool_of(const char* id, std::int32_t dedicated, std::int32_t low_priority = 0) {
  return {.id = PoolId::trusted(id),
          .facts = four_cores(),
          .target_dedicated = dedicated,
          .target_low_priority = low_priority,
          .spec = "{}"};
}

AddSchedule schedule_of(const char* id) {
  ScheduleFacts facts;
  facts.interval = std::chrono::hours(1);
  return {ScheduleId::trusted(id), facts, R"({"jobSpecification":{}})"};
}

TEST(Quotas, AreReadFromWords) {
  const Quotas azure = quotas_of({"azure", "jobs=none", "pools=2"});
  EXPECT_EQ(azure.pools, 2);
  EXPECT_FALSE(azure.jobs);
  EXPECT_EQ(azure.dedicated_cores, 900);
  EXPECT_EQ(azure.low_priority_cores, 100);
  Quotas quotas;
  for (const char* wrong : {"", "pools", "pools=", "pools=-1", "pools=x", "nodes=1", "none"}) {
    EXPECT_FALSE(set_quota(quotas, wrong)) << wrong;
  }
}

TEST(Quotas, OfPoolsRefuseTheNextOne) {
  EngineBench bench;
  bench.allow(quotas_of({"pools=1"}));
  ASSERT_TRUE(bench.run(pool_of("p", 0)));
  const Result<Reply> more = bench.run(pool_of("q", 0));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, "PoolQuotaReached");
  EXPECT_TRUE(more.error().message.contains("pools=1")) << more.error().message;
  EXPECT_EQ(bench.run(pool_of("P", 0)).error().code, "PoolExists");
  ASSERT_TRUE(bench.run(DeletePool{.id = PoolId::trusted("p")}));
  EXPECT_TRUE(bench.run(pool_of("q", 0)));
}

TEST(Quotas, OfPoolsAreToldByAJobWhoseOwnPoolCannotBe) {
  EngineBench bench;
  bench.allow(quotas_of({"pools=0"}));
  PoolPlan plan;
  plan.spec = "{}";
  ASSERT_TRUE(
      bench.run(AddJob{.id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = plan}));
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.job("j").scheduling_error->code, "AutoPoolCreationFailedWithQuotaReached");
}

TEST(Quotas, OfJobsCountSchedulesAndDisabledJobsAndNoCompletedOnes) {
  EngineBench bench;
  bench.allow(quotas_of({"jobs=3"}));
  bench.add_job("a", "p");
  bench.add_job("b", "p");
  ASSERT_TRUE(bench.run(DisableJob{.id = JobId::trusted("b")}));
  // Its first job is made although it is one too many: the schedule was let in.
  ASSERT_TRUE(bench.run(schedule_of("s")));
  EXPECT_EQ(bench.job("s:job-1").state, JobState::active);
  EXPECT_EQ(bench.run(schedule_of("t")).error().code, "ActiveJobAndScheduleQuotaReached");
  const AddJob next{.id = JobId::trusted("c"), .facts = {}, .spec = "{}"};
  EXPECT_EQ(bench.run(next).error().code, "ActiveJobAndScheduleQuotaReached");
  for (const char* job : {"a", "b"})
    ASSERT_TRUE(bench.run(TerminateJob{.id = JobId::trusted(job)}));
  EXPECT_TRUE(bench.run(next));
  EXPECT_FALSE(bench.run(schedule_of("t")));
}

TEST(Quotas, OfCoresLeaveOutNodesAndSaySo) {
  EngineBench bench;
  bench.allow(quotas_of({"dedicated-cores=10", "low-priority-cores=3"}));
  ASSERT_TRUE(bench.run(pool_of("p", 1)));
  for (const WantNode& wanted : bench.take<WantNode>()) bench.make("p", wanted.order.node);
  ASSERT_TRUE(bench.run(pool_of("q", 3, 1)));
  const std::vector<WantNode> wanted = bench.take<WantNode>();
  ASSERT_EQ(wanted.size(), 1u);
  bench.make("q", wanted[0].order.node);
  const PoolStatus pool = bench.pool("q");
  EXPECT_EQ(pool.allocation, AllocationState::steady);
  EXPECT_EQ(pool.target_dedicated, 3);
  EXPECT_EQ(pool.current_dedicated, 1);
  ASSERT_EQ(pool.resize_errors.size(), 2u);
  EXPECT_EQ(pool.resize_errors[0].code, "AccountCoreQuotaReached");
  EXPECT_EQ(pool.resize_errors[1].code, "AccountLowPriorityCoreQuotaReached");
  EXPECT_TRUE(pool.resize_errors[1].message.contains("0 of 3 cores"))
      << pool.resize_errors[1].message;
}

}  // namespace
}  // namespace batchyard::engine
