// What an ETag stands for: what a user set, not what became of it. And changes at the same time.
#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

class ETags : public ServiceTest {
 protected:
  std::string etag(const std::string& path) { return get(path).header("ETag"); }
  std::string modified(const std::string& path) { return get(path).header("Last-Modified"); }
  int change(const std::string& path, const std::string& condition, const std::string& body) {
    return send("PATCH", path, body, {{"If-Match", condition}}).status;
  }
};

constexpr const char* labelled = R"({"metadata":[{"name":"a","value":"b"}]})";

TEST_F(ETags, OfAPoolOutliveItsNodes) {
  add_pool("p", 0);
  const Answer resized = post("/pools/p/resize", R"({"targetDedicatedNodes":2})");
  const std::string read = resized.header("ETag"), when = modified("/pools/p");
  EXPECT_EQ(etag("/pools/p"), read);
  bench_.now += std::chrono::minutes(1);
  for (const engine::WantNode& wanted : bench_.take<engine::WantNode>()) {
    bench_.make("p", wanted.order.node);
    bench_.join("p", wanted.order.node);
  }
  EXPECT_EQ(get("/pools/p").text("/allocationState"), "steady");
  EXPECT_EQ(etag("/pools/p"), read);
  EXPECT_EQ(modified("/pools/p"), when);
  EXPECT_EQ(change("/pools/p", read, labelled), 200);
  EXPECT_NE(etag("/pools/p"), read);
  EXPECT_NE(modified("/pools/p"), when);
  EXPECT_EQ(change("/pools/p", read, labelled), 412);
}

TEST_F(ETags, OfAPoolOutliveTheEvaluationsOfItsFormula) {
  add_pool("p", 0);
  const Answer enabled =
      post("/pools/p/enableautoscale", R"({"autoScaleFormula":"$TargetDedicatedNodes=0"})");
  const std::string read = enabled.header("ETag");
  bench_.now += std::chrono::minutes(16);
  (void)bench_.run(engine::Tick());
  EXPECT_EQ(get("/pools/p").text("/autoScaleRun/timestamp"), to_iso8601(bench_.now));
  EXPECT_EQ(etag("/pools/p"), read);
}

TEST_F(ETags, OfATaskOutliveItsRuns) {
  add_pool("p", 1);
  add_job("j", "p");
  const Answer added = post(
      "/jobs/j/tasks", R"({"id":"t","commandLine":"true","constraints":{"maxTaskRetryCount":1}})");
  const std::string read = added.header("ETag"), when = modified("/jobs/j/tasks/t");
  for (const int code : {1, 0}) {
    EXPECT_EQ(etag("/jobs/j/tasks/t"), read);
    bench_.now += std::chrono::minutes(1);
    bench_.end(bench_.take<engine::StartRun>().front(), 0, code);
  }
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/state"), "completed");
  EXPECT_EQ(etag("/jobs/j/tasks/t"), read);
  EXPECT_EQ(modified("/jobs/j/tasks/t"), when);
}

// Also of one that has only waited, and over a restart.
TEST_F(ETags, OfATaskFollowItsUpdates) {
  add_pool("p", 0);
  add_job("j", "p");
  const std::string added =
      post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").header("ETag");
  bench_.now += std::chrono::minutes(1);
  const Answer updated = send("PUT", "/jobs/j/tasks/t",
                              R"({"constraints":{"maxTaskRetryCount":1}})", {{"If-Match", added}});
  EXPECT_EQ(updated.status, 200) << updated.response.body;
  EXPECT_NE(updated.header("ETag"), added);
  const std::string when = modified("/jobs/j/tasks/t");
  EXPECT_EQ(when, to_rfc1123(bench_.now));
  bench_.restart();
  bench_.now += std::chrono::minutes(1);
  const Answer ended = send("POST", "/jobs/j/tasks/t/terminate", "");
  EXPECT_EQ(ended.header("ETag"), updated.header("ETag"));
  EXPECT_EQ(etag("/jobs/j/tasks/t"), updated.header("ETag"));
  EXPECT_EQ(modified("/jobs/j/tasks/t"), when);
  const Answer again = send("POST", "/jobs/j/tasks/t/reactivate", "");
  EXPECT_EQ(etag("/jobs/j/tasks/t"), again.header("ETag"));
  EXPECT_NE(again.header("ETag"), updated.header("ETag"));
}

