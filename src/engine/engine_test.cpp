// What the engine answers and does, command by command. Worlds with faults are in
// testing/sim_world_test.cpp.
#include "engine/engine.h"

#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using protocol::EndRun;
using protocol::Forget;
using protocol::RunApplication;
using testing::EngineBench;

template <class Message>
std::vector<std::pair<NodeId, Message>> told(EngineBench& bench) {
  std::vector<std::pair<NodeId, Message>> found;
  for (TellAgent& effect : bench.take<TellAgent>()) {
    if (auto* message = std::get_if<Message>(&effect.message))
      found.emplace_back(effect.node, std::move(*message));
  }
  return found;
}

PoolFacts gang_facts() {
  return {.vm_size = "standard_h16r", .cores = 16, .inter_node = true};
}

TEST(Pools, ResizeIsSteadyWhenEveryNodeIsMade) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(AddPool{.id = PoolId::trusted("p"), .target_dedicated = 2, .spec = "{}"}));
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
  const std::vector<WantNode> wanted = bench.take<WantNode>();
  ASSERT_EQ(wanted.size(), 2u);
  bench.make("p", wanted[0].order.node);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
  EXPECT_EQ(bench.node("p", wanted[0].order.node).state, NodeState::starting);
  bench.make("p", wanted[1].order.node);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  EXPECT_EQ(bench.pool("p").current_dedicated, 2);
  bench.join("p", wanted[0].order.node);
  EXPECT_EQ(bench.node("p", wanted[0].order.node).state, NodeState::idle);
}

TEST(Pools, TheSameIdInOtherCaseExists) {
  EngineBench bench;
  bench.add_pool("Pool", 0);
  const Result<Reply> again = bench.run(AddPool{.id = PoolId::trusted("pOOL"), .spec = "{}"});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, "PoolExists");
}

TEST(Pools, AResizeThatTakesTooLongEndsWithAnError) {
  EngineBench bench;
  bench.run(AddPool{.id = PoolId::trusted("p"),
                    .target_dedicated = 2,
                    .resize_timeout = std::chrono::minutes(5),
                    .spec = "{}"});
  const std::vector<WantNode> wanted = bench.take<WantNode>();
  bench.make("p", wanted[0].order.node);
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::minutes(5));
  bench.now += std::chrono::minutes(5);
  bench.run(Tick());
  const PoolStatus pool = bench.pool("p");
  EXPECT_EQ(pool.allocation, AllocationState::steady);
  ASSERT_EQ(pool.resize_errors.size(), 1u);
  EXPECT_EQ(pool.resize_errors[0].code, "AllocationTimedOut");
  EXPECT_EQ(pool.target_dedicated, 2);
  EXPECT_EQ(bench.nodes("p").size(), 1u);
}

TEST(Pools, ANodeThatCannotBeMadeIsAResizeError) {
  EngineBench bench;
  bench.run(AddPool{.id = PoolId::trusted("p"), .target_dedicated = 1, .spec = "{}"});
  const NodeId node = bench.take<WantNode>()[0].order.node;
  bench.run(FleetFailed{PoolId::trusted("p"), node, Error{.message = "no address is left"}});
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  EXPECT_EQ(bench.pool("p").resize_errors.at(0).code, "AllocationFailed");
  EXPECT_EQ(bench.pool("p").resize_errors.at(0).message, "no address is left");
}

TEST(Pools, NodesThatCannotBeMadeForOneReasonAreOneError) {
  EngineBench bench;
  bench.run(AddPool{
      .id = PoolId::trusted("p"), .facts = {.windows = true}, .target_dedicated = 3, .spec = "{}"});
  for (const WantNode& wanted : bench.take<WantNode>()) {
    EXPECT_TRUE(wanted.order.windows);
    bench.run(FleetFailed{PoolId::trusted("p"), wanted.order.node,
                          Error{.message = "the machines are Linux"}});
  }
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  EXPECT_EQ(bench.pool("p").target_dedicated, 3);
  ASSERT_EQ(bench.pool("p").resize_errors.size(), 1u);
  EXPECT_EQ(bench.pool("p").resize_errors[0].message, "the machines are Linux");
}

