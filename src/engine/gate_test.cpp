// The gate and the faults that are asked for: which nodes get tasks, what a bad one says, when it
// comes back, and when it does not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardware/emulate.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using protocol::FaultKind;
using testing::EngineBench;

const PoolId gpu_pool = PoolId::trusted("p");
const PoolFacts gpu_facts{.vm_size = "standard_nc6",
                          .promise = {.gpus = 1, .gpu = "Tesla K80", .gpu_vendor = "nvidia"}};

protocol::Probe sound() {
  protocol::Probe probe;
  emulate(gpu_facts.promise, "n", probe);
  return probe;
}

protocol::Probe sick() {
  protocol::Probe probe = sound();
  probe.gpus[0].xids = {79};
  return probe;
}

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    bench_.add_pool("p", 1, gpu_facts);
    node_ = bench_.nodes("p").at(0);
    bench_.effects.clear();
  }

  void look(const protocol::Probe& probe) {
    bench_.run(AgentSaid{gpu_pool, node_, protocol::ProbeChanged{probe}});
  }
  void join(const protocol::Probe& probe, const std::string& incarnation = "boot-1") {
    protocol::Hello hello;
    hello.incarnation = incarnation;
    hello.probe = probe;
    bench_.run(AgentSaid{gpu_pool, node_, hello});
  }
  NodeStatus node() { return bench_.node("p", node_); }
  std::int64_t inject(FaultPlan plan) {
    const Result<Reply> reply = bench_.run(InjectFault{gpu_pool, std::move(plan)});
    EXPECT_TRUE(reply) << (reply ? "" : reply.error().message);
    return reply ? reply->version : 0;
  }
  std::vector<protocol::Fault> told() {
    std::vector<protocol::Fault> faults{{FaultKind::lost, -1, -1}};  // nothing was told
    for (const TellAgent& effect : bench_.take<TellAgent>()) {
      if (const auto* set = std::get_if<protocol::SetFaults>(&effect.message)) faults = set->faults;
    }
    return faults;
  }

  EngineBench bench_;
  NodeId node_;
};

TEST_F(GateTest, ANodeWithoutItsGpusIsUnusableAndSaysWhy) {
  EXPECT_EQ(node().state, NodeState::idle);
  look({});
  EXPECT_EQ(node().state, NodeState::unusable);
  const NodeError error = node().errors.at(0);
  EXPECT_EQ(error.code, "HardwareCheckFailed");
  EXPECT_THAT(error.message, ::testing::HasSubstr("gpu.count is 0, expected is 1 × Tesla K80"));
  EXPECT_EQ(error.details.at(0).value, "gpu.count");
  EXPECT_EQ(error.details.at(1).name, "Measured");
  EXPECT_FALSE(error.details.at(3).value.empty());
}

TEST_F(GateTest, ItComesBackWhenTheChecksPass) {
  look({});
  look(sound());
  EXPECT_EQ(node().state, NodeState::idle);
  EXPECT_TRUE(node().errors.empty());
  EXPECT_TRUE(node().failing.empty());
  bench_.add_job("j", "p");
  bench_.add_task("j", "t");
  EXPECT_EQ(bench_.take<StartRun>().size(), 1);
}

TEST_F(GateTest, WhatRunsMayEndAndNothingElseStarts) {
  look(sound());
  bench_.add_job("j", "p");
  bench_.add_task("j", "t1");
  const std::vector<StartRun> runs = bench_.take<StartRun>();
  look(sick());
  EXPECT_EQ(node().state, NodeState::running);
  EXPECT_EQ(node().errors.size(), 1);
  bench_.add_task("j", "t2");
  bench_.end(runs.at(0), 0, 0);
  EXPECT_EQ(bench_.task("j", "t1").result, ExecutionResult::success);
  EXPECT_EQ(node().state, NodeState::unusable);
  EXPECT_TRUE(bench_.take<StartRun>().empty());
  bench_.restart();
  EXPECT_TRUE(bench_.take<StartRun>().empty());
  join(sound());
  EXPECT_EQ(bench_.take<StartRun>().size(), 1);
}

