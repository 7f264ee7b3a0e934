#include "preflight/expression.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "preflight/definition.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

constexpr int expression_depth_max = 32;
constexpr int parts_max = 200'000;  // of all that variables put into a pool
using Known = std::optional<json::value>;
using Arguments = std::vector<Known>;

struct Walk {
  int depth = 0;
  int& left;  // parts
  Walk deeper() const { return {depth + 1, left}; }
};

Known resolved_at(const json::value& value, const Scope& scope, Walk walk);

// One expression, read from left to right; what cannot be known, or read, is nothing.
class Expression {
 public:
  Expression(std::string_view text, const Scope& scope, Walk walk)
      : text_(text), scope_(scope), walk_(walk) {}

  Known run() {
    Known value = read();
    skip_blanks();
    return at_ == text_.size() && !broken_ ? value : std::nullopt;
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size() && text_.find_first_of(" \t\r\n", at_) == at_) ++at_;
  }
  bool takes(char letter) {
    skip_blanks();
    if (at_ >= text_.size() || text_[at_] != letter) return false;
    ++at_;
    return true;
  }
  void expect(char letter) { broken_ = broken_ || !takes(letter); }

  std::string word() {
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0 || text_[at_] == '_'))
      ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  // Two quotes stand for one.
  json::value quoted() {
    std::string text;
    while (at_ < text_.size()) {
      if (text_[at_] != '\'') {
        text += text_[at_++];
      } else if (text_.substr(at_).starts_with("''")) {
        text += '\'';
        at_ += 2;
      } else {
        ++at_;
        return json::value(text);
      }
    }
    broken_ = true;
    return {};
  }

  Known read() {
    if (++reads_ > reads_max) broken_ = true;
    skip_blanks();
    if (broken_ || at_ >= text_.size()) {
      broken_ = true;
      return std::nullopt;
    }
    Known value;
    if (takes('\'')) {
      value = quoted();
    } else {
      const bool negative = takes('-');
      const std::string name = word();
      if (name.empty()) {
        broken_ = true;
        return std::nullopt;
      }
      if (const auto number = parse_integer(name))
        value = negative ? -*number : *number;
      else
        value = call(name);
    }
    return member_of(std::move(value));
  }

  // ".name", "['name']", "[0]".
  Known member_of(Known value) {
    while (!broken_) {
      if (takes('.')) {
        const std::string name = word();
        value = inner(value, json::value(name));
      } else if (takes('[')) {
        const Known key = read();
        expect(']');
        value = key ? inner(value, *key) : std::nullopt;
      } else {
        break;
      }
    }
    return value;
  }

  static Known inner(const Known& value, const json::value& key) {
    const json::value* found = nullptr;
    if (value && value->is_object() && key.is_string())
      found = value->get_object().if_contains(std::string_view(key.get_string()));
    if (value && value->is_array() && key.is_int64() && key.get_int64() >= 0)
      found = value->get_array().if_contains(static_cast<std::size_t>(key.get_int64()));
    return found == nullptr ? std::nullopt : Known(*found);
  }

  Known call(const std::string& name) {
    if (!takes('(')) {
      broken_ = true;
      return std::nullopt;
    }
    Arguments arguments;
    if (!takes(')')) {
      do arguments.push_back(read());
      while (!broken_ && takes(','));
      expect(')');
    }
    return broken_ ? std::nullopt : result_of(fold(name), arguments);
  }

  Known result_of(const std::string& name, const Arguments& arguments) {
    if (arguments.empty())
      return name == "true" ? Known(true) : name == "false" ? Known(false) : std::nullopt;
    if (name == "if" && arguments.size() == 3 && arguments[0] && arguments[0]->is_bool())
      return arguments[arguments[0]->get_bool() ? 1 : 2];
    for (const Known& one : arguments) {
      if (!one) return std::nullopt;
    }
    const json::value& first = *arguments[0];
    if (name == "equals" && arguments.size() == 2) return Known(first == *arguments[1]);
    if (name == "not" && first.is_bool()) return Known(!first.get_bool());
    if (name == "createarray") {
      json::array list;
      for (const Known& one : arguments) list.push_back(*one);
      return json::value(std::move(list));
    }
    if (!first.is_string()) return name == "string" ? Known(plain(first)) : std::nullopt;
    return result_of_text(name, std::string(first.get_string()), arguments);
  }

  Known result_of_text(const std::string& name, const std::string& first,
                       const Arguments& arguments) {
    if (name == "parameters") return parameter(first);
    if (name == "variables") return variable(first);
    if (name == "tolower") return json::value(fold(first));
    if (name == "string") return json::value(first);
    if (name == "concat") {
      std::string text;
      for (const Known& one : arguments) text += plain(*one);
      return json::value(text);
    }
    return name == "format" ? formatted(first, arguments) : std::nullopt;
  }

  static std::string plain(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : json::serialize(value);
  }

  static Known formatted(const std::string& pattern, const Arguments& arguments) {
    std::string text;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
      const std::size_t end = pattern.find('}', at);
      if (pattern[at] != '{') {
        text += pattern[at];
        continue;
      }
      if (end == std::string::npos) return std::nullopt;
      const auto number = parse_integer(std::string_view(pattern).substr(at + 1, end - at - 1));
      if (!number || *number < 0 || static_cast<std::size_t>(*number) + 1 >= arguments.size())
        return std::nullopt;
      text += plain(*arguments[static_cast<std::size_t>(*number) + 1]);
      at = end;
    }
    return json::value(text);
  }

  static const json::object* list_of(const json::object* object, const char* name) {
    const json::value* list = object == nullptr ? nullptr : object->if_contains(name);
    return list == nullptr ? nullptr : list->if_object();
  }

  static const json::value* member_named(const json::object* object, std::string_view name) {
    if (object == nullptr) return nullptr;
    for (const auto& one : *object) {
      if (same_folded(std::string_view(one.key()), name)) return &one.value();
    }
    return nullptr;
  }

  Known parameter(const std::string& name) {
    if (const json::value* given = member_named(scope_.given, name)) {
      const json::value* value =
          given->is_object() ? given->get_object().if_contains("value") : nullptr;
      return value == nullptr || scope_.outer == nullptr
                 ? std::nullopt
                 : resolved_at(*value, *scope_.outer, walk_.deeper());
    }
    const json::value* declared = member_named(list_of(scope_.document, "parameters"), name);
    const json::value* value = declared != nullptr && declared->is_object()
                                   ? declared->get_object().if_contains("defaultValue")
                                   : nullptr;
    return value == nullptr || value->is_null() ? std::nullopt
                                                : resolved_at(*value, scope_, walk_.deeper());
  }

  Known variable(const std::string& name) {
    const json::value* value = member_named(list_of(scope_.document, "variables"), name);
    return value == nullptr ? std::nullopt : resolved_at(*value, scope_, walk_.deeper());
  }

  static constexpr int reads_max = 1000;
  std::string_view text_;
  const Scope& scope_;
  Walk walk_;
  std::size_t at_ = 0;
  int reads_ = 0;
  bool broken_ = false;
};

// Nothing: it is an expression that cannot be known. Inside of objects it stays as it is written.
Known resolved_at(const json::value& value, const Scope& scope, Walk walk) {
  if (walk.depth > expression_depth_max || --walk.left < 0) return std::nullopt;
  if (value.is_object()) {
    json::object object;
    for (const auto& one : value.get_object())
      object[one.key()] = resolved_at(one.value(), scope, walk.deeper()).value_or(one.value());
    return json::value(std::move(object));
  }
  if (value.is_array()) {
    json::array array;
    for (const json::value& one : value.get_array())
      array.push_back(resolved_at(one, scope, walk.deeper()).value_or(one));
    return json::value(std::move(array));
  }
  if (!is_expression(value)) return value;
  std::string_view text = value.get_string();
  return Expression(text.substr(1, text.size() - 2), scope, walk).run();
}

}  // namespace

json::value resolved(const json::value& value, const Scope& scope) {
  int left = parts_max;
  return resolved_at(value, scope, Walk{.left = left}).value_or(value);
}

}  // namespace batchyard::preflight