TEST_F(ETags, OfACollectionAreThoseOfItsTasks) {
  add_pool("p", 1);
  add_job("j", "p");
  const Answer added =
      post("/jobs/j/addtaskcollection",
           R"({"value":[{"id":"a","commandLine":"true"},{"id":"b","commandLine":"true"}]})");
  for (const int at : {0, 1}) {
    const std::string task = added.text(fmt::format("/value/{}/taskId", at));
    EXPECT_EQ(added.text(fmt::format("/value/{}/eTag", at)), etag("/jobs/j/tasks/" + task));
  }
  EXPECT_NE(etag("/jobs/j/tasks/a"), etag("/jobs/j/tasks/b"));
}

TEST_F(ETags, OfAScheduleOutliveItsJobs) {
  add_pool("p", 0);
  const Answer added = post("/jobschedules",
                            R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},
      "jobSpecification":{"poolInfo":{"poolId":"p"}}})");
  EXPECT_EQ(get("/jobschedules/s/jobs").ids().size(), 1u);
  EXPECT_EQ(etag("/jobschedules/s"), added.header("ETag"));
  bench_.now += std::chrono::hours(1);
  (void)bench_.run(engine::Tick());
  EXPECT_EQ(etag("/jobschedules/s"), added.header("ETag"));
}

// Two who change different things without a condition both get what they want.
TEST_F(ETags, ChangesAtTheSameTimeAreBothMade) {
  add_pool("p", 0);
  add_job("j", "p");
  int others = 1;
  meanwhile_ = [&] {
    if (others-- > 0) {
      EXPECT_EQ(send("PATCH", "/jobs/j", R"({"priority":7})").status, 200);
    }
  };
  EXPECT_EQ(send("PATCH", "/jobs/j", labelled).status, 200);
  const Answer job = get("/jobs/j");
  EXPECT_EQ(job.text("/priority") + job.text("/metadata/0/name"), "7a");
  others = 1;
  meanwhile_ = [&] {
    if (others-- > 0) {
      EXPECT_EQ(send("PATCH", "/pools/p", R"({"startTask":{"commandLine":"true"}})").status, 200);
    }
  };
  EXPECT_EQ(send("PATCH", "/pools/p", labelled).status, 200);
  const Answer pool = get("/pools/p");
  EXPECT_EQ(pool.text("/startTask/commandLine") + pool.text("/metadata/0/name"), "truea");
}

TEST_F(ETags, AConditionHoldsUntilTheChangeIsMade) {
  add_pool("p", 0);
  add_job("j", "p");
  const std::string read = etag("/jobs/j");
  int others = 1;
  meanwhile_ = [&] {
    if (others-- > 0) {
      EXPECT_EQ(send("PATCH", "/jobs/j", R"({"priority":7})").status, 200);
    }
  };
  EXPECT_EQ(change("/jobs/j", read, labelled), 412);
  others = 1;
  EXPECT_EQ(change("/jobs/j", "*", labelled), 200);
}

TEST_F(ETags, WhoIsOvertakenAllTheTimeIsToldSo) {
  add_pool("p", 0);
  add_job("j", "p");
  bool among_others = false;
  meanwhile_ = [&] {
    if (std::exchange(among_others, true)) return;
    EXPECT_EQ(send("PATCH", "/jobs/j", R"({"priority":7})").status, 200);
    among_others = false;
  };
  const Answer refused = send("PATCH", "/jobs/j", labelled);
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.code(), "ServerBusy");
}

}  // namespace
}  // namespace batchyard::service