TEST_F(GateTest, OneThatKeepsFailingIsQuarantinedUntilItStartsAnew) {
  for (int failure = 1; failure < 3; ++failure) {
    look(sick());
    look(sound());
  }
  look(sound());
  EXPECT_EQ(node().state, NodeState::idle);
  look(sick());
  look(sound());
  EXPECT_TRUE(node().quarantined);
  EXPECT_EQ(node().state, NodeState::unusable);
  ASSERT_EQ(node().errors.size(), 1);
  EXPECT_EQ(node().errors[0].code, "NodeQuarantined");
  bench_.restart();
  join(sound());
  EXPECT_EQ(node().state, NodeState::unusable);
  EXPECT_TRUE(bench_.run(ActOnNode{.pool = gpu_pool, .node = node_, .action = NodeAction::reboot}));
  join(sound(), "boot-2");
  EXPECT_EQ(node().state, NodeState::idle);
  EXPECT_FALSE(node().quarantined);
  EXPECT_TRUE(node().errors.empty());
}

TEST_F(GateTest, AFaultShowsFromItsTimeUntilItsEnd) {
  look(sound());
  bench_.effects.clear();
  inject({.fault = {FaultKind::xid, 0, 48},
          .after = std::chrono::minutes(1),
          .lasts = std::chrono::minutes(5)});
  EXPECT_EQ(told().at(0).kind, FaultKind::lost) << "nothing yet";
  EXPECT_EQ(bench_.engine().next_deadline(), bench_.now + std::chrono::minutes(1));
  bench_.now += std::chrono::minutes(1);
  bench_.run(Tick());
  EXPECT_EQ(told().at(0).value, 48);
  // An agent that comes back in the meantime is told again, and judged by it at once.
  join(sound());
  EXPECT_EQ(node().state, NodeState::unusable);
  EXPECT_EQ(told().at(0).value, 48);
  bench_.now += std::chrono::minutes(5);
  bench_.run(Tick());
  EXPECT_TRUE(told().empty());
  look(sound());
  EXPECT_EQ(node().state, NodeState::idle);
  EXPECT_TRUE(bench_.pool("p").faults.at(0).over);
}

TEST_F(GateTest, AFaultCanBeCleared) {
  look(sound());
  const std::int64_t id = inject({.node = "1", .fault = {FaultKind::ecc, 0, 1}});
  EXPECT_EQ(told().at(0).kind, FaultKind::ecc);
  EXPECT_TRUE(bench_.run(ClearFaults{gpu_pool, id}));
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(bench_.run(ClearFaults{gpu_pool, 77}).error().code, "ResourceNotFound");
}

TEST_F(GateTest, ALostNodeIsTakenFromTheFleet) {
  look(sound());
  bench_.effects.clear();
  inject({.fault = {FaultKind::lost, 0, 1}});
  EXPECT_EQ(bench_.take<LoseNode>().at(0).node, node_);
  EXPECT_EQ(bench_.pool("p").faults.at(0).outcome, "fell on 1 nodes");
}

TEST_F(GateTest, OnlyLowPriorityNodesArePreempted) {
  look(sound());
  EXPECT_EQ(bench_.run(InjectFault{gpu_pool, {.node = node_.text(), .fault = {FaultKind::preempt}}})
                .error()
                .code,
            "OperationNotValidOnNode");
  inject({.fault = {FaultKind::preempt, 0, 1}});
  EXPECT_THAT(bench_.pool("p").faults.at(0).outcome,
              ::testing::HasSubstr("fell on 0 nodes: The specified operation is not valid"));
  bench_.run(ResizePool{.id = gpu_pool, .target_low_priority = 1});
  const NodeId low = bench_.take<WantNode>().at(0).order.node;
  bench_.make("p", low);
  inject(
      {.node = low.text(), .fault = {FaultKind::preempt, 0, 1}, .lasts = std::chrono::minutes(10)});
  EXPECT_EQ(bench_.node("p", low).state, NodeState::preempted);
  EXPECT_EQ(bench_.node("p", low).returns, bench_.now + std::chrono::minutes(10));
}

