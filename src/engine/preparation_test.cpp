// Preparation, release and manager tasks of jobs: when they run, what waits for them, and what a
// lost node, agent or service does to them.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/decide.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;
using protocol::JobTaskKind;
using protocol::StartTaskPhase;

JobFacts prepared(bool with_release = true) {
  JobFacts facts;
  facts.helpers.emplace();
  facts.helpers->preparation = TaskId::trusted("jobpreparation");
  if (with_release) facts.helpers->release = TaskId::trusted("jobrelease");
  return facts;
}

class Preparations : public ::testing::Test {
 protected:
  // A task has been added to a job on a pool of that many nodes; its node's preparation is ordered.
  StartJobTask begin(std::int32_t nodes, const JobFacts& facts = prepared()) {
    nodes_ = bench.add_pool("p", nodes);
    bench.add_job("j", "p", facts);
    bench.add_task("j", "t");
    const auto orders = bench.take<StartJobTask>();
    EXPECT_EQ(orders.size(), 1u);
    return orders.at(0);
  }
  // …and has run and ended there.
  StartJobTask run_one(const JobFacts& facts = prepared()) {
    const StartJobTask order = begin(1, facts);
    bench.report(order, StartTaskPhase::succeeded);
    bench.end(bench.take<StartRun>().at(0), 0, 0);
    bench.effects.clear();
    return order;
  }
  StartJobTask release() {
    bench.run(TerminateJob{JobId::trusted("j"), "enough", {}});
    const auto orders = bench.take<StartJobTask>();
    EXPECT_EQ(orders.size(), 1u);
    EXPECT_EQ(orders.at(0).kind, JobTaskKind::release);
    return orders.at(0);
  }
  bool has_row(const NodeId& node) {
    return bench.store.read({EntityKind::preparation, "j", node.text()})->has_value();
  }

  EngineBench bench;
  std::vector<NodeId> nodes_;
};

TEST_F(Preparations, TheFirstTaskOnANodeWaitsForIt) {
  const StartJobTask order = begin(2);
  EXPECT_EQ(order.kind, JobTaskKind::preparation);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::preparing);
  EXPECT_FALSE(bench.task("j", "t").start);
  EXPECT_EQ(bench.job("j").counts.running, 1);
  EXPECT_TRUE(bench.take<StartRun>().empty());
  bench.report(order, StartTaskPhase::succeeded);
  const auto runs = bench.take<StartRun>();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_EQ(runs[0].preparation.text(), "jobpreparation");
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
  EXPECT_EQ(bench.task("j", "t").previous, TaskState::preparing);
  EXPECT_TRUE(bench.task("j", "t").start);
  bench.end(runs[0], 0, 0);
  // The next one there starts at once; the other node is prepared only when it gets a task.
  bench.add_task("j", "t2");
  EXPECT_EQ(bench.task("j", "t2").state, TaskState::running);
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  bench.add_task("j", "t3");
  EXPECT_EQ(bench.take<StartJobTask>().size(), 1u);
}

TEST_F(Preparations, TasksOfOneNodeWaitTogether) {
  bench.add_pool("p", 1, {.task_slots = 2});
  bench.add_job("j", "p", prepared());
  bench.add_task("j", "t1");
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  bench.add_task("j", "t2");
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_EQ(bench.take<StartRun>().size(), 2u);
}

TEST_F(Preparations, AGangWaitsForAllOfItsNodes) {
  bench.add_pool("p", 2, {.inter_node = true});
  bench.add_job("j", "p", prepared());
  bench.add_task("j", "t", {.instances = 2});
  const auto orders = bench.take<StartJobTask>();
  ASSERT_EQ(orders.size(), 2u);
  bench.report(orders[0], StartTaskPhase::succeeded);
  EXPECT_TRUE(bench.take<StartRun>().empty());
  EXPECT_EQ(bench.task("j", "t").subtasks.at(0).state, TaskState::preparing);
  bench.report(orders[1], StartTaskPhase::succeeded);
  EXPECT_EQ(bench.take<StartRun>().size(), 1u);
  EXPECT_EQ(bench.task("j", "t").subtasks.at(0).state, TaskState::running);
}

TEST_F(Preparations, WhereItFailsTheJobRunsNoTask) {
  const StartJobTask order = begin(2);
  bench.report(order, StartTaskPhase::failed);
  const auto again = bench.take<StartJobTask>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_NE(again[0].node, order.node);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::preparing);
  EXPECT_EQ(bench.task("j", "t").requeues, 0);
  bench.report(again[0], StartTaskPhase::failed);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.node("p", order.node).state, NodeState::idle);
  // The nodes are there for other jobs.
  bench.add_job("other", "p");
  bench.add_task("other", "t");
  EXPECT_EQ(bench.task("other", "t").state, TaskState::running);
  // A node that comes new is one more chance.
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 3});
  const NodeId third = bench.take<WantNode>().at(0).order.node;
  bench.make("p", third);
  bench.join("p", third);
  const auto orders = bench.take<StartJobTask>();
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].node, third);
}

