// Why things are in their state: each reason brought about for real, and named with its cure.
#include "service/service_test.h"

namespace batchyard::service {
namespace {

using namespace std::chrono_literals;

class ExplainTest : public ServiceTest {
 protected:
  // The codes of the reasons, in their order.
  std::vector<std::string> codes(const std::string& entity) {
    const Answer answer = explained(entity);
    std::vector<std::string> found;
    for (const boost::json::value& reason : answer.body.at("reasons").as_array())
      found.emplace_back(reason.at("code").as_string());
    return found;
  }
  Answer explained(const std::string& entity) {
    Answer answer = get("/batchyard/explain/" + entity);
    EXPECT_EQ(answer.status, 200) << answer.response.body;
    return answer;
  }
  std::string summary(const std::string& entity) { return explained(entity).text("/summary"); }
  Answer add_task(const std::string& body) { return post("/jobs/j/tasks", body); }
  NodeId node() { return bench_.nodes("p").front(); }
};

using Codes = std::vector<std::string>;
constexpr const char* plain_task = R"({"id":"t","commandLine":"a"})";

TEST_F(ExplainTest, ATaskThatRunsSaysWhere) {
  add_pool("p", 1);
  add_job("j", "p");
  add_task(plain_task);
  EXPECT_EQ(codes("task/j/t"), Codes{});
  EXPECT_TRUE(summary("task/j/t").contains("running")) << summary("task/j/t");
  EXPECT_TRUE(summary("task/j/t").contains(node().text()));
  EXPECT_TRUE(summary("node/p/" + node().text()).contains("1 task"));
}

TEST_F(ExplainTest, ATaskWaitsForSlotsThatOthersHave) {
  add_pool("p", 1);
  add_job("j", "p");
  add_task(plain_task);
  add_task(R"({"id":"u","commandLine":"a"})");
  EXPECT_EQ(codes("task/j/u"), Codes{"WaitsForSlots"});
  EXPECT_TRUE(explained("task/j/u").text("/reasons/0/message").contains("1 slot"));
  // The job speaks for its first waiting task, and points to the pool.
  EXPECT_EQ(codes("job/j"), Codes{"WaitsForSlots"});
  EXPECT_EQ(explained("job/j").text("/reasons/0/entity"), "pool/p");
}

TEST_F(ExplainTest, AJobTellsOfTasksBehindItsFirstThatCanNeverStart) {
  add_pool("p", 1);
  add_job("first", "p");
  post("/jobs/first/tasks", plain_task);
  post("/jobs/first/tasks", R"({"id":"u","commandLine":"a"})");
  add_job("j", "p");
  add_task(plain_task);
  add_task(R"({"id":"u","commandLine":"a","requiredSlots":2})");
  add_task(R"({"id":"v","commandLine":"a"})");
  // It waits for nobody: there is no node for it.
  EXPECT_EQ(codes("task/j/u"), Codes{"TooManySlots"});
  EXPECT_EQ(codes("job/j"), (Codes{"WaitsForSlots", "TooManySlots"}));
  EXPECT_TRUE(explained("job/j").text("/reasons/1/message").contains("Task u: "));
}

TEST_F(ExplainTest, NoPoolAndNoNodes) {
  add_job("j", "p");
  add_task(plain_task);
  EXPECT_EQ(codes("task/j/t"), Codes{"NoPool"});
  add_pool("p", 0);
  EXPECT_EQ(codes("task/j/t"), (Codes{"NotEnoughNodes", "PoolIsEmpty"}));
  EXPECT_TRUE(explained("task/j/t").text("/reasons/1/cure").contains("Resize"));
  EXPECT_EQ(codes("pool/p"), (Codes{"PoolIsEmpty", "l1-inter-node"}));
}

TEST_F(ExplainTest, ABrokenNodeIsNamedWithItsErrorAndCure) {
  add_pool("p", 1, R"(,"startTask":{"commandLine":"a","waitForSuccess":true})");
  const NodeId broken = node();
  protocol::StartTaskReport failed;
  failed.phase = protocol::StartTaskPhase::failed;
  failed.end.exit_code = 3;
  failed.end.failure = Failure{protocol::FailureCategory::usererror,
                               "FailureExitCode",
                               "The task exited with an exit code representing a failure",
                               {}};
  bench_.join("p", broken, {}, failed, "boot-2");
  add_job("j", "p");
  add_task(plain_task);
  const std::string name = "node/p/" + broken.text();
  EXPECT_EQ(codes(name), Codes{"StartTaskFailed"});
  EXPECT_TRUE(explained(name).text("/reasons/0/cure").contains("startup/stderr.txt"));
  EXPECT_TRUE(explained(name).text("/reasons/0/message").contains("exit code 3"));
  EXPECT_EQ(codes("pool/p"), (Codes{"StartTaskFailed", "l1-inter-node"}));
  EXPECT_EQ(codes("task/j/t"), (Codes{"NotEnoughNodes", "StartTaskFailed"}));
  EXPECT_EQ(explained("task/j/t").text("/reasons/1/entity"), name);
}

TEST_F(ExplainTest, ANodeTellsHowLongEachPartOfItsWayTook) {
  post("/pools", R"({"id":"p","vmSize":"STANDARD_H16r","targetDedicatedNodes":1,
      "virtualMachineConfiguration":{"imageReference":{"publisher":"OpenLogic","offer":"CentOS-HPC",
      "sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"},
      "startTask":{"commandLine":"a","waitForSuccess":true}})");
  const NodeId slow = bench_.nodes("p").at(0);
  const std::string name = "node/p/" + slow.text();
  bench_.now += std::chrono::seconds(2);
  bench_.make("p", slow);
  EXPECT_EQ(explained(name).text("/phases/0/what"), "the fleet makes it");
  EXPECT_EQ(explained(name).text("/phases/0/took"), "PT2S");
  bench_.now += std::chrono::seconds(1);
  protocol::StartTaskReport report{.phase = protocol::StartTaskPhase::running, .generation = 1};
  report.end.started = bench_.now;
  bench_.join("p", slow, {}, report);
  EXPECT_EQ(explained(name).text("/phases/1/took"), "PT1S");
  const Answer running = explained(name);
  EXPECT_EQ(running.text("/phases/2/what"), "the start task runs");
  EXPECT_FALSE(running.body.at_pointer("/phases/2").as_object().contains("took"));
  bench_.now += std::chrono::minutes(20);
  report.phase = protocol::StartTaskPhase::succeeded;
  report.end.ended = bench_.now;
  bench_.run(engine::AgentSaid{PoolId::trusted("p"), slow, protocol::StartTaskChanged{report}});
  EXPECT_EQ(explained(name).text("/phases/2/took"), "PT20M");
  // A reboot is a way of its own.
  bench_.now += std::chrono::hours(5);
  post("/pools/p/nodes/" + slow.text() + "/reboot", "{}");
  EXPECT_EQ(explained(name).body.at("phases").as_array().size(), 1U);
}

TEST_F(ExplainTest, WhatNoNodeCanChangeIsSaidFirst) {
  add_pool("p", 2);
  add_job("j", "p");
  add_task(R"({"id":"t","commandLine":"a","requiredSlots":3})");
  EXPECT_EQ(codes("task/j/t"), Codes{"TooManySlots"});
  add_task(R"({"id":"g","commandLine":"a","multiInstanceSettings":{"numberOfInstances":2,
               "coordinationCommandLine":"b"}})");
  EXPECT_EQ(codes("task/j/g").front(), "NoInterNodeCommunication");
}

