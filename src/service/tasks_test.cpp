// Jobs and tasks.
#include "service/service_test.h"

#include <fmt/format.h>

namespace batchyard::service {
namespace {

TEST_F(ServiceTest, AnAddedJobIsReadBackWithItsDefaults) {
  add_pool("p", 0);
  add_job("Job", "p");
  const Answer job = get("/jobs/job");
  const std::pair<const char*, const char*> expected[] = {
      {"/id", "Job"},
      {"/state", "active"},
      {"/priority", "0"},
      {"/maxParallelTasks", "-1"},
      {"/usesTaskDependencies", "false"},
      {"/allowTaskPreemption", "false"},
      {"/constraints/maxWallClockTime", "P10675199DT2H48M5.4775807S"},
      {"/constraints/maxTaskRetryCount", "0"},
      {"/poolInfo/poolId", "p"},
      {"/executionInfo/poolId", "p"},
      {"/onAllTasksComplete", "noaction"},
      {"/onTaskFailure", "noaction"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(job.text(pointer), value) << pointer;
  EXPECT_EQ(post("/jobs", R"({"id":"JOB","poolInfo":{"poolId":"p"}})").code(), "JobExists");
  EXPECT_EQ(post("/jobs", R"({"id":"j2"})").status, 400);
}

TEST_F(ServiceTest, JobsArePatchedTerminatedAndDeleted) {
  add_pool("p", 0);
  add_job("j", "p", R"(,"onAllTasksComplete":"noaction")");
  ASSERT_EQ(
      send("PATCH", "/jobs/j", R"({"priority":5,"constraints":{"maxWallClockTime":"PT0H20M"}})")
          .status,
      200);
  EXPECT_EQ(get("/jobs/j").text("/priority"), "5");
  EXPECT_EQ(get("/jobs/j").text("/constraints/maxWallClockTime"), "PT20M");
  EXPECT_EQ(send("PATCH", "/jobs/j", R"({"poolInfo":{"poolId":"q"}})").status, 409);
  EXPECT_EQ(post("/jobs/j/terminate", R"({"terminateReason":"enough"})").status, 202);
  EXPECT_EQ(get("/jobs/j").text("/state"), "completed");
  EXPECT_EQ(get("/jobs/j").text("/executionInfo/terminateReason"), "enough");
  EXPECT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 409);
  EXPECT_EQ(send("DELETE", "/jobs/j").status, 202);
  EXPECT_EQ(get("/jobs/j").code(), "JobNotFound");
}

TEST_F(ServiceTest, ATaskIsAddedRunsAndEnds) {
  add_pool("p", 1);
  add_job("j", "p", R"(,"constraints":{"maxTaskRetryCount":2})");
  const Answer added = post(
      "/jobs/j/tasks",
      R"({"id":"T","commandLine":"true","userIdentity":{"autoUser":{"elevationLevel":"Admin"}}})");
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(added.header("Location"), "https://yard.example/jobs/j/tasks/T");
  const Answer running = get("/jobs/j/tasks/t");
  const std::pair<const char*, const char*> expected[] = {
      {"/id", "T"},
      {"/state", "running"},
      {"/requiredSlots", "1"},
      {"/constraints/retentionTime", "P7D"},
      {"/constraints/maxTaskRetryCount", "2"},
      {"/userIdentity/autoUser/elevationLevel", "admin"},
      {"/userIdentity/autoUser/scope", "pool"},
      {"/executionInfo/retryCount", "0"},
      {"/executionInfo/requeueCount", "0"},
      {"/nodeInfo/poolId", "p"},
      {"/previousState", "active"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(running.text(pointer), value) << pointer;
  const auto runs = bench_.take<engine::StartRun>();
  ASSERT_EQ(runs.size(), 1U);
  bench_.end(runs[0], 0, 0);
  const Answer done = get("/jobs/j/tasks/t");
  EXPECT_EQ(done.text("/state"), "completed");
  EXPECT_EQ(done.text("/executionInfo/exitCode"), "0");
  EXPECT_EQ(done.text("/executionInfo/result"), "success");
  EXPECT_EQ(send("POST", "/jobs/j/tasks/t/terminate").status, 409);
  const Answer reactivated = send("POST", "/jobs/j/tasks/t/reactivate");
  EXPECT_EQ(reactivated.status, 409) << "it succeeded";
  const Answer counts = get("/jobs/j/taskcounts");
  EXPECT_EQ(counts.text("/taskCounts/succeeded"), "1");
  EXPECT_EQ(counts.text("/taskSlotCounts/completed"), "1");
  EXPECT_EQ(send("DELETE", "/jobs/j/tasks/t").status, 200);
  EXPECT_EQ(get("/jobs/j/tasks/t").code(), "TaskNotFound");
}

TEST_F(ServiceTest, AFailedTaskSaysWhyAndCanBeReactivated) {
  add_pool("p", 1);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"false"})").status, 201);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 3);
  const Answer failed = get("/jobs/j/tasks/t");
  EXPECT_EQ(failed.text("/executionInfo/exitCode"), "3");
  EXPECT_EQ(failed.text("/executionInfo/result"), "failure");
  EXPECT_EQ(failed.text("/executionInfo/failureInfo/code"), "FailureExitCode");
  EXPECT_EQ(failed.text("/executionInfo/failureInfo/category"), "UserError");
  EXPECT_EQ(get("/jobs/j/tasks?$filter=executionInfo/exitCode%20eq%203").ids(),
            std::vector<std::string>{"t"});
  EXPECT_TRUE(get("/jobs/j/tasks?$filter=executionInfo/result%20eq%20'success'").ids().empty());
  EXPECT_EQ(send("POST", "/jobs/j/tasks/t/reactivate").status, 204);
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/executionInfo/exitCode"), "(absent)");
}

TEST_F(ServiceTest, EachTaskOfACollectionHasItsOwnVerdict) {
  add_pool("p", 0);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"b","commandLine":"true"})").status, 201);
  const Answer added =
      post("/jobs/j/addtaskcollection",
           R"({"value":[{"id":"a","commandLine":"true"},{"id":"B","commandLine":"true"},
      {"id":"c","commandLine":"true","exitConditions":{"default":{"jobAction":"none"}}},{"id":"d","commandLine":"true"}]})");
  ASSERT_EQ(added.status, 200) << added.response.body;
  EXPECT_EQ(added.text("/odata.metadata"), "https://yard.example/$metadata#taskaddresult");
  EXPECT_EQ(added.text("/value/0/status"), "Success");
  EXPECT_EQ(added.text("/value/0/location"), "https://yard.example/jobs/j/tasks/a");
  EXPECT_EQ(added.text("/value/1/status"), "ClientError");
  EXPECT_EQ(added.text("/value/1/taskId"), "B");
  EXPECT_EQ(added.text("/value/1/error/code"), "TaskExists");
  EXPECT_EQ(added.text("/value/2/error/code"), "InvalidPropertyValue");
  EXPECT_EQ(added.text("/value/3/status"), "Success");
  EXPECT_EQ(get("/jobs/j/tasks").ids(), (std::vector<std::string>{"a", "b", "d"}));
  EXPECT_EQ(
      post("/jobs/none/addtaskcollection", R"({"value":[{"id":"a","commandLine":"true"}]})").code(),
      "JobNotFound");
}

