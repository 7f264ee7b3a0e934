#include "formula/value.h"

#include <fmt/format.h>

#include "base/text.h"

namespace batchyard::formula {

namespace {

std::string text_of_number(double value) {
  return fmt::format("{}", value == 0 ? 0.0 : value);  // never "-0"
}

}  // namespace

Timestamp timestamp_of(Time time) {
  return {time.time_since_epoch().count() * ticks_per_ms};
}

Time time_of(Timestamp timestamp) {
  // Down, also before 1970.
  std::int64_t count = timestamp.ticks / ticks_per_ms;
  if (timestamp.ticks % ticks_per_ms < 0) --count;
  return Time(Duration(count));
}

std::string kind_of(const Value& value) {
  if (const auto* vector = std::get_if<Vector>(&value))
    return vector->size() == 1 ? "a vector of 1 number"
                               : fmt::format("a vector of {} numbers", vector->size());
  static constexpr const char* words[] = {
      "a number", "", "a text", "a timestamp", "a time interval", "a node deallocation option",
      "a metric"};
  return words[value.index()];
}

std::string text_of(const Value& value) {
  if (const auto* number = std::get_if<double>(&value)) return text_of_number(*number);
  if (const auto* vector = std::get_if<Vector>(&value)) {
    std::vector<std::string> parts;
    for (const double element : *vector) parts.push_back(text_of_number(element));
    return "[" + join(parts, ",") + "]";
  }
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* timestamp = std::get_if<Timestamp>(&value))
    return to_iso8601(time_of(*timestamp));
  if (const auto* interval = std::get_if<Interval>(&value)) {
    const std::int64_t ms = interval->ticks / ticks_per_ms;
    return (ms < 0 ? "-" : "") + to_iso8601(Duration(ms < 0 ? -ms : ms));
  }
  if (const auto* option = std::get_if<Option>(&value)) return option->word;
  const Checked<double> number = number_of(value, 0, "");
  return number ? text_of_number(*number) : "none";
}

bool is_number(const Value& value) {
  if (const auto* vector = std::get_if<Vector>(&value)) return vector->size() == 1;
  return std::holds_alternative<double>(value) || std::holds_alternative<MetricValue>(value);
}

Checked<double> number_of(const Value& value, std::size_t at, std::string_view role) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* vector = std::get_if<Vector>(&value); vector != nullptr && vector->size() == 1)
    return vector->front();
  if (const auto* metric = std::get_if<MetricValue>(&value)) {
    if (metric->metric->current) return *metric->metric->current;
    if (!metric->metric->samples.empty()) return metric->metric->samples.back().value;
    return wrong(at, fmt::format("${} has no value yet: nothing of it was sampled", metric->name));
  }
  return wrong(at, fmt::format("{} must be a number, not {}", role, kind_of(value)));
}

}  // namespace batchyard::formula
