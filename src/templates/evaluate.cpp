#include "templates/evaluate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/functions.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

using Outcome = Result<json::value>;
constexpr std::size_t bytes_of_a_part = 64;

Outcome run_if(const Call& call, Scope& scope) {
  const json::value condition = TRY(evaluate(call.arguments[0], scope));
  if (!condition.is_bool())
    return wrong(
        fmt::format("The template function 'if' takes a bool as its argument 1, and {} "
                    "is given.",
                    kind_name(condition)));
  return evaluate(call.arguments[condition.get_bool() ? 1 : 2], scope);
}

// The rest is not looked at once one decides.
Outcome run_logic(const Call& call, Scope& scope, bool decides) {
  for (const Expression& argument : call.arguments) {
    const json::value one = TRY(evaluate(argument, scope));
    if (!one.is_bool())
      return wrong(fmt::format("The template function '{}' takes bools, and {} is given.",
                               call.name, kind_name(one)));
    if (one.get_bool() == decides) return json::value(decides);
  }
  return json::value(!decides);
}

Outcome run_coalesce(const Call& call, Scope& scope) {
  for (const Expression& argument : call.arguments) {
    json::value one = TRY(evaluate(argument, scope));
    if (!one.is_null()) return one;
  }
  return json::value();
}

Outcome run_copy_index(const json::array& arguments, const Scope& scope) {
  std::string name;
  std::int64_t offset = 0;
  for (const json::value& one : arguments) {
    if (one.is_string())
      name = one.get_string();
    else if (one.is_int64())
      offset = one.get_int64();
  }
  const Loop* found = nullptr;
  for (const Loop& loop : scope.loops) {
    const bool meant = name.empty() ? loop.of_resource : same_folded(loop.name, name);
    if (meant) found = &loop;
  }
  if (found == nullptr && name.empty() && !scope.loops.empty()) found = &scope.loops.back();
  if (found != nullptr) return json::value(found->index + offset);
  return wrong(name.empty()
                   ? std::string("The template function 'copyIndex' stands outside of any copy "
                                 "loop.")
                   : fmt::format("The template function 'copyIndex' asks for the loop '{}', and "
                                 "there is none of that name around it.",
                                 name));
}

Result<json::array> arguments_of(const Call& call, Scope& scope) {
  json::array values;
  for (const Expression& argument : call.arguments)
    values.push_back(TRY(evaluate(argument, scope)));
  return values;
}

Outcome run_lazy(const Function& function, const Call& call, Scope& scope) {
  if (function.name == "if") return run_if(call, scope);
  if (function.name == "and") return run_logic(call, scope, false);
  if (function.name == "or") return run_logic(call, scope, true);
  if (function.name == "coalesce") return run_coalesce(call, scope);
  if (function.runs_lambda) return run_with_lambda(function.name, call, scope);
  const json::array values = TRY(arguments_of(call, scope));
  if (function.name == "copyIndex") return run_copy_index(values, scope);
  const std::string name = TRY(Arguments(function.name, values).text(0));
  if (function.name == "lambdaVariables") return lambda_variable(name, scope);
  return function.name == "parameters" ? scope.parameter(name) : scope.variable(name);
}

Outcome run_call(const Call& call, Scope& scope) {
  if (call.name.contains('.')) return scope.own_function(call.name, TRY(arguments_of(call, scope)));
  const Function* function = function_named(call.name);
  if (function == nullptr) return unknown_function(call.name);
  TRY(check_arity(*function, call.arguments.size()));
  if (function->needs == Needs::evaluator) return run_lazy(*function, call, scope);
  const json::array values = TRY(arguments_of(call, scope));
  if (function->needs == Needs::outside) return scope.outside(fold(function->name), values);
  return function->run(Arguments(function->name, values));
}

std::unexpected<Error> lacks(const json::object& owner, std::string_view name) {
  std::vector<std::string> names;
  for (const auto& one : owner) names.emplace_back(one.key());
  return wrong(fmt::format("The language expression property '{}' doesn't exist; there are '{}'.",
                           name, join(names, ", ")));
}

Outcome run_access(const Access& access, Scope& scope) {
  const json::value owner = TRY(evaluate(*access.owner, scope));
  const json::value key = TRY(evaluate(*access.key, scope));
  if (owner.is_null() && access.may_lack) return json::value();
  if (owner.is_object() && key.is_string()) {
    const std::string_view name = key.get_string();
    if (const json::value* found = member_of(owner.get_object(), name)) return *found;
    return access.may_lack ? Outcome(json::value()) : lacks(owner.get_object(), name);
  }
  if (owner.is_array() && key.is_int64()) {
    const json::array& list = owner.get_array();
    const std::int64_t at = key.get_int64();
    if (at >= 0 && static_cast<std::size_t>(at) < list.size())
      return list[static_cast<std::size_t>(at)];
    if (access.may_lack) return json::value();
    return wrong(fmt::format("The language expression element {} doesn't exist; the array has {}.",
                             at, list.size()));
  }
  return wrong(
      fmt::format("A language expression asks for {} of {}. Properties are of objects, "
                  "and numbered elements of arrays.",
                  key.is_string() ? fmt::format("the property '{}'", plain(key))
                                  : fmt::format("the element {}", plain(key)),
                  kind_name(owner)));
}

// How much a value is, as far as that is not more than `most`.
int parts_of(const json::value& value, int most) {
  if (value.is_string()) return static_cast<int>(value.get_string().size() / bytes_of_a_part) + 1;
  int parts = 1;
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) {
      if (parts > most) break;
      parts += parts_of(one, most - parts);
    }
  } else if (value.is_object()) {
    for (const auto& one : value.get_object()) {
      if (parts > most) break;
      parts += parts_of(one.value(), most - parts);
    }
  }
  return parts;
}

// What doubles itself again and again has an end.
Outcome charged(Outcome outcome, Limits& limits) {
  if (!outcome) return outcome;
  limits.parts_left -= parts_of(*outcome, limits.parts_left);
  if (limits.parts_left >= 0) return outcome;
  return wrong("What parameters and variables put into each other has too many parts.");
}

// Gives back what it took.
class Deeper {
 public:
  explicit Deeper(Limits& limits) : limits_(limits) { --limits_.depth_left; }
  ~Deeper() { ++limits_.depth_left; }
  Deeper(const Deeper&) = delete;
  Deeper& operator=(const Deeper&) = delete;

 private:
  Limits& limits_;
};

}  // namespace

Outcome evaluate(const Expression& expression, Scope& scope) {
  const Deeper deeper(scope.limits);
  if (scope.limits.depth_left < 0)
    return wrong("Parameters and variables refer to each other too deep, or in a circle.");
  if (--scope.limits.parts_left < 0)
    return wrong("What parameters and variables put into each other has too many parts.");
  if (const auto* literal = std::get_if<Literal>(&expression.node)) return literal->value;
  if (const auto* call = std::get_if<Call>(&expression.node))
    return charged(run_call(*call, scope), scope.limits);
  return run_access(std::get<Access>(expression.node), scope);
}

}  // namespace batchyard::templates
