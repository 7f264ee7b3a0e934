// Tasks that wait for others, and what the end of a task means for them and for its job.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/dependencies.h"
#include "engine/engine.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using testing::EngineBench;

TaskFacts after(std::vector<std::string> ids, std::vector<TaskRange> ranges = {}) {
  TaskFacts facts;
  facts.rules.emplace().depends_on = DependsOn{std::move(ids), std::move(ranges)};
  return facts;
}

class DependenciesTest : public ::testing::Test {
 protected:
  DependenciesTest() {
    bench_.add_pool("p", 4, {.task_slots = 8});
    bench_.add_job("j", "p", {.uses_dependencies = true});
  }

  void add(const std::string& id, TaskFacts facts = {}) {
    const Result<> added = bench_.add_task("j", id, std::move(facts));
    ASSERT_TRUE(added) << added.error().message;
    collect();
  }
  // Ends the run of a task that has been started.
  void end(const std::string& id, std::int32_t code = 0) {
    const auto run = std::ranges::find(runs_, TaskId::trusted(id),
                                       [](const StartRun& one) { return one.key.task; });
    ASSERT_NE(run, runs_.end()) << id << " does not run";
    const StartRun ended = *run;
    runs_.erase(run);
    bench_.end(ended, 0, code);
    collect();
  }
  bool runs(const std::string& id) { return bench_.task("j", id).state == TaskState::running; }
  void remove(const std::string& id) {
    ASSERT_TRUE(bench_.run(DeleteTask{JobId::trusted("j"), TaskId::trusted(id), {}}));
  }
  void collect() {
    for (StartRun& run : bench_.take<StartRun>()) runs_.push_back(std::move(run));
  }

  EngineBench bench_;
  std::vector<StartRun> runs_;
};

TEST_F(DependenciesTest, ATaskRunsWhenTheOneItDependsOnHasSucceeded) {
  add("b", after({"A"}));  // a need not exist yet
  EXPECT_FALSE(runs("b"));
  EXPECT_EQ(bench_.job("j").counts.active, 1);
  add("a");
  EXPECT_TRUE(runs("a"));
  EXPECT_FALSE(runs("b"));
  end("a");
  EXPECT_TRUE(runs("b"));
  EXPECT_FALSE(bench_.task("j", "b").facts.rules.value().depends_on.has_value());
}

TEST_F(DependenciesTest, EveryOneOfSeveralMustHaveSucceeded) {
  add("a");
  add("b");
  add("c", after({"a", "b"}));
  end("b");
  EXPECT_FALSE(runs("c"));
  end("a");
  EXPECT_TRUE(runs("c"));
}

TEST_F(DependenciesTest, ACompletedTaskIsLookedUp) {
  add("a");
  end("a");
  add("b", after({"a"}));
  EXPECT_TRUE(runs("b"));
}

TEST_F(DependenciesTest, AFailureBlocksForEver) {
  add("a");
  add("b", after({"a"}));
  end("a", 1);
  EXPECT_FALSE(runs("b"));
  EXPECT_EQ(bench_.task("j", "b").state, TaskState::active);
  bench_.restart();
  EXPECT_EQ(bench_.task("j", "b").state, TaskState::active);
  // Until it is run again and succeeds.
  for (const NodeId& node : bench_.nodes("p")) bench_.join("p", node);
  ASSERT_TRUE(bench_.run(ReactivateTask{JobId::trusted("j"), TaskId::trusted("a"), {}}));
  collect();
  end("a");
  EXPECT_TRUE(runs("b"));
}

TEST_F(DependenciesTest, RangesMeanNumbersWithoutRegardToZeros) {
  add("c", after({}, {{4, 6}}));
  add("004");
  add("4");
  add("5");
  add("x5");
  end("4");
  end("5");
  EXPECT_FALSE(runs("c"));
  add("06");
  end("06");
  EXPECT_TRUE(runs("c"));
  EXPECT_TRUE(runs("004")) << "the first of the two that completes satisfies";
}

TEST_F(DependenciesTest, IdsAndRangesTogether) {
  add("c", after({"a"}, {{1, 2}, {9, 9}}));
  for (const char* id : {"a", "1", "2", "9"}) add(id);
  for (const char* id : {"9", "1", "a"}) {
    end(id);
    EXPECT_FALSE(runs("c"));
  }
  end("2");
  EXPECT_TRUE(runs("c"));
}

TEST_F(DependenciesTest, ARestartForgetsNothing) {
  for (const char* id : {"a", "1", "2"}) add(id);
  add("c", after({"a"}, {{1, 2}}));
  add("d", after({"none"}));
  end("a");
  end("1");
  bench_.restart();
  for (const NodeId& node : bench_.nodes("p")) bench_.join("p", node);
  collect();
  EXPECT_FALSE(runs("c"));
  end("2");
  EXPECT_TRUE(runs("c"));
  EXPECT_FALSE(runs("d"));
  add("e", after({"a"}, {{1, 2}}));
  EXPECT_TRUE(runs("e"));
}

