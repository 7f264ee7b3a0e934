// Pools that a formula sizes: when it runs, what it sees, what follows.
#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using namespace std::chrono_literals;
using testing::EngineBench;

Result<Reply> enable(EngineBench& bench, const std::string& formula,
                     std::optional<Duration> interval = {}) {
  return bench.run(EnableAutoScale{
      .id = PoolId::trusted("p"), .formula = formula, .interval = interval, .if_version = {}});
}

AutoScaleStatus autoscale(EngineBench& bench) {
  return bench.pool("p").autoscale.value();
}

std::string evaluate(EngineBench& bench, const std::string& formula) {
  const Result<Reply> reply = bench.run(EvaluateAutoScale{PoolId::trusted("p"), formula});
  if (!reply) return reply.error().code;
  return reply->run->error ? reply->run->error->message : reply->run->results;
}

// Time goes by, and every deadline on the way is met.
void pass(EngineBench& bench, Duration time) {
  const Time end = bench.now + time;
  while (bench.engine().next_deadline() <= end) {
    bench.now = std::max(bench.now, bench.engine().next_deadline());
    bench.run(Tick());
  }
  bench.now = end;
  bench.run(Tick());
}

TEST(AutoScale, ANewPoolIsSizedByItsFormula) {
  EngineBench bench;
  ASSERT_TRUE(bench.run(AddPool{.id = PoolId::trusted("p"),
                                .spec = "{}",
                                .autoscale = AutoScaleFacts{"$TargetDedicatedNodes = 2;"
                                                            "$TargetLowPriorityNodes = 1",
                                                            10min}}));
  EXPECT_EQ(bench.take<WantNode>().size(), 3u);
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_EQ(bench.pool("p").target_low_priority, 1);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
  EXPECT_EQ(autoscale(bench).run->results,
            "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=1;$NodeDeallocationOption=requeue");
  EXPECT_EQ(autoscale(bench).run->at, bench.now);
  EXPECT_EQ(autoscale(bench).next, bench.now + 10min);
}

TEST(AutoScale, EnablingRunsTheFormulaAtOnceAndThenAtItsInterval) {
  EngineBench bench;
  bench.add_pool("p", 1);
  const std::string by_time =
      "$TargetDedicatedNodes = time() > time(\"2025-12-18T00:09:00Z\") ? 3 : 1";
  ASSERT_TRUE(enable(bench, by_time, 5min)) << to_iso8601(bench.now);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  pass(bench, 9min);
  EXPECT_EQ(bench.pool("p").target_dedicated, 1);
  EXPECT_EQ(autoscale(bench).run->at, bench.now - 4min);
  pass(bench, 1min);
  EXPECT_EQ(bench.pool("p").target_dedicated, 3);
  EXPECT_EQ(bench.take<WantNode>().size(), 2u);
  EXPECT_EQ(autoscale(bench).run->at, bench.now);
}

TEST(AutoScale, AFormulaThatFailsLeavesThePoolAndSaysWhy) {
  EngineBench bench;
  bench.add_pool("p", 2);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 5;\n$TargetDedicatedNodes = 1 / 0"));
  const AutoScaleRun run = *autoscale(bench).run;
  ASSERT_TRUE(run.error);
  EXPECT_EQ(run.error->code, "AutoScalingFormulaEvaluationError");
  EXPECT_NE(run.error->message.find("line 2, column 27: 1 is divided by zero"), std::string::npos)
      << run.error->message;
  EXPECT_EQ(run.results,
            "$TargetDedicatedNodes=2;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue");
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_TRUE(bench.take<WantNode>().empty());
}

TEST(AutoScale, EnablingAgainWaitsHalfAMinute) {
  EngineBench bench;
  bench.add_pool("p", 0);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 0"));
  pass(bench, 29s);
  EXPECT_EQ(enable(bench, "$TargetDedicatedNodes = 0").error().code,
            "TooManyEnableAutoScaleRequests");
  bench.run(DisableAutoScale{PoolId::trusted("p"), {}});
  EXPECT_EQ(enable(bench, "$TargetDedicatedNodes = 0").error().kind, Kind::busy);
  pass(bench, 1s);
  EXPECT_TRUE(enable(bench, "$TargetDedicatedNodes = 0"));
}

