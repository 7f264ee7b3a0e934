// Functions of arrays, of objects, and of texts where they are taken for lists of letters.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/syntax.h"
#include "templates/text_units.h"

namespace batchyard::templates {

namespace {

namespace json = boost::json;
using Found = Result<json::value>;

constexpr std::int64_t range_max = 10'000;  // as published
constexpr std::string_view text_or_array = "a string or an array";

// Those that compare each element with each other.
constexpr std::size_t compared_max = 10'000;

Result<> check_count(const Arguments& given) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < given.size(); ++at)
    count += given[at].is_array() ? given[at].get_array().size() : 0;
  if (count <= compared_max) return Done();
  return given.refused(fmt::format("the arrays have more than {} elements", compared_max));
}

bool holds(const json::array& list, const json::value& value) {
  return std::ranges::find(list, value) != list.end();
}

Found contains(const Arguments& given) {
  if (given[0].is_array()) return json::value(holds(given[0].get_array(), given[1]));
  if (given[0].is_object())
    return json::value(member_of(given[0].get_object(), TRY(given.text(1))) != nullptr);
  if (!given[0].is_string()) return given.refused(0, "a string, an array or an object");
  return json::value(TRY(given.text(0)).contains(plain(given[1])));
}

Result<std::int64_t> count_of(const Arguments& given) {
  if (given[0].is_array()) return static_cast<std::int64_t>(given[0].get_array().size());
  if (given[0].is_object()) return static_cast<std::int64_t>(given[0].get_object().size());
  if (!given[0].is_string()) return given.refused(0, "a string, an array or an object");
  return text_length(given[0].get_string());
}

Found length(const Arguments& given) {
  return json::value(TRY(count_of(given)));
}

Found empty(const Arguments& given) {
  if (given[0].is_null()) return json::value(true);
  return json::value(TRY(count_of(given)) == 0);
}

// So many from a place on.
Found part(const Arguments& given, std::int64_t from, std::int64_t count) {
  const auto start = static_cast<std::size_t>(from);
  const auto size = static_cast<std::size_t>(count);
  if (given[0].is_string()) return json::value(text_part(given[0].get_string(), start, size));
  const json::array& list = given[0].get_array();
  const auto begin = list.begin() + from;
  return json::array(begin, begin + count);
}

template <bool skips>
Found take_or_skip(const Arguments& given) {
  if (given[0].is_object()) return given.refused(0, text_or_array);
  const std::int64_t size = TRY(count_of(given));
  const std::int64_t count = std::clamp(TRY(given.number(1)), std::int64_t{0}, size);
  return skips ? part(given, count, size - count) : part(given, 0, count);
}

template <bool of_the_end>
Found outermost(const Arguments& given) {
  if (given[0].is_object()) return given.refused(0, text_or_array);
  const std::int64_t size = TRY(count_of(given));
  if (size == 0) return given[0].is_string() ? json::value("") : json::value();
  const std::int64_t at = of_the_end ? size - 1 : 0;
  if (given[0].is_string()) return part(given, at, 1);
  return given[0].get_array()[static_cast<std::size_t>(at)];
}

template <bool from_the_end>
Found place(const Arguments& given) {
  if (given[0].is_string())
    return json::value(text_place(given[0].get_string(), TRY(given.text(1)), from_the_end));
  const json::array list = TRY(given.list(0));
  std::int64_t found = -1;
  for (std::size_t at = 0; at < list.size() && (found < 0 || from_the_end); ++at) {
    if (list[at] == given[1]) found = static_cast<std::int64_t>(at);
  }
  return json::value(found);
}

void merge(json::object& into, const json::object& from) {
  for (const auto& one : from) {
    json::value* there = into.if_contains(one.key());
    if (there != nullptr && there->is_object() && one.value().is_object())
      merge(there->get_object(), one.value().get_object());
    else
      into[one.key()] = one.value();
  }
}

Found all_of(const Arguments& given) {
  if (given[0].is_object()) {
    json::object all;
    for (std::size_t at = 0; at < given.size(); ++at) merge(all, TRY(given.object(at)));
    return all;
  }
  TRY(check_count(given));
  json::array all;
  for (std::size_t at = 0; at < given.size(); ++at) {
    for (json::value& one : TRY(given.list(at))) {
      if (!holds(all, one)) all.push_back(std::move(one));
    }
  }
  return all;
}

