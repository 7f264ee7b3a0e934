#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

class Schedules : public ServiceTest {
 protected:
  Answer add(const std::string& schedule, const std::string& jobs = R"("poolInfo":{"poolId":"p"})",
             const std::string& id = "s") {
    return post("/jobschedules",
                fmt::format(R"({{"id":"{}","schedule":{{{}}},"jobSpecification":{{{}}}}})", id,
                            schedule, jobs));
  }
  // Time goes by, deadline by deadline.
  void pass(Duration time) {
    const Time end = bench_.now + time;
    while (bench_.engine().next_deadline() <= end) {
      bench_.now = std::max(bench_.now, bench_.engine().next_deadline());
      bench_.run(engine::Tick());
    }
    bench_.now = end;
  }
};

TEST_F(Schedules, OneIsShownWithItsDefaultsAndItsJob) {
  const Answer added = add(
      R"("startWindow":"PT1H","recurrenceInterval":"P1D")",
      R"("onTaskFailure":"noaction","constraints":{"maxTaskRetryCount":2},"poolInfo":{"poolId":"p"})");
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(added.header("Location"), "https://yard.example/jobschedules/s");
  EXPECT_EQ(added.header("DataServiceId"), "https://yard.example/jobschedules/s");
  const Answer schedule = get("/jobschedules/S");
  const std::pair<const char*, const char*> expected[] = {
      {"/odata.metadata", "https://yard.example/$metadata#jobschedules/@Element"},
      {"/id", "s"},
      {"/url", "https://yard.example/jobschedules/s"},
      {"/state", "active"},
      {"/schedule/startWindow", "PT1H"},
      {"/schedule/recurrenceInterval", "P1D"},
      {"/jobSpecification/priority", "0"},
      {"/jobSpecification/usesTaskDependencies", "false"},
      {"/jobSpecification/onAllTasksComplete", "noaction"},
      {"/jobSpecification/constraints/maxWallClockTime", "P10675199DT2H48M5.4775807S"},
      {"/jobSpecification/constraints/maxTaskRetryCount", "2"},
      {"/jobSpecification/poolInfo/poolId", "p"},
      {"/executionInfo/nextRunTime", "2025-12-19T00:00:00Z"},
      {"/executionInfo/recentJob/id", "s:job-1"},
      {"/executionInfo/recentJob/url", "https://yard.example/jobs/s:job-1"},
      {"/executionInfo/endTime", "(absent)"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(schedule.text(pointer), value) << pointer;
  EXPECT_EQ(send("HEAD", "/jobschedules/s").status, 200);
  EXPECT_EQ(send("HEAD", "/jobschedules/t").status, 404);
  EXPECT_EQ(get("/jobschedules/t").code(), "JobScheduleNotFound");
  const Answer job = get("/jobs/s%3Ajob-1");
  EXPECT_EQ(job.text("/id"), "s:job-1");
  EXPECT_EQ(job.text("/executionInfo/poolId"), "p");
  EXPECT_EQ(job.text("/constraints/maxTaskRetryCount"), "2");
  EXPECT_EQ(post("/jobs", R"({"id":"s:job-7","poolInfo":{"poolId":"p"}})").code(),
            "InvalidPropertyValue");
}

TEST_F(Schedules, ItsJobsRunTasksInDirectoriesOfItsName) {
  add_pool("p", 1);
  ASSERT_EQ(add(R"("recurrenceInterval":"PT1H")").status, 201);
  ASSERT_EQ(post("/jobs/s:job-1/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  EXPECT_EQ(get("/jobs/s:job-1/tasks/t").text("/nodeInfo/taskRootDirectory"),
            "workitems/s/job-1/t");
}

TEST_F(Schedules, EachJobHasItsManagerAndPreparation) {
  add_pool("p", 1);
  ASSERT_EQ(
      add(R"("recurrenceInterval":"PT1H")",
          R"("jobManagerTask":{"id":"m","commandLine":"true"},"jobPreparationTask":{"commandLine":"true"},"poolInfo":{"poolId":"p"})")
          .status,
      201);
  EXPECT_EQ(get("/jobs/s:job-1/tasks").ids(), std::vector<std::string>{"m"});
  EXPECT_EQ(get("/jobs/s:job-1").text("/jobPreparationTask/id"), "jobpreparation");
  ASSERT_EQ(send("POST", "/jobs/s:job-1/terminate").status, 202);
  const Answer bad = add(
      "", R"("jobManagerTask":{"id":"m m","commandLine":"true"},"poolInfo":{"poolId":"p"})", "t");
  EXPECT_EQ(bad.status, 400) << bad.response.body;
}

TEST_F(Schedules, ListsAreFiltered) {
  add_job("other", "p");
  ASSERT_EQ(add(R"("recurrenceInterval":"PT1H")").status, 201);
  ASSERT_EQ(
      add(R"("doNotRunUntil":"2026-01-01T00:00:00Z")", R"("poolInfo":{"poolId":"p"})", "later")
          .status,
      201);
  using Ids = std::vector<std::string>;
  EXPECT_EQ(get("/jobschedules").ids(), (Ids{"later", "s"}));
  EXPECT_EQ(get("/jobschedules?$filter=startswith(id,'l')").ids(), Ids{"later"});
  EXPECT_EQ(
      get("/jobschedules?$filter=schedule/doNotRunUntil%20gt%20DateTime'2025-12-31T00:00:00Z'")
          .ids(),
      Ids{"later"});
  ASSERT_EQ(send("POST", "/jobs/s:job-1/terminate").status, 202);
  pass(std::chrono::hours(1));
  EXPECT_EQ(get("/jobschedules/s/jobs").ids(), (Ids{"s:job-1", "s:job-2"}));
  EXPECT_EQ(get("/jobschedules/s/jobs?$filter=state%20eq%20'active'").ids(), Ids{"s:job-2"});
  EXPECT_EQ(
      get("/jobschedules/s/jobs?$filter=state%20eq%20'active'%20or%20state%20eq%20'completed'")
          .ids(),
      (Ids{"s:job-1", "s:job-2"}));
  EXPECT_TRUE(get("/jobschedules/later/jobs").ids().empty());
  EXPECT_EQ(get("/jobschedules/none/jobs").code(), "JobScheduleNotFound");
}

TEST_F(Schedules, WhatCannotBeIsRefusedWithACure) {
  const std::pair<const char*, const char*> refused[] = {
      {R"("recurrenceInterval":"PT59S")", "schedule.recurrenceInterval"},
      {R"("startWindow":"PT59S")", "schedule.startWindow"},
      {R"("doNotRunUntil":"2026-01-02T00:00:00Z","doNotRunAfter":"2026-01-01T00:00:00Z")",
       "schedule.doNotRunAfter"}};
  for (const auto& [schedule, property] : refused) {
    const Answer answer = add(schedule);
    EXPECT_EQ(answer.status, 400) << schedule;
    EXPECT_EQ(answer.detail("PropertyName"), property);
  }
  const Answer no_pool = add("", R"("priority":1)");
  EXPECT_EQ(no_pool.status, 400) << no_pool.response.body;
  EXPECT_EQ(get("/jobschedules").ids().size(), 0u);
}

TEST_F(Schedules, ItIsChangedSteeredAndDeleted) {
  ASSERT_EQ(add(R"("recurrenceInterval":"P1D")").status, 201);
  EXPECT_EQ(add("").code(), "JobScheduleExists");
  EXPECT_EQ(post("/jobs", R"({"id":"s","poolInfo":{"poolId":"p"}})").code(),
            "JobScheduleWithSameIdExists");
  add_job("j", "p");
  EXPECT_EQ(add("", R"("poolInfo":{"poolId":"p"})", "J").code(), "JobWithSameIdExists");

  EXPECT_EQ(
      send("PATCH", "/jobschedules/s", R"({"schedule":{"recurrenceInterval":"PT5H"}})").status,
      200);
  EXPECT_EQ(get("/jobschedules/s").text("/executionInfo/nextRunTime"), "2025-12-18T05:00:00Z");
  EXPECT_EQ(get("/jobschedules/s").text("/jobSpecification/poolInfo/poolId"), "p");
  EXPECT_EQ(send("PATCH", "/jobschedules/s", R"({"metadata":[{"name":"a","value":"b"}]})").status,
            200);
  EXPECT_EQ(get("/jobschedules/s").text("/metadata/0/value"), "b");
  EXPECT_EQ(send("PATCH", "/jobschedules/s", R"({"metadata":[]})",
                 {{"If-Match", "\"0x8D0000000000000\""}})
                .status,
            412);
  EXPECT_EQ(
      send(
          "PUT", "/jobschedules/s",
          R"({"schedule":{"recurrenceInterval":"PT10H"},"jobSpecification":{"poolInfo":{"poolId":"q"}}})")
          .status,
      200);
  EXPECT_EQ(get("/jobschedules/s").text("/metadata"), "(absent)");
  EXPECT_EQ(get("/jobschedules/s").text("/jobSpecification/poolInfo/poolId"), "q");

  EXPECT_EQ(send("POST", "/jobschedules/s/disable").status, 204);
  EXPECT_EQ(get("/jobschedules/s").text("/state"), "disabled");
  EXPECT_EQ(get("/jobschedules/s").text("/previousState"), "active");
  EXPECT_EQ(send("POST", "/jobschedules/s/enable").status, 204);
  EXPECT_EQ(send("POST", "/jobschedules/s/terminate").status, 202);
  EXPECT_EQ(get("/jobschedules/s").text("/state"), "completed");
  EXPECT_EQ(get("/jobschedules/s").text("/executionInfo/endTime"), "2025-12-18T00:00:00Z");
  EXPECT_EQ(get("/jobs/s:job-1").text("/executionInfo/terminateReason"), "TerminateJobSchedule");
  EXPECT_EQ(send("POST", "/jobschedules/s/enable").code(), "JobScheduleCompleted");
  EXPECT_EQ(send("DELETE", "/jobschedules/s").status, 202);
  EXPECT_EQ(get("/jobschedules/s").status, 404);
  EXPECT_EQ(get("/jobs/s:job-1").status, 404);
  EXPECT_EQ(get("/jobs/j").status, 200);
}

// ---- auto pools

constexpr const char* automatic =
    R"("poolInfo":{"autoPoolSpecification":{"autoPoolIdPrefix":"mine","poolLifetimeOption":"job","pool":{"vmSize":"STANDARD_H16r","targetDedicatedNodes":1,"virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"}}}})";

TEST_F(Schedules, AJobMakesAPoolForItself) {
  ASSERT_EQ(post("/jobs", fmt::format(R"({{"id":"j",{}}})", automatic)).status, 201);
  const Answer job = get("/jobs/j");
  const std::string pool = job.text("/executionInfo/poolId");
  EXPECT_TRUE(pool.starts_with("mine_")) << pool;
  EXPECT_EQ(job.text("/poolInfo/autoPoolSpecification/keepAlive"), "false");
  EXPECT_EQ(job.text("/poolInfo/autoPoolSpecification/pool/taskSlotsPerNode"), "1");
  const Answer shown = get("/pools/" + pool);
  EXPECT_EQ(shown.text("/vmSize"), "standard_h16r");
  EXPECT_EQ(shown.text("/targetDedicatedNodes"), "1");
  ASSERT_EQ(send("PATCH", "/jobs/j", R"({"priority":5})").status, 200);
  EXPECT_EQ(get("/jobs/j").text("/executionInfo/poolId"), pool);
  ASSERT_EQ(send("POST", "/jobs/j/terminate").status, 202);
  const Answer gone = get("/pools/" + pool);
  EXPECT_TRUE(gone.status == 404 || gone.text("/state") == "deleting");
}

TEST_F(Schedules, OfAJobsOwnPoolOnlyKeepAliveCanBeChanged) {
  ASSERT_EQ(post("/jobs", fmt::format(R"({{"id":"j",{}}})", automatic)).status, 201);
  const std::string pool = get("/jobs/j").text("/executionInfo/poolId");
  const json::value shown = get("/jobs/j").body.at("poolInfo");
  const auto patch = [&](const std::string& specification) {
    return send("PATCH", "/jobs/j",
                fmt::format(R"({{"poolInfo":{{"autoPoolSpecification":{}}}}})", specification));
  };
  const std::string keeps = R"({"keepAlive":true,"poolLifetimeOption":"job"})";
  EXPECT_EQ(patch(keeps).code(), "OperationInvalidForCurrentState");
  ASSERT_EQ(post("/jobs/j/disable", R"({"disableTasks":"requeue"})").status, 202);
  EXPECT_EQ(patch(R"({"poolLifetimeOption":"job","pool":{"vmSize":"standard_h8"}})")
                .detail("PropertyName"),
            "poolInfo.autoPoolSpecification.pool");
  EXPECT_EQ(
      patch(R"({"poolLifetimeOption":"job","autoPoolIdPrefix":"other"})").detail("PropertyName"),
      "poolInfo.autoPoolSpecification.autoPoolIdPrefix");
  // What was shown can be given again.
  ASSERT_EQ(send("PUT", "/jobs/j", json::serialize(json::object{{"poolInfo", shown}})).status, 200);
  ASSERT_EQ(patch(keeps).status, 200);
  const Answer job = get("/jobs/j");
  EXPECT_EQ(job.text("/poolInfo/autoPoolSpecification/keepAlive"), "true");
  EXPECT_EQ(job.text("/poolInfo/autoPoolSpecification/autoPoolIdPrefix"), "mine");
  EXPECT_EQ(job.text("/executionInfo/poolId"), pool);
  ASSERT_EQ(send("POST", "/jobs/j/terminate").status, 202);
  EXPECT_EQ(get("/pools/" + pool).text("/state"), "active");
}

TEST_F(Schedules, AJobIsGivenAPoolOfItsOwnOnlyWhenItIsAdded) {
  add_pool("other", 0);
  add_job("j", "other");
  ASSERT_EQ(post("/jobs/j/disable", R"({"disableTasks":"requeue"})").status, 202);
  const Answer refused = send("PATCH", "/jobs/j", fmt::format("{{{}}}", automatic));
  EXPECT_EQ(refused.detail("PropertyName"), "poolInfo.autoPoolSpecification");
  EXPECT_EQ(get("/jobs/j").text("/poolInfo/poolId"), "other");
}

TEST_F(Schedules, APoolThatCannotBeIsTheJobsSchedulingError) {
  const auto error_of = [&](const std::string& pool, const std::string& version = "2025-06-01") {
    const Answer added = post(
        "/jobs?api-version=" + version,
        fmt::format(
            R"({{"id":"j","poolInfo":{{"autoPoolSpecification":{{"poolLifetimeOption":"job","pool":{{{}}}}}}}}})",
            pool));
    EXPECT_EQ(added.status, 201) << added.response.body;
    const Answer job = get("/jobs/j");
    EXPECT_EQ(job.text("/state"), "completed");
    EXPECT_EQ(job.text("/executionInfo/schedulingError/category"), "UserError");
    EXPECT_EQ(send("DELETE", "/jobs/j").status, 202);
    return job.text("/executionInfo/schedulingError/code");
  };
  const std::string machine =
      R"("virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"})";
  EXPECT_EQ(error_of(R"("vmSize":"no_such_size",)" + machine), "InvalidAutoPoolSettings");
  EXPECT_EQ(
      error_of(R"("vmSize":"standard_h16r","enableAutoScale":true,"autoScaleFormula":"x = ",)" +
               machine),
      "InvalidAutoScaleFormulaInAutoPool");
  EXPECT_EQ(
      error_of(
          R"("vmSize":"standard_h16r","certificateReferences":[{"thumbprint":"ABCD","thumbprintAlgorithm":"sha1"}],)" +
              machine,
          "2023-11-01.18.0"),
      "InvalidCertificatesInAutoPool");
  EXPECT_TRUE(get("/pools").ids().empty());
}

TEST_F(Schedules, ADescriptionOfTheWrongFormIsRefused) {
  const auto property_of = [&](const std::string& info) {
    const Answer answer = post("/jobs", fmt::format(R"({{"id":"j","poolInfo":{{{}}}}})", info));
    EXPECT_EQ(answer.status, 400) << info;
    return answer.detail("PropertyName");
  };
  EXPECT_EQ(property_of(""), "poolInfo.poolId");
  EXPECT_EQ(property_of(R"("poolId":"p","autoPoolSpecification":{"poolLifetimeOption":"job"})"),
            "poolInfo.autoPoolSpecification");
  EXPECT_EQ(property_of(R"("autoPoolSpecification":{"poolLifetimeOption":"job"})"),
            "poolInfo.autoPoolSpecification.pool");
  EXPECT_EQ(
      property_of(
          R"("autoPoolSpecification":{"poolLifetimeOption":"jobschedule","pool":{"vmSize":"a"}})"),
      "poolInfo.autoPoolSpecification.poolLifetimeOption");
  EXPECT_EQ(
      property_of(
          R"("autoPoolSpecification":{"autoPoolIdPrefix":"123456789012345678901","poolLifetimeOption":"job","pool":{"vmSize":"a"}})"),
      "poolInfo.autoPoolSpecification.autoPoolIdPrefix");
}

TEST_F(Schedules, AScheduleKeepsOnePoolForItsJobs) {
  std::string of_schedule = automatic;
  of_schedule.replace(of_schedule.find(R"("job",)"), 6, R"("jobschedule",)");
  ASSERT_EQ(add(R"("recurrenceInterval":"PT1H")", of_schedule).status, 201);
  const std::string pool = get("/jobs/s:job-1").text("/executionInfo/poolId");
  ASSERT_EQ(send("POST", "/jobs/s:job-1/terminate").status, 202);
  pass(std::chrono::hours(1));
  EXPECT_EQ(get("/jobs/s:job-2").text("/executionInfo/poolId"), pool);
  EXPECT_EQ(get("/pools/" + pool).text("/state"), "active");
}

}  // namespace
}  // namespace batchyard::service
