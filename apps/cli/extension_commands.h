// Where `batchyard extension` is hung into the program.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

void add_extension_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
