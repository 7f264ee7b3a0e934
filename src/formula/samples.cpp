#include "formula/samples.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/result.h"
#include "base/text.h"

namespace batchyard::formula {

namespace {

struct Window {
  Time from, to;  // both belong to it
};

struct Found {
  Vector values;
  double possible = 1;  // samples that the window has room for
  double percent() const {
    return std::min(100.0, 100.0 * static_cast<double>(values.size()) / possible);
  }
};

bool is_moment(const Argument& argument) {
  return std::holds_alternative<Timestamp>(argument.value) ||
         std::holds_alternative<Interval>(argument.value);
}

// A time interval looks back from now.
Checked<Time> moment_of(const Argument& argument, const Scope& scope) {
  if (const auto* timestamp = std::get_if<Timestamp>(&argument.value)) return time_of(*timestamp);
  if (const auto* interval = std::get_if<Interval>(&argument.value))
    return time_of(Timestamp{timestamp_of(scope.now).ticks - interval->ticks});
  return wrong(argument.at, fmt::format("a timestamp or a time interval was expected here, not {}",
                                        kind_of(argument.value)));
}

// The two ends may come in either order.
Checked<Window> window_of(const Arguments& arguments, std::size_t moments, const Scope& scope) {
  const Time first = TRY(moment_of(arguments[0], scope));
  const Time until = moments == 2 ? TRY(moment_of(arguments[1], scope)) : scope.now;
  return Window{std::min(first, until), std::max(first, until)};
}

Found find(const Metric& metric, const Window& window, const Scope& scope) {
  Found found;
  for (const Sample& sample : metric.samples) {
    if (sample.at >= window.from && sample.at <= window.to) found.values.push_back(sample.value);
  }
  found.possible = std::max<double>(
      1, std::floor(static_cast<double>((window.to - window.from) / scope.sample_period)));
  return found;
}

Checked<Value> newest(const MetricValue& object, const Argument& argument) {
  const double count = TRY(number_of(argument.value, argument.at, "the number of samples"));
  if (!(count >= 1) || count != std::floor(count))
    return wrong(argument.at, fmt::format("GetSample takes 1 sample or more, a whole number; {} "
                                          "is none",
                                          count));
  const std::vector<Sample>& all = object.metric->samples;
  const auto most = std::min(static_cast<double>(all.size()), count);
  Vector values;
  for (auto at = all.end() - static_cast<std::ptrdiff_t>(most); at != all.end(); ++at)
    values.push_back(at->value);
  return Value(std::move(values));
}

Checked<Value> get_sample(const MetricValue& object, const Arguments& arguments, const Scope& scope,
                          std::size_t at) {
  if (!is_moment(arguments[0])) {
    if (arguments.size() > 1)
      return wrong(arguments[1].at,
                   "GetSample with a number of samples takes nothing else; with a time it takes a "
                   "second time, a percentage, or both");
    return newest(object, arguments[0]);
  }
  const std::size_t moments = arguments.size() > 1 && is_moment(arguments[1]) ? 2 : 1;
  if (arguments.size() > moments + 1)
    return wrong(arguments[moments + 1].at, "the percentage is the last argument of GetSample");
  Found found = find(*object.metric, TRY(window_of(arguments, moments, scope)), scope);
  if (arguments.size() > moments) {
    const Argument& least = arguments[moments];
    const double percent = TRY(number_of(least.value, least.at, "the percentage"));
    if (!(percent >= 0 && percent <= 100))
      return wrong(least.at,
                   fmt::format("a percentage lies between 0 and 100; {} does not", percent));
    if (found.percent() < percent)
      return wrong(at, fmt::format("too few samples: ${} has {} of {} in this window, {:.0f} %, "
                                   "and {} % are demanded",
                                   object.name, found.values.size(), found.possible,
                                   found.percent(), percent));
  }
  return Value(std::move(found.values));
}

Checked<Value> get_percent(const MetricValue& object, const Arguments& arguments,
                           const Scope& scope, std::size_t) {
  const Window window = TRY(window_of(arguments, arguments.size(), scope));
  return Value(Vector{find(*object.metric, window, scope).percent()});
}

Checked<Value> get_period(const MetricValue&, const Arguments&, const Scope& scope, std::size_t) {
  return Value(Interval{scope.sample_period.count() * ticks_per_ms});
}

Checked<Value> count(const MetricValue& object, const Arguments&, const Scope&, std::size_t) {
  return Value(static_cast<double>(object.metric->samples.size()));
}

Checked<Value> begin_time(const MetricValue& object, const Arguments&, const Scope&,
                          std::size_t at) {
  if (object.metric->samples.empty())
    return wrong(at, fmt::format("${} has no samples yet, and so no first one", object.name));
  return Value(timestamp_of(object.metric->samples.front().at));
}

struct Method {
  std::string_view name;
  std::size_t least, most;
  std::string_view takes;
  Checked<Value> (*function)(const MetricValue&, const Arguments&, const Scope&, std::size_t);
};

constexpr Method methods[] = {{"GetSample", 1, 3, "1 to 3", get_sample},
                              {"GetSamplePercent", 1, 2, "1 or 2", get_percent},
                              {"GetSamplePeriod", 0, 0, "no", get_period},
                              {"Count", 0, 0, "no", count},
                              {"HistoryBeginTime", 0, 0, "no", begin_time}};

}  // namespace

Checked<Value> call_method(const MetricValue& object, std::string_view method,
                           const Arguments& arguments, const Scope& scope, std::size_t at) {
  std::vector<std::string_view> candidates;
  for (const Method& one : methods) {
    candidates.push_back(one.name);
    if (!same_folded(one.name, method)) continue;
    if (arguments.size() < one.least || arguments.size() > one.most)
      return wrong(at, fmt::format("{} takes {} arguments, here it has {}", one.name, one.takes,
                                   arguments.size()));
    return one.function(object, arguments, scope, at);
  }
  return wrong(
      at, fmt::format("a metric has no method '{}'{}", method, suggestion(method, candidates)));
}

}  // namespace batchyard::formula