TEST_F(Preparations, AfterAFailureAndARestartTheNodeStaysClosedToTheJob) {
  const StartJobTask order = begin(1);
  bench.report(order, StartTaskPhase::failed);
  bench.restart();
  bench.join("p", nodes_[0]);
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
}

TEST_F(Preparations, WithoutWaitForSuccessTasksStartAtOnce) {
  JobFacts facts = prepared();
  facts.helpers->preparation_gates = false;
  bench.add_pool("p", 1, {.task_slots = 2});
  bench.add_job("j", "p", facts);
  bench.add_task("j", "t");
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  bench.report(order, StartTaskPhase::failed);
  bench.add_task("j", "t2");
  EXPECT_EQ(bench.task("j", "t2").state, TaskState::running);
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
}

TEST_F(Preparations, ATaskThatIsEndedWhilePreparingNeedsNoAgent) {
  begin(1);
  ASSERT_TRUE(bench.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("t"), {}}));
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
  EXPECT_EQ(bench.task("j", "t").failure->code, "TaskEnded");
  EXPECT_EQ(bench.node("p", nodes_[0]).running_tasks, 0);
  EXPECT_EQ(bench.job("j").counts.running, 0);
  bench.add_task("j", "t2");
  ASSERT_TRUE(bench.run(DeleteTask{JobId::trusted("j"), TaskId::trusted("t2"), {}}));
  EXPECT_FALSE(bench.has_task("j", "t2"));
}

TEST_F(Preparations, AfterARestartOfTheServiceAgentsTellHowItWent) {
  const StartJobTask order = begin(1);
  bench.restart();
  EXPECT_EQ(bench.task("j", "t").state, TaskState::preparing);
  protocol::JobTaskReport report{.job = order.job, .kind = order.kind, .report = {}};
  report.report.phase = StartTaskPhase::succeeded;
  report.report.generation = order.generation;
  bench.join_with("p", order.node, {report});
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
}

TEST_F(Preparations, AnOrderThatNeverArrivedIsSaidAgain) {
  const StartJobTask order = begin(1);
  bench.restart();
  bench.join_with("p", order.node, {});
  const auto again = bench.take<StartJobTask>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].generation, order.generation);
}

TEST_F(Preparations, ANodeThatStartsAnewIsPreparedAgainForItsNextTask) {
  const StartJobTask order = run_one();
  bench.join_with("p", order.node, {}, "boot-2");
  EXPECT_TRUE(bench.take<StartJobTask>().empty()) << "not before it is needed";
  bench.add_task("j", "t2");
  const auto again = bench.take<StartJobTask>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_GT(again[0].generation, order.generation);
  EXPECT_EQ(bench.task("j", "t2").state, TaskState::preparing);
}

TEST_F(Preparations, WithoutRerunANodeThatStartsAnewStaysPrepared) {
  JobFacts facts = prepared();
  facts.helpers->preparation_reruns = false;
  const StartJobTask order = run_one(facts);
  bench.join_with("p", order.node, {}, "boot-2");
  bench.add_task("j", "t2");
  EXPECT_EQ(bench.task("j", "t2").state, TaskState::running);
}

TEST_F(Preparations, ANodeThatDiesWhilePreparingBeginsOver) {
  const StartJobTask order = begin(1);
  bench.join_with("p", order.node, {}, "boot-2");
  const auto again = bench.take<StartJobTask>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_GT(again[0].generation, order.generation);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::preparing);
  EXPECT_EQ(bench.task("j", "t").requeues, 0);
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_EQ(bench.task("j", "t").state, TaskState::preparing) << "of the life before";
}

TEST_F(Preparations, AnotherDiskIsAnotherNode) {
  const StartJobTask order = begin(1);
  bench.report(order, StartTaskPhase::failed);
  bench.effects.clear();
  // What a reimage does, without the rest of it.
  State& state = const_cast<State&>(bench.engine().state());
  Turn turn(state, bench.store, bench.now);
  NodeRecord& node = *state.node(PoolId::trusted("p"), order.node);
  leave_jobs(turn, node, Leaving::row_goes);
  set_state(turn, node, NodeState::reimaging, "NodeReimaging");
  ASSERT_TRUE(bench.store.commit(turn.take_batch()));
  turn.take_pools_to_schedule();
  EXPECT_FALSE(has_row(order.node));
  bench.join_with("p", order.node, {}, "boot-2");
  EXPECT_EQ(bench.take<StartJobTask>().size(), 1u);
}

