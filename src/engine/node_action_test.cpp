// What users and operators ask of single nodes: restarts, removal, scheduling, preemption,
// accounts.
#include <gtest/gtest.h>

#include "base/described_json.h"
#include "engine/engine.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using testing::EngineBench;

const PoolId pool_p = PoolId::trusted("p");

// A pool of one node with a job on it.
struct OneNode : EngineBench {
  explicit OneNode(PoolFacts facts = {}) : node_id(add_pool("p", 1, facts).at(0)) {
    add_job("j", "p");
  }
  NodeId node_id;

  StartRun start_task() {
    EXPECT_TRUE(add_task("j", "t"));
    return take<StartRun>().at(0);
  }
  Result<Reply> act(NodeAction action, Deallocation option = Deallocation::requeue) {
    return run(ActOnNode{pool_p, node_id, action, option});
  }
  NodeStatus status() { return node("p", node_id); }
  std::string refusal(NodeAction action) {
    const Result<Reply> reply = act(action);
    return reply ? "" : reply.error().code;
  }
  void made(std::int64_t life) {
    run(FleetMade{{.pool = pool_p,
                   .node = node_id,
                   .ip_address = "10.0.0.4",
                   .host_name = "n",
                   .life = life}});
  }
};

TEST(Reboot, GivesTheNodeANewLifeWithItsFiles) {
  OneNode bench;
  const StartRun before = bench.start_task();
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  EXPECT_EQ(bench.status().state, NodeState::rebooting);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.task("j", "t").requeues, 1);
  const std::vector<WantNode> wanted = bench.take<WantNode>();
  ASSERT_EQ(wanted.size(), 1u);
  EXPECT_EQ(wanted[0].order.life, 1);
  EXPECT_EQ(wanted[0].order.image, 0);
  EXPECT_EQ(bench.refusal(NodeAction::reboot), "NodeBeingRebooted");

  // What its old agent still says counts no more.
  bench.join("p", bench.node_id, {}, {}, "boot-1");
  EXPECT_EQ(bench.status().state, NodeState::rebooting);
  bench.made(0);
  EXPECT_EQ(bench.status().state, NodeState::rebooting);
  bench.made(1);
  EXPECT_EQ(bench.status().state, NodeState::starting);
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::running);
  EXPECT_GT(bench.take<StartRun>().at(0).key.attempt, before.key.attempt);
}

TEST(Reboot, RunsTheStartTaskAgain) {
  OneNode bench(PoolFacts{.start_task = true});
  bench.run(AgentSaid{
      pool_p, bench.node_id,
      protocol::StartTaskChanged{{.phase = protocol::StartTaskPhase::succeeded, .generation = 1}}});
  ASSERT_EQ(bench.status().state, NodeState::idle);
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  bench.take<GreetAgent>();
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::waitingforstarttask);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).start_generation, 1);
}

// As when the installation of a driver restarts its machine.
TEST(Reboot, FromWithinTheStartTaskBeginsItAnew) {
  OneNode bench(PoolFacts{.start_task = true});
  protocol::StartTaskReport report{.phase = protocol::StartTaskPhase::running, .generation = 1};
  bench.run(AgentSaid{pool_p, bench.node_id, protocol::StartTaskChanged{report}});
  ASSERT_EQ(bench.status().state, NodeState::waitingforstarttask);
  bench.take<WantNode>();
  bench.run(
      FleetFailed{pool_p, bench.node_id, Error{.kind = Kind::internal, .message = "it died"}});
  EXPECT_EQ(bench.take<WantNode>().at(0).order.image, 0) << "its files stay";
  bench.take<GreetAgent>();
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::waitingforstarttask);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).start_generation, 1);
  report.phase = protocol::StartTaskPhase::succeeded;
  bench.run(AgentSaid{pool_p, bench.node_id, protocol::StartTaskChanged{report}});
  EXPECT_EQ(bench.status().state, NodeState::idle);
}

// As when it says by its exit code that it wants to.
TEST(Reboot, CuresAStartTaskThatFailed) {
  OneNode bench(PoolFacts{.start_task = true});
  protocol::StartTaskReport report{.phase = protocol::StartTaskPhase::failed, .generation = 1};
  bench.run(AgentSaid{pool_p, bench.node_id, protocol::StartTaskChanged{report}});
  ASSERT_EQ(bench.status().state, NodeState::starttaskfailed);
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  bench.take<GreetAgent>();
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.take<GreetAgent>().at(0).start_generation, 1);
}

