#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/result.h"
#include "base/text.h"
#include "formula/builtins.h"
#include "formula/limits.h"
#include "formula/syntax.h"
#include "formula/token.h"

namespace batchyard::formula {

namespace {

struct Sign {
  std::string_view symbol;
  Operator verb;
};
using Level = std::vector<Sign>;

// Binary operators, those that bind weakest first; each level is a line of the grammar.
const Level levels[] = {{{"||", Operator::either}},
                        {{"&&", Operator::both}},
                        {{"==", Operator::equal}, {"!=", Operator::not_equal}},
                        {{"<", Operator::less},
                         {"<=", Operator::less_equal},
                         {">", Operator::greater},
                         {">=", Operator::greater_equal}},
                        {{"+", Operator::add}, {"-", Operator::subtract}},
                        {{"*", Operator::multiply}, {"/", Operator::divide}}};

Child own(Expression expression) {
  return std::make_unique<Expression>(std::move(expression));
}

std::vector<std::string_view> all_names() {
  std::vector<std::string_view> names;
  for (const ServiceName& one : service_names()) names.push_back(one.name);
  return names;
}

class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  Checked<Program> program() {
    Program program;
    for (;;) {
      while (accept(";")) {
      }
      if (here().kind == TokenKind::end) return program;
      if (program.statements.size() == statements_max)
        return wrong(here().at, fmt::format("a formula has at most {} statements", statements_max));
      program.statements.push_back(TRY(statement()));
      if (here().kind == TokenKind::end) return program;
      if (!accept(";"))
        return wrong(here().at, fmt::format("{} was not expected here; statements are separated "
                                            "by ';'",
                                            name_of(here())));
    }
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  bool is(std::string_view symbol) const {
    return here().kind == TokenKind::symbol && here().word == symbol;
  }
  bool accept(std::string_view symbol) {
    if (!is(symbol)) return false;
    ++at_;
    return true;
  }
  Checked<Expression> demand(std::string_view symbol, Expression expression) {
    if (!accept(symbol))
      return wrong(here().at, fmt::format("'{}' was expected, not {}", symbol, name_of(here())));
    return expression;
  }

  Checked<Statement> statement() {
    Statement statement;
    statement.at = here().at;
    const bool named = here().kind == TokenKind::variable || here().kind == TokenKind::name;
    const bool assigns =
        named && tokens_[at_ + 1].kind == TokenKind::symbol && tokens_[at_ + 1].word == "=";
    if (!assigns) {
      statement.value = TRY(expression());
      return statement;
    }
    const Token target = here();
    at_ += 2;
    TRY(check_target(target));
    statement.value = TRY(expression());
    statement.dollar = target.kind == TokenKind::variable;
    if (statement.dollar) statement.service = find_service_name(target.word);
    if (statement.service == nullptr) {
      statement.own = target.word;
      known_.insert(target.word);
    }
    return statement;
  }

  Checked<bool> check_target(const Token& target) {
    TRY(check_spelling(target));
    if (find_constant(target.word) != nullptr)
      return wrong(target.at, fmt::format("'{}' is a constant and cannot be set", target.word));
    if (target.kind == TokenKind::name && find_builtin(target.word) != nullptr)
      return wrong(target.at, fmt::format("'{}' is a function; choose another name for the "
                                          "variable",
                                          target.word));
    const ServiceName* service = find_service_name(target.word);
    if (service != nullptr && service->kind == ServiceKind::metric)
      return wrong(target.at, fmt::format("${} can be read only; $TargetDedicatedNodes, "
                                          "$TargetLowPriorityNodes and $NodeDeallocationOption "
                                          "can be set",
                                          target.word));
    return true;
  }

  // A service variable that is written almost right would otherwise be taken for a variable of the
  // formula's own, and do nothing.
  static Checked<bool> check_spelling(const Token& token) {
    for (const ServiceName& service : service_names()) {
      if (!same_folded(service.name, token.word)) continue;
      if (token.kind == TokenKind::variable && service.name == token.word) return true;
      return wrong(token.at, fmt::format("the service's variable is written ${}", service.name));
    }
    return true;
  }

  Checked<Expression> expression() {
    if (++nesting_ > nesting_max) return too_deep(here().at, nesting_max);
    Expression condition = TRY(binary(0));
    if (!is("?")) {
      --nesting_;
      return condition;
    }
    const std::size_t at = here().at;
    accept("?");
    Expression then = TRY(demand(":", TRY(expression())));
    Expression otherwise = TRY(expression());
    --nesting_;
    const int depth = std::max({condition.depth, then.depth, otherwise.depth}) + 1;
    return build(
        at, depth,
        Choice{own(std::move(condition)), own(std::move(then)), own(std::move(otherwise))});
  }

  // One function for every level of binary operators; all group from the left.
  Checked<Expression> binary(std::size_t level) {
    if (level == std::size(levels)) return unary();
    Expression left = TRY(binary(level + 1));
    for (;;) {
      const auto sign = std::ranges::find_if(
          levels[level], [&](const Sign& candidate) { return is(candidate.symbol); });
      if (sign == levels[level].end()) return left;
      const std::size_t at = here().at;
      ++at_;
      Expression right = TRY(binary(level + 1));
      const int depth = std::max(left.depth, right.depth) + 1;
      left = TRY(build(at, depth, Binary{sign->verb, own(std::move(left)), own(std::move(right))}));
    }
  }

