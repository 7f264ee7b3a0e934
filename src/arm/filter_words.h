// $filter in the words of this plane, put into those of the data plane.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::arm {

// A property that a list can be filtered by. A value that `values` does not name stays as it is.
struct FilterWord {
  struct Value {
    std::string_view theirs;  // "Succeeded", or null
    std::string_view ours;    // "'active'", as it stands in the filter
  };
  enum class Sort { text, folded, time };

  std::string_view theirs;  // "properties/provisioningState"
  std::string_view ours;    // "state"
  Sort sort = Sort::text;
  std::span<const Value> values = {};
};

// InvalidQueryParameterValue names what is no property to filter by, and those that are.
Result<std::string> to_data_filter(std::string_view text, std::span<const FilterWord> words);

}  // namespace batchyard::arm
