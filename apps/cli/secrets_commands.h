// The command `batchyard secrets`: the key under which a data directory is sealed.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

void add_secrets_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