TEST(Pools, StopResizeKeepsWhatIsThere) {
  EngineBench bench;
  bench.run(AddPool{.id = PoolId::trusted("p"), .target_dedicated = 3, .spec = "{}"});
  const std::vector<WantNode> wanted = bench.take<WantNode>();
  bench.make("p", wanted[2].order.node);
  ASSERT_TRUE(bench.run(StopResize{PoolId::trusted("p"), {}}));
  EXPECT_EQ(bench.take<DropNode>().size(), 2u);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  EXPECT_EQ(bench.pool("p").resize_errors.at(0).code, "ResizeStopped");
  EXPECT_EQ(bench.nodes("p").size(), 1u);
}

TEST(Pools, ShrinkingTakesIdleNodesFirstAndRequeues) {
  EngineBench bench;
  bench.add_pool("p", 2);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 1}));
  const std::vector<DropNode> idle = bench.take<DropNode>();
  ASSERT_EQ(idle.size(), 1u);
  EXPECT_NE(idle[0].node, run.seats[0].node);
  bench.run(FleetUnmade{PoolId::trusted("p"), idle[0].node});
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  ASSERT_TRUE(bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 0}));
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.task("j", "t").requeues, 1);
  EXPECT_EQ(bench.job("j").counts.active, 1);
}

TEST(Pools, TaskCompletionWaitsForTheTask) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  bench.run(ResizePool{.id = PoolId::trusted("p"),
                       .target_dedicated = 0,
                       .deallocation = Deallocation::taskcompletion});
  EXPECT_TRUE(bench.take<DropNode>().empty());
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
}

TEST(Pools, ADeletedPoolGoesWithItsLastNode) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  ASSERT_TRUE(bench.run(DeletePool{PoolId::trusted("p"), {}}));
  EXPECT_EQ(bench.run(DeletePool{PoolId::trusted("p"), {}}).error().code, "PoolBeingDeleted");
  bench.run(FleetUnmade{PoolId::trusted("p"), node});
  EXPECT_EQ(bench.run(DeletePool{PoolId::trusted("p"), {}}).error().code, "PoolNotFound");
  // The job waits for a pool of that id.
  bench.add_task("j", "t");
  bench.effects.clear();
  bench.run(AddPool{.id = PoolId::trusted("p"), .target_dedicated = 1, .spec = "{}"});
  const NodeId next = bench.take<WantNode>().at(0).order.node;
  bench.make("p", next);
  bench.join("p", next);
  EXPECT_EQ(bench.take<StartRun>().size(), 1u);
}

TEST(Tasks, RunToTheirEnd) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  ASSERT_TRUE(bench.add_task("j", "t"));
  const StartRun run = bench.take<StartRun>().at(0);
  EXPECT_GT(run.key.attempt, 0);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
  EXPECT_EQ(bench.node("p", run.seats[0].node).state, NodeState::running);
  bench.end(run, 0, 0);
  const TaskStatus task = bench.task("j", "t");
  EXPECT_EQ(task.state, TaskState::completed);
  EXPECT_EQ(task.result, ExecutionResult::success);
  EXPECT_EQ(task.exit_code, 0);
  EXPECT_EQ(bench.job("j").counts.succeeded, 1);
  EXPECT_EQ(bench.node("p", run.seats[0].node).state, NodeState::idle);
  EXPECT_EQ(told<Forget>(bench).size(), 1u);
}