// ---- release

TEST_F(Preparations, ATerminatedJobReleasesWhereItRan) {
  run_one();
  const StartJobTask order = release();
  EXPECT_EQ(bench.job("j").state, JobState::terminating);
  bench.report(order, StartTaskPhase::failed);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.job("j").terminate_reason, "enough");
  EXPECT_EQ(bench.preparation("j", order.node).release->phase, StartTaskPhase::failed);
  bool forgotten = false;
  for (const TellAgent& told : bench.take<TellAgent>())
    forgotten = forgotten || std::holds_alternative<protocol::ForgetJob>(told.message);
  EXPECT_TRUE(forgotten);
  bench.run(DeleteJob{JobId::trusted("j"), {}});
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  EXPECT_FALSE(has_row(order.node));
}

TEST_F(Preparations, ADeletedJobGoesAfterItsRelease) {
  const StartJobTask order = run_one();
  bench.run(DeleteJob{JobId::trusted("j"), {}});
  const auto orders = bench.take<StartJobTask>();
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(bench.job("j").state, JobState::deleting);
  bench.report(orders[0], StartTaskPhase::succeeded);
  EXPECT_FALSE(bench.store.read({EntityKind::job, "", "j"})->has_value());
  EXPECT_FALSE(has_row(order.node));
}

TEST_F(Preparations, ATimeLimitReleasesToo) {
  JobFacts facts = prepared();
  facts.max_wall_clock = std::chrono::hours(1);
  run_one(facts);
  bench.now += std::chrono::hours(1);
  bench.run(Tick());
  EXPECT_EQ(bench.take<StartJobTask>().size(), 1u);
  EXPECT_EQ(bench.job("j").terminate_reason, "MaxWallClockTimeExpiry");
}

TEST_F(Preparations, NothingIsReleasedWhereNoTaskRan) {
  const StartJobTask order = begin(1);
  bench.run(TerminateJob{JobId::trusted("j"), "enough", {}});
  EXPECT_EQ(bench.job("j").state, JobState::terminating) << "the preparation is being ended";
  bench.report(order, StartTaskPhase::failed);
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Preparations, AJobWithoutReleaseEndsAtOnce) {
  run_one(prepared(false));
  bench.run(TerminateJob{JobId::trusted("j"), "enough", {}});
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Preparations, TheReleaseGoesWithItsNode) {
  const StartJobTask prepared_on = run_one();
  release();
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 0});
  bench.run(FleetUnmade{PoolId::trusted("p"), prepared_on.node});
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_TRUE(has_row(prepared_on.node)) << "the list shows nodes that are gone";
  EXPECT_EQ(bench.preparation("j", prepared_on.node).release->phase, StartTaskPhase::failed);
}

TEST_F(Preparations, ANodeThatStartsAnewReleasesAgain) {
  run_one();
  const StartJobTask order = release();
  bench.join_with("p", order.node, {}, "boot-2");
  const auto again = bench.take<StartJobTask>();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].kind, JobTaskKind::release);
  bench.report(again[0], StartTaskPhase::succeeded);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Preparations, ASilentNodeDoesNotHoldTheJobForEver) {
  run_one();
  const StartJobTask order = release();
  bench.run(AgentLost{PoolId::trusted("p"), order.node});
  bench.now += unknown_after;
  bench.run(Tick());
  EXPECT_EQ(bench.job("j").state, JobState::terminating);
  bench.now += requeue_after;
  EXPECT_LE(bench.engine().next_deadline(), bench.now);
  bench.run(Tick());
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_GT(bench.engine().next_deadline(), bench.now);
}

TEST_F(Preparations, AReleaseIsAwaitedOverARestart) {
  run_one();
  const StartJobTask order = release();
  bench.restart();
  bench.join_with("p", order.node, {});
  EXPECT_EQ(bench.take<StartJobTask>().size(), 1u);
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Preparations, TheirIdsAreTaken) {
  begin(1);
  EXPECT_EQ(bench.add_task("j", "JobPreparation").error().code, "TaskIdSameAsJobPreparationTask");
  EXPECT_EQ(bench.add_task("j", "jobrelease").error().code, "TaskIdSameAsJobReleaseTask");
}

// ---- the job manager

class Managers : public ::testing::Test {
 protected:
  void add(JobHelpers helpers, std::int32_t nodes, std::int32_t slots = 2) {
    bench.add_pool("p", nodes, {.task_slots = slots});
    helpers.manager = TaskId::trusted("m");
    JobFacts facts{.pool = PoolId::trusted("p")};
    facts.helpers = helpers;
    bench.run(AddJob{.id = JobId::trusted("j"),
                     .facts = facts,
                     .spec = "{}",
                     .manager = NewTask{TaskId::trusted("m"), {}, R"({"commandLine":"m"})"}});
  }
  EngineBench bench;
};

