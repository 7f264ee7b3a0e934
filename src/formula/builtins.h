// The functions of the language, as a table.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formula/value.h"

namespace batchyard::formula {

struct Argument {
  Value value;
  std::size_t at = 0;
};
using Arguments = std::vector<Argument>;

struct Builtin {
  std::string_view name;
  std::size_t least;  // number of arguments
  std::size_t most;
  Checked<Value> (*function)(const Arguments& arguments, const Scope& scope, std::size_t at);
};

std::span<const Builtin> builtins();
const Builtin* find_builtin(std::string_view name);

}  // namespace batchyard::formula