TEST(Tasks, AreRetriedAsOftenAsAllowed) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t", {.retries = 1});
  const StartRun first = bench.take<StartRun>().at(0);
  bench.end(first, 0, 3);
  EXPECT_EQ(bench.task("j", "t").retries, 1);
  const StartRun second = bench.take<StartRun>().at(0);
  EXPECT_GT(second.key.attempt, first.key.attempt);
  bench.end(second, 0, 3);
  const TaskStatus task = bench.task("j", "t");
  EXPECT_EQ(task.state, TaskState::completed);
  EXPECT_EQ(task.failure.value().code, "FailureExitCode");
  EXPECT_EQ(bench.job("j").counts.failed, 1);
}

TEST(Tasks, AStaleAttemptCannotComplete) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun first = bench.take<StartRun>().at(0);
  bench.run(FleetFailed{PoolId::trusted("p"), node, Error{.message = "its init process has died"}});
  EXPECT_EQ(bench.node("p", node).errors.at(0).message, "its init process has died");
  bench.make("p", node);
  bench.join("p", node, {}, {}, "boot-2");
  const StartRun second = bench.take<StartRun>().at(0);
  EXPECT_GT(second.key.attempt, first.key.attempt);
  bench.end(first, 0, 0);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
  bench.end(second, 0, 0);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
  EXPECT_EQ(bench.job("j").counts.completed, 1);
}

TEST(Tasks, ALostOrderIsSaidAgainUnderTheSameAttempt) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun first = bench.take<StartRun>().at(0);
  bench.run(AgentLost{PoolId::trusted("p"), node});
  bench.join("p", node);
  const StartRun again = bench.take<StartRun>().at(0);
  EXPECT_EQ(again.key, first.key);
  EXPECT_EQ(again.only, 0);
}

TEST(Tasks, SurviveARestartOfTheService) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  bench.add_task("j", "running");
  const StartRun run = bench.take<StartRun>().at(0);
  bench.add_task("j", "waiting");
  bench.restart();
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
  bench.make("p", node);
  bench.join("p", node, {{.key = run.key, .phase = protocol::RunPhase::running}});
  EXPECT_TRUE(bench.take<StartRun>().empty());
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.task("j", "running").state, TaskState::completed);
  EXPECT_EQ(bench.take<StartRun>().at(0).key.task, TaskId::trusted("waiting"));
}

TEST(Tasks, AnEndThatCameWhileTheServiceWasDownCounts) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  bench.restart();
  bench.join("p", node,
             {{.key = run.key, .phase = protocol::RunPhase::ended, .end = {.exit_code = 0}}});
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
  EXPECT_EQ(told<Forget>(bench).size(), 1u);
}

TEST(Tasks, ExistOnlyOnceEvenWhenCompleted) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  EXPECT_EQ(bench.add_task("j", "T").error().code, "TaskExists");
  bench.end(bench.take<StartRun>().at(0), 0, 0);
  EXPECT_EQ(bench.add_task("j", "T").error().code, "TaskExists");
  EXPECT_EQ(bench.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("t"), {}}).error().code,
            "TaskCompleted");
  ASSERT_TRUE(bench.run(DeleteTask{JobId::trusted("j"), TaskId::trusted("t"), {}}));
  EXPECT_EQ(bench.job("j").counts.completed, 0);
  EXPECT_TRUE(bench.add_task("j", "t"));
}

TEST(Tasks, TerminatedWhileRunningCompleteWhenTheNodeSaysSo) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t", {.retries = 5});
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(bench.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("t"), {}}));
  EXPECT_EQ(told<EndRun>(bench).at(0).second.failure.value().code, "TaskEnded");
  bench.end(run, 0, 143);
  const TaskStatus task = bench.task("j", "t");
  EXPECT_EQ(task.state, TaskState::completed);
  EXPECT_EQ(task.failure.value().code, "TaskEnded");
}

