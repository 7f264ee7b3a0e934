#include "base/time.h"

#include <gtest/gtest.h>

namespace batchyard {
namespace {

using namespace std::chrono_literals;

const Time morning = std::chrono::sys_days(std::chrono::year(2026) / 11 / 23) + 9h + 15min + 2s;

TEST(Iso8601, TrimsTheFraction) {
  EXPECT_EQ(to_iso8601(morning), "2026-11-23T09:15:02Z");
  EXPECT_EQ(to_iso8601(morning + 250ms), "2026-11-23T09:15:02.25Z");
  EXPECT_EQ(to_iso8601(morning + 7ms), "2026-11-23T09:15:02.007Z");
}

TEST(Iso8601, ReadsOffsetsAndLongFractions) {
  EXPECT_EQ(parse_iso8601("2026-11-23T09:15:02Z"), morning);
  EXPECT_EQ(parse_iso8601("2026-11-23T10:15:02+01:00"), morning);
  EXPECT_EQ(parse_iso8601("2026-11-23T04:15:02-05:00"), morning);
  EXPECT_EQ(parse_iso8601("2026-11-23T09:15:02.2509999Z"), morning + 250ms);
}

TEST(Iso8601, WhatItWritesItReads) {
  for (const Duration after : {0ms, 1ms, 999ms, 86'399'999ms}) {
    const Time time = morning + after;
    EXPECT_EQ(parse_iso8601(to_iso8601(time)), time);
  }
}

TEST(Iso8601, RefusesWhatIsNoInstant) {
  for (const char* text : {"", "2026-11", "2026-13-01T00:00:00Z", "2026-02-29T00:00:00Z",
                           "2026-11-23T24:61:00Z", "2026-11-23T09:15:02Zx", "yesterday"})
    EXPECT_FALSE(parse_iso8601(text)) << text;
}

TEST(HttpDate, BothForms) {
  EXPECT_EQ(to_rfc1123(morning + 999ms), "Mon, 23 Nov 2026 09:15:02 GMT");
  EXPECT_EQ(parse_http_date("Mon, 23 Nov 2026 09:15:02 GMT"), morning);
  EXPECT_EQ(parse_http_date("Monday, 23-Nov-26 09:15:02 GMT"), morning);
  EXPECT_FALSE(parse_http_date("Mon, 32 Nov 2026 09:15:02 GMT"));
  EXPECT_FALSE(parse_http_date("2026-11-23T09:15:02Z"));
}

TEST(DurationText, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("PT20M"), Duration(20min));
  EXPECT_EQ(parse_duration("P1DT12H30M5.5S"), Duration(36h + 30min + 5500ms));
  EXPECT_EQ(parse_duration("P2W"), Duration(14 * 24h));
  EXPECT_EQ(parse_duration("P1Y"), Duration(365 * 24h));
  EXPECT_EQ(parse_duration("P1M"), Duration(30 * 24h));
  EXPECT_EQ(parse_duration("PT0S"), Duration(0));
}

TEST(DurationText, NoLimitHasItsOwnText) {
  EXPECT_EQ(parse_duration("P10675199DT2H48M5.4775807S"), unlimited);
  EXPECT_EQ(to_iso8601(unlimited), "P10675199DT2H48M5.4775807S");
}

TEST(DurationText, IsNormalised) {
  EXPECT_EQ(to_iso8601(Duration(20min)), "PT20M");
  EXPECT_EQ(to_iso8601(Duration(90s)), "PT1M30S");
  EXPECT_EQ(to_iso8601(Duration(36h + 30min + 5500ms)), "P1DT12H30M5.5S");
  EXPECT_EQ(to_iso8601(Duration(0)), "PT0S");
}

TEST(DurationText, RefusesWhatIsNoDuration) {
  for (const char* text : {"", "P", "PT", "20M", "PT5", "-PT5M", "PT5M5H", "P1DT", "PTxS"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

TEST(Later, NeverRunsOver) {
  EXPECT_EQ(later(morning, 5s), morning + 5s);
  EXPECT_EQ(later(morning, unlimited), Time::max());
}

}  // namespace
}  // namespace batchyard
