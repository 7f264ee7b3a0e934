// `storage` and its verbs, on the command line.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

// `code` is how the program ends; it outlives the parse.
void add_storage_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
