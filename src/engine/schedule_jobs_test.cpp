// Job schedules and the pools that jobs make for themselves.
#include <gtest/gtest.h>

#include <boost/describe.hpp>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using namespace std::chrono_literals;
using testing::EngineBench;

constexpr const char* spec = R"({"jobSpecification":{"displayName":"of a schedule"}})";

ScheduleFacts every(Duration interval) {
  ScheduleFacts facts;
  facts.interval = interval;
  facts.job.pool = PoolId::trusted("p");
  return facts;
}

Result<Reply> add(EngineBench& bench, ScheduleFacts facts) {
  return bench.run(AddSchedule{ScheduleId::trusted("s"), std::move(facts), spec});
}

Result<Reply> steer(EngineBench& bench, ScheduleVerb verb, bool force = false) {
  return bench.run(SteerSchedule{ScheduleId::trusted("s"), verb, {}, force});
}

const ScheduleStatus& schedule(EngineBench& bench) {
  return bench.engine().state().schedules.at(ScheduleId::trusted("s")).status;
}

// Its jobs, each with its state's first letter.
std::string jobs(EngineBench& bench) {
  std::string all;
  for (const auto& [id, job] : bench.engine().state().jobs) {
    if (!all.empty()) all += ' ';
    all += id.text() + boost::describe::enum_to_string(job.status.state, "?")[0];
  }
  return all;
}

void pass_turns(EngineBench& bench, Duration time) {
  const Time end = bench.now + time;
  for (int turns = 0; bench.engine().next_deadline() <= end; ++turns) {
    ASSERT_LT(turns, 1000) << "deadlines do not move on";
    bench.now = std::max(bench.now, bench.engine().next_deadline());
    bench.run(Tick());
  }
  bench.now = end;
}

void finish(EngineBench& bench, const std::string& job) {
  ASSERT_TRUE(bench.run(TerminateJob{JobId::trusted(job), "done", {}}));
}

TEST(Schedules, AJobIsMadeAtOnceAndThenEveryInterval) {
  EngineBench bench;
  const Time start = bench.now;
  ASSERT_TRUE(add(bench, every(60min)));
  EXPECT_EQ(jobs(bench), "s:job-1a");
  EXPECT_EQ(schedule(bench).next, start + 60min);
  EXPECT_EQ(schedule(bench).recent.text(), "s:job-1");
  EXPECT_EQ(bench.store.read({EntityKind::job, "", "s:job-1"}).value()->spec,
            R"({"displayName":"of a schedule"})");
  pass_turns(bench, 10min);
  finish(bench, "s:job-1");
  pass_turns(bench, 49min);
  EXPECT_EQ(jobs(bench), "s:job-1c");
  pass_turns(bench, 1min);
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  EXPECT_EQ(schedule(bench).next, start + 120min);
}

TEST(Schedules, AnActiveJobHoldsTheNextOneBack) {
  EngineBench bench;
  const Time start = bench.now;
  ASSERT_TRUE(add(bench, every(60min)));
  pass_turns(bench, 150min);
  EXPECT_EQ(jobs(bench), "s:job-1a");
  // Without a start window the occurrence waits, and one that is overtaken by the next is lost.
  finish(bench, "s:job-1");
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  EXPECT_EQ(schedule(bench).next, start + 180min);
}

TEST(Schedules, ForceDoesNotWaitForTheNodesOfItsJobs) {
  for (const ScheduleVerb verb : {ScheduleVerb::terminate, ScheduleVerb::remove}) {
    EngineBench bench;
    bench.add_pool("p", 1);
    ASSERT_TRUE(add(bench, every(60min)));
    ASSERT_TRUE(bench.add_task("s:job-1", "a"));
    ASSERT_EQ(bench.take<StartRun>().size(), 1u);
    ASSERT_TRUE(steer(bench, verb));
    EXPECT_TRUE(bench.engine().state().schedules.contains(ScheduleId::trusted("s")));
    EXPECT_FALSE(steer(bench, verb)) << "it is on its way out";
    ASSERT_TRUE(steer(bench, verb, true));
    if (verb == ScheduleVerb::terminate)
      EXPECT_EQ(schedule(bench).state, ScheduleState::completed);
    else
      EXPECT_FALSE(bench.engine().state().schedules.contains(ScheduleId::trusted("s")));
    EXPECT_EQ(jobs(bench), verb == ScheduleVerb::terminate ? "s:job-1c" : "");
  }
}