TEST(Tasks, ReactivateTakesFailedOnesOnly) {
  EngineBench bench;
  bench.add_pool("p", 2);
  bench.add_job("j", "p");
  bench.add_task("j", "good");
  bench.end(bench.take<StartRun>().at(0), 0, 0);
  bench.add_task("j", "bad");
  bench.end(bench.take<StartRun>().at(0), 0, 1);
  EXPECT_EQ(
      bench.run(ReactivateTask{JobId::trusted("j"), TaskId::trusted("good"), {}}).error().code,
      "TaskSucceeded");
  ASSERT_TRUE(bench.run(ReactivateTask{JobId::trusted("j"), TaskId::trusted("bad"), {}}));
  EXPECT_EQ(bench.take<StartRun>().size(), 1u);
  EXPECT_EQ(bench.job("j").counts.running, 1);
  EXPECT_EQ(bench.job("j").counts.failed, 0);
}

TEST(Tasks, SlotsAreSpreadOrPacked) {
  for (const bool spread : {true, false}) {
    EngineBench bench;
    bench.add_pool("p", 2, {.task_slots = 2, .spread = spread});
    bench.add_job("j", "p");
    bench.add_task("j", "a");
    bench.add_task("j", "b");
    const std::vector<StartRun> runs = bench.take<StartRun>();
    EXPECT_EQ(runs.at(0).seats[0].node != runs.at(1).seats[0].node, spread);
  }
}

TEST(Tasks, OneSlotIsOneTaskAtATime) {
  EngineBench bench;
  bench.add_pool("p", 1, {.task_slots = 1});
  bench.add_job("j", "p");
  bench.add_task("j", "a");
  bench.add_task("j", "b");
  const std::vector<StartRun> first = bench.take<StartRun>();
  ASSERT_EQ(first.size(), 1U);
  bench.end(first[0], 0, 0);
  EXPECT_EQ(bench.take<StartRun>().size(), 1U);
}

TEST(Tasks, HigherPriorityGoesFirst) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("low", "p", {.priority = -5});
  bench.add_task("low", "first");
  const StartRun first = bench.take<StartRun>().at(0);
  bench.add_task("low", "second");
  bench.add_job("high", "p", {.priority = 5});
  bench.add_task("high", "third");
  bench.end(first, 0, 0);
  EXPECT_EQ(bench.take<StartRun>().at(0).key.job, JobId::trusted("high"));
}

TEST(Gangs, StartTheApplicationWhenEveryMemberIsReady) {
  EngineBench bench;
  bench.add_pool("p", 3, gang_facts());
  bench.add_job("j", "p");
  bench.add_task("j", "mpi", {.instances = 3});
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_EQ(run.seats.size(), 3u);
  bench.ready(run, 1);
  bench.ready(run, 0);
  EXPECT_TRUE(told<RunApplication>(bench).empty());
  bench.ready(run, 2);
  const auto applications = told<RunApplication>(bench);
  ASSERT_EQ(applications.size(), 1u);
  EXPECT_EQ(applications[0].first, run.seats[0].node);
  bench.end(run, 0, 0);
  const auto released = told<EndRun>(bench);
  ASSERT_EQ(released.size(), 2u);
  EXPECT_FALSE(released[0].second.failure);
  bench.end(run, 1, 0);
  EXPECT_EQ(bench.task("j", "mpi").state, TaskState::running);
  bench.end(run, 2, 0);
  const TaskStatus task = bench.task("j", "mpi");
  EXPECT_EQ(task.state, TaskState::completed);
  ASSERT_EQ(task.subtasks.size(), 2u);
  EXPECT_EQ(task.subtasks[0].exit_code, 0);
}

TEST(Gangs, FailureOfOneFailsAllAndIsRetriedAsAWhole) {
  EngineBench bench;
  bench.add_pool("p", 2, gang_facts());
  bench.add_job("j", "p");
  bench.add_task("j", "mpi", {.instances = 2, .retries = 1});
  const StartRun run = bench.take<StartRun>().at(0);
  bench.end(run, 1, 7);
  EXPECT_TRUE(told<EndRun>(bench).at(0).second.failure.has_value());
  bench.end(run, 0, 143);
  EXPECT_EQ(bench.task("j", "mpi").state, TaskState::running);
  EXPECT_EQ(bench.task("j", "mpi").retries, 1);
  const StartRun again = bench.take<StartRun>().at(0);
  EXPECT_GT(again.key.attempt, run.key.attempt);
  bench.end(again, 1, 7);
  bench.end(again, 0, 143);
  EXPECT_EQ(bench.task("j", "mpi").exit_code, 7);
}

