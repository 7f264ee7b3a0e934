#include "edge/store/filter_sql.h"

namespace batchyard::edge {

namespace {

using engine::FieldPlace;
using engine::FilterNode;
using engine::FilterVerb;

// Paths are the service's own words, never a user's.
std::string column_of(const engine::FilterField& field) {
  switch (field.place) {
    case FieldPlace::id:
      return "id";
    case FieldPlace::parent:
      return "parent";
    case FieldPlace::state:
      return "state";
    case FieldPlace::spec:
      return "json_extract(spec, '$." + field.path + "')";
    case FieldPlace::status:
      return "json_extract(status, '$." + field.path + "')";
  }
  return "NULL";
}

std::string like_pattern(const std::string& start) {
  std::string pattern;
  for (const char letter : start) {
    if (letter == '%' || letter == '_' || letter == '\\') pattern += '\\';
    pattern += letter;
  }
  return pattern + '%';
}

void append_comparison(const FilterNode& node, SqlCondition& to) {
  static constexpr const char* operators[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
  const std::string column = column_of(node.field);
  if (node.verb == FilterVerb::starts_with) {
    to.text += "coalesce(" + column + " LIKE ? ESCAPE '\\', 0)";
    to.values.emplace_back(like_pattern(std::get<std::string>(node.literal)));
    return;
  }
  const bool is_text = std::holds_alternative<std::string>(node.literal);
  to.text += "coalesce(" + column + operators[static_cast<int>(node.verb)] + "?" +
             (is_text ? " COLLATE NOCASE" : "") + ", " + (node.verb == FilterVerb::ne ? "1" : "0") +
             ")";
  if (is_text)
    to.values.emplace_back(std::get<std::string>(node.literal));
  else if (const auto* flag = std::get_if<bool>(&node.literal))
    to.values.emplace_back(std::int64_t{*flag ? 1 : 0});
  else if (const auto* time = std::get_if<Time>(&node.literal))
    to.values.emplace_back(std::int64_t{time->time_since_epoch().count()});
  else
    to.values.emplace_back(std::get<std::int64_t>(node.literal));
}

void append(const FilterNode& node, SqlCondition& to) {
  switch (node.verb) {
    case FilterVerb::both:
    case FilterVerb::either:
      to.text += '(';
      for (std::size_t at = 0; at < node.children.size(); ++at) {
        if (at > 0) to.text += node.verb == FilterVerb::both ? " AND " : " OR ";
        append(node.children[at], to);
      }
      to.text += ')';
      return;
    case FilterVerb::negation:
      to.text += "(NOT ";
      append(node.children.front(), to);
      to.text += ')';
      return;
    default:
      append_comparison(node, to);
  }
}

}  // namespace

SqlCondition to_sql(const engine::FilterNode& filter) {
  SqlCondition condition;
  append(filter, condition);
  return condition;
}

}  // namespace batchyard::edge