TEST(Schedules, AnOccurrenceIsLostWithItsStartWindow) {
  EngineBench bench;
  const Time start = bench.now;
  ScheduleFacts facts = every(60min);
  facts.window = 5min;
  ASSERT_TRUE(add(bench, facts));
  pass_turns(bench, 65min);
  finish(bench, "s:job-1");  // at the last moment
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  pass_turns(bench, 61min);  // 126 minutes: one too late
  EXPECT_EQ(schedule(bench).next, start + 180min);
  finish(bench, "s:job-2");
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2c");
  pass_turns(bench, 54min);
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2c s:job-3a");
}

TEST(Schedules, ItBeginsAndEndsWhenItsTimesSay) {
  EngineBench bench;
  ScheduleFacts facts = every(60min);
  facts.not_before = bench.now + 30min;
  facts.not_after = bench.now + 100min;
  ASSERT_TRUE(add(bench, facts));
  EXPECT_EQ(jobs(bench), "");
  EXPECT_EQ(schedule(bench).next, bench.now + 30min);
  pass_turns(bench, 30min);
  EXPECT_EQ(jobs(bench), "s:job-1a");
  finish(bench, "s:job-1");
  pass_turns(bench, 60min);
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  pass_turns(bench, 60min);
  // Past its end, but its job goes on.
  EXPECT_EQ(schedule(bench).state, ScheduleState::active);
  finish(bench, "s:job-2");
  EXPECT_EQ(schedule(bench).state, ScheduleState::completed);
  EXPECT_EQ(schedule(bench).end, bench.now);
  EXPECT_EQ(steer(bench, ScheduleVerb::disable).error().code, "JobScheduleCompleted");
}

TEST(Schedules, WithoutAnIntervalThereIsOneJob) {
  EngineBench bench;
  ScheduleFacts facts = every(60min);
  facts.interval.reset();
  ASSERT_TRUE(add(bench, facts));
  EXPECT_EQ(jobs(bench), "s:job-1a");
  EXPECT_FALSE(schedule(bench).next);
  pass_turns(bench, 24h);
  EXPECT_EQ(schedule(bench).state, ScheduleState::active);
  finish(bench, "s:job-1");
  EXPECT_EQ(schedule(bench).state, ScheduleState::completed);
  EXPECT_EQ(jobs(bench), "s:job-1c");
}

TEST(Schedules, ADisabledOneMakesNoJobs) {
  EngineBench bench;
  ScheduleFacts facts = every(60min);
  facts.window = 10min;
  ASSERT_TRUE(add(bench, facts));
  finish(bench, "s:job-1");
  ASSERT_TRUE(steer(bench, ScheduleVerb::disable));
  pass_turns(bench, 69min);
  EXPECT_EQ(jobs(bench), "s:job-1c");
  ASSERT_TRUE(steer(bench, ScheduleVerb::enable));  // the occurrence is still good
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  finish(bench, "s:job-2");
  ASSERT_TRUE(steer(bench, ScheduleVerb::disable));
  pass_turns(bench, 65min);
  ASSERT_TRUE(steer(bench, ScheduleVerb::enable));  // 134 minutes: the second one is lost
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2c");
}

TEST(Schedules, TerminatingEndsItsJob) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(add(bench, every(60min)));
  bench.add_task("s:job-1", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(steer(bench, ScheduleVerb::terminate));
  EXPECT_EQ(schedule(bench).state, ScheduleState::terminating);
  EXPECT_EQ(bench.job("s:job-1").terminate_reason, "TerminateJobSchedule");
  EXPECT_EQ(steer(bench, ScheduleVerb::terminate).error().code, "JobScheduleBeingTerminated");
  bench.end(run, 0, 143);
  EXPECT_EQ(schedule(bench).state, ScheduleState::completed);
  EXPECT_EQ(bench.job("s:job-1").state, JobState::completed);
}

