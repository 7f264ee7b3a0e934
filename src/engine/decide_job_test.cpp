// Disabling, enabling, ending and preempting jobs; what the end of a task means for its job.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/engine.h"
#include "engine/exit_rules.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using testing::EngineBench;

const JobId job_j = JobId::trusted("j");

template <class Message>
std::vector<Message> messages(EngineBench& bench) {
  std::vector<Message> found;
  for (TellAgent& effect : bench.take<TellAgent>()) {
    if (auto* message = std::get_if<Message>(&effect.message)) found.push_back(std::move(*message));
  }
  return found;
}

TaskFacts exits(ExitRules rules) {
  TaskFacts facts;
  facts.rules.emplace().exits = std::move(rules);
  return facts;
}

protocol::RunEnd ended(std::optional<std::int32_t> code, const std::string& failure = {}) {
  protocol::RunEnd end{.exit_code = code, .failure = {}, .started = {}, .ended = {}};
  if (!failure.empty()) end.failure = Failure{.code = failure, .message = {}, .details = {}};
  return end;
}

TEST(ExitRules, DefaultsAreByExitCode) {
  const Outcome good = outcome_of(nullptr, ended(0));
  EXPECT_TRUE(good.satisfies);
  EXPECT_EQ(good.job_action, JobAction::none);
  for (const protocol::RunEnd& bad : {ended(1, "FailureExitCode"), ended({}, "BlobNotFound"),
                                      ended(0, "FileUploadMiscError"), ended({}, "TaskEnded")}) {
    const Outcome outcome = outcome_of(nullptr, bad);
    EXPECT_FALSE(outcome.satisfies);
    EXPECT_EQ(outcome.job_action, JobAction::terminate);
  }
}

TEST(ExitRules, TheMostSpecificConditionCounts) {
  TaskRules rules;
  ExitRules& exit = rules.exits.emplace();
  const ExitOptions satisfy{.job_action = JobAction::none, .satisfies = true};
  const ExitOptions disable{.job_action = JobAction::disable, .satisfies = {}};
  exit.codes = {{3, 3, satisfy}, {1, 9, disable}, {20, 29, {.job_action = {}, .satisfies = true}}};
  EXPECT_EQ(outcome_of(&rules, ended(3, "FailureExitCode")).job_action, JobAction::none);
  EXPECT_TRUE(outcome_of(&rules, ended(3, "FailureExitCode")).satisfies);
  EXPECT_EQ(outcome_of(&rules, ended(9, "FailureExitCode")).job_action, JobAction::disable);
  EXPECT_FALSE(outcome_of(&rules, ended(9, "FailureExitCode")).satisfies);
  EXPECT_EQ(outcome_of(&rules, ended(25, "FailureExitCode")).job_action, JobAction::terminate)
      << "what a condition leaves out has its default";
  EXPECT_TRUE(outcome_of(&rules, ended(25, "FailureExitCode")).satisfies);
  EXPECT_EQ(outcome_of(&rules, ended(99, "FailureExitCode")).job_action, JobAction::terminate);

  exit.otherwise = satisfy;
  EXPECT_TRUE(outcome_of(&rules, ended(99, "FailureExitCode")).satisfies);
  EXPECT_TRUE(outcome_of(&rules, ended({}, "BlobNotFound")).satisfies);
  EXPECT_TRUE(outcome_of(&rules, ended(0, "FileUploadMiscError")).satisfies);
  exit.pre_processing = disable;
  exit.file_upload = disable;
  EXPECT_EQ(outcome_of(&rules, ended({}, "BlobNotFound")).job_action, JobAction::disable);
  EXPECT_EQ(outcome_of(&rules, ended(0, "FileUploadMiscError")).job_action, JobAction::disable);
  EXPECT_EQ(outcome_of(&rules, ended(3, "FileUploadMiscError")).job_action, JobAction::none)
      << "the exit code's condition goes before the upload's";
  EXPECT_EQ(outcome_of(&rules, ended({}, "TaskEnded")).job_action, JobAction::none);

  exit.otherwise = ExitOptions{.job_action = JobAction::disable, .satisfies = false};
  EXPECT_TRUE(outcome_of(&rules, ended(0)).satisfies) << "default never covers success";
  exit.codes.push_back({0, 0, {.job_action = {}, .satisfies = false}});
  EXPECT_FALSE(outcome_of(&rules, ended(0)).satisfies);
  EXPECT_EQ(outcome_of(&rules, ended(0)).job_action, JobAction::none);
}

