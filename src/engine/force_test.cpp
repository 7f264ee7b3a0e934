// `force`: jobs and schedules that end without waiting for what their nodes still do, release and
// preparation tasks among it.
#include <gtest/gtest.h>

#include "engine/decide.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;
using protocol::JobTaskKind;
using protocol::StartTaskPhase;

const JobId forced_job = JobId::trusted("j");

JobFacts released_facts() {
  JobFacts facts;
  facts.helpers.emplace();
  facts.helpers->preparation = TaskId::trusted("jobpreparation");
  facts.helpers->release = TaskId::trusted("jobrelease");
  return facts;
}

class Force : public ::testing::Test {
 protected:
  // A job whose task runs on a node that was prepared for it.
  void start() {
    bench.add_pool("p", 1, {.task_slots = 2});
    bench.add_job("j", "p", released_facts());
    bench.add_task("j", "t");
    preparation_ = bench.take<StartJobTask>().at(0);
    bench.report(preparation_, StartTaskPhase::succeeded);
    run_ = bench.take<StartRun>().at(0);
  }
  void start_and_end_task() {
    start();
    bench.end(run_, 0, 0);
    bench.effects.clear();
  }
  Result<Reply> terminate(bool force) {
    return bench.run(TerminateJob{forced_job, "enough", {}, force});
  }
  bool has_row() {
    return bench.store.read({EntityKind::preparation, "j", preparation_.node.text()})->has_value();
  }
  bool has_job() { return bench.store.read({EntityKind::job, "", "j"})->has_value(); }
  // The node was told to forget the job.
  bool forgotten() {
    bool told = false;
    for (const TellAgent& one : bench.take<TellAgent>())
      told = told || std::holds_alternative<protocol::ForgetJob>(one.message);
    return told;
  }

  EngineBench bench;
  StartJobTask preparation_;
  StartRun run_;
};

TEST_F(Force, ATerminatedJobIsCompletedAndItsReleaseGoesOn) {
  start();
  ASSERT_TRUE(terminate(true));
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.task("j", "t").failure->code, "TaskEnded");
  const auto orders = bench.take<StartJobTask>();
  ASSERT_EQ(orders.size(), 1u);
  EXPECT_EQ(orders[0].kind, JobTaskKind::release);
  EXPECT_EQ(bench.preparation("j", orders[0].node).release->phase, StartTaskPhase::running);
  bench.report(orders[0], StartTaskPhase::succeeded);
  EXPECT_EQ(bench.preparation("j", orders[0].node).release->phase, StartTaskPhase::succeeded);
  EXPECT_TRUE(forgotten());
  EXPECT_TRUE(bench.engine().state().jobs.at(forced_job).preparations.empty());
}

TEST_F(Force, AJobThatWaitsForItsReleaseNeedNotWaitAnyMore) {
  start_and_end_task();
  ASSERT_TRUE(terminate(false));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  EXPECT_EQ(terminate(false).error().code, "JobBeingTerminated");
  ASSERT_TRUE(terminate(true));
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_TRUE(bench.take<StartJobTask>().empty()) << "it is ordered once";
  EXPECT_EQ(terminate(true).error().code, "JobCompleted");
  bench.report(order, StartTaskPhase::failed);
  EXPECT_EQ(bench.preparation("j", order.node).release->phase, StartTaskPhase::failed);
  EXPECT_EQ(bench.job("j").terminate_reason, "enough");
}

TEST_F(Force, AReleaseThatGoesOnIsKnownOverARestart) {
  start_and_end_task();
  ASSERT_TRUE(terminate(true));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  bench.restart();
  bench.join_with("p", order.node, {});  // the order had not arrived
  EXPECT_EQ(bench.take<StartJobTask>().at(0).generation, order.generation);
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_EQ(bench.preparation("j", order.node).release->phase, StartTaskPhase::succeeded);
}

TEST_F(Force, AReleaseThatGoesOnEndsWithItsNode) {
  start_and_end_task();
  ASSERT_TRUE(terminate(true));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 0});
  bench.run(FleetUnmade{PoolId::trusted("p"), order.node});
  EXPECT_EQ(bench.preparation("j", order.node).release->phase, StartTaskPhase::failed);
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST_F(Force, ASilentNodesReleaseIsGivenUp) {
  start_and_end_task();
  ASSERT_TRUE(terminate(true));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  bench.run(AgentLost{PoolId::trusted("p"), order.node});
  bench.now += requeue_after;
  bench.run(Tick());
  EXPECT_EQ(bench.preparation("j", order.node).release->phase, StartTaskPhase::failed);
  EXPECT_GT(bench.engine().next_deadline(), bench.now);
}