TEST(Schedules, DeletingTakesItsJobsAlong) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("other", "p");
  ASSERT_TRUE(add(bench, every(60min)));
  finish(bench, "s:job-1");
  pass_turns(bench, 60min);
  bench.add_task("s:job-2", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(steer(bench, ScheduleVerb::remove));
  EXPECT_EQ(steer(bench, ScheduleVerb::remove).error().code, "JobScheduleBeingDeleted");
  EXPECT_EQ(add(bench, every(60min)).error().code, "JobScheduleBeingDeleted");
  EXPECT_EQ(jobs(bench), "othera s:job-2d");
  bench.end(run, 0, 143);
  EXPECT_EQ(jobs(bench), "othera");
  EXPECT_EQ(steer(bench, ScheduleVerb::remove).error().code, "JobScheduleNotFound");
  ASSERT_TRUE(add(bench, every(60min)));
}

TEST(Schedules, JobsAndSchedulesShareNoIds) {
  EngineBench bench;
  bench.add_job("J", "p");
  EXPECT_EQ(bench.run(AddSchedule{ScheduleId::trusted("j"), every(60min), spec}).error().code,
            "JobWithSameIdExists");
  ASSERT_TRUE(add(bench, every(60min)));
  EXPECT_EQ(add(bench, every(60min)).error().code, "JobScheduleExists");
  EXPECT_EQ(bench.run(AddJob{.id = JobId::trusted("S"), .facts = {}, .spec = "{}"}).error().code,
            "JobScheduleWithSameIdExists");
}

TEST(Schedules, ARestartForgetsNothing) {
  EngineBench bench;
  const Time start = bench.now;
  ASSERT_TRUE(add(bench, every(60min)));
  pass_turns(bench, 10min);
  bench.restart();
  EXPECT_EQ(bench.engine().next_deadline(), Time::max());  // its job is active
  finish(bench, "s:job-1");
  bench.restart();
  EXPECT_EQ(bench.engine().next_deadline(), start + 60min);
  // The service was down while two occurrences came: one job makes up for them.
  bench.now = start + 130min;
  bench.restart();
  bench.run(Tick());
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  EXPECT_EQ(schedule(bench).next, start + 180min);
}

TEST(Schedules, NewTimesCountFromTheLastJob) {
  EngineBench bench;
  const Time start = bench.now;
  ASSERT_TRUE(add(bench, every(60min)));
  finish(bench, "s:job-1");
  pass_turns(bench, 10min);
  const auto replace = [&](ScheduleFacts facts, bool times) {
    return bench.run(ReplaceSchedule{ScheduleId::trusted("s"), std::move(facts), times, spec, {}});
  };
  ASSERT_TRUE(replace(every(60min), false));
  EXPECT_EQ(schedule(bench).next, start + 60min);
  ASSERT_TRUE(replace(every(20min), true));
  EXPECT_EQ(schedule(bench).next, start + 20min);
  // The default schedule is one job, now.
  ScheduleFacts once = every(60min);
  once.interval.reset();
  ASSERT_TRUE(replace(once, true));
  EXPECT_EQ(jobs(bench), "s:job-1c s:job-2a");
  finish(bench, "s:job-2");
  EXPECT_EQ(replace(once, true).error().code, "JobScheduleCompleted");
}

TEST(Schedules, AJobThatItsUserDeletesMakesRoomForTheNext) {
  EngineBench bench;
  ASSERT_TRUE(add(bench, every(60min)));
  pass_turns(bench, 70min);
  ASSERT_TRUE(bench.run(DeleteJob{JobId::trusted("s:job-1"), {}}));
  EXPECT_EQ(jobs(bench), "s:job-2a");
}

// ---- auto pools

