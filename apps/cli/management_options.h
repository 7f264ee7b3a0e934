// What `up` and `serve` are told about the management plane.
#pragma once

#include <CLI/CLI.hpp>

#include "apps/cli/up.h"

namespace batchyard::cli {

void add_management_options(CLI::App& command, UpOptions& up);

}  // namespace batchyard::cli
