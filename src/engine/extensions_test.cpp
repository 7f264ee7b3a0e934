// Extensions of a pool's nodes: they come first, may want a restart in between, and are remembered
// as long as the node's disk.
#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using protocol::ExtensionsChanged;
using protocol::ExtensionsPhase;
using protocol::ExtensionState;
using testing::EngineBench;

const PoolId extended_pool = PoolId::trusted("p");

class ExtensionsTest : public ::testing::Test {
 protected:
  ExtensionsTest() {
    node_ = bench_
                .add_pool("p", 1,
                          {.vm_size = "standard_nc6",
                           .set_up = true,
                           .containers = true,
                           .promise = {.gpus = 1, .gpu = "Tesla K80", .gpu_vendor = "nvidia"},
                           .extensions = true})
                .at(0);
  }
  void say(ExtensionState state, ExtensionsPhase phase) {
    bench_.run(AgentSaid{
        extended_pool, node_,
        ExtensionsChanged{{{.name = "e", .publisher = "p", .type = "t", .state = state}}, phase}});
  }
  void look(const protocol::Probe& probe) {
    bench_.run(AgentSaid{extended_pool, node_, protocol::ProbeChanged{probe}});
  }
  NodeStatus node() { return bench_.node("p", node_); }

  EngineBench bench_;
  NodeId node_;
};

TEST_F(ExtensionsTest, ANodeStartsUntilTheyAreThrough) {
  EXPECT_EQ(node().state, NodeState::starting);
  say(ExtensionState::running, ExtensionsPhase::running);
  EXPECT_EQ(node().extensions.at(0).state, ExtensionState::running);
  bench_.restart();
  bench_.join("p", node_);
  EXPECT_EQ(node().state, NodeState::starting);
  bench_.now += std::chrono::seconds(5);
  say(ExtensionState::succeeded, ExtensionsPhase::done);
  EXPECT_EQ(node().extended, bench_.now);
  bench_.run(AgentSaid{extended_pool, node_, protocol::ImagesReady()});
  EXPECT_EQ(node().state, NodeState::idle);
  // The same life is done with them; the next one asks, and is told what is done.
  bench_.join("p", node_);
  EXPECT_EQ(node().state, NodeState::idle);
  bench_.take<GreetAgent>();
  bench_.join("p", node_, {}, {}, "boot-2");
  EXPECT_EQ(node().state, NodeState::starting);
  EXPECT_EQ(bench_.take<GreetAgent>().at(0).extended.at(0).state, ExtensionState::succeeded);
}

TEST_F(ExtensionsTest, TheGateWaitsForWhatTheyInstall) {
  look({});
  EXPECT_EQ(node().state, NodeState::starting);
  EXPECT_TRUE(node().errors.empty());
  EXPECT_EQ(node().gate_failures, 0);
  say(ExtensionState::succeeded, ExtensionsPhase::done);
  EXPECT_EQ(node().errors.at(0).code, "HardwareCheckFailed");
  EXPECT_EQ(node().state, NodeState::unusable);
}

TEST_F(ExtensionsTest, TheNodeIsStartedAnewWhereTheyWantIt) {
  const std::int64_t life = node().life;
  say(ExtensionState::succeeded, ExtensionsPhase::restart);
  EXPECT_EQ(node().state, NodeState::rebooting);
  EXPECT_EQ(node().life, life + 1);
  EXPECT_EQ(bench_.take<WantNode>().size(), 1U);
  // Its agent is heard of a little longer.
  say(ExtensionState::succeeded, ExtensionsPhase::restart);
  EXPECT_EQ(node().life, life + 1);
  bench_.restart();
  bench_.join("p", node_, {}, {}, "boot-2");
  EXPECT_EQ(bench_.take<GreetAgent>().at(0).extended.size(), 1U);
  say(ExtensionState::succeeded, ExtensionsPhase::done);
  EXPECT_FALSE(node().awaits_extensions);
}

TEST_F(ExtensionsTest, AReimagedNodeHasNoneOfThem) {
  say(ExtensionState::succeeded, ExtensionsPhase::done);
  bench_.run(AgentSaid{extended_pool, node_, protocol::ImagesReady()});
  ASSERT_TRUE(
      bench_.run(ActOnNode{.pool = extended_pool, .node = node_, .action = NodeAction::reimage}));
  EXPECT_TRUE(node().extensions.empty());
  bench_.take<GreetAgent>();
  bench_.join("p", node_, {}, {}, "boot-2");
  EXPECT_TRUE(bench_.take<GreetAgent>().at(0).extended.empty());
}

TEST_F(ExtensionsTest, OneThatFailsMakesTheNodeUnusableUntilItStartsAnew) {
  say(ExtensionState::failed, ExtensionsPhase::running);
  bench_.run(AgentSaid{extended_pool, node_,
                       protocol::NodeFault{"VMExtensionProvisioningError", "no", {}}});
  EXPECT_EQ(node().state, NodeState::unusable);
  EXPECT_EQ(node().errors.at(0).code, "VMExtensionProvisioningError");
  ASSERT_TRUE(
      bench_.run(ActOnNode{.pool = extended_pool, .node = node_, .action = NodeAction::reboot}));
  bench_.join("p", node_, {}, {}, "boot-2");
  EXPECT_EQ(node().state, NodeState::starting);
}

}  // namespace
}  // namespace batchyard::engine
