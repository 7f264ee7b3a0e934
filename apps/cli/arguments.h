// The command line, as long as others can read it (ps, /proc/PID/cmdline).
#pragma once

#include <string>
#include <vector>

namespace batchyard::cli {

// A copy of it as CLI::App takes it: without the program's name, the last word first. What options
// with secrets are given shows as asterisks to others from then on.
std::vector<std::string> take_arguments(int count, char** arguments);

}  // namespace batchyard::cli