TEST(AutoScale, WhatIsNotGivenStays) {
  EngineBench bench;
  bench.add_pool("p", 0);
  const auto interval_only = [&](Duration interval) {
    return bench.run(EnableAutoScale{
        .id = PoolId::trusted("p"), .formula = {}, .interval = interval, .if_version = {}});
  };
  EXPECT_EQ(interval_only(5min).error().code, "InvalidAutoScalingSettings");
  ASSERT_TRUE(enable(bench, "x = 1", 6min));
  pass(bench, 4min);
  ASSERT_TRUE(interval_only(20min));
  EXPECT_EQ(autoscale(bench).facts.formula, "x = 1");
  EXPECT_EQ(autoscale(bench).next, bench.now + 20min);  // the times count from the request on
  pass(bench, 1min);
  ASSERT_TRUE(enable(bench, "x = 2"));
  EXPECT_EQ(autoscale(bench).facts.interval, Duration(20min));
  pass(bench, 1min);
  const Result<Reply> nothing =
      bench.run(EnableAutoScale{.id = PoolId::trusted("p"), .formula = {}, .interval = {}});
  EXPECT_EQ(nothing.error().code, "InvalidAutoScalingSettings");
}

TEST(AutoScale, NotWhileThePoolIsResizedByHandAndNoResizeByHandMeanwhile) {
  EngineBench bench;
  bench.run(AddPool{.id = PoolId::trusted("p"), .target_dedicated = 1, .spec = "{}"});
  EXPECT_EQ(enable(bench, "$TargetDedicatedNodes = 1").error().code, "PoolBeingResized");
  bench.make("p", bench.take<WantNode>().at(0).order.node);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 1"));
  const ResizePool resize{.id = PoolId::trusted("p"), .target_dedicated = 4};
  EXPECT_EQ(bench.run(resize).error().code, "OperationNotValidOnPool");
  ASSERT_TRUE(bench.run(DisableAutoScale{PoolId::trusted("p"), {}}));
  EXPECT_FALSE(bench.pool("p").autoscale);
  EXPECT_EQ(evaluate(bench, "x = 1"), "InvalidAutoScalingSettings");
  EXPECT_TRUE(bench.run(resize));
  EXPECT_TRUE(bench.run(DisableAutoScale{PoolId::trusted("p"), {}}));  // it is off already
}

TEST(AutoScale, EvaluatingChangesNothing) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(enable(bench, "x = 1"));
  const PoolStatus before = bench.pool("p");
  EXPECT_EQ(
      evaluate(bench, "$TargetDedicatedNodes = 7; x = 2"),
      "$TargetDedicatedNodes=7;$TargetLowPriorityNodes=0;$NodeDeallocationOption=requeue;x=2");
  EXPECT_NE(evaluate(bench, "$TargetDedicatedNodes = oops").find("'oops' has not been set before"),
            std::string::npos);
  EXPECT_EQ(bench.pool("p").target_dedicated, 1);
  EXPECT_EQ(bench.pool("p").modified, before.modified);
  EXPECT_EQ(autoscale(bench).run->results, before.autoscale->run->results);
}

TEST(AutoScale, ShrinkingTreatsTasksAsTheFormulaSays) {
  EngineBench bench;
  bench.add_pool("p", 1);
  bench.add_job("j", "p");
  bench.add_task("j", "t");
  const StartRun run = bench.take<StartRun>().at(0);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 0; $NodeDeallocationOption = taskcompletion"));
  EXPECT_TRUE(bench.take<DropNode>().empty());
  EXPECT_EQ(bench.task("j", "t").state, TaskState::running);
  bench.end(run, 0, 0);
  EXPECT_EQ(bench.take<DropNode>().size(), 1u);
  // The option is the formula's alone: one that says nothing requeues.
  pass(bench, 1min);
  ASSERT_TRUE(enable(bench, "x = 1"));
  EXPECT_EQ(bench.pool("p").deallocation, Deallocation::requeue);
}

