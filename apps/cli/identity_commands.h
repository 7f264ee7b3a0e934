// `batchyard identity` and `batchyard account`: who may do what, and which accounts there are.
#pragma once

#include <CLI/CLI.hpp>

namespace batchyard::cli {

void add_identity_commands(CLI::App& program, int& code);
// `account` and `keys`.
void add_account_commands(CLI::App& program, int& code);

}  // namespace batchyard::cli