TEST(Reboot, WaitsForTheTaskWhenAsked) {
  OneNode bench;
  const StartRun run = bench.start_task();
  ASSERT_TRUE(bench.act(NodeAction::reboot, Deallocation::taskcompletion));
  EXPECT_EQ(bench.status().state, NodeState::rebooting);
  EXPECT_TRUE(bench.take<WantNode>().empty());
  bench.add_task("j", "later");
  EXPECT_TRUE(bench.take<StartRun>().empty());
  bench.restart();
  EXPECT_EQ(bench.take<WantNode>().at(0).order.life, 0);
  bench.join("p", bench.node_id, {{.key = run.key, .phase = protocol::RunPhase::running}});
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.take<WantNode>().at(0).order.life, 1);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
}

TEST(Reboot, EndsTheTaskWhenAsked) {
  OneNode bench;
  const StartRun run = bench.start_task();
  ASSERT_TRUE(bench.act(NodeAction::reboot, Deallocation::terminate));
  EXPECT_TRUE(bench.take<WantNode>().empty());
  bench.end(run, 0, 137);
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
  EXPECT_EQ(bench.task("j", "t").failure->code, "TaskEnded");
}

TEST(Reboot, IsOrderedAgainAfterARestartOfTheServer) {
  OneNode bench;
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  bench.effects.clear();
  bench.restart();
  EXPECT_EQ(bench.take<WantNode>().at(0).order.life, 1);
  EXPECT_EQ(bench.status().state, NodeState::rebooting);
}

TEST(Reboot, WaitsForRetainedFiles) {
  OneNode bench;
  const StartRun run = bench.start_task();
  bench.run(AgentSaid{pool_p, bench.node_id,
                      protocol::RunEnded{run.key,
                                         0,
                                         {.exit_code = 0,
                                          .failure = {},
                                          .started = bench.now,
                                          .ended = bench.now,
                                          .kept_until = bench.now + std::chrono::hours(1)}}});
  ASSERT_TRUE(bench.act(NodeAction::reboot, Deallocation::retaineddata));
  EXPECT_TRUE(bench.take<WantNode>().empty());
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::hours(1));
  bench.restart();
  bench.effects.clear();
  bench.now += std::chrono::hours(1);
  bench.run(Tick());
  EXPECT_EQ(bench.take<WantNode>().at(0).order.life, 1);
}

TEST(Reboot, CuresAnUnusableNode) {
  OneNode bench;
  bench.run(AgentSaid{pool_p, bench.node_id,
                      protocol::NodeFault{"MountConfigurationError", "no such share", {}}});
  EXPECT_EQ(bench.status().state, NodeState::unusable);
  EXPECT_EQ(bench.status().errors.at(0).code, "MountConfigurationError");
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  EXPECT_TRUE(bench.status().errors.empty());
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::idle);
}

TEST(Reimage, RunsTheStartTaskAgain) {
  OneNode bench(PoolFacts{.start_task = true});
  bench.run(AgentSaid{
      pool_p, bench.node_id,
      protocol::StartTaskChanged{{.phase = protocol::StartTaskPhase::succeeded, .generation = 1}}});
  ASSERT_TRUE(bench.act(NodeAction::reimage));
  bench.take<GreetAgent>();
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::waitingforstarttask);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).start_generation, 1);
}

TEST(Reimage, TakesTheFilesToo) {
  OneNode bench;
  bench.run(SetNodeUser{pool_p, bench.node_id, {.name = "ann"}, true});
  ASSERT_TRUE(bench.act(NodeAction::reimage));
  EXPECT_EQ(bench.status().state, NodeState::reimaging);
  const engine::NodeOrder order = bench.take<WantNode>().at(0).order;
  EXPECT_EQ(order.life, 1);
  EXPECT_EQ(order.image, 1);
  EXPECT_TRUE(bench.status().users.empty());
  EXPECT_EQ(bench.refusal(NodeAction::reimage), "NodeBeingReimaged");
}