Found common_of(const Arguments& given) {
  if (given[0].is_object()) {
    json::object common = TRY(given.object(0));
    for (std::size_t at = 1; at < given.size(); ++at) {
      const json::object other = TRY(given.object(at));
      json::object left;
      for (const auto& one : common) {
        const json::value* same = other.if_contains(one.key());
        if (same != nullptr && *same == one.value()) left[one.key()] = one.value();
      }
      common = std::move(left);
    }
    return common;
  }
  TRY(check_count(given));
  json::array common;
  for (json::value& one : TRY(given.list(0))) {
    bool everywhere = !holds(common, one);
    for (std::size_t at = 1; at < given.size(); ++at)
      everywhere = holds(TRY(given.list(at)), one) && everywhere;
    if (everywhere) common.push_back(std::move(one));
  }
  return common;
}

Found range(const Arguments& given) {
  const std::int64_t start = TRY(given.number(0));
  const std::int64_t count = TRY(given.number(1));
  if (count < 0 || count > range_max)
    return given.refused(
        fmt::format("{} numbers are asked for, and 0 to {} may be", count, range_max));
  if (start > INT64_MAX - count) return given.refused("the numbers have more than 64 bits");
  json::array numbers;
  for (std::int64_t at = 0; at < count; ++at) numbers.emplace_back(start + at);
  return numbers;
}

Found flatten(const Arguments& given) {
  json::array all;
  for (const json::value& one : TRY(given.list(0))) {
    if (!one.is_array()) return given.refused(0, "an array of arrays");
    for (const json::value& inner : one.get_array()) all.push_back(inner);
  }
  return all;
}

// By name, as Azure sorts them.
Found items(const Arguments& given) {
  std::vector<std::pair<std::string, json::value>> sorted;
  for (const auto& one : TRY(given.object(0)))
    sorted.emplace_back(std::string(one.key()), one.value());
  std::ranges::sort(sorted, {}, [](const auto& one) { return one.first; });
  json::array list;
  for (auto& [key, value] : sorted)
    list.push_back(json::object{{"key", key}, {"value", std::move(value)}});
  return list;
}

Found object_keys(const Arguments& given) {
  json::array keys;
  const json::value sorted = TRY(items(given));
  for (const json::value& one : sorted.get_array()) keys.push_back(one.at("key"));
  return keys;
}

Found shallow_merge(const Arguments& given) {
  json::object all;
  for (const json::value& one : TRY(given.list(0))) {
    if (!one.is_object()) return given.refused(0, "an array of objects");
    for (const auto& member : one.get_object()) all[member.key()] = member.value();
  }
  return all;
}

// null for what is not there.
Found try_get(const Arguments& given) {
  const json::value* at = &given[0];
  for (std::size_t step = 1; step < given.size() && at != nullptr; ++step) {
    const json::value& key = given[step];
    if (at->is_object() && key.is_string())
      at = member_of(at->get_object(), key.get_string());
    else if (at->is_array() && key.is_int64() && key.get_int64() >= 0)
      at = at->get_array().if_contains(static_cast<std::size_t>(key.get_int64()));
    else
      at = nullptr;
  }
  return at == nullptr ? json::value() : *at;
}

Found create_array(const Arguments& given) {
  json::array list;
  for (std::size_t at = 0; at < given.size(); ++at) list.push_back(given[at]);
  return list;
}

Found as_array(const Arguments& given) {
  return given[0].is_array() ? given[0] : json::value(json::array{given[0]});
}

constexpr Function functions_of_lists[] = {
    {"array", 1, 1, Needs::arguments, as_array},
    {"contains", 2, 2, Needs::arguments, contains},
    {"createArray", 0, any_number, Needs::arguments, create_array},
    {"empty", 1, 1, Needs::arguments, empty},
    {"first", 1, 1, Needs::arguments, outermost<false>},
    {"last", 1, 1, Needs::arguments, outermost<true>},
    {"flatten", 1, 1, Needs::arguments, flatten},
    {"indexOf", 2, 2, Needs::arguments, place<false>},
    {"lastIndexOf", 2, 2, Needs::arguments, place<true>},
    {"intersection", 2, any_number, Needs::arguments, common_of},
    {"items", 1, 1, Needs::arguments, items},
    {"length", 1, 1, Needs::arguments, length},
    {"objectKeys", 1, 1, Needs::arguments, object_keys},
    {"range", 2, 2, Needs::arguments, range},
    {"shallowMerge", 1, 1, Needs::arguments, shallow_merge},
    {"skip", 2, 2, Needs::arguments, take_or_skip<true>},
    {"take", 2, 2, Needs::arguments, take_or_skip<false>},
    {"tryGet", 2, any_number, Needs::arguments, try_get},
    {"union", 2, any_number, Needs::arguments, all_of},
};

}  // namespace

std::span<const Function> list_functions() {
  return functions_of_lists;
}

}  // namespace batchyard::templates
