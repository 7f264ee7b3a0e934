#include "formula/builtins.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/result.h"
#include "base/text.h"

namespace batchyard::formula {

namespace {

constexpr std::size_t any_number = 1000;

// A list of numbers and vectors, as one vector.
Checked<Vector> flat(const Arguments& arguments) {
  Vector all;
  for (const Argument& argument : arguments) {
    if (const auto* vector = std::get_if<Vector>(&argument.value))
      all.insert(all.end(), vector->begin(), vector->end());
    else
      all.push_back(TRY(number_of(argument.value, argument.at, "this argument")));
  }
  return all;
}

Checked<Vector> flat_and_full(const Arguments& arguments) {
  Vector all = TRY(flat(arguments));
  if (all.empty())
    return wrong(arguments.front().at,
                 "there is no value here: the vector is empty. Ask GetSamplePercent first, or add "
                 "a value of your own to the list");
  return all;
}

double sum_of(const Vector& all) {
  return std::accumulate(all.begin(), all.end(), 0.0);
}
double mean_of(const Vector& all) {
  return sum_of(all) / static_cast<double>(all.size());
}

// Of the sample; of a single value it is 0.
double deviation_of(const Vector& all) {
  if (all.size() < 2) return 0;
  const double mean = mean_of(all);
  double squares = 0;
  for (const double value : all) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(all.size() - 1));
}

template <double (*compute)(const Vector&)>
Checked<Value> over_some(const Arguments& arguments, const Scope&, std::size_t) {
  return Value(compute(TRY(flat_and_full(arguments))));
}
template <double (*compute)(const Vector&)>
Checked<Value> over_any(const Arguments& arguments, const Scope&, std::size_t) {
  return Value(compute(TRY(flat(arguments))));
}

double most_of(const Vector& all) {
  return std::ranges::max(all);
}
double least_of(const Vector& all) {
  return std::ranges::min(all);
}
double range_of(const Vector& all) {
  return std::ranges::max(all) - std::ranges::min(all);
}
double length_of(const Vector& all) {
  return static_cast<double>(all.size());
}
double norm_of(const Vector& all) {
  return std::sqrt(std::inner_product(all.begin(), all.end(), all.begin(), 0.0));
}

Checked<double> positive(double value, std::size_t at) {
  if (value > 0) return value;
  return wrong(at, fmt::format("a logarithm needs a number above 0, not {}", value));
}

// A vector stays one, whatever its length (source: a vector that is passed explicitly is taken
// component by component).
template <double (*compute)(double)>
Checked<Value> logarithm(const Arguments& arguments, const Scope&, std::size_t) {
  const Argument& argument = arguments.front();
  if (const auto* vector = std::get_if<Vector>(&argument.value)) {
    Vector out;
    for (const double value : *vector) out.push_back(compute(TRY(positive(value, argument.at))));
    return Value(std::move(out));
  }
  const double value = TRY(number_of(argument.value, argument.at, "this argument"));
  return Value(compute(TRY(positive(value, argument.at))));
}

template <double (*compute)(double)>
Checked<Value> of_one(const Arguments& arguments, const Scope&, std::size_t) {
  const Argument& argument = arguments.front();
  return Value(compute(TRY(number_of(argument.value, argument.at, "this argument"))));
}

double log2_of(double value) {
  return std::log2(value);
}
double ln_of(double value) {
  return std::log(value);
}
double log10_of(double value) {
  return std::log10(value);
}
double ceil_of(double value) {
  return std::ceil(value);
}
double floor_of(double value) {
  return std::floor(value);
}
double round_of(double value) {
  return std::round(value);
}

Checked<Vector> vector_of(const Argument& argument, std::string_view role) {
  if (const auto* vector = std::get_if<Vector>(&argument.value)) return *vector;
  if (const auto* metric = std::get_if<MetricValue>(&argument.value))
    return wrong(argument.at,
                 fmt::format("{} must be a vector; take ${}.GetSample(…)", role, metric->name));
  return wrong(argument.at,
               fmt::format("{} must be a vector, not {}", role, kind_of(argument.value)));
}

// By nearest rank, so that it is an element of the vector.
Checked<Value> percentile(const Arguments& arguments, const Scope&, std::size_t) {
  Vector all = TRY(vector_of(arguments[0], "the first argument"));
  if (all.empty())
    return wrong(arguments[0].at, "the percentile of an empty vector does not exist");
  const double percent = TRY(number_of(arguments[1].value, arguments[1].at, "the second argument"));
  if (!(percent >= 0 && percent <= 100))
    return wrong(arguments[1].at,
                 fmt::format("a percentile lies between 0 and 100; {} does not", percent));
  std::ranges::sort(all);
  const double rank = std::ceil(percent / 100 * static_cast<double>(all.size()));
  return Value(all[static_cast<std::size_t>(std::max(rank, 1.0)) - 1]);
}

Checked<Value> element(const Arguments& arguments, const Scope&, std::size_t) {
  const Vector all = TRY(vector_of(arguments[0], "the first argument"));
  const double index = TRY(number_of(arguments[1].value, arguments[1].at, "the index"));
  if (!(index >= 0 && index < static_cast<double>(all.size())) || index != std::floor(index))
    return wrong(arguments[1].at,
                 fmt::format("there is no element {} in {}; the first one is element 0", index,
                             kind_of(arguments[0].value)));
  return Value(all[static_cast<std::size_t>(index)]);
}

Checked<Value> random(const Arguments&, const Scope& scope, std::size_t) {
  return Value(scope.random());
}

// W3C-DTF has shorter forms, down to the year alone.
std::optional<Time> parse_any_time(const std::string& text) {
  if (const std::optional<Time> time = parse_iso8601(text)) return time;
  if (const std::optional<Time> time = parse_http_date(text)) return time;
  static constexpr std::string_view whole = "0000-01-01T00:00:00Z";
  for (const std::size_t size : {4u, 7u, 10u}) {
    if (text.size() == size) return parse_iso8601(text + std::string(whole.substr(size)));
  }
  if (text.size() > 16 && text[10] == 'T' && text[13] == ':')
    return parse_iso8601(text.substr(0, 16) + ":00" + text.substr(16));
  return std::nullopt;
}

Checked<Value> time(const Arguments& arguments, const Scope& scope, std::size_t) {
  if (arguments.empty()) return Value(timestamp_of(scope.now));
  const auto* text = std::get_if<std::string>(&arguments[0].value);
  if (text == nullptr)
    return wrong(arguments[0].at,
                 fmt::format("time takes a text or nothing, not {}", kind_of(arguments[0].value)));
  const std::optional<Time> parsed = parse_any_time(*text);
  if (!parsed)
    return wrong(arguments[0].at,
                 fmt::format("'{}' is no time; write it like 2026-11-24T09:30:00Z or "
                             "Tue, 24 Nov 2026 09:30:00 GMT",
                             *text));
  return Value(timestamp_of(*parsed));
}

Checked<Value> stop(const Arguments&, const Scope&, std::size_t at) {
  return std::unexpected(Fault{.at = at, .message = "the formula ends here", .stop = true});
}

constexpr Builtin table[] = {{"avg", 1, any_number, over_some<mean_of>},
                             {"max", 1, any_number, over_some<most_of>},
                             {"min", 1, any_number, over_some<least_of>},
                             {"sum", 1, any_number, over_any<sum_of>},
                             {"len", 1, any_number, over_any<length_of>},
                             {"norm", 1, any_number, over_any<norm_of>},
                             {"range", 1, any_number, over_some<range_of>},
                             {"std", 1, any_number, over_some<deviation_of>},
                             {"lg", 1, 1, logarithm<log2_of>},
                             {"ln", 1, 1, logarithm<ln_of>},
                             {"log", 1, 1, logarithm<log10_of>},
                             {"percentile", 2, 2, percentile},
                             {"rand", 0, 0, random},
                             {"val", 2, 2, element},
                             {"time", 0, 1, time},
                             {"stop", 0, 0, stop},
                             {"ceil", 1, 1, of_one<ceil_of>},
                             {"floor", 1, 1, of_one<floor_of>},
                             {"round", 1, 1, of_one<round_of>}};

}  // namespace

std::span<const Builtin> builtins() {
  return table;
}

const Builtin* find_builtin(std::string_view name) {
  const auto found = std::ranges::find_if(
      table, [&](const Builtin& builtin) { return same_folded(builtin.name, name); });
  return found == std::end(table) ? nullptr : &*found;
}

}  // namespace batchyard::formula
