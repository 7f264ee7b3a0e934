#include "edge/clock/clock.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

using namespace std::chrono_literals;

const Time start{std::chrono::hours(24 * 365 * 57)};

TEST(Clock, AFrozenOneStandsUntilItIsMoved) {
  Clock clock(ClockMode::frozen, start);
  EXPECT_EQ(clock.now(), start);
  EXPECT_EQ(clock.until(start), Duration(0));
  EXPECT_EQ(clock.until(start + 1ms), std::nullopt);
  clock.move_to(start + 1h);
  EXPECT_EQ(clock.now(), start + 1h);
  clock.move_to(start);  // never back
  EXPECT_EQ(clock.now(), start + 1h);
}

TEST(Clock, AFlowingOneGoesOnByItself) {
  Clock clock(ClockMode::flowing, start);
  while (clock.now() == start) {
  }
  EXPECT_GT(clock.now(), start);
  clock.move_to(start + 10h);
  EXPECT_GE(clock.now(), start + 10h);
  EXPECT_LT(clock.now(), start + 11h);
  EXPECT_LE(clock.until(start + 11h), 1h);
}

TEST(Clock, ARealOneCannotBeMoved) {
  Clock clock;
  clock.move_to(clock.now() + 1h);
  EXPECT_LT(clock.now(), now() + 1min);
  EXPECT_EQ(clock.until(Time::max()), std::nullopt);
}

}  // namespace
}  // namespace batchyard::edge
