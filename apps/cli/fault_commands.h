// `fault inject`, `fault list` and `fault clear`, on the command line.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

// `code` is how the program ends; it outlives the parse.
void add_fault_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