TEST_F(DependenciesTest, WhatWasSatisfiedStaysSoWhenTheTaskIsDeleted) {
  for (const char* id : {"a", "1", "b", "2"}) add(id);
  add("c", after({"a", "b"}));
  add("d", after({}, {{1, 2}}));
  end("a");
  end("1");
  remove("a");
  remove("1");
  bench_.restart();
  for (const NodeId& node : bench_.nodes("p")) bench_.join("p", node);
  collect();
  end("b");
  end("2");
  EXPECT_TRUE(runs("c"));
  EXPECT_TRUE(runs("d"));
  // For those that come later, the deleted ones do not exist.
  add("e", after({"a"}));
  EXPECT_FALSE(runs("e"));
  bench_.add_task("j", "f", after({}, {{1, 2}}));
  EXPECT_EQ(bench_.task("j", "f").state, TaskState::active);
  add("1");
  end("1");
  EXPECT_TRUE(runs("f"));
}

TEST_F(DependenciesTest, WaitingTasksCanBeEndedDeletedAndRunAgain) {
  add("b", after({"a"}));
  add("c", after({"a"}));
  ASSERT_TRUE(bench_.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("b"), {}}));
  remove("c");
  EXPECT_EQ(bench_.job("j").counts.active, 0);
  ASSERT_TRUE(bench_.run(ReactivateTask{JobId::trusted("j"), TaskId::trusted("b"), {}}));
  collect();
  EXPECT_FALSE(runs("b")) << "it depends on a as before";
  add("c");  // the place of the deleted one may be taken again
  add("a");
  end("a");
  EXPECT_TRUE(runs("b"));
  EXPECT_TRUE(runs("c"));
}

TEST_F(DependenciesTest, ATaskThatWaitsKeepsItsJobActive) {
  bench_.add_job("k", "p", {.terminate_when_done = true, .uses_dependencies = true});
  EXPECT_EQ(bench_.job("k").state, JobState::active);
  bench_.now += std::chrono::minutes(1);
  ASSERT_TRUE(bench_.run(Tick()));
  EXPECT_EQ(bench_.job("k").state, JobState::completed) << "a job without tasks is done";
  ASSERT_TRUE(bench_.run(ReplaceJob{
      JobId::trusted("j"),
      {.pool = PoolId::trusted("p"), .terminate_when_done = false, .uses_dependencies = true},
      "{}",
      {}}));
  add("a");
  add("b", after({"a"}));
  ASSERT_TRUE(bench_.run(ReplaceJob{
      JobId::trusted("j"),
      {.pool = PoolId::trusted("p"), .terminate_when_done = true, .uses_dependencies = true},
      "{}",
      {}}));
  end("a");
  EXPECT_EQ(bench_.job("j").state, JobState::active);
  end("b");
  EXPECT_EQ(bench_.job("j").terminate_reason, "AllTasksComplete");
}

TEST_F(DependenciesTest, AreRefusedWhereTheJobDoesNotUseThem) {
  bench_.add_job("plain", "p");
  EXPECT_EQ(bench_.add_task("plain", "b", after({"a"})).error().code,
            "TaskDependenciesNotSpecifiedOnJob");
  EXPECT_FALSE(bench_.has_task("plain", "b"));
}

TEST(DependencySets, NumbersAreIntervals) {
  NumberSet numbers;
  for (const int number : {5, 3, 4, 1, -2, INT32_MAX, INT32_MIN}) EXPECT_TRUE(numbers.add(number));
  EXPECT_EQ(numbers.intervals(), 5u);
  EXPECT_EQ(numbers.first_missing({3, 5}), std::nullopt);
  EXPECT_EQ(numbers.first_missing({1, 5}), 2);
  EXPECT_EQ(numbers.first_missing({3, 9}), 6);
  EXPECT_EQ(numbers.first_missing({INT32_MAX, INT32_MAX}), std::nullopt);
  EXPECT_FALSE(numbers.add(4));
  numbers.remove(4);
  EXPECT_TRUE(numbers.contains(4)) << "it was there twice";
  numbers.remove(4);
  EXPECT_EQ(numbers.first_missing({3, 5}), 4);
  EXPECT_TRUE(numbers.contains(3) && numbers.contains(5));
}

TEST(DependencySets, OneParentReleasesAHundredThousand) {
  Dependencies dependencies;
  std::vector<DependsOn> waiting(100'000, DependsOn{{"parent"}, {{1, 3}}});
  const auto unsatisfied = [](std::string_view) { return false; };
  for (TaskIndex at = 0; at < waiting.size(); ++at)
    ASSERT_TRUE(dependencies.wait(at, waiting[at], unsatisfied));
  EXPECT_TRUE(dependencies.satisfy("Parent").empty());
  EXPECT_TRUE(dependencies.satisfy("2").empty());
  EXPECT_TRUE(dependencies.satisfy("1").empty());
  const std::vector<TaskIndex> free = dependencies.satisfy("3");
  ASSERT_EQ(free.size(), waiting.size());
  EXPECT_TRUE(std::ranges::is_sorted(free)) << "first come, first served";
  for (const TaskIndex at : free) dependencies.forget(at);
  EXPECT_FALSE(dependencies.knows("parent"));
}

}  // namespace
}  // namespace batchyard::engine
