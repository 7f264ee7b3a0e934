#include <fmt/format.h>

#include <cctype>

#include "base/text.h"
#include "templates/syntax.h"

namespace batchyard::templates {

namespace {

namespace json = boost::json;

constexpr int nesting_max = 64;
constexpr std::size_t expression_max = 24576;  // characters, as published
constexpr std::size_t arguments_max = 1000;

bool is_word_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '_';
}

// The text between the outer brackets, read from left to right.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Expression> run() {
    Expression whole = TRY(expression(0));
    skip_blanks();
    if (at_ != text_.size()) return unexpected("the end of the expression");
    return whole;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool takes(std::string_view sign) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  std::unexpected<Error> unexpected(std::string_view wanted) const {
    const std::string found =
        at_ < text_.size() ? fmt::format("'{}'", readable(text_.substr(at_, 1), 8)) : "the end";
    return wrong(
        fmt::format("The expression '[{}]' cannot be read: at position {} there is {} "
                    "where {} was expected.",
                    readable(text_, 200), at_ + 1, found, wanted));
  }
  Result<> expect(std::string_view sign) {
    if (takes(sign)) return Done();
    return unexpected(fmt::format("'{}'", sign));
  }

  std::string word() {
    skip_blanks();
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word_letter(text_[at_])) ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  Result<Expression> expression(int depth) {
    if (depth > nesting_max)
      return wrong(
          fmt::format("The expression '[{}]' is nested more than {} deep. Put parts of it "
                      "into variables.",
                      readable(text_, 200), nesting_max));
    Expression value = TRY(primary(depth));
    while (true) {
      Access access;
      access.may_lack = takes("?.");
      if (access.may_lack || takes(".")) {
        std::string name = word();
        if (name.empty()) return unexpected("the name of a property");
        access.key = std::make_unique<Expression>(Expression{Literal{json::value(name)}});
      } else if (takes("[")) {
        access.may_lack = takes("?");
        access.key = std::make_unique<Expression>(TRY(expression(depth + 1)));
        TRY(expect("]"));
      } else {
        return value;
      }
      access.owner = std::make_unique<Expression>(std::move(value));
      value = Expression{std::move(access)};
    }
  }

  Result<Expression> primary(int depth) {
    if (takes("'")) return quoted();
    const bool negative = takes("-");
    std::string name = word();
    if (name.empty()) return unexpected("a value or the name of a function");
    if (const std::optional<std::int64_t> number = parse_integer(name))
      return Expression{Literal{json::value(negative ? -*number : *number)}};
    if (negative) return unexpected("a number");
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      name += "." + word();
    }
    if (!takes("(")) return unexpected(fmt::format("'(' behind '{}'", name));
    Call call{.name = std::move(name), .arguments = {}};
    if (takes(")")) return Expression{std::move(call)};
    do {
      if (call.arguments.size() == arguments_max) return unexpected("no more arguments");
      call.arguments.push_back(TRY(expression(depth + 1)));
    } while (takes(","));
    TRY(expect(")"));
    return Expression{std::move(call)};
  }

  Result<Expression> quoted() {
    std::string text;
    while (at_ < text_.size()) {
      if (text_[at_] != '\'') {
        text += text_[at_++];
      } else if (text_.substr(at_).starts_with("''")) {
        text += '\'';
        at_ += 2;
      } else {
        ++at_;
        return Expression{Literal{json::value(text)}};
      }
    }
    return unexpected("the quote that ends the text");
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_expression(std::string_view text) {
  return text.size() > 2 && text.starts_with('[') && text.ends_with(']') && !text.starts_with("[[");
}

std::string_view unescaped(std::string_view text) {
  if (text.starts_with("[[") && text.ends_with(']')) text.remove_prefix(1);
  return text;
}

Result<Expression> parse_expression(std::string_view text) {
  if (text.size() > expression_max)
    return wrong(
        fmt::format("An expression has {} characters; {} are allowed. Put parts of it "
                    "into variables.",
                    text.size(), expression_max));
  return Parser(text.substr(1, text.size() - 2)).run();
}

std::unexpected<Error> wrong(std::string message) {
  return fail(Kind::invalid, "InvalidTemplate", std::move(message));
}

}  // namespace batchyard::templates