class JobTest : public ::testing::Test {
 protected:
  void start(JobFacts facts, int nodes = 2) {
    bench_.add_pool("p", nodes);
    bench_.add_job("j", "p", facts);
  }
  StartRun run_of(const std::string& job, const std::string& id, TaskFacts facts = {}) {
    const Result<> added = bench_.add_task(job, id, std::move(facts));
    EXPECT_TRUE(added) << added.error().message;
    const std::vector<StartRun> runs = bench_.take<StartRun>();
    EXPECT_EQ(runs.size(), 1u) << id;
    return runs.empty() ? StartRun() : runs.front();
  }
  void disable(DisableTasks tasks) { ASSERT_TRUE(bench_.run(DisableJob{job_j, tasks, {}})); }
  TaskState state_of(const std::string& id) { return bench_.task("j", id).state; }

  EngineBench bench_;
};

TEST_F(JobTest, AFailedTaskTerminatesItsJobWhenTheJobActs) {
  start({.act_on_failure = true});
  const StartRun first = run_of("j", "a", {.retries = 1});
  const StartRun other = run_of("j", "b");
  bench_.add_task("j", "waits");
  bench_.end(first, 0, 1);
  EXPECT_EQ(bench_.job("j").state, JobState::active) << "it is retried first";
  bench_.end(bench_.take<StartRun>().at(0), 0, 1);
  EXPECT_EQ(bench_.job("j").state, JobState::terminating);
  EXPECT_EQ(bench_.job("j").terminate_reason, "TaskFailed");
  bench_.end(other, 0, 143);
  EXPECT_EQ(bench_.job("j").state, JobState::completed);
  EXPECT_EQ(state_of("waits"), TaskState::active);
}

TEST_F(JobTest, AFailedTaskDisablesItsJobWhenItSaysSo) {
  start({.act_on_failure = true});
  const StartRun failing = run_of(
      "j", "a", exits({.codes = {{7, 7, {.job_action = JobAction::disable, .satisfies = {}}}}}));
  const StartRun other = run_of("j", "b");
  bench_.end(failing, 0, 7);
  EXPECT_EQ(bench_.job("j").state, JobState::disabling);
  bench_.restart();
  for (const NodeId& node : bench_.nodes("p"))
    bench_.join("p", node,
                node == other.seats[0].node ? std::vector<protocol::KnownRun>{{.key = other.key}}
                                            : std::vector<protocol::KnownRun>());
  EXPECT_EQ(messages<protocol::EndRun>(bench_).at(0).key, other.key)
      << "said again after a restart";
  bench_.end(other, 0, 143);
  EXPECT_EQ(bench_.job("j").state, JobState::disabled);
  EXPECT_EQ(state_of("b"), TaskState::active);
  EXPECT_EQ(bench_.task("j", "b").requeues, 1);
}

TEST_F(JobTest, JobActionsNeedAJobThatActs) {
  start({});
  const TaskFacts facts =
      exits({.otherwise = ExitOptions{.job_action = JobAction::none, .satisfies = {}}});
  const Result<> refused = bench_.add_task("j", "a", facts);
  EXPECT_EQ(refused.error().code, "InvalidPropertyValue");
  EXPECT_NE(refused.error().message.find("onTaskFailure"), std::string::npos);
  bench_.end(run_of("j", "b"), 0, 1);
  EXPECT_EQ(bench_.job("j").state, JobState::active);
}

TEST_F(JobTest, ADisabledJobTakesTasksButStartsNone) {
  start({});
  disable(DisableTasks::wait);
  EXPECT_EQ(bench_.job("j").state, JobState::disabled);
  EXPECT_EQ(bench_.job("j").previous, JobState::disabling);
  bench_.add_task("j", "a");
  EXPECT_TRUE(bench_.take<StartRun>().empty());
  disable(DisableTasks::requeue);  // once more changes nothing
  ASSERT_TRUE(bench_.run(EnableJob{job_j, {}}));
  EXPECT_EQ(bench_.job("j").state, JobState::active);
  EXPECT_EQ(bench_.job("j").previous, JobState::enabling);
  EXPECT_EQ(bench_.take<StartRun>().size(), 1u);
  EXPECT_EQ(bench_.run(EnableJob{job_j, {}}).error().code, "OperationInvalidForCurrentState");
  ASSERT_TRUE(bench_.run(TerminateJob{job_j, "enough", {}}));
  EXPECT_EQ(bench_.run(DisableJob{job_j, DisableTasks::wait, {}}).error().code,
            "JobBeingTerminated");
}

TEST_F(JobTest, DisablingWaitsForRunningTasks) {
  start({});
  const StartRun run = run_of("j", "a", {.retries = 3});
  disable(DisableTasks::wait);
  EXPECT_EQ(bench_.job("j").state, JobState::disabling);
  EXPECT_TRUE(messages<protocol::EndRun>(bench_).empty());
  bench_.end(run, 0, 1);
  EXPECT_EQ(bench_.job("j").state, JobState::disabled);
  EXPECT_EQ(state_of("a"), TaskState::active) << "it may be retried when the job is enabled";
  EXPECT_EQ(bench_.task("j", "a").retries, 1);
}