TEST(AutoScale, AGangCountsAsManyTasksAsItWantsNodes) {
  EngineBench bench;
  bench.add_pool("p", 0, {.vm_size = "standard_h16r", .cores = 16, .inter_node = true});
  bench.add_job("j", "p");
  bench.add_task("j", "plain");
  bench.add_task("j", "gang", {.instances = 5});
  bench.add_job("stopped", "p");
  bench.add_task("stopped", "never");
  bench.run(TerminateJob{JobId::trusted("stopped"), "UserTerminate", {}});
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 0"));
  const std::string formula = "a = $ActiveTasks; b = $RunningTasks; c = $PendingTasks";
  EXPECT_TRUE(evaluate(bench, formula).ends_with(";a=6;b=0;c=6"));
  bench.restart();
  EXPECT_TRUE(evaluate(bench, formula).ends_with(";a=6;b=0;c=6")) << evaluate(bench, formula);
  bench.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("gang"), {}});
  EXPECT_TRUE(evaluate(bench, formula).ends_with(";a=1;b=0;c=1"));
}

TEST(AutoScale, SamplesAreTakenEveryHalfMinuteAndNotWritten) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1).at(0);
  bench.add_job("j", "p");
  ASSERT_TRUE(enable(bench, "x = 1", 60min));
  const std::int64_t version = bench.store.last_version().value();
  pass(bench, 2min);
  EXPECT_EQ(bench.store.last_version().value(), version);
  bench.add_task("j", "t");
  pass(bench, 1min);
  EXPECT_TRUE(evaluate(bench,
                       "a = $RunningTasks.GetSample(100); b = $RunningTasks.Count(); c = "
                       "$ActiveTasks.GetSamplePercent(TimeInterval_Minute * 3)")
                  .ends_with(";a=[0,0,0,0,0,1,1];b=7;c=[100]"));
  // Of the machine only what agents have told is known.
  EXPECT_NE(evaluate(bench, "x = $CPUPercent * 1").find("nothing of it was sampled"),
            std::string::npos);
  bench.run(AgentSaid{PoolId::trusted("p"), node, protocol::NodeUsage{.cpu = 0.5, .memory = 100}});
  pass(bench, 30s);
  EXPECT_TRUE(
      evaluate(bench, "a = $CPUPercent.GetSample(9); b = $MemoryBytes; c = $SampleNodeCount")
          .ends_with(";a=[0.5];b=100;c=1"));
  bench.run(AgentLost{PoolId::trusted("p"), node});
  EXPECT_TRUE(evaluate(bench, "c = $SampleNodeCount").ends_with(";c=0"));
}

TEST(AutoScale, ARestartKeepsFormulaAndTimes) {
  EngineBench bench;
  bench.add_pool("p", 0);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = $CurrentDedicatedNodes + 1", 5min));
  bench.make("p", bench.take<WantNode>().at(0).order.node);
  pass(bench, 3min);
  bench.restart();
  EXPECT_EQ(bench.pool("p").target_dedicated, 1);
  bench.effects.clear();
  pass(bench, 2min);
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
}

TEST(AutoScale, NodesThatCouldNotBeHadAreTriedAgain) {
  EngineBench bench;
  bench.add_pool("p", 0);
  ASSERT_TRUE(enable(bench, "$TargetDedicatedNodes = 1", 5min));
  const NodeId node = bench.take<WantNode>().at(0).order.node;
  bench.run(FleetFailed{PoolId::trusted("p"), node, Error{.message = "no address is left"}});
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::steady);
  EXPECT_EQ(bench.pool("p").resize_errors.size(), 1u);
  pass(bench, 5min);
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
}

}  // namespace
}  // namespace batchyard::engine
