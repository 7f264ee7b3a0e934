// The words that a formula is made of.
#pragma once

#include <string>
#include <vector>

#include "formula/fault.h"

namespace batchyard::formula {

enum class TokenKind { number, text, name, variable, symbol, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t at = 0;
  std::string word;  // a name without its '$', a text without its quotes, a symbol as written
  double number = 0;
};

// Blanks and comments are left out; the last token is `end`.
Checked<std::vector<Token>> tokens_of(std::string_view formula);

// The token as an error message calls it: "'+'", "the number 5", "the end of the formula".
std::string name_of(const Token& token);

}  // namespace batchyard::formula
