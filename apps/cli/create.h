// `create`: pools, jobs, schedules and tasks from files, in whatever form `lint` reads pools.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

// `code` outlives the parse.
void add_create_command(CLI::App& program, int& code);

}  // namespace batchyard::cli
