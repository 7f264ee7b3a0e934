#include "edge/store/filter_sql.h"

#include <fmt/format.h>

#include <span>
#include <string_view>

#include "edge/store/seal_sql.h"

namespace batchyard::edge {

namespace {

using engine::FieldPlace;
using engine::FilterNode;
using engine::FilterVerb;

// Paths are the service's own words, never a user's.
std::string column_of(const engine::FilterField& field, engine::EntityKind kind) {
  switch (field.place) {
    case FieldPlace::id:
      return "id";
    case FieldPlace::parent:
      return "parent";
    case FieldPlace::state:
      return "state";
    case FieldPlace::spec:
      return "json_extract(unsealed(kind, parent, id, spec), '$." + field.path + "')";
    case FieldPlace::status:
      return fmt::format("json_extract({}, '$.{}')",
                         status_is_sealed(kind) ? "unsealed(kind, parent, id, status)" : "status",
                         field.path);
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

void append_comparison(const FilterNode& node, engine::EntityKind kind, SqlCondition& to) {
  static constexpr const char* operators[] = {" = ", " <> ", " < ", " <= ", " > ", " >= "};
  const std::string column = column_of(node.field, kind);
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

void append(const FilterNode& node, engine::EntityKind kind, SqlCondition& to);

// In halves of halves: SQLite takes a chain of a thousand for a tree as deep, and refuses it.
void append_all(std::span<const FilterNode> nodes, std::string_view verb, engine::EntityKind kind,
                SqlCondition& to) {
  if (nodes.size() == 1) return append(nodes.front(), kind, to);
  const std::size_t half = nodes.size() / 2;
  to.text += '(';
  append_all(nodes.first(half), verb, kind, to);
  to.text += verb;
  append_all(nodes.subspan(half), verb, kind, to);
  to.text += ')';
}

void append(const FilterNode& node, engine::EntityKind kind, SqlCondition& to) {
  switch (node.verb) {
    case FilterVerb::both:
    case FilterVerb::either:
      append_all(node.children, node.verb == FilterVerb::both ? " AND " : " OR ", kind, to);
      return;
    case FilterVerb::negation:
      to.text += "(NOT ";
      append(node.children.front(), kind, to);
      to.text += ')';
      return;
    default:
      append_comparison(node, kind, to);
  }
}

// The state that every row wanted has, if the filter says one.
const std::string* wanted_state(const FilterNode* filter) {
  if (filter == nullptr) return nullptr;
  if (filter->verb == FilterVerb::both) {
    for (const FilterNode& child : filter->children) {
      if (const std::string* state = wanted_state(&child)) return state;
    }
  }
  return filter->verb == FilterVerb::eq && filter->field.place == FieldPlace::state
             ? std::get_if<std::string>(&filter->literal)
             : nullptr;
}

}  // namespace

SqlCondition to_sql(const engine::FilterNode& filter, engine::EntityKind kind) {
  SqlCondition condition;
  append(filter, kind, condition);
  return condition;
}

PageQuery page_query(const engine::Query& query, std::string_view columns) {
  SqlCondition filter =
      query.filter == nullptr ? SqlCondition{"1", {}} : to_sql(*query.filter, query.kind);
  PageQuery page{
      .text = fmt::format("SELECT {}, {} FROM entity WHERE kind = ?", columns, filter.text),
      .values = std::move(filter.values),
      .looked_at_max = query.filter == nullptr ? SIZE_MAX : query.looked_at_max};
  page.values.emplace_back(static_cast<std::int64_t>(query.kind));
  if (query.parent) {
    page.text += " AND parent = ?";
    page.values.emplace_back(*query.parent);
  }
  if (const std::string* state = wanted_state(query.filter); state != nullptr && query.parent) {
    page.text += " AND state = ?";
    page.values.emplace_back(*state);
  }
  if (!query.after.empty() && query.parent) {
    page.text += " AND id > ?";
    page.values.emplace_back(query.after);
  } else if (!query.after.empty()) {
    const std::size_t line = query.after.find('\n');
    page.text += " AND (parent, id) > (?, ?)";
    page.values.emplace_back(line == std::string::npos ? std::string()
                                                       : query.after.substr(0, line));
    page.values.emplace_back(line == std::string::npos ? query.after
                                                       : query.after.substr(line + 1));
  }
  page.text += " ORDER BY parent, id";
  return page;
}

}  // namespace batchyard::edge
