#include <fmt/format.h>

#include <cmath>

#include "base/result.h"
#include "base/text.h"
#include "formula/builtins.h"
#include "formula/formula.h"
#include "formula/limits.h"
#include "formula/operators.h"
#include "formula/samples.h"

namespace batchyard::formula {

namespace {

constexpr double nodes_max = 1'000'000;

struct OwnValue {
  Value value;
  bool dollar = false;
};

class Run {
 public:
  explicit Run(const Scope& scope) : scope_(scope) {}

  Outcome all(const Program& program) {
    Outcome outcome;
    for (const Statement& statement : program.statements) {
      if (const Checked<bool> done = execute(statement); !done) {
        if (!done.error().stop) outcome.fault = done.error();
        break;
      }
    }
    const Targets before{scope_.target_dedicated, scope_.target_low_priority, scope_.deallocation};
    outcome.targets = outcome.fault ? before : wanted();
    outcome.results = results(outcome.targets);
    return outcome;
  }

 private:
  // Bigger numbers than nodes can be counted with are faults; what is below zero is none; parts of
  // a node are dropped, as formulas that divide by the slots of a node expect.
  static Checked<std::int32_t> nodes_of(const Statement& statement, const Value& value) {
    const std::string name = fmt::format("${}", statement.service->name);
    const double number = TRY(number_of(value, statement.value.at, name));
    if (!(number <= nodes_max))
      return wrong(statement.value.at,
                   fmt::format("{} would be {}; no pool has so many nodes", name, number));
    return static_cast<std::int32_t>(std::max(0.0, std::floor(number)));
  }

  Checked<bool> execute(const Statement& statement) {
    Value value = TRY(evaluate(statement.value));
    if (statement.service == nullptr) {
      if (!statement.own.empty()) own_[statement.own] = {std::move(value), statement.dollar};
      return true;
    }
    switch (statement.service->kind) {
      case ServiceKind::dedicated:
        set(dedicated_, statement, TRY(nodes_of(statement, value)));
        break;
      case ServiceKind::low_priority:
        set(low_priority_, statement, TRY(nodes_of(statement, value)));
        break;
      default: {
        const auto* option = std::get_if<Option>(&value);
        if (option == nullptr)
          return wrong(statement.value.at,
                       fmt::format("$NodeDeallocationOption is one of requeue, terminate, "
                                   "taskcompletion and retaineddata, not {}",
                                   kind_of(value)));
        deallocation_ = option->word;
      }
    }
    return true;
  }

  struct Target {
    std::optional<std::int32_t> by_name, by_alias;
    std::optional<std::int32_t> value() const { return by_name ? by_name : by_alias; }
  };
  static void set(Target& target, const Statement& statement, std::int32_t nodes) {
    (statement.service->alias ? target.by_alias : target.by_name) = nodes;
  }

  Targets wanted() const {
    return {dedicated_.value().value_or(scope_.target_dedicated),
            low_priority_.value().value_or(scope_.target_low_priority),
            deallocation_.value_or(scope_.deallocation)};
  }

  std::string results(const Targets& targets) const {
    std::string text = fmt::format(
        "$TargetDedicatedNodes={};$TargetLowPriorityNodes={};$NodeDeallocationOption={}",
        targets.dedicated, targets.low_priority, targets.deallocation);
    for (const auto& [name, own] : own_)
      text += fmt::format(";{}{}={}", own.dollar ? "$" : "", name, text_of(own.value));
    return text;
  }

  Checked<Value> evaluate(const Expression& expression) {
    return std::visit([&](const auto& node) { return value_of(node, expression.at); },
                      expression.node);
  }

  Checked<Arguments> evaluate(const Expressions& expressions) {
    Arguments all;
    for (const Expression& one : expressions) all.push_back({TRY(evaluate(one)), one.at});
    return all;
  }