TEST_F(JobTest, ASuccessThatComesBeforeTheRequeueCounts) {
  start({});
  const StartRun run = run_of("j", "a");
  disable(DisableTasks::requeue);
  bench_.end(run, 0, 0);
  EXPECT_EQ(bench_.job("j").state, JobState::disabled);
  EXPECT_EQ(state_of("a"), TaskState::completed);
  EXPECT_EQ(bench_.task("j", "a").requeues, 0);
}

TEST_F(JobTest, DisablingCanEndRunningTasks) {
  start({.act_on_failure = true});
  const StartRun run = run_of("j", "a");
  disable(DisableTasks::wait);
  disable(DisableTasks::terminate);
  EXPECT_EQ(messages<protocol::EndRun>(bench_).size(), 1u);
  bench_.end(run, 0, 143);
  EXPECT_EQ(bench_.job("j").state, JobState::disabled) << "its action on failure is not asked for";
  EXPECT_EQ(state_of("a"), TaskState::completed);
  EXPECT_EQ(bench_.task("j", "a").failure.value().code, "TaskEnded");
}

TEST_F(JobTest, TheWallClockGoesOnWhileTheJobIsDisabled) {
  start({.max_wall_clock = std::chrono::hours(1)});
  disable(DisableTasks::wait);
  bench_.now = bench_.engine().next_deadline();
  bench_.run(Tick());
  EXPECT_EQ(bench_.job("j").terminate_reason, "MaxWallClockTimeExpiry");
}

TEST_F(JobTest, ForceDoesNotWaitForNodes) {
  start({});
  const StartRun run = run_of("j", "a");
  ASSERT_TRUE(bench_.run(TerminateJob{job_j, "now", {}}));
  EXPECT_EQ(bench_.job("j").state, JobState::terminating);
  ASSERT_TRUE(bench_.run(TerminateJob{job_j, "now", {}, true}));
  EXPECT_EQ(bench_.job("j").state, JobState::completed);
  EXPECT_EQ(bench_.task("j", "a").failure.value().code, "TaskEnded");
  EXPECT_EQ(bench_.node("p", run.seats[0].node).running_tasks, 0);
  bench_.effects.clear();
  bench_.end(run, 0, 143);  // the node's word comes late
  EXPECT_EQ(messages<protocol::Forget>(bench_).size(), 1u);
  bench_.add_job("k", "p");
  run_of("k", "a");
  ASSERT_TRUE(bench_.run(DeleteJob{JobId::trusted("k"), {}, true}));
  EXPECT_EQ(bench_.run(DeleteJob{JobId::trusted("k"), {}, true}).error().code, "JobNotFound");
}

TEST_F(JobTest, RunsNoMoreTasksAtOnceThanItMay) {
  start({.max_parallel_tasks = 1}, 3);
  const StartRun first = run_of("j", "a");
  bench_.add_task("j", "b");
  EXPECT_TRUE(bench_.take<StartRun>().empty());
  bench_.add_job("other", "p", {.priority = -1});
  run_of("other", "c");  // others are not held up
  bench_.end(first, 0, 0);
  EXPECT_EQ(bench_.take<StartRun>().at(0).key.task, TaskId::trusted("b"));
}

TEST_F(JobTest, LaterRetryLimitsCountForTasksWithoutTheirOwn) {
  start({});
  const StartRun run = run_of("j", "a");
  ASSERT_TRUE(bench_.run(
      ReplaceJob{job_j, {.pool = PoolId::trusted("p"), .max_task_retries = 1}, "{}", {}}));
  bench_.take<StartRun>();
  bench_.end(run, 0, 1);
  EXPECT_EQ(bench_.task("j", "a").retries, 1);
}

TEST_F(JobTest, TasksTooOldAreNotStartedAndEndedWhenTheyRun) {
  start({}, 1);
  run_of("j", "runs");
  bench_.add_task("j", "waits");
  bench_.run(Tick());
  bench_.now = bench_.engine().next_deadline();
  EXPECT_EQ(bench_.now - bench_.task("j", "runs").created, std::chrono::days(180));
  bench_.run(Tick());
  const std::vector<protocol::EndRun> told_to_end = messages<protocol::EndRun>(bench_);
  ASSERT_EQ(told_to_end.size(), 1u);
  EXPECT_EQ(told_to_end[0].key.task, TaskId::trusted("runs"));
}