TEST_F(ExplainTest, AGangThatCannotFitSaysHowManyNodesItNeeds) {
  add_pool("p", 2, R"(,"enableInterNodeCommunication":true)");
  add_job("j", "p");
  add_task(R"({"id":"g","commandLine":"a","multiInstanceSettings":{"numberOfInstances":3,
               "coordinationCommandLine":"b"}})");
  EXPECT_EQ(codes("task/j/g"), Codes{"NotEnoughNodes"});
  EXPECT_TRUE(explained("task/j/g").text("/reasons/0/message").contains("3 nodes at once"));
}

TEST_F(ExplainTest, JobsHoldTheirTasksBack) {
  add_pool("p", 2);
  add_job("j", "p", R"(,"maxParallelTasks":1)");
  add_task(plain_task);
  add_task(R"({"id":"u","commandLine":"a"})");
  EXPECT_EQ(codes("task/j/u"), Codes{"JobIsAtItsLimit"});
  ASSERT_EQ(post("/jobs/j/disable", R"({"disableTasks":"requeue"})").status, 202);
  EXPECT_EQ(codes("task/j/u").front(), "JobDisabled");
  EXPECT_EQ(codes("job/j").front(), "JobDisabled");
  EXPECT_TRUE(summary("job/j").contains("by user")) << summary("job/j");
}

