// Preparation, release and manager tasks of jobs, the list of what they did, and tokens of tasks.
#include "service/job_helpers.h"

#include <fmt/format.h>

#include "base/text.h"
#include "service/service_test.h"
#include "service/token.h"

namespace batchyard::service {
namespace {

using protocol::StartTaskPhase;

constexpr const char* both =
    R"(,"jobPreparationTask":{"commandLine":"prepare"},"jobReleaseTask":{"commandLine":"clean"})";

class JobHelpersTest : public ServiceTest {
 protected:
  // A task of the job runs on every one of its nodes' single slots.
  std::vector<engine::StartJobTask> prepare(int nodes, const std::string& more = both) {
    add_pool("p", nodes);
    add_job("j", "p", more);
    for (int number = 0; number < nodes; ++number) {
      EXPECT_EQ(
          post("/jobs/j/tasks", fmt::format(R"({{"id":"t{}","commandLine":"a"}})", number)).status,
          201);
    }
    return bench_.take<engine::StartJobTask>();
  }
  Answer add(const std::string& more) {
    return post("/jobs", R"({"id":"j","poolInfo":{"poolId":"p"})" + more + "}");
  }
  static constexpr const char* list_ = "/jobs/j/jobpreparationandreleasetaskstatus";
};

TEST_F(JobHelpersTest, WhatWasLeftOutIsShown) {
  add_pool("p", 0);
  add_job(
      "j", "p",
      std::string(both) +
          R"(,"constraints":{"maxTaskRetryCount":5},"jobManagerTask":{"id":"m","commandLine":"a"})");
  const Answer job = get("/jobs/j");
  const std::pair<const char*, const char*> expected[] = {
      {"/jobPreparationTask/id", "jobpreparation"},
      {"/jobPreparationTask/waitForSuccess", "true"},
      {"/jobPreparationTask/rerunOnNodeRebootAfterSuccess", "true"},
      {"/jobPreparationTask/constraints/maxTaskRetryCount", "0"},
      {"/jobPreparationTask/constraints/retentionTime", "P7D"},
      {"/jobPreparationTask/userIdentity/autoUser/scope", "pool"},
      {"/jobReleaseTask/id", "jobrelease"},
      {"/jobReleaseTask/maxWallClockTime", "PT15M"},
      {"/jobReleaseTask/retentionTime", "P7D"},
      {"/jobManagerTask/killJobOnCompletion", "true"},
      {"/jobManagerTask/runExclusive", "true"},
      {"/jobManagerTask/allowLowPriorityNode", "true"},
      {"/jobManagerTask/requiredSlots", "1"},
      {"/jobManagerTask/constraints/maxTaskRetryCount", "5"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(job.text(pointer), value) << pointer;
}

TEST_F(JobHelpersTest, WhatCannotBeIsRefused) {
  add_pool("p", 0);
  const Answer alone = add(R"(,"jobReleaseTask":{"commandLine":"a"})");
  EXPECT_EQ(alone.status, 400);
  EXPECT_EQ(alone.detail("PropertyName"), "jobReleaseTask");
  const Answer slow = add(
      R"(,"jobPreparationTask":{"commandLine":"a"},"jobReleaseTask":{"commandLine":"a","maxWallClockTime":"PT16M"})");
  EXPECT_EQ(slow.status, 400);
  EXPECT_EQ(slow.detail("PropertyName"), "jobReleaseTask.maxWallClockTime");
  const Answer same = add(
      R"(,"jobPreparationTask":{"id":"a","commandLine":"a"},"jobReleaseTask":{"id":"A","commandLine":"a"})");
  EXPECT_EQ(same.detail("PropertyName"), "jobReleaseTask.id");
  const Answer manager = add(
      R"(,"jobPreparationTask":{"commandLine":"a"},"jobManagerTask":{"id":"JobPreparation","commandLine":"a"})");
  EXPECT_EQ(manager.status, 409);
  EXPECT_EQ(manager.code(), "TaskIdSameAsJobPreparationTask");
  const Answer file =
      add(R"(,"jobPreparationTask":{"commandLine":"a","resourceFiles":[{"filePath":"b"}]})");
  EXPECT_EQ(file.status, 400);
  EXPECT_EQ(file.detail("PropertyName"), "jobPreparationTask.resourceFiles[0]");
  EXPECT_NE(file.message().find("jobPreparationTask.resourceFiles[0]"), std::string::npos);
  EXPECT_EQ(get("/jobs/j").status, 404);
}

TEST_F(JobHelpersTest, TasksCannotHaveTheirIds) {
  prepare(1);
  EXPECT_EQ(post("/jobs/j/tasks", R"({"id":"jobPreparation","commandLine":"a"})").code(),
            "TaskIdSameAsJobPreparationTask");
  EXPECT_EQ(post("/jobs/j/tasks", R"({"id":"jobrelease","commandLine":"a"})").code(),
            "TaskIdSameAsJobReleaseTask");
}

TEST_F(JobHelpersTest, TheListSaysWhatTheyDidOnEachNode) {
  const auto orders = prepare(2);
  ASSERT_EQ(orders.size(), 2u);
  EXPECT_EQ(get("/jobs/j/tasks/t0").text("/state"), "preparing");
  Answer list = get(list_);
  ASSERT_EQ(list.status, 200);
  EXPECT_EQ(list.text("/value/0/jobPreparationTaskExecutionInfo/state"), "running");
  const Answer ended = get(std::string(list_) + "?$filter=" +
                           percent_encode("jobPreparationTaskExecutionInfo/endTime lt "
                                          "DateTime'2100-01-01T00:00:00Z'"));
  EXPECT_TRUE(ended.body.at("value").as_array().empty()) << "none has ended";
  bench_.report(orders[0], StartTaskPhase::succeeded);
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
  bench_.report(orders[1], StartTaskPhase::failed);
  // Its task goes to the node that is prepared.
  bench_.end(bench_.take<engine::StartRun>().at(0), 0, 0);
  post("/jobs/j/terminate", "{}");
  const auto releases = bench_.take<engine::StartJobTask>();
  ASSERT_EQ(releases.size(), 1u);
  EXPECT_EQ(get("/jobs/j").text("/state"), "terminating");
  bench_.report(releases[0], StartTaskPhase::succeeded);
  EXPECT_EQ(get("/jobs/j").text("/state"), "completed");

  const std::string good = orders[0].node.text();
  list = get(std::string(list_) + "?$filter=nodeId%20eq%20'" + good + "'");
  ASSERT_EQ(list.body.at("value").as_array().size(), 1u);
  const std::string root = "workitems/j/job-1/jobpreparation";
  const std::pair<const char*, std::string> expected[] = {
      {"/value/0/poolId", "p"},
      {"/value/0/nodeId", good},
      {"/value/0/nodeUrl", "https://yard.example/pools/p/nodes/" + good},
      {"/value/0/jobPreparationTaskExecutionInfo/state", "completed"},
      {"/value/0/jobPreparationTaskExecutionInfo/result", "success"},
      {"/value/0/jobPreparationTaskExecutionInfo/exitCode", "0"},
      {"/value/0/jobPreparationTaskExecutionInfo/retryCount", "0"},
      {"/value/0/jobPreparationTaskExecutionInfo/taskRootDirectory", root},
      {"/value/0/jobPreparationTaskExecutionInfo/taskRootDirectoryUrl",
       "https://yard.example/pools/p/nodes/" + good + "/files/" + root},
      {"/value/0/jobReleaseTaskExecutionInfo/state", "completed"},
      {"/value/0/jobReleaseTaskExecutionInfo/result", "success"},
      {"/value/0/jobReleaseTaskExecutionInfo/taskRootDirectory", "workitems/j/job-1/jobrelease"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(list.text(pointer), value) << pointer;

  const auto count = [&](const std::string& filter) {
    const Answer found = get(std::string(list_) + "?$filter=" + percent_encode(filter));
    EXPECT_EQ(found.status, 200) << found.response.body;
    return found.body.at("value").as_array().size();
  };
  EXPECT_EQ(count("jobPreparationTaskExecutionInfo/result eq 'failure'"), 1u);
  EXPECT_EQ(count("jobPreparationTaskExecutionInfo/state eq 'completed'"), 2u);
  EXPECT_EQ(count("jobPreparationTaskExecutionInfo/exitCode gt 0"), 1u);
  EXPECT_EQ(count("jobReleaseTaskExecutionInfo/state eq 'completed'"), 1u);
  EXPECT_EQ(count("poolId eq 'p' and jobReleaseTaskExecutionInfo/exitCode eq 0"), 1u);
  EXPECT_EQ(count("jobReleaseTaskExecutionInfo/startTime gt DateTime'2000-01-01T00:00:00Z'"), 1u);
}

TEST_F(JobHelpersTest, TheListHasPagesAndSelections) {
  prepare(3);
  const Answer first = get(std::string(list_) + "?maxresults=2&$select=nodeId");
  ASSERT_EQ(first.body.at("value").as_array().size(), 2u);
  EXPECT_EQ(first.body.at("value").as_array()[0].as_object().size(), 1u);
  std::string next = first.text("/odata.nextLink");
  next = next.substr(next.find("/jobs/"));
  EXPECT_EQ(get(next).body.at("value").as_array().size(), 1u);
}

TEST_F(JobHelpersTest, TheListOfNodesThatAreGone) {
  const auto orders = prepare(1);
  bench_.report(orders.at(0), StartTaskPhase::succeeded);
  bench_.run(engine::ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 0});
  bench_.run(engine::FleetUnmade{PoolId::trusted("p"), orders[0].node});
  EXPECT_EQ(get(list_).text("/value/0/nodeId"), orders[0].node.text());
}

TEST_F(JobHelpersTest, AJobWithoutThemHasNoList) {
  add_pool("p", 0);
  add_job("j", "p");
  EXPECT_EQ(get(list_).status, 409);
  EXPECT_EQ(get(list_).code(), "JobPreparationTaskOrReleaseTaskNotSpecified");
  EXPECT_EQ(get("/jobs/none/jobpreparationandreleasetaskstatus").code(), "JobNotFound");
}

TEST_F(JobHelpersTest, AJobManagerIsOneOfTheTasks) {
  add_pool("p", 0);
  add_job("j", "p",
          R"(,"jobManagerTask":{"id":"m","commandLine":"manage","displayName":"d",
             "killJobOnCompletion":false,"constraints":{"maxTaskRetryCount":2}})");
  const Answer task = get("/jobs/j/tasks/m");
  ASSERT_EQ(task.status, 200);
  const std::pair<const char*, const char*> expected[] = {{"/id", "m"},
                                                          {"/state", "active"},
                                                          {"/lastModified", "1601-01-01T00:00:00Z"},
                                                          {"/commandLine", "manage"},
                                                          {"/displayName", "d"},
                                                          {"/constraints/maxTaskRetryCount", "2"},
                                                          {"/killJobOnCompletion", "(absent)"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(task.text(pointer), value) << pointer;
  EXPECT_EQ(get("/jobs/j/tasks").ids(), std::vector<std::string>{"m"});
  EXPECT_EQ(post("/jobs/j/tasks", R"({"id":"M","commandLine":"a"})").code(), "TaskExists");
}

// ---- tokens

class TokenTest : public ServiceTest {
 protected:
  TokenTest() {
    add_pool("p", 2);
    add_job("j", "p");
    add_job("other", "p");
    EXPECT_EQ(
        post("/jobs/j/tasks",
             R"({"id":"t","commandLine":"a","authenticationTokenSettings":{"access":["job"]}})")
            .status,
        201);
    run_ = bench_.take<engine::StartRun>().at(0);
    token_ = make_token("seal", {.job = run_.key.job,
                                 .task = run_.key.task,
                                 .attempt = run_.key.attempt,
                                 .expires = bench_.now + token_life});
  }
  Answer with(const std::string& token, std::string method, std::string target,
              std::string body = {}) {
    target += "?api-version=2024-07-01.20.0";
    return handle(request(std::move(method), std::move(target), std::move(body),
                          {{"Authorization", "Bearer " + token}}));
  }
  engine::StartRun run_;
  std::string token_;
};

TEST_F(TokenTest, ATaskMayUseItsJob) {
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 200);
  EXPECT_EQ(with(token_, "GET", "/jobs/J/tasks/t").status, 200);
  EXPECT_EQ(with(token_, "POST", "/jobs/j/tasks", R"({"id":"t2","commandLine":"a"})").status, 201);
  EXPECT_EQ(with(token_, "GET", "/jobs/j/tasks").ids().size(), 2u);
  EXPECT_EQ(with(token_, "GET", "/jobs/j/taskcounts").status, 200);
  EXPECT_EQ(with(token_, "DELETE", "/jobs/j/tasks/t2").status, 200);
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/authenticationTokenSettings/access/0"), "job");
}

TEST_F(TokenTest, AndNothingElse) {
  for (const auto& [method, target] :
       {std::pair("GET", "/jobs/other"), std::pair("GET", "/jobs/other/tasks"),
        std::pair("GET", "/jobs"), std::pair("GET", "/pools"), std::pair("GET", "/pools/p"),
        std::pair("DELETE", "/pools/p"), std::pair("GET", "/pools/p/nodes"),
        std::pair("GET", "/supportedimages"), std::pair("POST", "/jobs")}) {
    const Answer refused = with(token_, method, target);
    EXPECT_EQ(refused.status, 403) << method << " " << target;
    EXPECT_EQ(refused.code(), "Forbidden") << method << " " << target;
  }
}

TEST_F(TokenTest, ItEndsWithItsTask) {
  bench_.end(run_, 0, 0);
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 403);
  EXPECT_EQ(with(token_, "GET", "/jobs/j").code(), "AuthenticationFailed");
  send("DELETE", "/jobs/j/tasks/t");
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 403);
}

TEST_F(TokenTest, ItIsOfOneAttempt) {
  bench_.run(engine::FleetFailed{run_.pool, run_.seats[0].node, Error{.message = "it died"}});
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/state"), "running") << "on the other node";
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 403);
}

TEST_F(TokenTest, WhatIsNotSealedIsRefused) {
  const TokenHolder holder{.job = JobId::trusted("other"),
                           .task = run_.key.task,
                           .attempt = run_.key.attempt,
                           .expires = bench_.now + token_life};
  const std::string others = make_token("seal", holder);
  const std::size_t dot = token_.find('.');
  for (const std::string& token :
       {others.substr(0, others.find('.')) + token_.substr(dot), token_.substr(0, dot),
        token_ + "0", std::string(), std::string("."), std::string("a.b"),
        make_token("another", holder)}) {
    EXPECT_EQ(with(token, "GET", "/jobs/j").status, 403) << token;
    EXPECT_EQ(with(token, "GET", "/jobs/j").code(), "AuthenticationFailed") << token;
  }
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 200);
}

TEST_F(TokenTest, ItExpires) {
  bench_.now += token_life - std::chrono::seconds(1);
  EXPECT_EQ(with(token_, "GET", "/jobs/j").status, 200);
  bench_.now += std::chrono::seconds(1);
  EXPECT_EQ(with(token_, "GET", "/jobs/j").code(), "AuthenticationFailed");
}

TEST(Tokens, WithoutASecretThereAreNone) {
  HttpRequest request;
  request.headers.push_back(
      {"Authorization", "Bearer " + make_token("", {.expires = Time(token_life)})});
  EXPECT_TRUE(has_token(request));
  EXPECT_FALSE(token_holder("", request, Time()));
}

}  // namespace
}  // namespace batchyard::service