TEST(Deallocate, OfAGangsPrimaryIsNotForgottenOverARestart) {
  EngineBench bench;
  bench.add_pool("p", 2, {.vm_size = "standard_h16r", .cores = 16, .inter_node = true});
  bench.add_job("j", "p");
  bench.add_task("j", "mpi", {.instances = 2});
  const StartRun run = bench.take<StartRun>().at(0);
  const NodeId primary = run.seats.at(0).node;
  ASSERT_TRUE(bench.run(
      ActOnNode{PoolId::trusted("p"), primary, NodeAction::deallocate, Deallocation::requeue}));
  bench.run(FleetUnmade{PoolId::trusted("p"), primary});
  ASSERT_EQ(bench.node("p", primary).state, NodeState::deallocated);
  EXPECT_EQ(bench.task("j", "mpi").state, TaskState::running) << "the other member has not ended";
  bench.restart();
  bench.join("p", run.seats.at(1).node);  // knows nothing of the run
  EXPECT_EQ(bench.task("j", "mpi").state, TaskState::active);
}

TEST(Deallocate, StopsTheNodeAndKeepsItInThePool) {
  OneNode bench;
  EXPECT_EQ(bench.refusal(NodeAction::start), "OperationInvalidForCurrentState");
  ASSERT_TRUE(bench.act(NodeAction::deallocate));
  EXPECT_EQ(bench.status().state, NodeState::deallocating);
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  bench.restart();
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  bench.run(FleetUnmade{pool_p, bench.node_id});
  EXPECT_EQ(bench.status().state, NodeState::deallocated);
  EXPECT_EQ(bench.pool("p").current_dedicated, 1);
  bench.restart();
  EXPECT_TRUE(bench.effects.empty());
  bench.run(FleetUnmade{pool_p, bench.node_id});  // said twice
  EXPECT_EQ(bench.refusal(NodeAction::reboot), "OperationInvalidForCurrentState");

  ASSERT_TRUE(bench.act(NodeAction::start));
  EXPECT_EQ(bench.status().state, NodeState::starting);
  EXPECT_EQ(bench.take<WantNode>().at(0).order.life, 1);
  bench.made(1);
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::idle);
  EXPECT_EQ(bench.pool("p").current_dedicated, 1);
}

TEST(Deallocate, ADeallocatedNodeCanBeRemoved) {
  OneNode bench;
  ASSERT_TRUE(bench.act(NodeAction::deallocate));
  bench.run(FleetUnmade{pool_p, bench.node_id});
  bench.effects.clear();
  ASSERT_TRUE(bench.run(RemoveNodes{.id = pool_p, .nodes = {bench.node_id}}));
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  bench.run(FleetUnmade{pool_p, bench.node_id});
  EXPECT_TRUE(bench.nodes("p").empty());
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
}

TEST(Scheduling, DisabledTakesTheNodeOfflineWhenItsTasksAreDone) {
  OneNode bench;
  const StartRun run = bench.start_task();
  ASSERT_TRUE(bench.act(NodeAction::disable_scheduling, Deallocation::taskcompletion));
  EXPECT_EQ(bench.status().state, NodeState::running);
  EXPECT_EQ(bench.status().scheduling, SchedulingState::disabled);
  EXPECT_EQ(bench.refusal(NodeAction::disable_scheduling), "NodeAlreadyInTargetSchedulingState");
  bench.add_task("j", "later");
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.status().state, NodeState::offline);
  EXPECT_TRUE(bench.take<StartRun>().empty());
  // It stays so over a reboot.
  ASSERT_TRUE(bench.act(NodeAction::reboot));
  bench.join("p", bench.node_id, {}, {}, "boot-2");
  EXPECT_EQ(bench.status().state, NodeState::offline);
  EXPECT_TRUE(bench.take<StartRun>().empty());
  ASSERT_TRUE(bench.act(NodeAction::enable_scheduling));
  EXPECT_EQ(bench.take<StartRun>().size(), 1u);
  EXPECT_EQ(bench.status().state, NodeState::running);
  EXPECT_EQ(bench.refusal(NodeAction::enable_scheduling), "NodeAlreadyInTargetSchedulingState");
}

TEST(Scheduling, DisabledWithRequeueCountsIt) {
  OneNode bench;
  bench.start_task();
  ASSERT_TRUE(bench.act(NodeAction::disable_scheduling));
  EXPECT_EQ(bench.status().state, NodeState::offline);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.task("j", "t").requeues, 1);
}

