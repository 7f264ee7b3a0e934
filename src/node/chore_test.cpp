// What a node runs beside the runs: start, preparation and release tasks, and how long their files
// stay.
#include "node/node_test.h"

namespace batchyard::node {
namespace {

using protocol::JobTaskKind;
using protocol::StartTaskPhase;

protocol::RunJobTask job_task(JobTaskKind kind, const std::string& spec,
                              std::int64_t generation = 7) {
  const bool release = kind == JobTaskKind::release;
  return {.generation = generation,
          .job = JobId::trusted("job"),
          .kind = kind,
          .task = TaskId::trusted(release ? "jobrelease" : "jobpreparation"),
          .preparation = TaskId::trusted("jobpreparation"),
          .spec = spec,
          .job_environment = {{"COMMON", "of the job"}, {"OWN", "of the job"}}};
}

constexpr const char* prepare =
    R"({"commandLine":"prepare","environmentSettings":[{"name":"OWN","value":"of the task"}],)"
    R"("constraints":{"maxTaskRetryCount":1,"maxWallClockTime":"PT1H"}})";
constexpr const char* release = R"({"commandLine":"clean","maxWallClockTime":"PT5M"})";

class ChoreTest : public NodeTest {
 protected:
  std::vector<protocol::StartTaskReport> reports() const {
    std::vector<protocol::StartTaskReport> found;
    for (const protocol::FromAgent& message : ports_.sent) {
      if (const auto* changed = std::get_if<protocol::JobTaskChanged>(&message))
        found.push_back(changed->report.report);
    }
    return found;
  }
  void prepare_node() {
    node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
    node_.on_process_ended(ports_.started.back().id, exited(0), start);
  }
};

TEST_F(ChoreTest, APreparationRunsInItsDirectoryOfTheJob) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  ASSERT_EQ(ports_.started.size(), 1U);
  const ProcessOrder& order = ports_.started[0];
  EXPECT_EQ(order.directory, "workitems/job/job-1/jobpreparation/wd");
  EXPECT_EQ(order.error, "workitems/job/job-1/jobpreparation/stderr.txt");
  EXPECT_THAT(order.environment,
              ::testing::IsSupersetOf({"AZ_BATCH_JOB_ID=job", "AZ_BATCH_TASK_ID=jobpreparation",
                                       "COMMON=of the job", "OWN=of the task"}));
  EXPECT_EQ(reports().back().phase, StartTaskPhase::running);
  node_.on_process_ended(order.id, exited(0), start + 1s);
  EXPECT_EQ(reports().back().phase, StartTaskPhase::succeeded);
  EXPECT_EQ(reports().back().generation, 7);
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  EXPECT_EQ(ports_.started.size(), 1U) << "this generation ran already";
}

TEST_F(ChoreTest, APreparationIsTriedAgainAsOftenAsItSays) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(1), start + 1s);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(reports().back().retry_count, 1);
  EXPECT_EQ(reports().back().last_retry, start + 1s);
  node_.on_process_ended(ports_.started[1].id, exited(2), start + 2s);
  EXPECT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(reports().back().phase, StartTaskPhase::failed);
  EXPECT_EQ(reports().back().end.exit_code, 2);
}

TEST_F(ChoreTest, AStartTaskIsTriedAgainAsOftenAsItSays) {
  const auto last = [&] {
    protocol::StartTaskReport found;
    for (const protocol::FromAgent& message : ports_.sent) {
      if (const auto* changed = std::get_if<protocol::StartTaskChanged>(&message))
        found = changed->report;
    }
    return found;
  };
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"install","maxTaskRetryCount":2,
          "userIdentity":{"autoUser":{"scope":"pool","elevationLevel":"admin"}}})"},
                   start);
  for (std::size_t tries = 1; tries <= 3; ++tries) {
    ASSERT_EQ(ports_.started.size(), tries);
    EXPECT_TRUE(ports_.started.back().user.admin);
    EXPECT_FALSE(ports_.started.back().user.task_scope);
    EXPECT_EQ(ports_.started.back().out, "startup/stdout.txt");
    EXPECT_EQ(last().phase, StartTaskPhase::running);
    node_.on_process_ended(ports_.started.back().id, exited(4), start);
  }
  EXPECT_EQ(ports_.started.size(), 3U);
  EXPECT_EQ(last().phase, StartTaskPhase::failed);
  EXPECT_EQ(last().retry_count, 2);
  EXPECT_EQ(last().end.exit_code, 4);
}

