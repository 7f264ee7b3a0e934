// What a formula computes with, and what it sees of the world: a pool's samples and targets. A
// vector of one element is as good as a number, and so is a metric (its value now).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "formula/fault.h"

namespace batchyard::formula {

struct Sample {
  Time at;
  double value = 0;
};

struct Metric {
  std::optional<double> current;  // nothing: the last sample stands for it
  std::vector<Sample> samples;    // oldest first
};

struct Scope {
  Time now;
  Duration sample_period = std::chrono::seconds(30);
  std::function<double()> random;                      // 0 to 1
  std::map<std::string, Metric, std::less<>> metrics;  // "CPUPercent"
  std::int32_t target_dedicated = 0;                   // as they are
  std::int32_t target_low_priority = 0;
  std::string deallocation = "requeue";
};

// Both count 100 ns; an instant from 1970 on.
struct Timestamp {
  std::int64_t ticks = 0;
  auto operator<=>(const Timestamp&) const = default;
};
struct Interval {
  std::int64_t ticks = 0;
  auto operator<=>(const Interval&) const = default;
};
// requeue, terminate, taskcompletion, retaineddata.
struct Option {
  std::string word;
  bool operator==(const Option&) const = default;
};
struct MetricValue {
  std::string name;
  const Metric* metric = nullptr;
};
using Vector = std::vector<double>;
using Value = std::variant<double, Vector, std::string, Timestamp, Interval, Option, MetricValue>;

inline constexpr std::int64_t ticks_per_ms = 10'000;
Timestamp timestamp_of(Time time);
Time time_of(Timestamp timestamp);

// "a number", "a vector of 3 numbers"…
std::string kind_of(const Value& value);
// As the results string shows it.
std::string text_of(const Value& value);

// `value` stands at `at`; `role` is the word for it in the refusal: "the left side of '+'".
Checked<double> number_of(const Value& value, std::size_t at, std::string_view role);
// Whether number_of would find one.
bool is_number(const Value& value);

}  // namespace batchyard::formula
