// The files and variables that make an unchanged mpirun or mpiexec launch its daemons through
// `batchyard launch`.
#pragma once

#include <string>
#include <vector>

#include "protocol/messages.h"

namespace batchyard::edge {

struct LaunchPlace {
  std::string directory;  // for the gang's files; made here
  std::string socket;
  std::string program;  // batchyard
};

// NAME=value. PATH is the given one with the directory of the `ssh` stand-in before it.
std::vector<std::string> launch_environment(const LaunchPlace& place, const protocol::Gang& gang,
                                            int cores, const std::string& path);

}  // namespace batchyard::edge
