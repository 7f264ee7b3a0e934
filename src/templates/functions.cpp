#include "templates/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "templates/syntax.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

// Those that `evaluate` or a scope answers.
constexpr Function asking_functions[] = {
    {"if", 3, 3, Needs::evaluator},
    {"and", 2, any_number, Needs::evaluator},
    {"or", 2, any_number, Needs::evaluator},
    {"coalesce", 1, any_number, Needs::evaluator},
    {"copyIndex", 0, 2, Needs::evaluator},
    {"parameters", 1, 1, Needs::evaluator},
    {"variables", 1, 1, Needs::evaluator},
    {"lambdaVariables", 1, 1, Needs::evaluator},
    {"lambda", 1, 4, Needs::evaluator, nullptr, true},
    {"filter", 2, 2, Needs::evaluator, nullptr, true},
    {"map", 2, 2, Needs::evaluator, nullptr, true},
    {"mapValues", 2, 2, Needs::evaluator, nullptr, true},
    {"reduce", 3, 3, Needs::evaluator, nullptr, true},
    {"sort", 2, 2, Needs::evaluator, nullptr, true},
    {"toObject", 2, 3, Needs::evaluator, nullptr, true},
    {"deployment", 0, 0, Needs::outside},
    {"environment", 0, 0, Needs::outside},
    {"extensionResourceId", 3, any_number, Needs::outside},
    {"newGuid", 0, 0, Needs::outside},
    {"reference", 1, 3, Needs::outside},
    {"references", 1, 2, Needs::outside},
    {"resourceGroup", 0, 0, Needs::outside},
    {"resourceId", 2, any_number, Needs::outside},
    {"resourceInfo", 1, 1, Needs::outside},
    {"subscription", 0, 0, Needs::outside},
    {"subscriptionResourceId", 2, any_number, Needs::outside},
    {"tenant", 0, 0, Needs::outside},
    {"tenantResourceId", 2, any_number, Needs::outside},
    {"utcNow", 0, 1, Needs::outside},
    {"listKeys", 1, 3, Needs::outside},
};

std::array<std::span<const Function>, 4> tables() {
  return {std::span<const Function>(asking_functions), text_functions(), value_functions(),
          list_functions()};
}

}  // namespace

const Function* function_named(std::string_view name) {
  for (const std::span<const Function> table : tables()) {
    const auto found = std::ranges::find_if(
        table, [&](const Function& one) { return same_folded(one.name, name); });
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

std::unexpected<Error> unknown_function(std::string_view name) {
  std::vector<std::string> names;
  for (const std::span<const Function> table : tables()) {
    for (const Function& one : table) names.emplace_back(one.name);
  }
  std::ranges::sort(names);
  return wrong(
      fmt::format("The template function '{}' is not served here. Put what it comes to "
                  "into a parameter. There are: {}.",
                  readable(name, 100), join(names, ", ")));
}

Result<> check_arity(const Function& function, std::size_t given) {
  if (given >= function.least && given <= function.most) return Done();
  const std::string wanted = function.most == any_number ? fmt::format("{} or more", function.least)
                             : function.most == function.least
                                 ? fmt::format("{}", function.least)
                                 : fmt::format("{} to {}", function.least, function.most);
  return wrong(fmt::format("The template function '{}' takes {} arguments, and {} are given.",
                           function.name, wanted, given));
}

std::string_view kind_name(const json::value& value) {
  switch (value.kind()) {
    case json::kind::null:
      return "null";
    case json::kind::bool_:
      return "a bool";
    case json::kind::int64:
    case json::kind::uint64:
      return "an int";
    case json::kind::double_:
      return "a number with a fraction";
    case json::kind::string:
      return "a string";
    case json::kind::array:
      return "an array";
    case json::kind::object:
      return "an object";
  }
  return "nothing";
}

std::unexpected<Error> Arguments::refused(std::string_view why) const {
  return wrong(fmt::format("The template function '{}' cannot be done: {}.", function_, why));
}

std::unexpected<Error> Arguments::refused(std::size_t at, std::string_view wanted) const {
  return wrong(
      fmt::format("The template function '{}' takes {} as its argument {}, and {} is "
                  "given.",
                  function_, wanted, at + 1, kind_name(values_[at])));
}

Result<std::string> Arguments::text(std::size_t at) const {
  if (values_[at].is_string()) return std::string(values_[at].get_string());
  return refused(at, "a string");
}

Result<std::int64_t> Arguments::number(std::size_t at) const {
  if (values_[at].is_int64()) return values_[at].get_int64();
  return refused(at, "an int");
}

Result<bool> Arguments::flag(std::size_t at) const {
  if (values_[at].is_bool()) return values_[at].get_bool();
  return refused(at, "a bool");
}

Result<json::array> Arguments::list(std::size_t at) const {
  if (values_[at].is_array()) return values_[at].get_array();
  return refused(at, "an array");
}

Result<json::object> Arguments::object(std::size_t at) const {
  if (values_[at].is_object()) return values_[at].get_object();
  return refused(at, "an object");
}

std::string plain(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "True" : "False";
  return value.is_null() ? std::string() : json::serialize(value);
}

const json::value* member_of(const json::object& object, std::string_view name) {
  if (const json::value* exact = object.if_contains(name)) return exact;
  for (const auto& one : object) {
    if (same_folded(std::string_view(one.key()), name)) return &one.value();
  }
  return nullptr;
}

}  // namespace batchyard::templates
