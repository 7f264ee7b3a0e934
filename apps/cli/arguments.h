// The command line, as long as others can read it (ps, /proc/PID/cmdline).
#pragma once

#include <string>
#include <vector>

namespace batchyard::cli {

// Before any thread is made: the services' signals are left to who waits for them, and a closed
// pipe is an error like others.
void leave_signals_to_who_waits(int count, char** arguments);

// A copy of it as CLI::App takes it: without the program's name, the last word first. What options
// with secrets are given shows as asterisks to others from then on.
std::vector<std::string> take_arguments(int count, char** arguments);

}  // namespace batchyard::cli