TEST(RemoveNodes, TakesTheNamedOnesAndLowersTheTarget) {
  EngineBench bench;
  const std::vector<NodeId> nodes = bench.add_pool("p", 3);
  bench.add_job("j", "p");
  ASSERT_TRUE(bench.run(RemoveNodes{.id = pool_p, .nodes = {nodes[1], nodes[1]}}));
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_EQ(bench.node("p", nodes[1]).state, NodeState::leavingpool);
  EXPECT_EQ(bench.run(RemoveNodes{.id = pool_p, .nodes = {nodes[0]}}).error().code,
            "PoolBeingResized");
  bench.run(FleetUnmade{pool_p, nodes[1]});
  EXPECT_EQ(bench.nodes("p").size(), 2u);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  const Result<Reply> unknown = bench.run(RemoveNodes{.id = pool_p, .nodes = {nodes[0], nodes[1]}});
  EXPECT_EQ(unknown.error().code, "NodeNotFound");
  EXPECT_EQ(bench.node("p", nodes[0]).state, NodeState::idle);
}

TEST(RemoveNodes, ThatTakeTooLongAreAResizeError) {
  OneNode bench;
  bench.start_task();
  ASSERT_TRUE(bench.run(RemoveNodes{.id = pool_p,
                                    .nodes = {bench.node_id},
                                    .resize_timeout = std::chrono::minutes(5),
                                    .deallocation = Deallocation::taskcompletion}));
  bench.now += std::chrono::minutes(5);
  bench.run(Tick());
  EXPECT_EQ(bench.pool("p").resize_errors.at(0).code, "RemoveNodesFailed");
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
}

TEST(RemoveNodes, WaitForRetainedFiles) {
  OneNode bench;
  const StartRun run = bench.start_task();
  ASSERT_TRUE(bench.run(RemoveNodes{.id = pool_p,
                                    .nodes = {bench.node_id},
                                    .resize_timeout = std::chrono::hours(2),
                                    .deallocation = Deallocation::retaineddata}));
  bench.run(AgentSaid{pool_p, bench.node_id,
                      protocol::RunEnded{run.key,
                                         0,
                                         {.exit_code = 0,
                                          .failure = {},
                                          .started = bench.now,
                                          .ended = bench.now,
                                          .kept_until = bench.now + std::chrono::hours(1)}}});
  EXPECT_TRUE(bench.take<DropNode>().empty());
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::hours(1));
  bench.restart();
  EXPECT_TRUE(bench.take<DropNode>().empty());
  bench.now += std::chrono::hours(1);
  bench.run(Tick());
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
}

TEST(Preemption, RequeuesUncountedAndComesBackByItself) {
  EngineBench bench;
  bench.run(
      AddPool{.id = pool_p, .facts = {.start_task = true}, .target_low_priority = 1, .spec = "{}"});
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node, {}, {.phase = protocol::StartTaskPhase::succeeded});
  EXPECT_FALSE(bench.node("p", node).dedicated);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const Time allocated = bench.node("p", node).allocated;
  bench.effects.clear();

  ASSERT_TRUE(bench.run(PreemptNode{pool_p, node, std::chrono::minutes(2)}));
  EXPECT_EQ(bench.node("p", node).state, NodeState::preempted);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.task("j", "t").requeues, 0);
  EXPECT_EQ(bench.pool("p").current_low_priority, 1);
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  EXPECT_EQ(bench.run(PreemptNode{pool_p, node}).error().code, "OperationInvalidForCurrentState");

  // The fleet has not said that it is gone: it is not ordered again before.
  bench.now += std::chrono::minutes(2);
  bench.run(Tick());
  EXPECT_TRUE(bench.take<WantNode>().empty());
  bench.run(FleetUnmade{pool_p, node});
  const engine::NodeOrder again = bench.take<WantNode>().at(0).order;
  EXPECT_EQ(again.node, node);
  EXPECT_EQ(bench.node("p", node).state, NodeState::creating);
  bench.run(FleetMade{{.pool = pool_p, .node = node, .life = again.life}});
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
  bench.join("p", node, {}, {}, "boot-2");
  EXPECT_EQ(bench.node("p", node).state, NodeState::waitingforstarttask);
  EXPECT_EQ(bench.node("p", node).allocated, allocated);
  EXPECT_EQ(bench.pool("p").current_low_priority, 1);
}

TEST(Preemption, ReturnsAfterARestartOfTheServer) {
  EngineBench bench;
  bench.run(AddPool{.id = pool_p, .target_low_priority = 1, .spec = "{}"});
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node);
  ASSERT_TRUE(bench.run(PreemptNode{pool_p, node, std::chrono::minutes(2)}));
  bench.effects.clear();
  bench.restart();
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  bench.run(FleetUnmade{pool_p, node});
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::minutes(2));
  bench.now += std::chrono::minutes(2);
  bench.run(Tick());
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
}