  static Checked<Value> value_of(const Number& node, std::size_t) { return Value(node.value); }
  static Checked<Value> value_of(const Text& node, std::size_t) { return Value(node.value); }
  static Checked<Value> value_of(const Constant& node, std::size_t) {
    if (node.name->option) return Value(Option{std::string(node.name->name)});
    return Value(Interval{node.name->ticks});
  }
  Checked<Value> value_of(const List& node, std::size_t) {
    Vector vector;
    for (const Argument& one : TRY(evaluate(node.elements)))
      vector.push_back(TRY(number_of(one.value, one.at, "an element of a vector")));
    return Value(std::move(vector));
  }
  Checked<Value> value_of(const OwnVariable& node, std::size_t) {
    return own_.find(node.name)->second.value;
  }
  Checked<Value> value_of(const ServiceVariable& node, std::size_t at) {
    const Targets now = wanted();
    switch (node.name->kind) {
      case ServiceKind::dedicated:
        return Value(static_cast<double>(now.dedicated));
      case ServiceKind::low_priority:
        return Value(static_cast<double>(now.low_priority));
      case ServiceKind::option:
        return Value(Option{now.deallocation});
      case ServiceKind::metric:
        break;
    }
    const std::string name = fmt::format("{}{}", node.name->name, node.name->alias ? "Nodes" : "");
    const auto metric = scope_.metrics.find(name);
    if (metric == scope_.metrics.end())
      return wrong(at, fmt::format("${} is not measured here", name));
    return Value(MetricValue{name, &metric->second});
  }
  Checked<Value> value_of(const Call& node, std::size_t at) {
    return node.function->function(TRY(evaluate(node.arguments)), scope_, at);
  }
  Checked<Value> value_of(const Unary& node, std::size_t at) {
    return apply(node.verb, TRY(evaluate(*node.operand)), at);
  }
  Checked<bool> truth_of(const Expression& expression, std::string_view role) {
    const Value value = TRY(evaluate(expression));
    return TRY(number_of(value, expression.at, role)) != 0;
  }
  // As in C, the right side of && and || counts only when the left one leaves it open, and of a
  // choice only the branch that is taken.
  Checked<Value> value_of(const Binary& node, std::size_t at) {
    if (node.verb != Operator::both && node.verb != Operator::either) {
      const Value left = TRY(evaluate(*node.left));
      const Value right = TRY(evaluate(*node.right));
      return apply(node.verb, left, right, at);
    }
    const std::string symbol(symbol_of(node.verb));
    const bool left = TRY(truth_of(*node.left, "the left side of '" + symbol + "'"));
    if (left == (node.verb == Operator::either)) return Value(left ? 1.0 : 0.0);
    return Value(TRY(truth_of(*node.right, "the right side of '" + symbol + "'")) ? 1.0 : 0.0);
  }
  Checked<Value> value_of(const Choice& node, std::size_t) {
    const bool yes = TRY(truth_of(*node.condition, "the condition before '?'"));
    return evaluate(yes ? *node.then : *node.otherwise);
  }
  Checked<Value> value_of(const Member& node, std::size_t at) {
    const Value object = TRY(evaluate(*node.object));
    if (const auto* metric = std::get_if<MetricValue>(&object)) {
      if (!node.arguments)
        return wrong(
            at, fmt::format("'{}' of a metric is a method; write {}(…)", node.name, node.name));
      return call_method(*metric, node.name, TRY(evaluate(*node.arguments)), scope_, at);
    }
    if (const auto* timestamp = std::get_if<Timestamp>(&object);
        timestamp != nullptr && !node.arguments)
      return member_of(*timestamp, node.name, at);
    return wrong(at, fmt::format("{} has no '{}{}'", kind_of(object), node.name,
                                 node.arguments ? "(…)" : ""));
  }

  static Checked<Value> member_of(Timestamp timestamp, std::string_view name, std::size_t at) {
    using namespace std::chrono;
    const Time time = time_of(timestamp);
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    // Monday is 1 and Sunday 0.
    const std::pair<std::string_view, std::int64_t> members[] = {
        {"year", int{date.year()}},         {"month", unsigned{date.month()}},
        {"day", unsigned{date.day()}},      {"weekday", weekday(day).c_encoding()},
        {"hour", clock.hours().count()},    {"minute", clock.minutes().count()},
        {"second", clock.seconds().count()}};
    std::vector<std::string_view> candidates;
    for (const auto& [member, value] : members) {
      if (same_folded(member, name)) return Value(static_cast<double>(value));
      candidates.push_back(member);
    }
    return wrong(at, fmt::format("a timestamp has no '{}'{}", name, suggestion(name, candidates)));
  }

  const Scope& scope_;
  std::map<std::string, OwnValue, std::less<>> own_;
  Target dedicated_, low_priority_;
  std::optional<std::string> deallocation_;
};

}  // namespace

Outcome evaluate(const Program& program, const Scope& scope) {
  return Run(scope).all(program);
}

Verdict check_formula(std::string_view formula) {
  if (formula.size() > length_max)
    return {Flaw::too_long, fmt::format("The formula has {} characters; at most {} are possible.",
                                        formula.size(), length_max)};
  if (const Checked<Program> program = parse(formula); !program)
    return {Flaw::syntax, show(formula, program.error())};
  return {};
}

}  // namespace batchyard::formula
