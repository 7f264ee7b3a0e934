// Runs a program for what it says, for a limited time.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace batchyard::edge {

inline constexpr std::chrono::seconds said_time_max{20};

struct ProgramSaid {
  int code = -1;  // -1: there is no such program, or it was ended because its time was up
  bool late = false;
  std::string out;
};
// `name` is looked for in the usual directories. Both streams are read, up to 4 MiB.
ProgramSaid said_by(const std::string& name, std::vector<std::string> arguments,
                    std::chrono::milliseconds at_most = said_time_max,
                    const std::string& process = {});

// Its path; empty: it is not there.
std::string program_path(const std::string& name, const std::string& process = {});

}  // namespace batchyard::edge
