// Jobs: what they may be changed to, disabling and enabling, dependencies and exit conditions of
// their tasks.
#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

TEST_F(ServiceTest, AJobIsDisabledAndEnabled) {
  add_pool("p", 1);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  const auto runs = bench_.take<engine::StartRun>();
  EXPECT_EQ(post("/jobs/j/disable", R"({"disableTasks":"pause"})").detail("PropertyName"),
            "disableTasks");
  EXPECT_EQ(post("/jobs/j/disable", "{}").code(), "MissingRequiredProperty");
  const Answer disabled = post("/jobs/j/disable", R"({"disableTasks":"Requeue"})");
  ASSERT_EQ(disabled.status, 202) << disabled.response.body;
  EXPECT_EQ(disabled.header("DataServiceId"), "https://yard.example/jobs/j/disable");
  EXPECT_EQ(disabled.header("ETag"), get("/jobs/j").text("/eTag"));
  EXPECT_EQ(get("/jobs/j").text("/state"), "disabling");
  EXPECT_EQ(send("POST", "/jobs/j/enable").status, 409);
  bench_.end(runs.at(0), 0, 143);
  const Answer job = get("/jobs/j");
  EXPECT_EQ(job.text("/state"), "disabled");
  EXPECT_EQ(job.text("/previousState"), "disabling");
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/state"), "active");
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/executionInfo/requeueCount"), "1");
  EXPECT_EQ(post("/jobs/j/tasks", R"({"id":"u","commandLine":"true"})").status, 201);
  EXPECT_EQ(send("POST", "/jobs/j/enable").status, 202);
  EXPECT_EQ(get("/jobs/j").text("/state"), "active");
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/state"), "running");
  EXPECT_EQ(send("POST", "/jobs/none/enable").code(), "JobNotFound");
}