// A value that cannot be is the fault of its task alone; what cannot be read is the request's.
TEST_F(ServiceTest, AWrongValueInACollectionSparesTheOtherTasks) {
  add_pool("p", 0);
  add_job("j", "p");
  const Answer added =
      post("/jobs/j/addtaskcollection",
           R"({"value":[{"id":"a","commandLine":"true"},{"id":"b b","commandLine":"true"},
      {"id":"c","commandLine":"true","requiredSlots":0},{"id":"d"},{"id":"e","commandLine":"true"}]})");
  ASSERT_EQ(added.status, 200) << added.response.body;
  EXPECT_EQ(get("/jobs/j/tasks").ids(), (std::vector<std::string>{"a", "e"}));
  const auto verdict = [&](int at) {
    const std::string of = fmt::format("/value/{}/", at);
    return fmt::format("{} {} {} {}", added.text(of + "taskId"), added.text(of + "status"),
                       added.text(of + "error/code"), added.text(of + "error/values/0/value"));
  };
  EXPECT_EQ(verdict(1), "b b ClientError InvalidPropertyValue id");
  EXPECT_EQ(verdict(2), "c ClientError InvalidPropertyValue requiredSlots");
  EXPECT_EQ(verdict(3), "d ClientError MissingRequiredProperty commandLine");
  EXPECT_EQ(added.text("/value/4/status"), "Success");
  for (const char* unreadable :
       {R"({"id":"f","commandLine":"true"},{"commandLine":"true"})",
        R"({"id":"f","commandLine":"true"},{"id":"g","commandLine":"true","sprocket":1})",
        R"({"id":"f","commandLine":"true"},3)"})
    EXPECT_EQ(
        post("/jobs/j/addtaskcollection", fmt::format(R"({{"value":[{}]}})", unreadable)).status,
        400)
        << unreadable;
  EXPECT_EQ(get("/jobs/j/tasks").ids().size(), 2u);
}