  Checked<Expression> unary() {
    const std::size_t at = here().at;
    if (!is("-") && !is("!")) return postfix();
    const Operator verb = is("-") ? Operator::minus : Operator::negation;
    ++at_;
    if (++nesting_ > nesting_max) return too_deep(at, nesting_max);
    Expression operand = TRY(unary());
    --nesting_;
    const int depth = operand.depth + 1;
    return build(at, depth, Unary{verb, own(std::move(operand))});
  }

  Checked<Expression> postfix() {
    Expression object = TRY(primary());
    while (accept(".")) {
      if (here().kind != TokenKind::name)
        return wrong(here().at, fmt::format("the name of a member was expected after '.', not {}",
                                            name_of(here())));
      Member member{nullptr, here().word, std::nullopt};
      const std::size_t at = here().at;
      ++at_;
      int depth = object.depth;
      if (accept("(")) {
        member.arguments = TRY(arguments(")"));
        depth = std::max(depth, depth_of(*member.arguments));
      }
      member.object = own(std::move(object));
      object = TRY(build(at, depth + 1, std::move(member)));
    }
    return object;
  }

  Checked<Expression> primary() {
    const Token token = here();
    ++at_;
    switch (token.kind) {
      case TokenKind::number:
        return build(token.at, 1, Number{token.number});
      case TokenKind::text:
        return build(token.at, 1, Text{token.word});
      case TokenKind::variable:
        return variable(token);
      case TokenKind::name:
        if (is("(")) return call(token);
        if (const ConstantName* constant = find_constant(token.word))
          return build(token.at, 1, Constant{constant});
        return variable(token);
      case TokenKind::symbol:
        if (token.word == "(") return demand(")", TRY(expression()));
        if (token.word == "[") {
          List list{TRY(arguments("]"))};
          const int depth = depth_of(list.elements) + 1;
          return build(token.at, depth, std::move(list));
        }
        break;
      case TokenKind::end:
        break;
    }
    return wrong(token.at, fmt::format("a value was expected, not {}", name_of(token)));
  }

  Checked<Expression> variable(const Token& token) {
    TRY(check_spelling(token));
    if (token.kind == TokenKind::variable) {
      if (const ServiceName* service = find_service_name(token.word))
        return build(token.at, 1, ServiceVariable{service});
    }
    if (known_.contains(token.word)) return build(token.at, 1, OwnVariable{token.word});
    std::vector<std::string_view> candidates = all_names();
    candidates.insert(candidates.end(), known_.begin(), known_.end());
    return wrong(token.at, fmt::format("{} has not been set before{}", name_of(token),
                                       suggestion(token.word, candidates)));
  }

  Checked<Expression> call(const Token& token) {
    accept("(");
    const Builtin* function = find_builtin(token.word);
    if (function == nullptr) {
      std::vector<std::string_view> candidates;
      for (const Builtin& one : builtins()) candidates.push_back(one.name);
      return wrong(token.at, fmt::format("there is no function '{}'{}", token.word,
                                         suggestion(token.word, candidates)));
    }
    Call call{function, {}};
    call.arguments = TRY(arguments(")"));
    const std::size_t given = call.arguments.size();
    if (given < function->least || given > function->most) {
      const std::string wanted =
          function->least == function->most
              ? fmt::format("{}", function->least)
              : (given < function->least ? fmt::format("at least {}", function->least)
                                         : fmt::format("at most {}", function->most));
      return wrong(token.at,
                   fmt::format("'{}' takes {} argument{}, here it has {}", function->name, wanted,
                               wanted.ends_with(" 1") || wanted == "1" ? "" : "s", given));
    }
    const int depth = depth_of(call.arguments) + 1;
    return build(token.at, depth, std::move(call));
  }

  Checked<Expressions> arguments(std::string_view close) {
    Expressions all;
    if (accept(close)) return all;
    for (;;) {
      all.push_back(TRY(expression()));
      if (accept(close)) return all;
      if (!accept(","))
        return wrong(here().at,
                     fmt::format("',' or '{}' was expected, not {}", close, name_of(here())));
    }
  }

  static int depth_of(const Expressions& all) {
    int depth = 0;
    for (const Expression& one : all) depth = std::max(depth, one.depth);
    return depth;
  }

  template <class Node>
  static Checked<Expression> build(std::size_t at, int depth, Node node) {
    if (depth > depth_max) return too_deep(at, depth_max);
    return Expression{at, depth, std::move(node)};
  }
  static std::unexpected<Fault> too_deep(std::size_t at, int limit) {
    return wrong(at, fmt::format("this is nested more than {} levels deep; keep parts of it in "
                                 "variables",
                                 limit));
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int nesting_ = 0;
  std::set<std::string, std::less<>> known_;  // own variables that have been set so far
};

}  // namespace

std::string_view symbol_of(Operator verb) {
  static constexpr std::string_view symbols[] = {"+",  "-",  "*",  "/",  "<",  "<=", ">",
                                                 ">=", "==", "!=", "&&", "||", "-",  "!"};
  return symbols[static_cast<int>(verb)];
}

Checked<Program> parse(std::string_view formula) {
  return Parser(TRY(tokens_of(formula))).program();
}

}  // namespace batchyard::formula