TEST_F(Force, APreparationThatRunsIsTakenForEnded) {
  bench.add_pool("p", 1);
  bench.add_job("j", "p", released_facts());
  bench.add_task("j", "t");
  preparation_ = bench.take<StartJobTask>().at(0);
  ASSERT_TRUE(terminate(true));
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  const PreparationStatus status = bench.preparation("j", preparation_.node);
  EXPECT_EQ(status.preparation.phase, StartTaskPhase::failed);
  EXPECT_EQ(status.preparation.end.failure->code, "TaskEnded");
  EXPECT_FALSE(status.release) << "no task has run there";
  EXPECT_TRUE(forgotten());
  // Its word comes late, and changes nothing.
  bench.report(preparation_, StartTaskPhase::succeeded);
  EXPECT_EQ(bench.preparation("j", preparation_.node).preparation.phase, StartTaskPhase::failed);
}

TEST_F(Force, ADeletedJobIsGoneAndNothingOfItIsReleased) {
  start();
  ASSERT_TRUE(bench.run(DeleteJob{forced_job, {}, true}));
  EXPECT_FALSE(has_job());
  EXPECT_FALSE(has_row());
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  // The node is free for others, and its late word is answered.
  bench.end(run_, 0, 143);
  bench.add_job("k", "p");
  bench.add_task("k", "t");
  EXPECT_EQ(bench.task("k", "t").state, TaskState::running);
}

TEST_F(Force, ADeletedJobThatWaitsForItsReleaseGoesAtOnce) {
  start_and_end_task();
  ASSERT_TRUE(bench.run(DeleteJob{forced_job, {}}));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  EXPECT_TRUE(has_job());
  ASSERT_TRUE(bench.run(DeleteJob{forced_job, {}, true}));
  EXPECT_FALSE(has_job());
  EXPECT_TRUE(forgotten()) << "what runs there is ended";
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_FALSE(has_row());
}

// Without force, the deletion of a job whose end was forced waits for what goes on.
TEST_F(Force, DeletingItAfterwardsWaitsForTheRelease) {
  start_and_end_task();
  ASSERT_TRUE(terminate(true));
  const StartJobTask order = bench.take<StartJobTask>().at(0);
  ASSERT_TRUE(bench.run(DeleteJob{forced_job, {}}));
  EXPECT_TRUE(has_job());
  EXPECT_TRUE(bench.take<StartJobTask>().empty());
  bench.report(order, StartTaskPhase::succeeded);
  EXPECT_FALSE(has_job());
}

TEST_F(Force, AScheduleDoesNotWaitForTheReleaseOfItsJobEither) {
  for (const ScheduleVerb verb : {ScheduleVerb::terminate, ScheduleVerb::remove}) {
    EngineBench yard;
    const ScheduleId id = ScheduleId::trusted("s");
    yard.add_pool("p", 1);
    ScheduleFacts facts;
    facts.interval = std::chrono::hours(1);
    facts.job = released_facts();
    facts.job.pool = PoolId::trusted("p");
    ASSERT_TRUE(yard.run(AddSchedule{id, facts, R"({"jobSpecification":{}})"}));
    ASSERT_TRUE(yard.add_task("s:job-1", "t"));
    yard.report(yard.take<StartJobTask>().at(0), StartTaskPhase::succeeded);
    yard.end(yard.take<StartRun>().at(0), 0, 0);
    ASSERT_TRUE(yard.run(SteerSchedule{id, verb, {}, true}));
    const auto& schedules = yard.engine().state().schedules;
    if (verb == ScheduleVerb::terminate)
      EXPECT_EQ(schedules.at(id).status.state, ScheduleState::completed);
    else
      EXPECT_TRUE(schedules.empty());
    EXPECT_EQ(yard.take<StartJobTask>().size(), verb == ScheduleVerb::terminate ? 1u : 0u);
  }
}

}  // namespace
}  // namespace batchyard::engine
