// A filter tree as an SQL condition with bound parameters.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "engine/filter.h"

namespace batchyard::edge {

struct SqlCondition {
  std::string text;
  std::vector<std::variant<std::int64_t, std::string>> values;  // of its question marks, in order
};

SqlCondition to_sql(const engine::FilterNode& filter);

}  // namespace batchyard::edge
