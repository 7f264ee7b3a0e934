// $filter: from the text of a query to the tree that a store evaluates.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "engine/filter.h"

namespace batchyard::service {

enum class FieldType { text, number, flag, time, start_task };

// A property that may be filtered by in some list.
struct FilterableField {
  std::string_view name;  // "executionInfo/exitCode"; names are case-sensitive
  FieldType type;
  bool order;  // lt, le, gt, ge too; otherwise eq and ne only
  bool starts_with;
  engine::FilterField place;
};

std::span<const FilterableField> pool_fields();
std::span<const FilterableField> node_fields();
std::span<const FilterableField> certificate_fields();
std::span<const FilterableField> job_fields();
std::span<const FilterableField> task_fields();
std::span<const FilterableField> preparation_fields();
std::span<const FilterableField> schedule_fields();
std::span<const FilterableField> node_count_fields();
std::span<const FilterableField> usage_fields();
std::span<const FilterableField> image_fields();
std::span<const FilterableField> file_fields();

// InvalidQueryParameterValue says at which column, what was found and what is possible there.
Result<engine::FilterNode> parse_filter(std::string_view text,
                                        std::span<const FilterableField> fields);

}  // namespace batchyard::service
