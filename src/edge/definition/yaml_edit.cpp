#include "edge/definition/yaml_edit.h"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <boost/json.hpp>
#include <optional>
#include <vector>

#include "base/text.h"

namespace batchyard::edge {

namespace json = boost::json;

namespace {

std::unexpected<Error> by_hand(std::string_view pointer) {
  return fail(Kind::invalid, "",
              fmt::format("{} has to be changed by hand: the file writes it in a way that is not "
                          "rewritten",
                          pointer));
}

// Where a scalar's text ends; nothing for one of several lines.
std::optional<std::size_t> end_of_scalar(const std::string& text, std::size_t start,
                                         const YAML::Node& node) {
  if (text[start] == '"' || text[start] == '\'') {
    const char quote = text[start];
    for (std::size_t at = start + 1; at < text.size() && text[at] != '\n'; ++at) {
      if (quote == '"' && text[at] == '\\')
        ++at;
      else if (text[at] == quote && quote == '\'' && at + 1 < text.size() && text[at + 1] == quote)
        ++at;
      else if (text[at] == quote)
        return at + 1;
    }
    return std::nullopt;
  }
  const std::string& plain = node.Scalar();
  if (plain.empty() || text.compare(start, plain.size(), plain) != 0) return std::nullopt;
  return start + plain.size();
}

// JSON is YAML: a text of plain letters needs no quotes.
std::string yaml_of(const json::value& value) {
  if (!value.is_string()) return json::serialize(value);
  const std::string text(value.get_string());
  const bool plain = !text.empty() && !parse_integer(text) && text != "true" && text != "false" &&
                     text != "null" &&
                     text.find_first_not_of(
                         "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789_") == std::string::npos;
  return plain ? text : json::serialize(value);
}

// Where the lines of a member end whose key stands at `column` of the line at `line`: what is
// indented deeper is its own, and so are the elements of its list.
std::size_t end_of_member(std::string_view text, std::size_t line, std::size_t column,
                          bool is_list) {
  std::size_t end = std::string_view::npos;
  for (std::size_t at = line; at != std::string_view::npos && at < text.size();) {
    const std::size_t next = text.find('\n', at);
    const std::size_t after = next == std::string_view::npos ? text.size() : next + 1;
    const std::size_t first = text.find_first_not_of(" \r\n", at);
    const bool is_blank = first == std::string_view::npos || first >= after;
    const std::size_t indented = is_blank ? 0 : first - at;
    const bool is_own = at == line || (!is_blank && indented > column) ||
                        (!is_blank && is_list && indented == column && text[first] == '-');
    // Comments and blank lines between belong to what comes next.
    if (is_own)
      end = after;
    else if (!is_blank && text[first] != '#')
      break;
    at = after;
  }
  return end;
}

// A member with all of its lines, when it has them for itself.
Result<std::string> drop_lines(std::string text, const YAML::Node& key, const YAML::Node& value,
                               std::string_view pointer) {
  const auto start = static_cast<std::size_t>(key.Mark().pos);
  const std::size_t before = text.rfind('\n', start);
  const std::size_t line = before == std::string::npos ? 0 : before + 1;
  if (text.find_first_not_of(' ', line) != start) return by_hand(pointer);
  return text.erase(line, end_of_member(text, line, start - line, value.IsSequence()) - line);
}

}  // namespace

Result<std::string> edit_yaml(std::string text, const json::object& step) {
  const std::string pointer(step.at("path").as_string());
  const std::string verb(step.at("op").as_string());
  YAML::Node owner = YAML::Load(text);
  const std::vector<std::string_view> parts = split(std::string_view(pointer).substr(1), '/');
  for (std::size_t at = 0; at + 1 < parts.size(); ++at) {
    YAML::Node inner;
    if (owner.IsMap())
      inner.reset(owner[std::string(parts[at])]);
    else if (owner.IsSequence() && parse_integer(parts[at]))
      inner.reset(owner[static_cast<std::size_t>(*parse_integer(parts[at]))]);
    if (!inner.IsDefined() || inner.IsNull()) return by_hand(pointer);
    owner.reset(inner);
  }
  if (!owner.IsMap() || owner.size() == 0) return by_hand(pointer);
  const bool is_flow = owner.Style() == YAML::EmitterStyle::Flow;
  const std::string name(parts.back());
  for (const auto& member : owner) {
    if (member.first.Scalar() != name) continue;
    if (verb == "remove")
      return is_flow || owner.size() == 1
                 ? by_hand(pointer)
                 : drop_lines(std::move(text), member.first, member.second, pointer);
    if (!member.second.IsScalar()) return by_hand(pointer);
    const auto start = static_cast<std::size_t>(member.second.Mark().pos);
    const auto end = end_of_scalar(text, start, member.second);
    if (!end) return by_hand(pointer);
    return text.replace(start, *end - start, yaml_of(step.at("value")));
  }
  if (verb != "add") return by_hand(pointer);
  const YAML::Mark first = owner.begin()->first.Mark();
  const auto start = static_cast<std::size_t>(first.pos);
  if (is_flow) return text.insert(start, name + ": " + yaml_of(step.at("value")) + ", ");
  const std::string line = fmt::format("{}: {}\n{}", name, yaml_of(step.at("value")),
                                       std::string(static_cast<std::size_t>(first.column), ' '));
  return text.insert(start, line);
}

}  // namespace batchyard::edge