TEST(Gangs, StayActiveInAPoolThatCannotRunThem) {
  EngineBench bench;
  bench.add_pool("p", 2);
  bench.add_job("j", "p");
  bench.add_task("j", "mpi", {.instances = 2});
  bench.add_task("j", "plain");
  const std::vector<StartRun> runs = bench.take<StartRun>();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].key.task, TaskId::trusted("plain"));
  EXPECT_EQ(bench.task("j", "mpi").state, TaskState::active);
}

TEST(Gangs, AreNotOvertakenForEver) {
  EngineBench bench;
  bench.add_pool("p", 2, gang_facts());
  bench.add_job("j", "p");
  bench.add_task("j", "a");
  const StartRun first = bench.take<StartRun>().at(0);
  bench.add_task("j", "mpi", {.instances = 2});
  bench.add_task("j", "b");
  EXPECT_TRUE(bench.take<StartRun>().empty());
  bench.end(first, 0, 0);
  EXPECT_EQ(bench.take<StartRun>().at(0).key.task, TaskId::trusted("mpi"));
}

TEST(StartTasks, GateTheNode) {
  EngineBench bench;
  bench.run(AddPool{.id = PoolId::trusted("p"),
                    .facts = {.start_task = true},
                    .target_dedicated = 1,
                    .spec = "{}"});
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node);
  EXPECT_EQ(bench.take<GreetAgent>().at(0).start_generation, 1);
  EXPECT_EQ(bench.node("p", node).state, NodeState::waitingforstarttask);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  protocol::StartTaskReport report{.phase = protocol::StartTaskPhase::failed, .generation = 1};
  report.end.failure = Failure{.code = "FailureExitCode", .message = "exit code 1"};
  bench.run(AgentSaid{PoolId::trusted("p"), node, protocol::StartTaskChanged{report}});
  EXPECT_EQ(bench.node("p", node).state, NodeState::starttaskfailed);
  EXPECT_EQ(bench.node("p", node).errors.at(0).code, "StartTaskFailed");
  EXPECT_TRUE(bench.take<StartRun>().empty()) << "nothing is placed before it has succeeded";
  report.phase = protocol::StartTaskPhase::succeeded;
  bench.run(AgentSaid{PoolId::trusted("p"), node, protocol::StartTaskChanged{report}});
  EXPECT_EQ(bench.node("p", node).state, NodeState::running);
  EXPECT_TRUE(bench.node("p", node).errors.empty());
  EXPECT_EQ(bench.take<StartRun>().size(), 1U);
}

TEST(Nodes, AreUnknownWhenTheirAgentIsSilentAndTheirTasksGoElsewhereLater) {
  EngineBench bench;
  const std::vector<NodeId> nodes = bench.add_pool("p", 2);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun first = bench.take<StartRun>().at(0);
  const NodeId lost = first.seats[0].node;
  bench.run(AgentLost{PoolId::trusted("p"), lost});
  bench.now = bench.engine().next_deadline();
  bench.run(Tick());
  EXPECT_EQ(bench.node("p", lost).state, NodeState::unknown);
  EXPECT_EQ(bench.node("p", lost).errors.at(0).code, "AgentLost");
  EXPECT_EQ(bench.task("j", "t").attempt, first.key.attempt);
  bench.now = bench.engine().next_deadline();
  bench.run(Tick());
  EXPECT_GT(bench.take<StartRun>().at(0).key.attempt, first.key.attempt);
}

