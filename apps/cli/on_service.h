// How every command that talks to a service is told which, and is run.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "apps/cli/api_client.h"

namespace batchyard::cli {

// Connection and code outlive the parse.
void on_service(CLI::App& command, Connection& connection, int& code,
                std::function<int(ApiClient&)> action);

}  // namespace batchyard::cli