TEST_F(ServiceTest, AJobsPoolIsChangedOnlyWhileItIsDisabled) {
  add_pool("p", 0);
  add_pool("q", 0);
  add_job("j", "p");
  const Answer refused = send("PATCH", "/jobs/j", R"({"poolInfo":{"poolId":"q"}})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "OperationInvalidForCurrentState");
  EXPECT_EQ(send("PATCH", "/jobs/j", R"({"poolInfo":{"poolId":"P"}})").status, 200);
  ASSERT_EQ(post("/jobs/j/disable", R"({"disableTasks":"wait"})").status, 202);
  EXPECT_EQ(send("PATCH", "/jobs/j", R"({"poolInfo":{"poolId":"q"}})").status, 200);
  EXPECT_EQ(get("/jobs/j").text("/executionInfo/poolId"), "q");
}

TEST_F(ServiceTest, PutClearsWhatItLeavesOut) {
  add_pool("p", 0);
  add_job("j", "p", R"(,"priority":7,"maxParallelTasks":3,"allowTaskPreemption":true,
      "displayName":"shown","usesTaskDependencies":true,"metadata":[{"name":"a","value":"b"}],
      "constraints":{"maxTaskRetryCount":5},"networkConfiguration":{"subnetId":"s"})");
  EXPECT_EQ(send("PUT", "/jobs/j", R"({"priority":1})").code(), "MissingRequiredProperty");
  // An old version knows nothing of two of them, and leaves them as they are.
  ASSERT_EQ(
      send("PUT", "/jobs/j?api-version=2020-09-01.12.0", R"({"poolInfo":{"poolId":"p"}})").status,
      200);
  Answer job = get("/jobs/j");
  EXPECT_EQ(job.text("/priority"), "0");
  EXPECT_EQ(job.text("/constraints/maxTaskRetryCount"), "0");
  EXPECT_EQ(job.text("/metadata"), "(absent)");
  EXPECT_EQ(job.text("/maxParallelTasks"), "3");
  EXPECT_EQ(job.text("/displayName"), "shown");
  EXPECT_EQ(job.text("/usesTaskDependencies"), "true");
  EXPECT_EQ(job.text("/networkConfiguration/subnetId"), "s");
  ASSERT_EQ(send("PUT", "/jobs/j",
                 R"({"poolInfo":{"poolId":"p"},"onAllTasksComplete":"noaction","priority":-3})")
                .status,
            200);
  job = get("/jobs/j");
  EXPECT_EQ(job.text("/maxParallelTasks"), "-1");
  EXPECT_EQ(job.text("/allowTaskPreemption"), "false");
  EXPECT_EQ(job.text("/priority"), "-3");
}

TEST_F(ServiceTest, CompletionByItselfIsNotTakenBack) {
  add_pool("p", 0);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  ASSERT_EQ(send("PATCH", "/jobs/j", R"({"onAllTasksComplete":"terminatejob"})").status, 200);
  EXPECT_EQ(send("PATCH", "/jobs/j", R"({"onAllTasksComplete":"noaction"})").status, 400);
  const Answer left_out = send("PUT", "/jobs/j", R"({"poolInfo":{"poolId":"p"}})");
  EXPECT_EQ(left_out.status, 400);
  EXPECT_EQ(left_out.detail("PropertyName"), "onAllTasksComplete");
  EXPECT_EQ(send("PATCH", "/jobs/j", R"({"priority":3})").status, 200);
  EXPECT_EQ(send("POST", "/jobs/j/tasks/t/terminate").status, 204);
  EXPECT_EQ(get("/jobs/j").text("/executionInfo/terminateReason"), "AllTasksComplete");
  // A job without tasks counts as complete.
  add_job("k", "p", R"(,"onAllTasksComplete":"terminatejob")");
  bench_.now += std::chrono::minutes(1);
  (void)bench_.run(engine::Tick());
  EXPECT_EQ(get("/jobs/k").text("/state"), "completed");
}

TEST_F(ServiceTest, LimitsOfJobs) {
  add_pool("p", 0);
  const auto code = [&](const char* more) {
    return post("/jobs", fmt::format(R"({{"id":"j","poolInfo":{{"poolId":"p"}},{}}})", more))
        .code();
  };
  EXPECT_EQ(code(R"("priority":1001)"), "OutOfRangePriority");
  EXPECT_EQ(code(R"("priority":-1001)"), "OutOfRangePriority");
  EXPECT_EQ(code(R"("maxParallelTasks":0)"), "InvalidPropertyValue");
  EXPECT_EQ(code(R"("constraints":{"maxTaskRetryCount":-2})"), "InvalidPropertyValue");
}

TEST_F(ServiceTest, ForceCameWithAVersion) {
  add_pool("p", 1);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  EXPECT_EQ(send("POST", "/jobs/j/terminate?force=true&api-version=2022-10-01.16.0").code(),
            "UnsupportedQueryParameter");
  EXPECT_EQ(send("POST", "/jobs/j/terminate?force=perhaps").code(), "InvalidQueryParameterValue");
  EXPECT_EQ(send("POST", "/jobs/j/terminate").status, 202);
  EXPECT_EQ(send("POST", "/jobs/j/terminate").code(), "JobBeingTerminated");
  EXPECT_EQ(get("/jobs/j").text("/state"), "terminating");
  EXPECT_EQ(send("POST", "/jobs/j/terminate?force=true").status, 202);
  EXPECT_EQ(get("/jobs/j").text("/state"), "completed");
  EXPECT_EQ(send("DELETE", "/jobs/j?force=true").status, 202);
  EXPECT_EQ(get("/jobs/j").code(), "JobNotFound");
}

TEST_F(ServiceTest, TasksDependOnTasks) {
  add_pool("p", 2);
  add_job("plain", "p");
  const char* second =
      R"({"id":"b","commandLine":"true","dependsOn":{"taskIds":["A"],"taskIdRanges":[{"start":1,"end":2}]}})";
  EXPECT_EQ(post("/jobs/plain/tasks", second).code(), "TaskDependenciesNotSpecifiedOnJob");
  add_job("j", "p", R"(,"usesTaskDependencies":true)");
  const Answer added = post("/jobs/j/tasks", second);
  ASSERT_EQ(added.status, 201) << added.response.body;
  const Answer shown = get("/jobs/j/tasks/b");
  EXPECT_EQ(shown.text("/state"), "active");
  EXPECT_EQ(shown.text("/dependsOn/taskIds/0"), "A");
  EXPECT_EQ(shown.text("/dependsOn/taskIdRanges/0/end"), "2");
  EXPECT_EQ(get("/jobs/j/taskcounts").text("/taskCounts/active"), "1");
  for (const char* id : {"a", "01", "2"}) {
    ASSERT_EQ(
        post("/jobs/j/tasks", fmt::format(R"({{"id":"{}","commandLine":"true"}})", id)).status,
        201);
    bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
  }
  EXPECT_EQ(get("/jobs/j/tasks/b").text("/state"), "running");
  EXPECT_EQ(get("/jobs/j/tasks/b").text("/dependsOn/taskIds/0"), "A");
}

TEST_F(ServiceTest, DependenciesHaveALimit) {
  add_pool("p", 0);
  add_job("j", "p", R"(,"usesTaskDependencies":true)");
  std::string ids;
  std::string ranges;
  for (int number = 0; number < 7000; ++number) {
    ids += fmt::format("{}\"task-{:05}\"", number == 0 ? "" : ",", number);
    ranges += fmt::format(R"({}{{"start":{},"end":{}}})", number == 0 ? "" : ",", number,
                          number + 90'000);
  }
  const auto code = [&](const std::string& dependencies) {
    return post(
               "/jobs/j/tasks",
               fmt::format(R"({{"id":"b","commandLine":"true","dependsOn":{{{}}}}})", dependencies))
        .code();
  };
  EXPECT_EQ(code(fmt::format(R"("taskIds":[{}])", ids)), "TaskDependencyListTooLong");
  EXPECT_EQ(code(fmt::format(R"("taskIdRanges":[{}])", ranges)), "TaskDependencyRangesTooLong");
  EXPECT_EQ(code(R"("taskIdRanges":[{"start":3,"end":2}])"), "InvalidPropertyValue");
  EXPECT_EQ(code(R"("taskIds":["no good"])"), "InvalidPropertyValue");
}

TEST_F(ServiceTest, ExitConditionsAct) {
  add_pool("p", 1);
  const char* task = R"({{"id":"{}","commandLine":"true","exitConditions":{{
      "exitCodes":[{{"code":3,"exitOptions":{{"dependencyAction":"Satisfy"{}}}}}],
      "exitCodeRanges":[{{"start":5,"end":9,"exitOptions":{{"dependencyAction":"satisfy"}}}}],
      "default":{{"dependencyAction":"block"}}}}}})";
  add_job("plain", "p");
  const Answer refused =
      post("/jobs/plain/tasks", fmt::format(fmt::runtime(task), "a", R"(,"jobAction":"none")"));
  EXPECT_EQ(refused.code(), "InvalidPropertyValue");
  EXPECT_NE(refused.message().find("onTaskFailure"), std::string::npos);
  add_job("j", "p",
          R"(,"usesTaskDependencies":true,"onTaskFailure":"performExitOptionsJobAction")");
  EXPECT_EQ(get("/jobs/j").text("/onTaskFailure"), "performexitoptionsjobaction");
  ASSERT_EQ(
      post("/jobs/j/tasks", fmt::format(fmt::runtime(task), "a", R"(,"jobAction":"none")")).status,
      201);
  ASSERT_EQ(
      post("/jobs/j/tasks", R"({"id":"b","commandLine":"true","dependsOn":{"taskIds":["a"]}})")
          .status,
      201);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 3);
  EXPECT_EQ(get("/jobs/j/tasks/a").text("/executionInfo/result"), "failure");
  EXPECT_EQ(get("/jobs/j/tasks/b").text("/state"), "running");
  EXPECT_EQ(get("/jobs/j/tasks/a").text("/exitConditions/exitCodes/0/exitOptions/dependencyAction"),
            "satisfy");
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 1);
  EXPECT_EQ(get("/jobs/j").text("/executionInfo/terminateReason"), "TaskFailed");
}