TEST_F(ChoreTest, EachTryOfAPreparationHasItsOwnTime) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  EXPECT_EQ(node_.next_deadline(), start + 1h);
  node_.on_process_ended(ports_.started.at(0).id, exited(1), start + 30min);
  EXPECT_EQ(node_.next_deadline(), start + 90min);
  node_.tick(start + 90min);
  EXPECT_EQ(ports_.ended.size(), 1U);
  node_.on_process_ended(ports_.started.at(1).id, exited(143), start + 90min);
  EXPECT_EQ(reports().back().end.failure->code, "TaskEnded");
}

TEST_F(ChoreTest, AReleaseIsNotTriedAgainAndHasAQuarterOfAnHourAtMost) {
  node_.on_message(job_task(JobTaskKind::release, R"({"commandLine":"clean"})"), start);
  EXPECT_EQ(node_.next_deadline(), start + 15min);
  node_.on_process_ended(ports_.started.at(0).id, exited(1), start);
  EXPECT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(reports().back().phase, StartTaskPhase::failed);
  node_.on_message(job_task(JobTaskKind::release, release, 8), start);
  EXPECT_EQ(node_.next_deadline(), start + 5min);
}

TEST_F(ChoreTest, AnEndedPreparationSaysWhy) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  node_.on_message(protocol::EndJobTask{.generation = 7,
                                        .job = JobId::trusted("job"),
                                        .kind = JobTaskKind::preparation,
                                        .failure = {.code = "TaskEnded", .message = "enough"}},
                   start);
  ASSERT_EQ(ports_.ended.size(), 1U);
  node_.on_process_ended(ports_.started.at(0).id, exited(143), start);
  EXPECT_EQ(ports_.started.size(), 1U) << "no further try";
  EXPECT_EQ(reports().back().phase, StartTaskPhase::failed);
  EXPECT_EQ(reports().back().end.failure->message, "enough");
}

TEST_F(ChoreTest, ANewerGenerationComesAfterTheEndOfTheOlder) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare, 7), start);
  node_.on_message(job_task(JobTaskKind::preparation, prepare, 9), start);
  EXPECT_EQ(ports_.ended, std::vector<std::string>{ports_.started.at(0).id});
  EXPECT_EQ(ports_.started.size(), 1U);
  node_.on_process_ended(ports_.started[0].id, exited(143), start);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(node_.hello().job_tasks.at(0).report.generation, 9);
}

TEST_F(ChoreTest, APreparationOutlivesItsAgent) {
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  next.resume({ports_.started.at(0).id}, start);
  EXPECT_TRUE(ports.started.empty());
  ASSERT_EQ(next.hello().job_tasks.size(), 1U);
  EXPECT_EQ(next.hello().job_tasks[0].report.phase, StartTaskPhase::running);
  next.on_process_ended(ports_.started[0].id, exited(0), start);
  EXPECT_EQ(next.hello().job_tasks[0].report.phase, StartTaskPhase::succeeded);
  next.on_message(protocol::ForgetJob{JobId::trusted("job")}, start);
  EXPECT_TRUE(next.hello().job_tasks.empty());
}

TEST_F(ChoreTest, TasksAndTheReleaseFindThePreparationsDirectory) {
  protocol::RunTask task = order(R"({"commandLine":"a"})");
  task.preparation = TaskId::trusted("jobpreparation");
  node_.on_message(task, start);
  node_.on_message(job_task(JobTaskKind::release, release), start);
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  ASSERT_EQ(ports_.started.size(), 3U);
  const char* directory = "AZ_BATCH_JOB_PREP_DIR=/workitems/job/job-1/jobpreparation";
  const char* working = "AZ_BATCH_JOB_PREP_WORKING_DIR=/workitems/job/job-1/jobpreparation/wd";
  EXPECT_THAT(ports_.started[0].environment, ::testing::IsSupersetOf({directory, working}));
  EXPECT_THAT(ports_.started[1].environment,
              ::testing::IsSupersetOf({directory, working, "AZ_BATCH_TASK_ID=jobrelease"}));
  EXPECT_THAT(ports_.started[2].environment, ::testing::Not(::testing::Contains(directory)));
}

