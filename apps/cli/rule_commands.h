// The commands that need no service: `catalogue` and `lint`.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

// `code` is how the program ends; it outlives the parse.
void add_rule_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
