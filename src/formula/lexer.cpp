#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/result.h"
#include "formula/token.h"

namespace batchyard::formula {

namespace {

constexpr std::string_view long_symbols[] = {"==", "!=", "<=", ">=", "&&", "||"};
constexpr std::string_view short_symbols = "+-*/!<>=?:;,.()[]";

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Checked<std::vector<Token>> all() {
    std::vector<Token> tokens;
    for (;;) {
      skip_blanks();
      tokens.push_back(TRY(next()));
      if (tokens.back().kind == TokenKind::end) return tokens;
    }
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip_blanks() {
    for (;;) {
      at_ = std::min(text_.find_first_not_of(" \t\r\n\v\f", at_), text_.size());
      if (!rest().starts_with("//")) return;
      at_ = std::min(text_.find('\n', at_), text_.size());
    }
  }

  Checked<Token> next() {
    if (at_ == text_.size()) return Token{TokenKind::end, at_, {}, 0};
    const bool fraction = here() == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]);
    if (is_digit(here()) || fraction) return number();
    if (is_letter(here())) return Token{TokenKind::name, at_, name(), 0};
    if (here() == '$') return variable();
    if (here() == '"' || here() == '\'') return quoted();
    return symbol();
  }

  Checked<Token> number() {
    Token token{TokenKind::number, at_, {}, 0};
    const char* const first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), token.number,
                                              std::chars_format::general);
    if (error != std::errc()) return wrong(at_, "this number is too large");
    at_ += static_cast<std::size_t>(end - first);
    if (is_letter(here()))
      return wrong(
          at_, fmt::format("'{}' follows a number directly; put an operator between them", here()));
    return token;
  }

  std::string name() {
    const std::size_t start = at_;
    while (is_letter(here()) || is_digit(here())) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  Checked<Token> variable() {
    const std::size_t start = at_++;
    std::string word = is_letter(here()) ? name() : std::string();
    if (word.empty()) return wrong(start, "'$' needs a variable's name right after it");
    return Token{TokenKind::variable, start, std::move(word), 0};
  }

  Checked<Token> quoted() {
    const std::size_t start = at_;
    const std::size_t end = text_.find_first_of(std::string{here(), '\n'}, at_ + 1);
    if (end == text_.npos || text_[end] == '\n')
      return wrong(start, "this text has no closing quote on its line");
    at_ = end + 1;
    return Token{TokenKind::text, start, std::string(text_.substr(start + 1, end - start - 1)), 0};
  }

  Checked<Token> symbol() {
    for (const std::string_view symbol : long_symbols) {
      if (rest().starts_with(symbol)) return take(symbol);
    }
    if (short_symbols.find(here()) != short_symbols.npos) return take(rest().substr(0, 1));
    if (here() == '&' || here() == '|')
      return wrong(at_, fmt::format("'{0}' is no operator; 'and' is '&&', 'or' is '||'", here()));
    if (static_cast<unsigned char>(here()) >= 0x80)
      return wrong(at_, "a character that is not ASCII may stand in texts and comments only");
    return wrong(at_, fmt::format("'{}' has no meaning in a formula", here()));
  }

  Token take(std::string_view symbol) {
    at_ += symbol.size();
    return Token{TokenKind::symbol, at_ - symbol.size(), std::string(symbol), 0};
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

Checked<std::vector<Token>> tokens_of(std::string_view formula) {
  return Lexer(formula).all();
}

std::string name_of(const Token& token) {
  switch (token.kind) {
    case TokenKind::end:
      return "the end of the formula";
    case TokenKind::number:
      return fmt::format("the number {}", token.number);
    case TokenKind::text:
      return "a text";
    case TokenKind::variable:
      return "'$" + token.word + "'";
    case TokenKind::name:
    case TokenKind::symbol:
      return "'" + token.word + "'";
  }
  return {};
}

}  // namespace batchyard::formula
