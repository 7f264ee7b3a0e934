// What is known of the use of schedules, and of pools within an interval.
#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

// The last version but one whose service answers usage metrics.
constexpr const char* with_metrics = "&api-version=2023-11-01.18.0";

class ScheduleStatistics : public ServiceTest {
 protected:
  void SetUp() override {
    add_pool("p", 1);
    ASSERT_EQ(
        post(
            "/jobschedules",
            R"({"id":"s","schedule":{"recurrenceInterval":"PT1H"},"jobSpecification":{"poolInfo":{"poolId":"p"},"constraints":{"maxTaskRetryCount":1}}})")
            .status,
        201);
    created_ = get("/jobschedules/s").text("/creationTime");
    tick(std::chrono::seconds(0));
  }
  void tick(Duration by) {
    bench_.now += by;
    (void)bench_.run(engine::Tick());
  }
  void add_task(const std::string& job, const char* id) {
    ASSERT_EQ(
        post("/jobs/" + job + "/tasks", fmt::format(R"({{"id":"{}","commandLine":"true"}})", id))
            .status,
        201);
  }
  // What the only node runs now goes on so long, and ends.
  void run(Duration lasts, std::int32_t exit_code) {
    const engine::StartRun run = bench_.take<engine::StartRun>().at(0);
    protocol::RunEnd end{
        .exit_code = exit_code, .failure = {}, .started = bench_.now, .ended = bench_.now + lasts};
    if (exit_code != 0) end.failure = Failure{.code = "FailureExitCode", .message = "It failed."};
    tick(lasts);
    (void)bench_.run(
        engine::AgentSaid{run.pool, run.seats[0].node, protocol::RunEnded{run.key, 0, end}});
  }

  std::string created_;
};

TEST_F(ScheduleStatistics, AreSumsOverItsJobs) {
  add_task("s:job-1", "first");
  add_task("s:job-1", "waits");
  run(std::chrono::seconds(90), 0);
  run(std::chrono::seconds(30), 0);
  ASSERT_EQ(send("POST", "/jobs/s:job-1/terminate").status, 202);
  tick(std::chrono::hours(1));
  ASSERT_EQ(get("/jobs/s:job-2").status, 200);
  add_task("s:job-2", "fails");  // and is retried once
  run(std::chrono::seconds(10), 1);
  run(std::chrono::seconds(10), 1);
  // Of other jobs nothing is counted.
  add_job("other", "p");
  add_task("other", "long");
  run(std::chrono::seconds(1000), 0);
  const Answer schedule = get("/jobschedules/s?$expand=stats");
  const Answer list = get("/jobschedules?$expand=stats&$select=id,stats");
  for (const std::string stats : {"numSucceededTasks", "numFailedTasks", "numTaskRetries",
                                  "wallClockTime", "waitTime", "url", "startTime"})
    EXPECT_EQ(list.text("/value/0/stats/" + stats), schedule.text("/stats/" + stats));
  EXPECT_EQ(schedule.text("/stats/numSucceededTasks"), "2");
  EXPECT_EQ(schedule.text("/stats/numFailedTasks"), "1");
  EXPECT_EQ(schedule.text("/stats/numTaskRetries"), "1");
  EXPECT_EQ(schedule.text("/stats/url"), "https://yard.example/jobschedules/s");
  EXPECT_EQ(schedule.text("/stats/startTime"), created_);
  EXPECT_EQ(schedule.text("/stats/lastUpdateTime"), to_iso8601(bench_.now));
  EXPECT_EQ(schedule.text("/stats/wallClockTime"), "PT2M10S");  // 90, 30 and 10
  EXPECT_EQ(schedule.text("/stats/waitTime"), "PT1M40S");       // 0, 90 and 10
  EXPECT_EQ(schedule.text("/stats/userCPUTime"), "PT0S");
  EXPECT_EQ(schedule.text("/stats/readIOGiB"), "0E0");
  EXPECT_EQ(get("/jobschedules/s").text("/stats"), "(absent)");
  EXPECT_EQ(get("/jobschedules/s/jobs?$expand=stats").text("/value/1/stats/numFailedTasks"), "1");
  EXPECT_EQ(get("/jobschedules?$expand=all").detail("QueryParameterName"), "$expand");
}

TEST_F(ServiceTest, UsageMetricsAreFilteredByPoolAndCutIntoPages) {
  for (const char* pool : {"a1", "a2", "a3", "b"}) add_pool(pool, pool[1] == '2' ? 0 : 1);
  bench_.now += std::chrono::hours(1);
  const auto pools = [&](const std::string& query) {
    std::string names;
    std::string target = "/poolusagemetrics?" + query + with_metrics;
    for (int page = 0; page < 9; ++page) {
      const Answer answer = get(target);
      EXPECT_EQ(answer.status, 200) << answer.message();
      for (const json::value& one : answer.body.at("value").as_array())
        names += std::string(one.at("poolId").as_string()) + " ";
      const std::string next = answer.text("/odata.nextLink");
      if (next == "(absent)") break;
      names += "| ";
      target = next.substr(std::string("https://yard.example").size());
    }
    return names;
  };
  EXPECT_EQ(pools(""), "a1 a3 b ");
  EXPECT_EQ(pools("$filter=poolId%20eq%20'A3'"), "a3 ");
  EXPECT_EQ(pools("$filter=startswith(poolId,'a')"), "a1 a3 ");
  EXPECT_EQ(pools("$filter=poolId%20gt%20'a1'%20and%20poolId%20le%20'b'"), "a3 b ");
  EXPECT_EQ(pools("maxresults=1"), "a1 | a3 | b ");
  EXPECT_EQ(pools("maxresults=1&$filter=startswith(poolId,'a')"), "a1 | a3 ");
  const Answer refused =
      get(std::string("/poolusagemetrics?$filter=vmSize%20eq%20'x'") + with_metrics);
  EXPECT_EQ(refused.detail("QueryParameterName"), "$filter");
  EXPECT_NE(refused.message().find("these can: poolId"), std::string::npos) << refused.message();
}

TEST_F(ServiceTest, UsageMetricsAreOfTheIntervalThatIsAskedFor) {
  add_pool("p", 1);
  const Time from = bench_.now;
  bench_.now += std::chrono::hours(4);
  const auto core_hours = [&](int start, int end) {
    return get(fmt::format("/poolusagemetrics?starttime={}&endtime={}{}",
                           to_iso8601(from + std::chrono::hours(start)),
                           to_iso8601(from + std::chrono::hours(end)), with_metrics))
        .text("/value/0/totalCoreHours");
  };
  EXPECT_EQ(core_hours(0, 1), "1.6E1");
  EXPECT_EQ(core_hours(-9, 2), "3.2E1");
  EXPECT_EQ(core_hours(3, 99), "1.6E1");  // what is still to come is not used yet
  EXPECT_EQ(core_hours(-9, -8), "(absent)");
  const Answer backwards = get(fmt::format("/poolusagemetrics?starttime={}&endtime={}{}",
                                           to_iso8601(bench_.now), to_iso8601(from), with_metrics));
  EXPECT_EQ(backwards.detail("QueryParameterName"), "endtime");
}

}  // namespace
}  // namespace batchyard::service