TEST_F(GateTest, AllocationAndQuotaFailOnThePool) {
  for (const auto& [kind, code] : {std::pair(FaultKind::allocation, "AllocationFailed"),
                                   std::pair(FaultKind::quota, "AccountCoreQuotaReached")}) {
    const std::int64_t id = inject({.fault = {kind, 0, 1}});
    bench_.effects.clear();
    EXPECT_TRUE(bench_.run(ResizePool{.id = gpu_pool, .target_dedicated = 3}));
    EXPECT_TRUE(bench_.take<WantNode>().empty());
    EXPECT_EQ(bench_.pool("p").allocation, AllocationState::steady);
    EXPECT_EQ(bench_.pool("p").resize_errors.at(0).code, code);
    EXPECT_TRUE(bench_.run(ClearFaults{gpu_pool, id}));
  }
  EXPECT_TRUE(bench_.run(ResizePool{.id = gpu_pool, .target_dedicated = 3}));
  EXPECT_EQ(bench_.take<WantNode>().size(), 2);
}

TEST_F(GateTest, FaultsNameWhatIsThere) {
  EXPECT_EQ(bench_.run(InjectFault{gpu_pool, {.node = "nobody"}}).error().code, "NodeNotFound");
  EXPECT_EQ(
      bench_.run(InjectFault{gpu_pool, {.node = "1", .fault = {FaultKind::quota}}}).error().code,
      "InvalidPropertyValue");
  EXPECT_EQ(bench_.run(InjectFault{PoolId::trusted("q"), {}}).error().code, "PoolNotFound");
  for (int number = 0; number < 100; ++number) inject({.after = std::chrono::hours(1)});
  EXPECT_EQ(bench_.run(InjectFault{gpu_pool, {}}).error().code, "OperationInvalidForCurrentState");
}

TEST_F(GateTest, FaultsOfWhatNoNodeHasAreRefused) {
  PoolFacts plain = gpu_facts;
  plain.vm_size = "standard_d2_v3";
  plain.promise = {};
  plain.start_task = false;
  bench_.add_pool("plain", 1, plain);
  const auto refused = [&](const char* pool, protocol::Fault fault) {
    const Result<Reply> reply = bench_.run(InjectFault{PoolId::trusted(pool), {.fault = fault}});
    return reply ? std::string("taken") : reply.error().code + ": " + reply.error().message;
  };
  for (const FaultKind kind : {FaultKind::xid, FaultKind::ecc, FaultKind::drivermismatch})
    EXPECT_THAT(refused("plain", {kind, 0, 1}), ::testing::HasSubstr("standard_d2_v3 has no GPU"));
  EXPECT_THAT(refused("plain", {FaultKind::linkdown}), ::testing::HasSubstr("has no RDMA"));
  EXPECT_THAT(refused("plain", {FaultKind::starttask}), ::testing::HasSubstr("no start task"));
  EXPECT_THAT(
      refused("p", {FaultKind::xid, gpu_facts.promise.gpus, 79}),
      ::testing::AllOf(::testing::HasSubstr("property 'gpu'"), ::testing::HasSubstr("give 0")));
  // A machine may have more than the size says.
  const NodeId node = bench_.nodes("plain").at(0);
  bench_.run(AgentSaid{PoolId::trusted("plain"), node, protocol::ProbeChanged{sound()}});
  EXPECT_EQ(refused("plain", {FaultKind::xid, 0, 79}), "taken");
}

TEST(FaultPlans, PoolsGetTheirsWhenTheyAreMade) {
  EngineBench bench;
  const_cast<Engine&>(bench.engine())
      .use({}, {{.pool = "P", .fault = {FaultKind::xid, 0, 79}, .after = std::chrono::hours(1)},
                {.pool = "other", .fault = {FaultKind::quota}},
                {.pool = "*", .fault = {FaultKind::starttask}}});
  bench.add_pool("p", 1, gpu_facts);
  const std::vector<PlannedFault> faults = bench.pool("p").faults;
  ASSERT_EQ(faults.size(), 2);
  EXPECT_EQ(faults[0].at, bench.now + std::chrono::hours(1));
  EXPECT_FALSE(faults[0].begun);
  EXPECT_TRUE(faults[1].begun);
}

}  // namespace
}  // namespace batchyard::engine
