// What a node decides of VM extensions without touching it: which comes next, how a handler is
// started, what of its words is told.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocol/extensions.h"

namespace batchyard::node {

// A handler that ends so wants the node started anew, and to be run again then. (Installers of
// Windows say 3010 for it; this is what is left of that in the eight bits of an exit code here.)
inline constexpr std::int32_t restart_wanted_code = 194;
// More often in a row nothing is gained by it.
inline constexpr std::int32_t restarts_max = 10;
// What a handler may take, as on Azure.
inline constexpr Duration extension_time_max = std::chrono::minutes(90);
// How much of what it says is told.
inline constexpr std::size_t extension_output_max = 2048;

// As they are when a life of the node begins: what has succeeded on this disk is not run again.
std::vector<protocol::ExtensionReport> first_reports(
    const std::vector<protocol::Extension>& extensions,
    const std::vector<protocol::ExtensionReport>& before);

// The first in their order whose turn it is; of a circle, its first. Nothing: all are through.
std::optional<std::size_t> next_extension(const std::vector<protocol::Extension>& extensions,
                                          const std::vector<protocol::ExtensionReport>& reports);

// "extensions/NAME", with letters that are safe in a path.
std::string extension_directory(const protocol::Extension& extension);

// The words that start a script: its own interpreter, or the shell.
std::vector<std::string> script_words(std::string_view script, const std::string& path);

// Its end, readable, without any text of the protected settings.
std::string told_output(std::string said, const std::string& protected_settings);

// Settings that steer a simulated node: BATCHYARD_SIM_… as variables.
std::vector<std::string> simulated_variables(const std::string& settings);

}  // namespace batchyard::node