TEST(Preemption, IsForLowPriorityNodesOnly) {
  OneNode bench;
  EXPECT_EQ(bench.run(PreemptNode{pool_p, bench.node_id}).error().code, "OperationNotValidOnNode");
}

TEST(NodeUsers, AreToldToTheNodeWheneverItJoins) {
  OneNode bench;
  const auto add = [&](const char* name) {
    return bench.run(SetNodeUser{pool_p, bench.node_id, {.name = name, .admin = true}, true});
  };
  ASSERT_TRUE(add("ann"));
  EXPECT_EQ(add("ann").error().code, "NodeUserExists");
  const SetNodeUser other{pool_p, bench.node_id, {.name = "bob"}, false};
  EXPECT_EQ(bench.run(other).error().code, "NodeUserNotFound");
  // An update keeps what it cannot change.
  ASSERT_TRUE(bench.run(
      SetNodeUser{pool_p, bench.node_id, {.name = "ann", .ssh_public_key = "ssh-rsa A"}, false}));
  EXPECT_TRUE(bench.status().users.at(0).admin);
  bench.effects.clear();
  bench.restart();
  bench.join("p", bench.node_id);
  bool told = false;
  for (const TellAgent& effect : bench.take<TellAgent>()) {
    const auto* users = std::get_if<protocol::SetUsers>(&effect.message);
    told = told || (users != nullptr && users->accounts.at(0).ssh_public_key == "ssh-rsa A");
  }
  EXPECT_TRUE(told);
  ASSERT_TRUE(bench.run(RemoveNodeUser{pool_p, bench.node_id, "ann"}));
  EXPECT_EQ(bench.run(RemoveNodeUser{pool_p, bench.node_id, "ann"}).error().code,
            "NodeUserNotFound");
}

TEST(Pools, SomePropertiesChangeOnlyWithoutNodes) {
  OneNode bench;
  const ReplacePool change{.id = pool_p,
                           .facts = {.task_slots = 4},
                           .spec = "{}",
                           .only_when_empty = "taskSlotsPerNode"};
  EXPECT_EQ(bench.run(change).error().code, "OperationInvalidForCurrentState");
  EXPECT_EQ(bench.pool("p").facts.task_slots, 1);
}

TEST(Certificates, InUseAreNotDeleted) {
  EngineBench bench;
  const std::string id = "sha1-0123";
  PoolFacts facts;
  facts.certificates = {id};
  AddPool pool{.id = pool_p, .facts = facts, .target_dedicated = 1, .spec = "{}"};
  EXPECT_EQ(bench.run(pool).error().code, "InvalidCertificateReferences");
  ASSERT_TRUE(bench.run(AddCertificate{id, "{}"}));
  EXPECT_EQ(bench.run(AddCertificate{id, "{}"}).error().code, "CertificateExists");
  EXPECT_EQ(bench.run(CancelCertificateDeletion{id}).error().code, "CertificateStateActive");
  ASSERT_TRUE(bench.run(pool));
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node);

  ASSERT_TRUE(bench.run(DeleteCertificate{id}));
  const auto status = [&] {
    const auto row = bench.store.read({EntityKind::certificate, "", id});
    if (!row->has_value()) return std::string("gone");
    const CertificateState state = from_json<CertificateStatus>((*row)->status)->state;
    return std::string(boost::describe::enum_to_string(state, ""));
  };
  EXPECT_EQ(status(), "deletefailed");
  bench.restart();
  EXPECT_EQ(bench.run(AddCertificate{id, "{}"}).error().code, "CertificateBeingDeleted");
  ASSERT_TRUE(bench.run(CancelCertificateDeletion{id}));
  EXPECT_EQ(status(), "active");

  // A node keeps it until it starts anew, though its pool refers to it no more.
  ASSERT_TRUE(bench.run(ReplacePool{.id = pool_p, .facts = {}, .spec = "{}"}));
  ASSERT_TRUE(bench.run(DeleteCertificate{id}));
  EXPECT_EQ(status(), "deletefailed");
  bench.join("p", node, {}, {}, "boot-2");
  ASSERT_TRUE(bench.run(DeleteCertificate{id}));
  EXPECT_EQ(status(), "gone");
  EXPECT_EQ(bench.run(DeleteCertificate{id}).error().code, "CertificateNotFound");
}

}  // namespace
}  // namespace batchyard::engine
