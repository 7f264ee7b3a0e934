// Every change has an event that says what became of which entity, by whom, and from which state.
#include <gtest/gtest.h>

#include <algorithm>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;

std::vector<EventRecord> events_of(EngineBench& bench, const std::string& entity) {
  return bench.store.events_after({.entities = {entity}})->events;
}

std::vector<std::string> lines_of(EngineBench& bench, const std::string& entity) {
  std::vector<std::string> lines;
  for (const EventRecord& event : events_of(bench, entity))
    lines.push_back(event.what + " by " + event.by + ": " + event.previous + ">" + event.state);
  return lines;
}

using Lines = std::vector<std::string>;

TEST(Events, TellATasksLife) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p", {.max_task_retries = 1});
  ASSERT_TRUE(bench.add_task("j", "t"));
  for (const int code : {3, 0}) bench.end(bench.take<StartRun>().front(), 0, code);
  EXPECT_EQ(
      lines_of(bench, "task/j/t"),
      (Lines{"TaskAdded by user: >active", "TaskStarted by scheduler: active>running",
             "TaskRetried by agent: running>active", "TaskStarted by scheduler: active>running",
             "TaskCompleted by agent: running>completed"}));
  EXPECT_EQ(events_of(bench, "task/j/t").back().detail, "exit code 0");
  EXPECT_EQ(events_of(bench, "task/j/t").back().version,
            bench.store.read({EntityKind::task, "j", "t"})->value().version);
}

TEST(Events, TellWhyATaskFailed) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  ASSERT_TRUE(bench.add_task("j", "t"));
  bench.end(bench.take<StartRun>().front(), 0, 3);
  EXPECT_TRUE(
      events_of(bench, "task/j/t").back().detail.starts_with("exit code 3; FailureExitCode: "))
      << events_of(bench, "task/j/t").back().detail;
}

// A node that goes to work and comes to rest has no words of its own for it in the decisions.
TEST(Events, TellWhenANodeWorksAndRests) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).front();
  bench.add_job("j", "p");
  const std::string name = "node/p/" + node.text();
  const std::size_t before = lines_of(bench, name).size();
  ASSERT_TRUE(bench.add_task("j", "t"));
  bench.end(bench.take<StartRun>().front(), 0, 0);
  const Lines lines = lines_of(bench, name);
  EXPECT_EQ(
      Lines(lines.begin() + static_cast<std::ptrdiff_t>(before), lines.end()),
      (Lines{"NodeRunning by scheduler: idle>running", "NodeIdle by scheduler: running>idle"}));
}

// What a later event says was left is what the last one said, also over a restart.
TEST(Events, FollowOnEachOther) {
  EngineBench bench;
  bench.add_pool("p", 2);
  bench.add_job("j", "p");
  ASSERT_TRUE(bench.add_task("j", "t"));
  bench.restart();
  ASSERT_TRUE(bench.run(TerminateJob{.id = JobId::trusted("j"), .reason = "enough"}));
  ASSERT_TRUE(bench.run(DeleteJob{.id = JobId::trusted("j")}));
  ASSERT_TRUE(bench.run(DeletePool{.id = PoolId::trusted("p")}));
  std::map<std::string, std::string> states;
  const EventPage all = *bench.store.events_after({});
  for (const EventRecord& event : all.events) {
    const std::string& known = states[event.entity];
    // Nothing left: the state is what it was, or there was none, or nothing is left of the entity.
    const bool same = known.empty() || event.state.empty() || event.state == known;
    EXPECT_EQ(event.previous, same ? "" : known) << event.entity << " " << event.what;
    states[event.entity] = event.state;
  }
  EXPECT_EQ(lines_of(bench, "job/j").front(), "JobAdded by user: >active");
  EXPECT_EQ(events_of(bench, "job/j")[1].detail, "enough");
}

// The status of every version is kept, but for tasks that have only waited.
TEST(Events, KeepTheStatus) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  const EntityKey key{EntityKind::task, "j", "t"};
  ASSERT_TRUE(bench.add_task("j", "t"));
  ASSERT_TRUE(bench.add_task("j", "waits"));
  EXPECT_FALSE(bench.store.past({EntityKind::task, "j", "waits"}, bench.now)->kept);
  const Time started = bench.now;
  bench.now += std::chrono::seconds(10);
  bench.end(bench.take<StartRun>().front(), 0, 5);
  EXPECT_NE(bench.store.past(key, started)->kept->status.find("\"running\""), std::string::npos);
  EXPECT_NE(bench.store.past(key, bench.now)->kept->status.find("\"completed\""),
            std::string::npos);
}