TEST_F(ServiceTest, TheConstraintsOfATaskAreReplaced) {
  add_pool("p", 1);
  add_job("j", "p");
  ASSERT_EQ(
      post(
          "/jobs/j/tasks",
          R"({"id":"t","commandLine":"true","constraints":{"maxTaskRetryCount":4,"retentionTime":"PT1H"}})")
          .status,
      201);
  const engine::StartRun run = bench_.take<engine::StartRun>().at(0);
  const Answer put =
      send("PUT", "/jobs/j/tasks/t", R"({"constraints":{"maxWallClockTime":"PT90S"}})");
  ASSERT_EQ(put.status, 200) << put.response.body;
  Answer task = get("/jobs/j/tasks/t");
  EXPECT_EQ(put.header("ETag"), task.text("/eTag"));
  EXPECT_EQ(task.text("/constraints/maxWallClockTime"), "PT1M30S");
  EXPECT_EQ(task.text("/constraints/maxTaskRetryCount"), "0");
  EXPECT_EQ(task.text("/constraints/retentionTime"), "P7D");
  EXPECT_EQ(bench_.take<engine::TellAgent>().size(), 1U);
  EXPECT_EQ(send("PUT", "/jobs/j/tasks/t", R"({"displayName":"x"})").status, 400);
  ASSERT_EQ(send("PUT", "/jobs/j/tasks/t", "{}").status, 200);
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/constraints/maxWallClockTime"),
            "P10675199DT2H48M5.4775807S");
  EXPECT_EQ(send("PUT", "/jobs/j/tasks/t", "{}", {{"If-Match", "0x8D0"}}).status, 412);
  bench_.end(run, 0, 0);
  EXPECT_EQ(send("PUT", "/jobs/j/tasks/t", "{}").code(), "TaskCompleted");
  EXPECT_EQ(send("PUT", "/jobs/j/tasks/none", "{}").code(), "TaskNotFound");
}

TEST_F(ServiceTest, ATaskCanAskForTheNodeOfAnother) {
  add_pool("p", 3);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
  const std::string affinity = get("/jobs/j/tasks/t").text("/nodeInfo/affinityId");
  EXPECT_TRUE(affinity.starts_with("TVM:"));
  for (const char* id : {"u", "v"})
    ASSERT_EQ(post("/jobs/j/tasks",
                   fmt::format(
                       R"({{"id":"{}","commandLine":"true","affinityInfo":{{"affinityId":"{}"}}}})",
                       id, affinity))
                  .status,
              201);
  EXPECT_EQ(get("/jobs/j/tasks/u").text("/nodeInfo/affinityId"), affinity);
  EXPECT_NE(get("/jobs/j/tasks/v").text("/nodeInfo/affinityId"), affinity);
}

}  // namespace
}  // namespace batchyard::service