TEST_F(ChoreTest, EveryKindOfTaskHasTheVariablesOfTheNode) {
  node_.on_message(protocol::Welcome{.account_name = "yard", .account_url = "https://yard"}, start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"start"})"}, start);
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  node_.on_message(job_task(JobTaskKind::release, release), start);
  node_.on_message(order(R"({"commandLine":"a"})"), start);
  ASSERT_EQ(ports_.started.size(), 4U);
  const char* names[] = {"ACCOUNT_NAME",      "ACCOUNT_URL",
                         "CERTIFICATES_DIR",  "NODE_ID",
                         "NODE_IS_DEDICATED", "NODE_MOUNTS_DIR",
                         "NODE_ROOT_DIR",     "NODE_SHARED_DIR",
                         "NODE_STARTUP_DIR",  "NODE_STARTUP_WORKING_DIR",
                         "POOL_ID",           "TASK_DIR",
                         "TASK_WORKING_DIR",  "TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES"};
  for (const ProcessOrder& process : ports_.started) {
    for (const std::string name : names)
      EXPECT_THAT(process.environment,
                  ::testing::Contains(::testing::StartsWith("AZ_BATCH_" + name + "=")))
          << process.id;
    const bool of_a_job = process.id != "start-task";
    const auto has = [&](const char* name) {
      return std::ranges::any_of(process.environment, [&](const std::string& one) {
        return one.starts_with(std::string(name) + "=");
      });
    };
    EXPECT_EQ(has("AZ_BATCH_JOB_ID"), of_a_job) << process.id;
    EXPECT_EQ(has("AZ_BATCH_TASK_ID"), of_a_job) << process.id;
    EXPECT_FALSE(has("AZ_BATCH_AUTHENTICATION_TOKEN")) << process.id;
  }
}

TEST_F(ChoreTest, ATokenIsInTheEnvironmentAlone) {
  protocol::RunTask task = order(R"({"commandLine":"a"})");
  task.authentication_token = "secret";
  node_.on_message(task, start);
  EXPECT_THAT(ports_.started.at(0).environment,
              ::testing::Contains("AZ_BATCH_AUTHENTICATION_TOKEN=secret"));
}

// ---- how long files stay

TEST_F(ChoreTest, RetentionOutlivesTheAgent) {
  node_.on_message(order(R"({"commandLine":"a","constraints":{"retentionTime":"PT1H"}})"), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  node_.on_message(protocol::Forget{order("{}").key}, start);
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  EXPECT_EQ(next.next_deadline(), start + 1h);
  next.tick(start + 1h);
  EXPECT_EQ(ports.removed, std::vector<std::string>{"workitems/job/job-1/task"});
}

TEST_F(ChoreTest, WhatRanWhenTheNodeDiedIsRetainedFromThenOn) {
  node_.on_message(order(R"({"commandLine":"a","constraints":{"retentionTime":"PT1H"}})"), start);
  node_.on_message(job_task(JobTaskKind::preparation, prepare), start);
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.bury(name, text, start + 2h);
  EXPECT_TRUE(next.hello().runs.empty());
  EXPECT_EQ(next.next_deadline(), start + 3h);
  next.tick(start + 2h + std::chrono::days(7));
  EXPECT_EQ(ports.removed.size(), 2U);
}

TEST_F(ChoreTest, ADirectoryThatIsUsedAgainIsNotRemoved) {
  const char* spec = R"({"commandLine":"a","constraints":{"retentionTime":"PT1H"}})";
  node_.on_message(order(spec, 1), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  node_.on_message(order(spec, 2), start + 30min);
  node_.tick(start + 2h);
  EXPECT_TRUE(ports_.removed.empty());
  node_.on_process_ended(ports_.started.at(1).id, exited(0), start + 2h);
  node_.tick(start + 3h);
  EXPECT_EQ(ports_.removed.size(), 1U);
}

TEST_F(ChoreTest, APreparationsFilesStayUntilTheJobHasEnded) {
  prepare_node();
  EXPECT_EQ(node_.next_deadline(), Time::max());
  node_.on_message(protocol::ForgetJob{JobId::trusted("job")}, start + 1h);
  EXPECT_EQ(node_.next_deadline(), start + 1h + std::chrono::days(7));
  node_.on_message(protocol::RemoveFiles{.job = JobId::trusted("job"), .task = {}}, start + 2h);
  EXPECT_EQ(ports_.removed, std::vector<std::string>{"workitems/job/job-1"});
  EXPECT_EQ(node_.next_deadline(), Time::max()) << "nothing is left that could be due";
  EXPECT_TRUE(ports_.records.empty());
}

TEST_F(ChoreTest, ARemovedTaskTakesOnlyItsOwnEntryAlong) {
  protocol::RunTask other = order(R"({"commandLine":"a"})", 2);
  other.key.task = TaskId::trusted("task-2");
  node_.on_message(order(R"({"commandLine":"a"})"), start);
  node_.on_message(other, start);
  for (const std::size_t at : {0U, 1U})
    node_.on_process_ended(ports_.started.at(at).id, exited(0), start);
  node_.on_message(
      protocol::RemoveFiles{.job = JobId::trusted("job"), .task = TaskId::trusted("task")}, start);
  node_.tick(start + std::chrono::days(7));
  EXPECT_EQ(ports_.removed,
            (std::vector<std::string>{"workitems/job/job-1/task", "workitems/job/job-1/task-2"}));
}

}  // namespace
}  // namespace batchyard::node