TEST_F(ExplainTest, AJobThatEndsWithItsTasksSaysHowLongItWaitsForTheFirst) {
  add_pool("p", 1);
  add_job("j", "p", R"(,"onAllTasksComplete":"terminatejob")");
  EXPECT_TRUE(explained("job/j").text("/next/0/what").contains("unless it has a task by then"));
  add_task(plain_task);
  EXPECT_TRUE(explained("job/j").body.at("next").as_array().empty());
}

TEST_F(ExplainTest, DependenciesAreNamedAndTheirFailureIsForEver) {
  add_pool("p", 1);
  add_job("j", "p", R"(,"usesTaskDependencies":true)");
  add_task(R"({"id":"1","commandLine":"a"})");
  add_task(R"({"id":"t","commandLine":"a","dependsOn":{"taskIds":["missing"],
               "taskIdRanges":[{"start":1,"end":1}]}})");
  EXPECT_EQ(codes("task/j/t"), (Codes{"DependencyMissing", "DependencyNotDone"}));
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 7);
  EXPECT_EQ(codes("task/j/t"), (Codes{"DependencyMissing", "DependencyFailed"}));
  EXPECT_EQ(explained("task/j/t").text("/reasons/1/entity"), "task/j/1");
}

TEST_F(ExplainTest, ACompletedTaskSaysHowItEndedAndWhatHelps) {
  add_pool("p", 1);
  add_job("j", "p");
  add_task(plain_task);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 127);
  const Answer answer = explained("task/j/t");
  EXPECT_TRUE(answer.text("/summary").contains("exit code 127 (a shell's word"));
  EXPECT_EQ(codes("task/j/t"), Codes{"FailureExitCode"});
  EXPECT_EQ(answer.text("/history/0/what"), "TaskCompleted");
  EXPECT_EQ(answer.text("/history/0/by"), "agent");
}

TEST_F(ExplainTest, TheDeadAreExplainedByTheirLastEvents) {
  add_pool("p", 1);
  add_job("j", "p");
  add_task(plain_task);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 7);
  bench_.now += 1min;
  ASSERT_EQ(send("DELETE", "/jobs/j/tasks/t").status, 200);
  const Answer answer = explained("task/j/t");
  EXPECT_EQ(answer.text("/state"), "gone");
  EXPECT_TRUE(answer.text("/summary").contains("TaskDeleted by user")) << answer.text("/summary");
  EXPECT_TRUE(answer.text("/summary").contains("exit code 7")) << answer.text("/summary");
  EXPECT_EQ(codes("task/j/t"), Codes{"FailureExitCode"});

  const Answer never = get("/batchyard/explain/task/j/never");
  EXPECT_EQ(never.status, 404);
  EXPECT_TRUE(never.message().contains("task/j/never"));
}

TEST_F(ExplainTest, HigherPrioritiesGoFirst) {
  add_pool("p", 1);
  add_job("j", "p");
  add_job("k", "p", R"(,"priority":100)");
  add_task(plain_task);
  add_task(R"({"id":"u","commandLine":"a"})");
  ASSERT_EQ(post("/jobs/k/tasks", R"({"id":"t","commandLine":"a"})").status, 201);
  EXPECT_EQ(codes("task/j/u"), (Codes{"WaitsForSlots", "OthersGoFirst"}));
  EXPECT_EQ(explained("task/j/u").text("/reasons/1/entity"), "job/k");
}

TEST_F(ExplainTest, AScheduleSaysWhenItFiresAndWhatHoldsIt) {
  add_pool("p", 1);
  ASSERT_EQ(post("/jobschedules", R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},
      "jobSpecification":{"poolInfo":{"poolId":"p"}}})")
                .status,
            201);
  EXPECT_EQ(codes("schedule/s"), Codes{"RecentJobLives"});
  EXPECT_EQ(explained("schedule/s").text("/next/0/what"), "its next job is due");
  ASSERT_EQ(post("/jobschedules/s/disable", "").status, 204);
  EXPECT_EQ(codes("schedule/s").front(), "ScheduleDisabled");
}

TEST_F(ExplainTest, OtherPathsAreRefusedWithThoseThatThereAre) {
  const Answer refused = get("/batchyard/explain/certificate/c");
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.message().contains("node/POOL/NODE")) << refused.message();
}

}  // namespace
}  // namespace batchyard::service