PoolPlan plan(bool of_schedule, bool keep_alive) {
  PoolPlan pool;
  pool.prefix = "auto";
  pool.of_schedule = of_schedule;
  pool.keep_alive = keep_alive;
  pool.target_dedicated = 1;
  pool.spec = "{}";
  return pool;
}

std::vector<std::string> pools(EngineBench& bench) {
  std::vector<std::string> ids;
  for (const auto& [id, pool] : bench.engine().state().pools)
    ids.push_back(id.text() + (pool.status.state == PoolState::deleting ? " deleting" : ""));
  return ids;
}

TEST(AutoPools, AJobsPoolComesAndGoesWithTheJob) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(
      AddJob{.id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = plan(false, false)}));
  const PoolId pool = bench.job("j").facts.pool;
  EXPECT_TRUE(pool.text().starts_with("auto_"));
  EXPECT_EQ(pool.text().size(), 5u + 36u);
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.make(pool.text(), node);
  bench.join(pool.text(), node);
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  EXPECT_EQ(run.pool, pool);
  bench.end(run, 0, 0);
  finish(bench, "j");
  EXPECT_EQ(pools(bench), std::vector{pool.text() + " deleting"});
  bench.run(FleetUnmade{pool, node});
  EXPECT_TRUE(pools(bench).empty());
  EXPECT_EQ(bench.job("j").state, JobState::completed);
}

TEST(AutoPools, OneThatIsKeptAliveStays) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(
      AddJob{.id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = plan(false, true)}));
  ASSERT_TRUE(bench.run(DeleteJob{JobId::trusted("j"), {}}));
  EXPECT_EQ(pools(bench).size(), 1u);
  EXPECT_FALSE(pools(bench)[0].ends_with("deleting"));
}

TEST(AutoPools, AJobWhosePoolCannotBeIsCompletedAndSaysWhy) {
  EngineBench bench;
  PoolPlan impossible = plan(false, false);
  impossible.error = Failure{
      protocol::FailureCategory::usererror, "InvalidAutoPoolSettings", "vmSize names no size", {}};
  ASSERT_TRUE(
      bench.run(AddJob{.id = JobId::trusted("j"), .facts = {}, .spec = "{}", .pool = impossible}));
  EXPECT_EQ(bench.job("j").state, JobState::completed);
  EXPECT_EQ(bench.job("j").scheduling_error->code, "InvalidAutoPoolSettings");
  EXPECT_TRUE(pools(bench).empty());
}

TEST(AutoPools, ASchedulesPoolServesAllItsJobs) {
  EngineBench bench;
  ScheduleFacts facts = every(60min);
  facts.pool = plan(true, false);
  ASSERT_TRUE(add(bench, facts));
  const PoolId pool = bench.job("s:job-1").facts.pool;
  finish(bench, "s:job-1");
  EXPECT_EQ(pools(bench), std::vector{pool.text()});
  pass_turns(bench, 60min);
  EXPECT_EQ(bench.job("s:job-2").facts.pool, pool);
  ASSERT_TRUE(steer(bench, ScheduleVerb::terminate));
  EXPECT_EQ(schedule(bench).state, ScheduleState::completed);
  EXPECT_TRUE(pools(bench).empty() || pools(bench)[0].ends_with("deleting"));
}

TEST(AutoPools, EachJobOfAScheduleHasItsOwnWhenItsLifetimeIsTheJobs) {
  EngineBench bench;
  ScheduleFacts facts = every(60min);
  facts.pool = plan(false, false);
  ASSERT_TRUE(add(bench, facts));
  const PoolId first = bench.job("s:job-1").facts.pool;
  bench.make(first.text(), bench.take<WantNode>().at(0).order.node);
  finish(bench, "s:job-1");
  pass_turns(bench, 60min);
  EXPECT_NE(bench.job("s:job-2").facts.pool, first);
  EXPECT_EQ(pools(bench).size(), 2u);
  ASSERT_TRUE(steer(bench, ScheduleVerb::remove));
  for (const std::string& id : pools(bench)) EXPECT_TRUE(id.ends_with("deleting")) << id;
}

}  // namespace
}  // namespace batchyard::engine
