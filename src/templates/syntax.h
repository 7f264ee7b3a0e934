// An expression of a template as a tree. The grammar:
//
//   expression := primary { "." word | "?." word | "[" expression "]" | "[?" expression "]" }
//   primary    := 'text' (two quotes stand for one) | [-] number | name "(" [ list ] ")"
//   name       := word [ "." word ]              a function of the user's has a namespace
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace batchyard::templates {

struct Expression;

struct Literal {
  boost::json::value value;
};

struct Call {
  std::string name;  // as it is written
  std::vector<Expression> arguments;
};

// What is below a value: its member or its element.
struct Access {
  std::unique_ptr<Expression> owner;
  std::unique_ptr<Expression> key;
  bool may_lack = false;  // "?.": null when it is not there
};

struct Expression {
  std::variant<Literal, Call, Access> node;
};

// Whether a text is an expression: "[…]", but not "[[…", which is a text that begins with one.
bool is_expression(std::string_view text);
// What a text that is no expression says: "[[a]" is "[a]".
std::string_view unescaped(std::string_view text);

// The error's message says what is wrong and at which letter; no path.
Result<Expression> parse_expression(std::string_view text);

// Of this folder's refusals: of the template itself.
std::unexpected<Error> wrong(std::string message);

}  // namespace batchyard::templates
