// A filter tree as an SQL condition with bound parameters.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/store.h"

namespace batchyard::edge {

struct SqlCondition {
  std::string text;
  std::vector<std::variant<std::int64_t, std::string>> values;  // of its question marks, in order
};

// `kind` is what the rows are.
SqlCondition to_sql(const engine::FilterNode& filter, engine::EntityKind kind);

// The rows that a page looks at, in order; behind `columns` each tells whether the filter lets it
// through. A state that the filter wants is searched for by its index.
struct PageQuery {
  std::string text;
  std::vector<std::variant<std::int64_t, std::string>> values;
  std::size_t looked_at_max;
};
PageQuery page_query(const engine::Query& query, std::string_view columns);

}  // namespace batchyard::edge
