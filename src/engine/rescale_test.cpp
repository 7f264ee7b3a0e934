// A pool that is changed and sized anew in one command: both happen, or neither does.
#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;

const PoolId sized_pool = PoolId::trusted("p");

ReplacePool sized(Rescale scale, std::string spec = "{}") {
  return {.id = sized_pool, .facts = {}, .spec = std::move(spec), .scale = std::move(scale)};
}
Rescale to_targets(std::int32_t dedicated) {
  return {.target_dedicated = dedicated, .target_low_priority = 0, .autoscale = {}};
}
Rescale by_formula(std::string formula) {
  Rescale scale;
  scale.autoscale = AutoScaleFacts{.formula = std::move(formula)};
  return scale;
}

std::string spec_of_pool(EngineBench& bench) {
  return (*bench.store.read({EntityKind::pool, "", "p"}))->spec;
}

TEST(Rescale, ResizesWithTheChange) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(bench.run(sized(to_targets(3), R"({"displayName":"x"})")));
  EXPECT_EQ(bench.take<WantNode>().size(), 2u);
  EXPECT_EQ(bench.pool("p").target_dedicated, 3);
  EXPECT_EQ(bench.pool("p").resize_since, bench.now);
  EXPECT_EQ(spec_of_pool(bench), R"({"displayName":"x"})");
}

TEST(Rescale, LeavesAloneWhatIsSoAlready) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(bench.run(sized(to_targets(3))));
  const Time begun = bench.pool("p").resize_since;
  bench.take<WantNode>();
  // While it is on its way there…
  bench.now += std::chrono::minutes(1);
  ASSERT_TRUE(bench.run(sized(to_targets(3))));
  EXPECT_TRUE(bench.take<WantNode>().empty());
  EXPECT_EQ(bench.pool("p").resize_since, begun);
  // …and by its formula.
  bench.restart();
  ASSERT_TRUE(bench.run(StopResize{.id = sized_pool, .if_version = {}}));
  ASSERT_TRUE(bench.run(sized(by_formula("$TargetDedicatedNodes=1"))));
  const Time asked = bench.pool("p").autoscale_asked;
  bench.now += std::chrono::seconds(1);
  ASSERT_TRUE(bench.run(sized(by_formula("$TargetDedicatedNodes=1"))));
  EXPECT_EQ(bench.pool("p").autoscale_asked, asked);
}

TEST(Rescale, WhatAResizeHasNotReachedIsTriedAgain) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(bench.run(sized(to_targets(3))));
  bench.take<WantNode>();
  ASSERT_TRUE(bench.run(StopResize{.id = sized_pool, .if_version = {}}));
  ASSERT_TRUE(bench.run(sized(to_targets(3))));
  EXPECT_EQ(bench.take<WantNode>().size(), 2u);
  EXPECT_EQ(bench.pool("p").allocation, AllocationState::resizing);
}

TEST(Rescale, ChangesNothingWhenTheSizeIsRefused) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(bench.run(sized(to_targets(3), R"({"displayName":"before"})")));
  const std::int64_t version = (*bench.store.read({EntityKind::pool, "", "p"}))->version;
  EXPECT_EQ(bench.run(sized(to_targets(2), R"({"displayName":"after"})")).error().code,
            "PoolBeingResized");
  EXPECT_EQ(bench.run(sized(by_formula("$TargetDedicatedNodes=1"), "{}")).error().code,
            "PoolBeingResized");
  EXPECT_EQ(spec_of_pool(bench), R"({"displayName":"before"})");
  EXPECT_EQ((*bench.store.read({EntityKind::pool, "", "p"}))->version, version);
}

TEST(Rescale, GoesFromAFormulaToTargetsAndBack) {
  EngineBench bench;
  bench.add_pool("p", 1);
  ASSERT_TRUE(bench.run(sized(by_formula("$TargetDedicatedNodes=1"))));
  EXPECT_TRUE(bench.pool("p").autoscale);
  EXPECT_EQ(bench.run(sized(by_formula("$TargetDedicatedNodes=2"))).error().code,
            "TooManyEnableAutoScaleRequests");
  ASSERT_TRUE(bench.run(sized(to_targets(2))));
  EXPECT_FALSE(bench.pool("p").autoscale);
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_EQ(bench.take<WantNode>().size(), 1u);
}

TEST(Rescale, WhatIsNotGivenStays) {
  EngineBench bench;
  bench.add_pool("p", 2);
  Rescale scale;
  scale.target_low_priority = 1;
  ASSERT_TRUE(bench.run(sized(scale)));
  EXPECT_EQ(bench.pool("p").target_dedicated, 2);
  EXPECT_EQ(bench.pool("p").target_low_priority, 1);
}

}  // namespace
}  // namespace batchyard::engine
