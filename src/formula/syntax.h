// The grammar of autoscale formulas, and a formula as a tree. Precedence is that of C (source:
// autoscale documentation, which leaves it open).
//
//   formula    = [ statement { ";" [ statement ] } ] ;
//   statement  = variable "=" expression | expression ;
//   expression = or [ "?" expression ":" expression ] ;
//   or         = and { "||" and } ;
//   and        = equality { "&&" equality } ;
//   equality   = relation { ("==" | "!=") relation } ;
//   relation   = sum { ("<" | "<=" | ">" | ">=") sum } ;
//   sum        = product { ("+" | "-") product } ;
//   product    = unary { ("*" | "/") unary } ;
//   unary      = ("-" | "!") unary | postfix ;
//   postfix    = primary { "." name [ "(" arguments ")" ] } ;
//   primary    = number | text | "[" arguments "]" | constant | function "(" arguments ")"
//              | variable | "(" expression ")" ;
//   arguments  = [ expression { "," expression } ] ;
//   variable   = "$" name | name ;
//
// Service variables must have their "$"; one of the formula's own is the same with and without.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "formula/fault.h"
#include "formula/names.h"

namespace batchyard::formula {

struct Expression;
using Expressions = std::vector<Expression>;
using Child = std::unique_ptr<Expression>;

enum class Operator {
  add,
  subtract,
  multiply,
  divide,
  less,
  less_equal,
  greater,
  greater_equal,
  equal,
  not_equal,
  both,
  either,
  minus,
  negation
};
std::string_view symbol_of(Operator verb);

struct Number {
  double value = 0;
};
struct Text {
  std::string value;
};
struct List {
  Expressions elements;
};
struct Constant {
  const ConstantName* name = nullptr;
};
struct OwnVariable {
  std::string name;  // without "$"
};
struct ServiceVariable {
  const ServiceName* name = nullptr;
};
struct Call {
  const Builtin* function = nullptr;
  Expressions arguments;
};
struct Member {
  Child object;
  std::string name;
  std::optional<Expressions> arguments;  // of a method
};
struct Unary {
  Operator verb;
  Child operand;
};
struct Binary {
  Operator verb;
  Child left, right;
};
struct Choice {
  Child condition, then, otherwise;
};

struct Expression {
  std::size_t at = 0;
  int depth = 1;
  std::variant<Number, Text, List, Constant, OwnVariable, ServiceVariable, Call, Member, Unary,
               Binary, Choice>
      node;
};

struct Statement {
  std::size_t at = 0;
  // What is assigned to: one of these, or nothing for a bare expression.
  const ServiceName* service = nullptr;
  std::string own;
  bool dollar = false;  // the own variable was written with its "$"
  Expression value;
};

struct Program {
  std::vector<Statement> statements;
};

// Names are looked up while parsing: an unknown function, a wrong number of arguments, a variable
// that no earlier statement has set, a service variable that cannot be set.
Checked<Program> parse(std::string_view formula);

}  // namespace batchyard::formula