TEST(Events, TellASchedulesLife) {
  EngineBench bench;
  bench.add_pool("p", 0);
  ScheduleFacts facts;
  facts.interval = std::chrono::hours(1);
  facts.job.pool = PoolId::trusted("p");
  const ScheduleId id = ScheduleId::trusted("s");
  ASSERT_TRUE(bench.run(AddSchedule{id, facts, R"({"jobSpecification":{}})"}));
  EXPECT_TRUE(events_of(bench, "schedule/s").back().detail.starts_with("job s:job-1; next at "))
      << events_of(bench, "schedule/s").back().detail;
  const Time before = bench.now;
  bench.now += std::chrono::minutes(1);
  ASSERT_TRUE(bench.run(SteerSchedule{id, ScheduleVerb::disable, {}}));
  EXPECT_EQ(lines_of(bench, "schedule/s").back(), "ScheduleDisabled by user: active>disabled");
  const EntityKey key{EntityKind::schedule, "", "s"};
  EXPECT_NE(bench.store.past(key, before)->kept->status.find("\"active\""), std::string::npos);
}

// What a job's preparation and release did on a node, until it is gone.
TEST(Events, TellAPreparationsLife) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).front();
  JobFacts facts;
  facts.helpers.emplace();
  facts.helpers->preparation = TaskId::trusted("jobpreparation");
  facts.helpers->release = TaskId::trusted("jobrelease");
  bench.add_job("j", "p", facts);
  ASSERT_TRUE(bench.add_task("j", "t"));
  bench.report(bench.take<StartJobTask>().at(0), protocol::StartTaskPhase::succeeded);
  const Time prepared = bench.now;
  const std::string name = "preparation/j/" + node.text();
  EXPECT_EQ(events_of(bench, name).back().detail, "exit code 0");
  bench.end(bench.take<StartRun>().front(), 0, 0);
  bench.restart();
  bench.now += std::chrono::seconds(10);
  bench.join("p", node);
  ASSERT_TRUE(bench.run(TerminateJob{.id = JobId::trusted("j"), .reason = "enough"}));
  bench.run(ResizePool{.id = PoolId::trusted("p"), .target_dedicated = 0});
  bench.run(FleetUnmade{PoolId::trusted("p"), node});
  EXPECT_EQ(lines_of(bench, name), (Lines{"PreparationOrdered by scheduler: >preparing",
                                          "PreparationChanged by agent: preparing>prepared",
                                          "ReleaseOrdered by user: prepared>releasing",
                                          "ReleaseLost by fleet: releasing>released"}));
  const EntityKey key{EntityKind::preparation, "j", node.text()};
  EXPECT_EQ(bench.store.past(key, prepared)->kept->status.find("release\":{"), std::string::npos);
  EXPECT_NE(bench.store.past(key, bench.now)->kept->status.find("is gone, or could not"),
            std::string::npos);
}

TEST(Events, TellWhatBecomesOfTheAccountsThings) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(AddCertificate{"sha1-ab", "{}"}));
  bench.add_pool("p", 0, {.certificates = {"sha1-ab"}});
  bench.restart();
  ASSERT_TRUE(bench.run(DeleteCertificate{"sha1-ab"}));
  EXPECT_EQ(
      lines_of(bench, "certificate/sha1-ab"),
      (Lines{"CertificateAdded by user: >active", "CertificateDeleting by user: active>deleting",
             "CertificateDeleteFailed by user: deleting>deletefailed"}));
  EXPECT_EQ(events_of(bench, "certificate/sha1-ab").back().detail, "in use by pool p");
  const ApplicationId app = ApplicationId::trusted("a");
  const PackageVersion one = PackageVersion::trusted("1");
  ASSERT_TRUE(bench.run(SetApplication{.id = app, .add = true}));
  ASSERT_TRUE(bench.run(StorePackage{app, one, {"content", 7, "f00"}}));
  ASSERT_TRUE(bench.run(ActivatePackage{app, one, "zip"}));
  EXPECT_EQ(lines_of(bench, "package/a/1"), (Lines{"PackageUploaded by user: >pending",
                                                   "PackageActivated by user: pending>active"}));
  EXPECT_EQ(events_of(bench, "package/a/1").back().detail, "7 bytes, sha256 f00");
  EXPECT_EQ(lines_of(bench, "application/a"), (Lines{"ApplicationAdded by user: >active"}));
}

}  // namespace
}  // namespace batchyard::engine