TEST(Jobs, TerminateEndsRunningTasksAndLeavesActiveOnes) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "runs");
  const StartRun run = bench.take<StartRun>().at(0);
  bench.add_task("j", "waits");
  ASSERT_TRUE(bench.run(TerminateJob{JobId::trusted("j"), "enough", {}}));
  EXPECT_EQ(bench.job("j").state, JobState::terminating);
  EXPECT_EQ(bench.add_task("j", "late").error().code, "JobBeingTerminated");
  bench.end(run, 0, 143);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.job("j").terminate_reason, "enough");
  EXPECT_EQ(bench.task("j", "waits").state, TaskState::active);
  EXPECT_TRUE(bench.take<StartRun>().empty());
}

TEST(Jobs, DeleteTakesTasksAndFiles) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "done");
  bench.end(bench.take<StartRun>().at(0), 0, 0);
  bench.add_task("j", "runs");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(bench.run(DeleteJob{JobId::trusted("j"), {}}));
  EXPECT_EQ(bench.run(DeleteJob{JobId::trusted("j"), {}}).error().code, "JobBeingDeleted");
  bench.effects.clear();
  bench.end(run, 0, 143);
  EXPECT_EQ(told<protocol::RemoveFiles>(bench).at(0).second.task, TaskId());
  EXPECT_FALSE(bench.has_task("j", "done"));
  EXPECT_EQ(bench.run(DeleteJob{JobId::trusted("j"), {}}).error().code, "JobNotFound");
  bench.add_job("j", "p");
  EXPECT_TRUE(bench.add_task("j", "done"));
}

TEST(Jobs, EndByThemselvesWhenAsked) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(bench.run(ReplaceJob{
      JobId::trusted("j"), {.pool = PoolId::trusted("p"), .terminate_when_done = true}, "{}", {}}));
  EXPECT_EQ(bench.job("j").state, JobState::active);
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.job("j").terminate_reason, "AllTasksComplete");
}

// As programs do that set onAllTasksComplete at once and then add their tasks.
TEST(Jobs, ThatEndByThemselvesWaitForTheirFirstTask) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p", {.terminate_when_done = true});
  bench.add_job("empty", "p", {.terminate_when_done = true});
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::minutes(1));
  bench.restart();
  for (const NodeId& node : bench.nodes("p")) bench.join("p", node);
  bench.now += std::chrono::seconds(59);
  ASSERT_TRUE(bench.run(Tick()));
  ASSERT_TRUE(bench.add_task("j", "t"));
  bench.now += std::chrono::seconds(1);
  ASSERT_TRUE(bench.run(Tick()));
  EXPECT_EQ(bench.job("j").state, JobState::active);
  EXPECT_EQ(bench.job("empty").terminate_reason, "AllTasksComplete");
  bench.end(bench.take<StartRun>().at(0), 0, 0);
  EXPECT_EQ(bench.job("j").terminate_reason, "AllTasksComplete");
}

TEST(Jobs, EndWhenTheirTimeIsUp) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p", {.max_wall_clock = std::chrono::minutes(10)});
  EXPECT_EQ(bench.engine().next_deadline(), bench.now + std::chrono::minutes(10));
  bench.now += std::chrono::minutes(10);
  bench.run(Tick());
  EXPECT_EQ(bench.job("j").terminate_reason, "MaxWallClockTimeExpiry");
}

TEST(Conditions, AnOlderVersionIsRefused) {
  EngineBench bench;
  bench.add_pool("p", 0);
  const Result<Reply> first = bench.run(ReplacePool{.id = PoolId::trusted("p"), .spec = "{}"});
  ASSERT_TRUE(first);
  ASSERT_TRUE(bench.run(
      ReplacePool{.id = PoolId::trusted("p"), .spec = "{}", .if_version = first->version}));
  EXPECT_EQ(
      bench.run(ReplacePool{.id = PoolId::trusted("p"), .spec = "{}", .if_version = first->version})
          .error()
          .code,
      "ConditionNotMet");
}

}  // namespace
}  // namespace batchyard::engine