TEST_F(Managers, ItComesWithTheJobAndKeepsItsNodeForItself) {
  add({}, 1);
  const StartRun run = bench.take<StartRun>().at(0);
  EXPECT_EQ(run.key.task.text(), "m");
  bench.add_task("j", "t");
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  bench.restart();
  bench.join("p", run.seats[0].node, {{.key = run.key, .phase = protocol::RunPhase::running}});
  EXPECT_EQ(bench.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench.job("j").counts.running_slots, 1);
}

TEST_F(Managers, AnExclusiveOneWaitsForAnEmptyNode) {
  bench.add_pool("p", 1, {.task_slots = 2});
  bench.add_job("before", "p");
  bench.add_task("before", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  JobFacts facts{.pool = PoolId::trusted("p")};
  facts.helpers.emplace().manager = TaskId::trusted("m");
  bench.run(AddJob{.id = JobId::trusted("j"),
                   .facts = facts,
                   .spec = "{}",
                   .manager = NewTask{TaskId::trusted("m"), {}, "{}"}});
  EXPECT_EQ(bench.task("j", "m").state, TaskState::active);
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.task("j", "m").state, TaskState::running);
}

TEST_F(Managers, OneThatSharesItsNodeTakesItsSlotsOnly) {
  add({.manager_exclusive = false}, 1);
  bench.add_task("j", "t");
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
}

TEST_F(Managers, ItsEndEndsTheJob) {
  add({.manager_exclusive = false}, 1);
  const StartRun run = bench.take<StartRun>().at(0);
  bench.add_task("j", "t");
  const StartRun other = bench.take<StartRun>().at(0);
  bench.add_task("j", "waits");
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.job("j").state, JobState::terminating);
  EXPECT_EQ(bench.job("j").terminate_reason, "JMComplete");
  bench.end(other, 0, 1);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.task("j", "waits").state, TaskState::active);
}

TEST_F(Managers, ItsEndMayLeaveTheJobAlone) {
  add({.manager_ends_job = false}, 1);
  bench.end(bench.take<StartRun>().at(0), 0, 0);
  EXPECT_EQ(bench.job("j").state, JobState::active);
}

TEST_F(Managers, OneThatIsTerminatedEndsTheJobToo) {
  add({}, 0);
  bench.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("m"), {}});
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Managers, ItCanDoWithoutLowPriorityNodes) {
  bench.run(AddPool{.id = PoolId::trusted("p"), .target_low_priority = 1, .spec = "{}"});
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make("p", node);
  bench.join("p", node);
  JobFacts facts{.pool = PoolId::trusted("p")};
  facts.helpers.emplace().manager = TaskId::trusted("m");
  facts.helpers->manager_low_priority = false;
  bench.run(AddJob{.id = JobId::trusted("j"),
                   .facts = facts,
                   .spec = "{}",
                   .manager = NewTask{TaskId::trusted("m"), {}, "{}"}});
  EXPECT_EQ(bench.task("j", "m").state, TaskState::active);
  bench.add_task("j", "t");
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running) << "it keeps no node from others";
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 1});
  const NodeId dedicated = bench.take<WantNode>().at(0).order.node;
  bench.make("p", dedicated);
  bench.join("p", dedicated);
  EXPECT_EQ(bench.task("j", "m").node, dedicated);
}

TEST_F(Managers, ItsNodeGoesLast) {
  add({}, 3);
  const NodeId node = bench.take<StartRun>().at(0).seats[0].node;
  bench.add_task("j", "t1");
  bench.add_task("j", "t2");
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 1});
  for (const NodeId& one : bench.nodes("p"))
    EXPECT_EQ(bench.node("p", one).state == NodeState::leavingpool, one != node);
  EXPECT_EQ(bench.task("j", "m").state, TaskState::running);
}

TEST_F(Managers, ItsEndEndsWhatStillPrepares) {
  JobHelpers helpers{.preparation = TaskId::trusted("jobpreparation"), .manager_exclusive = false};
  add(helpers, 2);
  const StartJobTask first = bench.take<StartJobTask>().at(0);
  bench.report(first, StartTaskPhase::succeeded);
  const StartRun manager = bench.take<StartRun>().at(0);
  bench.add_task("j", "t1");
  bench.add_task("j", "t2");
  const auto second = bench.take<StartJobTask>();
  ASSERT_EQ(second.size(), 1u);
  bench.end(manager, 0, 0);
  EXPECT_EQ(bench.job("j").state, JobState::terminating);
  bench.report(second[0], StartTaskPhase::failed);
  EXPECT_EQ(bench.job("j").counts.running, 1) << "the one that ran beside the manager";
}

}  // namespace
}  // namespace batchyard::engine
