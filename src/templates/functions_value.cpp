// Functions of numbers, of what is true, and of what turns one kind of value into another.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/syntax.h"

namespace batchyard::templates {

namespace {

namespace json = boost::json;
using Answer = Result<json::value>;

enum class Sum { add, sub, mul, div, mod };

template <Sum sum>
Answer calculated(const Arguments& given) {
  const std::int64_t left = TRY(given.number(0));
  const std::int64_t right = TRY(given.number(1));
  std::int64_t result = 0;
  bool fits = true;
  if constexpr (sum == Sum::add) fits = !__builtin_add_overflow(left, right, &result);
  if constexpr (sum == Sum::sub) fits = !__builtin_sub_overflow(left, right, &result);
  if constexpr (sum == Sum::mul) fits = !__builtin_mul_overflow(left, right, &result);
  if constexpr (sum == Sum::div || sum == Sum::mod) {
    if (right == 0) return given.refused("the number to divide by is 0");
    fits = right != -1 || left != INT64_MIN;
    if (fits) result = sum == Sum::div ? left / right : left % right;
  }
  if (!fits) return given.refused("what it comes to has more than 64 bits");
  return json::value(result);
}

// -1, 0 or 1, of numbers or of texts.
Result<int> order_of(const Arguments& given) {
  if (given[0].is_string()) {
    const int order = TRY(given.text(0)).compare(TRY(given.text(1)));
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const std::int64_t left = TRY(given.number(0));
  const std::int64_t right = TRY(given.number(1));
  return left < right ? -1 : left > right ? 1 : 0;
}

template <bool largest>
Answer extreme(const Arguments& given) {
  json::array numbers;
  if (given.size() == 1) {
    numbers = TRY(given.list(0));
  } else {
    for (std::size_t at = 0; at < given.size(); ++at) numbers.emplace_back(TRY(given.number(at)));
  }
  if (numbers.empty()) return given.refused("the array is empty");
  std::optional<std::int64_t> best;
  for (const json::value& one : numbers) {
    if (!one.is_int64()) return given.refused(0, "ints or an array of ints");
    const std::int64_t number = one.get_int64();
    if (!best || (largest ? number > *best : number < *best)) best = number;
  }
  return json::value(*best);
}

Answer to_int(const Arguments& given) {
  if (given[0].is_int64()) return given[0];
  const std::optional<std::int64_t> number = parse_integer(TRY(given.text(0)));
  if (!number) return given.refused("the text is no int");
  return json::value(*number);
}

Answer to_bool(const Arguments& given) {
  if (given[0].is_bool()) return given[0];
  if (given[0].is_int64()) return json::value(given[0].get_int64() != 0);
  const std::string text = TRY(given.text(0));
  if (same_folded(text, "true") || text == "1") return json::value(true);
  if (same_folded(text, "false") || text == "0") return json::value(false);
  return given.refused("the text is neither 'true' nor 'false'");
}

Answer to_json(const Arguments& given) {
  boost::system::error_code error;
  json::value value = json::parse(TRY(given.text(0)), error);
  if (error) return given.refused("the text is no JSON");
  return value;
}

Answer create_object(const Arguments& given) {
  if (given.size() % 2 != 0) return given.refused("there is a name without a value");
  json::object object;
  for (std::size_t at = 0; at < given.size(); at += 2) object[TRY(given.text(at))] = given[at + 1];
  return object;
}

constexpr Function functions_of_values[] = {
    {"add", 2, 2, Needs::arguments, calculated<Sum::add>},
    {"sub", 2, 2, Needs::arguments, calculated<Sum::sub>},
    {"mul", 2, 2, Needs::arguments, calculated<Sum::mul>},
    {"div", 2, 2, Needs::arguments, calculated<Sum::div>},
    {"mod", 2, 2, Needs::arguments, calculated<Sum::mod>},
    {"min", 1, any_number, Needs::arguments, extreme<false>},
    {"max", 1, any_number, Needs::arguments, extreme<true>},
    {"int", 1, 1, Needs::arguments, to_int},
    {"bool", 1, 1, Needs::arguments, to_bool},
    {"string", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(plain(given[0])); }},
    {"json", 1, 1, Needs::arguments, to_json},
    {"null", 0, 0, Needs::arguments, [](const Arguments&) -> Answer { return json::value(); }},
    {"true", 0, 0, Needs::arguments, [](const Arguments&) -> Answer { return json::value(true); }},
    {"false", 0, 0, Needs::arguments,
     [](const Arguments&) -> Answer { return json::value(false); }},
    {"not", 1, 1, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(!TRY(given.flag(0))); }},
    {"equals", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(given[0] == given[1]); }},
    {"less", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(TRY(order_of(given)) < 0); }},
    {"lessOrEquals", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(TRY(order_of(given)) <= 0); }},
    {"greater", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(TRY(order_of(given)) > 0); }},
    {"greaterOrEquals", 2, 2, Needs::arguments,
     [](const Arguments& given) -> Answer { return json::value(TRY(order_of(given)) >= 0); }},
    {"createObject", 0, any_number, Needs::arguments, create_object},
};

}  // namespace

std::span<const Function> value_functions() {
  return functions_of_values;
}

}  // namespace batchyard::templates