TEST_F(JobTest, ATasksConstraintsCanBeChangedWhileItRuns) {
  start({});
  const StartRun run = run_of("j", "a");
  const auto update = [&](Time created) {
    return bench_.run(UpdateTask{.job = job_j,
                                 .id = TaskId::trusted("a"),
                                 .created = created,
                                 .retries = 1,
                                 .spec = R"({"new":1})",
                                 .constraints = R"({"maxWallClockTime":"PT1M"})",
                                 .if_version = {}});
  };
  EXPECT_EQ(update(Time()).error().code, "TaskNotFound") << "another task of that id";
  ASSERT_TRUE(update(bench_.task("j", "a").created));
  EXPECT_EQ(messages<protocol::ChangeRun>(bench_).at(0).key, run.key);
  EXPECT_EQ(bench_.store.read({EntityKind::task, "j", "a"})->value().spec, R"({"new":1})");
  bench_.restart();
  bench_.join("p", run.seats[0].node, {{.key = run.key, .phase = protocol::RunPhase::running}});
  EXPECT_EQ(messages<protocol::ChangeRun>(bench_).size(), 1u)
      << "said again to an agent that is back";
  bench_.end(run, 0, 1);
  EXPECT_EQ(bench_.task("j", "a").retries, 1);
}

TEST_F(JobTest, ATaskGoesToTheNodeThatItAsksForWhenThereIsRoom) {
  start({}, 4);
  const NodeId wished = bench_.nodes("p").at(2);
  TaskFacts facts;
  facts.rules.emplace().affinity = wished.text();
  EXPECT_EQ(run_of("j", "a", facts).seats[0].node, wished);
  EXPECT_NE(run_of("j", "b", facts).seats[0].node, wished) << "it is busy";
  facts.rules->affinity = "gone";
  run_of("j", "c", facts);
}

TEST_F(JobTest, AHigherPriorityTakesTheNodesOfJobsThatAllowIt) {
  start({.priority = 1, .preemptible = true}, 2);
  const StartRun older = run_of("j", "old");
  const StartRun younger = run_of("j", "young");
  bench_.add_job("same", "p", {.priority = 1});
  bench_.add_task("same", "x");
  EXPECT_TRUE(messages<protocol::EndRun>(bench_).empty()) << "equal priority takes nothing";
  bench_.add_job("high", "p", {.priority = 2});
  bench_.add_task("high", "y");
  const std::vector<protocol::EndRun> ended_runs = messages<protocol::EndRun>(bench_);
  ASSERT_EQ(ended_runs.size(), 1u);
  EXPECT_EQ(ended_runs[0].key, younger.key) << "the one that has done the least";
  bench_.add_task("same", "z");
  EXPECT_TRUE(messages<protocol::EndRun>(bench_).empty()) << "the room is promised already";
  bench_.end(younger, 0, 143);
  EXPECT_EQ(bench_.take<StartRun>().at(0).key.job, JobId::trusted("high"));
  const TaskStatus waits = bench_.task("j", "young");
  EXPECT_EQ(waits.state, TaskState::active);
  EXPECT_EQ(waits.requeues, 0) << "only what users do is counted";
  EXPECT_EQ(state_of("old"), TaskState::running);
}

TEST_F(JobTest, WithoutPermissionNothingIsPreempted) {
  start({.priority = 1}, 1);
  run_of("j", "a");
  bench_.add_job("high", "p", {.priority = 2});
  bench_.add_task("high", "y");
  EXPECT_TRUE(messages<protocol::EndRun>(bench_).empty());
}

TEST_F(JobTest, AGangTakesItsNodesTogetherOrNone) {
  bench_.add_pool("g", 3, {.inter_node = true});
  bench_.add_job("fixed", "g", {.priority = 0});
  run_of("fixed", "stays");
  bench_.add_job("soft", "g", {.priority = 0, .preemptible = true});
  const StartRun first = run_of("soft", "a");
  const StartRun second = run_of("soft", "b");
  bench_.add_job("high", "g", {.priority = 9});
  bench_.add_task("high", "three", {.instances = 3});
  EXPECT_TRUE(messages<protocol::EndRun>(bench_).empty()) << "two nodes would not be enough";
  ASSERT_TRUE(bench_.run(DeleteTask{JobId::trusted("high"), TaskId::trusted("three"), {}}));
  bench_.add_task("high", "two", {.instances = 2});
  EXPECT_EQ(messages<protocol::EndRun>(bench_).size(), 2u);
  bench_.end(first, 0, 143);
  EXPECT_TRUE(bench_.take<StartRun>().empty());
  bench_.end(second, 0, 143);
  EXPECT_EQ(bench_.take<StartRun>().at(0).seats.size(), 2u);
}

}  // namespace
}  // namespace batchyard::engine
