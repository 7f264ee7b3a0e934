// A parsed $filter. The service parses and checks it (service/filter.*) and says for every field
// where it lies in a row; the store turns the tree into its own query.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"

namespace batchyard::engine {

// Where a field lies. `path` is the JSON path inside spec or status: "exit_code", "facts.pool",
// "displayName"; unused for id and state.
enum class FieldPlace { id, parent, state, spec, status };
struct FilterField {
  FieldPlace place = FieldPlace::id;
  std::string path;
};

// Text compares without regard to case. A Time compares with the milliseconds that the status
// holds.
using FilterLiteral = std::variant<std::string, std::int64_t, bool, Time>;

enum class FilterVerb { eq, ne, lt, le, gt, ge, starts_with, both, either, negation };

// verb both/either: children are the operands (two or more); negation: one child; otherwise field
// and literal. A comparison with a member that the row lacks is false, but for `ne`, which is true.
struct FilterNode {
  FilterVerb verb = FilterVerb::eq;
  FilterField field;
  FilterLiteral literal;
  std::vector<FilterNode> children;
};

}  // namespace batchyard::engine
