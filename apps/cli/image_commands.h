// The words of `batchyard image`.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

void add_image_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
