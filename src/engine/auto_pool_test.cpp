// Pools that jobs and schedules make for themselves and that cannot be made: the job tells why.
#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;

constexpr const char* unknown_certificate = "sha1-0123456789abcdef0123456789abcdef01234567";

PoolPlan plan_with_certificate() {
  PoolPlan plan;
  plan.facts.certificates = {unknown_certificate};
  plan.spec = "{}";
  return plan;
}

void add_certificate(EngineBench& bench) {
  ASSERT_TRUE(bench.run(AddCertificate{unknown_certificate, "{}"}));
}

TEST(AutoPools, OfAJobNeedTheirCertificates) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(AddJob{
      .id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = plan_with_certificate()}));
  const JobStatus job = bench.job("j");
  EXPECT_EQ(job.state, JobState::completed);
  EXPECT_EQ(job.scheduling_error->category, protocol::FailureCategory::usererror);
  EXPECT_EQ(job.scheduling_error->code, "InvalidCertificatesInAutoPool");
  EXPECT_EQ(job.scheduling_error->details.at(0).name, unknown_certificate);
  EXPECT_TRUE(bench.engine().state().pools.empty());
  add_certificate(bench);
  ASSERT_TRUE(bench.run(AddJob{
      .id = JobId::trusted("k"), .facts = {}, .spec = "{}", .pool = plan_with_certificate()}));
  EXPECT_FALSE(bench.job("k").scheduling_error);
  EXPECT_EQ(bench.engine().state().pools.size(), 1u);
}

// One that is being deleted is as good as none.
TEST(AutoPools, DoNotHoldACertificateThatIsOnItsWayOut) {
  EngineBench bench;
  add_certificate(bench);
  bench.add_pool("p", 0, {.certificates = {unknown_certificate}});
  ASSERT_TRUE(bench.run(DeleteCertificate{unknown_certificate}));
  ASSERT_TRUE(bench.run(AddJob{
      .id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = plan_with_certificate()}));
  EXPECT_EQ(bench.job("j").scheduling_error->code, "InvalidCertificatesInAutoPool");
}

TEST(AutoPools, OfAScheduleNeedThemWhenTheirJobComes) {
  for (const bool shared : {false, true}) {
    EngineBench bench;
    const ScheduleId id = ScheduleId::trusted("s");
    ScheduleFacts facts;
    facts.interval = std::chrono::hours(1);
    facts.pool = plan_with_certificate();
    facts.pool->of_schedule = shared;
    ASSERT_TRUE(bench.run(AddSchedule{id, facts, R"({"jobSpecification":{}})"}));
    EXPECT_EQ(bench.job("s:job-1").scheduling_error->code, "InvalidCertificatesInAutoPool")
        << shared;
    EXPECT_TRUE(bench.engine().state().pools.empty());
    // The next occurrence is a new chance.
    add_certificate(bench);
    bench.now += std::chrono::hours(1);
    bench.run(Tick());
    EXPECT_FALSE(bench.job("s:job-2").scheduling_error);
    EXPECT_EQ(bench.job("s:job-2").state, JobState::active);
    EXPECT_EQ(bench.engine().state().schedules.at(id).status.pool.empty(), !shared);
    EXPECT_EQ(bench.engine().state().pools.size(), 1u);
  }
}

}  // namespace
}  // namespace batchyard::engine
