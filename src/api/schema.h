// The contract's models as tables: what the codec, the views and the checks go by. The tables are
// generated from spec/.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "api/generated/names.h"

namespace batchyard::api {

enum class Shape : std::uint8_t { one, list, map };
enum class Type : std::uint8_t {
  text,
  datetime,
  duration,
  integer32,
  integer64,
  number,
  boolean,
  any,
  model,
  choice
};

inline constexpr std::int64_t no_min = INT64_MIN;
inline constexpr std::int64_t no_max = INT64_MAX;

// A bit per shape that the contract has had, the data plane's lowest and of each plane the oldest
// first (see names.h); an api-version speaks one shape.
using ShapeMask = std::uint16_t;

struct Member {
  enum Flag : std::uint8_t {
    read_only = 1,
    secret = 2,
    is_id = 4,
    not_empty = 8,
    metadata_key = 16,   // not empty, which has a code of its own
    variable_name = 32,  // of the environment: not empty, and without '='
  };

  std::string_view name;
  Shape shape;
  Type type;
  std::uint16_t index;  // of the model or the enum
  ShapeMask in;
  ShapeMask required;
  std::uint8_t flags;
  std::int64_t min;  // of a number
  std::int64_t max;  // of a number, of a text's length in bytes, of a list's length
};

struct Choice {
  std::string_view name;
  ShapeMask in;
};

struct ModelSchema {
  std::string_view name;
  std::span<const Member> members;  // sorted by name

  const Member* find(std::string_view member) const;
};
struct EnumSchema {
  std::string_view name;
  std::span<const Choice> choices;
};

const ModelSchema& schema_of(Model model);
const EnumSchema& enum_schema(int index);

}  // namespace batchyard::api