TEST_F(ServiceTest, ACollectionOfMoreThanAHundredIsRefusedWhole) {
  add_pool("p", 0);
  add_job("j", "p");
  std::string tasks;
  for (int number = 0; number < 101; ++number)
    tasks +=
        fmt::format(R"({}{{"id":"t{}","commandLine":"true"}})", number == 0 ? "" : ",", number);
  EXPECT_EQ(post("/jobs/j/addtaskcollection", "{\"value\":[" + tasks + "]}").status, 400);
  EXPECT_TRUE(get("/jobs/j/tasks").ids().empty());
}

TEST_F(ServiceTest, AGangListsItsSubtasks) {
  add_pool("p", 3, R"(,"enableInterNodeCommunication":true)");
  add_job("j", "p");
  const Answer added = post(
      "/jobs/j/tasks",
      R"({"id":"t","commandLine":"mpirun a","multiInstanceSettings":{"numberOfInstances":3,"coordinationCommandLine":"true"}})");
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/state"), "running");
  const auto runs = bench_.take<engine::StartRun>();
  ASSERT_EQ(runs.size(), 1U);
  const Answer subtasks = get("/jobs/j/tasks/t/subtasksinfo");
  ASSERT_EQ(subtasks.status, 200) << subtasks.response.body;
  EXPECT_EQ(subtasks.body.at("value").as_array().size(), 2U);
  EXPECT_EQ(subtasks.text("/value/0/id"), "1");
  EXPECT_EQ(subtasks.text("/value/0/nodeInfo/nodeId"), runs[0].seats[1].node.text());
  EXPECT_EQ(subtasks.text("/value/0/state"), "running");
  EXPECT_EQ(subtasks.text("/value/0/containerInfo"), "(absent)");
  protocol::RunEnd end{.exit_code = 0, .failure = {}, .started = bench_.now, .ended = bench_.now};
  end.container = protocol::ContainerInfo{"abc", "exited", ""};
  bench_.run(engine::AgentSaid{runs[0].pool, runs[0].seats[2].node,
                               protocol::MemberReady{runs[0].key, 2, end}});
  const Answer ready = get("/jobs/j/tasks/t/subtasksinfo");
  EXPECT_EQ(ready.text("/value/0/containerInfo"), "(absent)");
  EXPECT_EQ(ready.text("/value/1/containerInfo/containerId"), "abc");
  EXPECT_EQ(ready.text("/value/1/containerInfo/state"), "exited");
  EXPECT_EQ(
      post(
          "/jobs/j/tasks",
          R"({"id":"u","commandLine":"a","requiredSlots":2,"multiInstanceSettings":{"coordinationCommandLine":"true"}})")
          .status,
      400);
}

TEST_F(ServiceTest, ATaskIsTerminatedBeforeItRuns) {
  add_pool("p", 0);
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  EXPECT_EQ(send("POST", "/jobs/j/tasks/t/terminate").status, 204);
  const Answer task = get("/jobs/j/tasks/t");
  EXPECT_EQ(task.text("/state"), "completed");
  EXPECT_EQ(task.text("/nodeInfo"), "{}");
  EXPECT_EQ(task.text("/executionInfo/failureInfo/code"), "TaskEnded");
}

TEST_F(ServiceTest, ResourceFilesNameOneSource) {
  add_pool("p", 0);
  add_job("j", "p");
  const auto refusal = [&](const char* files) {
    return post("/jobs/j/tasks",
                fmt::format(R"({{"id":"t","commandLine":"true","resourceFiles":[{}]}})", files));
  };
  EXPECT_NE(refusal(R"({"filePath":"a"})").message().find("exactly one"), std::string::npos);
  EXPECT_NE(refusal(R"({"httpUrl":"https://a/b"})").message().find("filePath"), std::string::npos);
  EXPECT_EQ(refusal(R"({"httpUrl":"https://a/b","filePath":"b"})").status, 201);
}

TEST_F(ServiceTest, AnIdentityIsForTheBuiltInStorageAlone) {
  add_pool("p", 0);
  add_job("j", "p");
  const auto answer = [&](const std::string& url, const char* who = R"({"resourceId":"/i"})") {
    return post("/jobs/j/tasks",
                fmt::format(R"({{"id":"t","commandLine":"true","resourceFiles":[{{"httpUrl":"{}",
                                "filePath":"a","identityReference":{}}}]}})",
                            url, who));
  };
  for (const char* url : {"https://own.example/acc2/c/b", "https://elsewhere/acc/c/b",
                          "https://own.example/acc/c/b?sig=a", "https://own.example/acc"})
    EXPECT_EQ(answer(url).detail("PropertyName"), "resourceFiles[0].identityReference") << url;
  EXPECT_EQ(answer("https://own.example/acc/c/b", "{}").detail("PropertyName"),
            "resourceFiles[0].identityReference.resourceId");
  EXPECT_EQ(answer("https://OWN.example/acc/c/b").status, 201);
}

}  // namespace
}  // namespace batchyard::service
