// Functions that run a lambda for each element: map(list, lambda('one',
// lambdaVariables('one').id)).
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/evaluate.h"
#include "templates/functions.h"

namespace batchyard::templates {

namespace {

namespace json = boost::json;
using Yield = Result<json::value>;

constexpr std::size_t sorted_max = 300;  // elements; each comparison runs the lambda

// lambda('name', …, body): its names, and what it comes to of them.
class Lambda {
 public:
  static Result<Lambda> of(std::string_view function, const Expression& expression,
                           std::size_t least, std::size_t most) {
    const auto* call = std::get_if<Call>(&expression.node);
    if (call == nullptr || !same_folded(call->name, "lambda") || call->arguments.empty())
      return wrong(fmt::format("The template function '{}' takes a lambda.", function));
    Lambda lambda(call->arguments.back());
    for (std::size_t at = 0; at + 1 < call->arguments.size(); ++at) {
      const auto* name = std::get_if<Literal>(&call->arguments[at].node);
      if (name == nullptr || !name->value.is_string())
        return wrong("The names of a lambda's variables are texts.");
      lambda.names_.emplace_back(name->value.get_string());
    }
    if (lambda.names_.size() < least || lambda.names_.size() > most)
      return wrong(fmt::format("The lambda of '{}' takes {} to {} variables, and has {}.", function,
                               least, most, lambda.names_.size()));
    return lambda;
  }

  // Of as many of the values as it has names for.
  Yield run(Scope& scope, const json::array& values) const {
    const std::size_t before = scope.lambda_variables.size();
    for (std::size_t at = 0; at < names_.size(); ++at)
      scope.lambda_variables.emplace_back(names_[at], values[at]);
    Yield result = evaluate(*body_, scope);
    scope.lambda_variables.resize(before);
    return result;
  }

 private:
  explicit Lambda(const Expression& body) : body_(&body) {}
  std::vector<std::string> names_;
  const Expression* body_;
};

Result<bool> holds(const Lambda& lambda, Scope& scope, const json::array& values) {
  const json::value told = TRY(lambda.run(scope, values));
  if (told.is_bool()) return told.get_bool();
  return wrong(fmt::format("The lambda must come to a bool, and comes to {}.", kind_name(told)));
}

Yield run_map(const Call& call, const json::array& list, Scope& scope) {
  const Lambda lambda = TRY(Lambda::of("map", call.arguments[1], 1, 2));
  json::array mapped;
  for (const json::value& one : list)
    mapped.push_back(TRY(lambda.run(scope, {one, static_cast<std::int64_t>(mapped.size())})));
  return mapped;
}

Yield run_filter(const Call& call, const json::array& list, Scope& scope) {
  const Lambda lambda = TRY(Lambda::of("filter", call.arguments[1], 1, 2));
  json::array kept;
  std::int64_t at = 0;
  for (const json::value& one : list) {
    if (TRY(holds(lambda, scope, {one, at++}))) kept.push_back(one);
  }
  return kept;
}

Yield run_reduce(const Call& call, const json::array& list, Scope& scope) {
  const Lambda lambda = TRY(Lambda::of("reduce", call.arguments[2], 2, 3));
  json::value sum = TRY(evaluate(call.arguments[1], scope));
  std::int64_t at = 0;
  for (const json::value& one : list) sum = TRY(lambda.run(scope, {sum, one, at++}));
  return sum;
}

// The lambda says whether one goes before another; equals stay in their order.
Yield run_sort(const Call& call, json::array list, Scope& scope) {
  const Lambda lambda = TRY(Lambda::of("sort", call.arguments[1], 2, 2));
  if (list.size() > sorted_max)
    return wrong(
        fmt::format("The template function 'sort' takes {} elements at most.", sorted_max));
  for (std::size_t at = 1; at < list.size(); ++at) {
    for (std::size_t to = at; to > 0; --to) {
      if (!TRY(holds(lambda, scope, {list[to], list[to - 1]}))) break;
      std::swap(list[to], list[to - 1]);
    }
  }
  return list;
}

Yield run_to_object(const Call& call, const json::array& list, Scope& scope) {
  const Lambda key = TRY(Lambda::of("toObject", call.arguments[1], 1, 1));
  json::object object;
  for (const json::value& one : list) {
    const json::value name = TRY(key.run(scope, {one}));
    if (!name.is_string())
      return wrong(
          fmt::format("The first lambda of 'toObject' must come to a string, and comes to "
                      "{}.",
                      kind_name(name)));
    json::value value = one;
    if (call.arguments.size() == 3) {
      const Lambda of_value = TRY(Lambda::of("toObject", call.arguments[2], 1, 1));
      value = TRY(of_value.run(scope, {one}));
    }
    object[std::string_view(name.get_string())] = std::move(value);
  }
  return object;
}

Yield run_map_values(const Call& call, const json::object& object, Scope& scope) {
  const Lambda lambda = TRY(Lambda::of("mapValues", call.arguments[1], 1, 1));
  json::object mapped;
  for (const auto& one : object) mapped[one.key()] = TRY(lambda.run(scope, {one.value()}));
  return mapped;
}

}  // namespace

Yield run_with_lambda(std::string_view function, const Call& call, Scope& scope) {
  if (function == "lambda")
    return wrong("A lambda stands only in map, mapValues, filter, reduce, sort and toObject.");
  const json::array first{TRY(evaluate(call.arguments[0], scope))};
  const Arguments given(function, first);
  if (function == "mapValues") return run_map_values(call, TRY(given.object(0)), scope);
  json::array list = TRY(given.list(0));
  if (function == "map") return run_map(call, list, scope);
  if (function == "filter") return run_filter(call, list, scope);
  if (function == "reduce") return run_reduce(call, list, scope);
  if (function == "sort") return run_sort(call, std::move(list), scope);
  return run_to_object(call, list, scope);
}

Yield lambda_variable(const std::string& name, const Scope& scope) {
  for (auto at = scope.lambda_variables.rbegin(); at != scope.lambda_variables.rend(); ++at) {
    if (same_folded(at->first, name)) return at->second;
  }
  return wrong(fmt::format("There is no lambda around with a variable '{}'.", name));
}

}  // namespace batchyard::templates
