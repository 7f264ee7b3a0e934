// What this machine has: processors, memory, GPUs, fabrics, MPI, containers, disk and clock. Made
// of the pure readers beside it; a program that is asked has limited time.
#pragma once

#include <string>

#include "protocol/messages.h"

namespace batchyard::edge {

struct ProbeOptions {
  std::string directory = "/";  // where the node's files are, for the disk
  // GPU errors in the kernel's log count from here on: microseconds since the machine started.
  std::int64_t errors_since = 0;
  // Whose root file system has the programs and the system: "/proc/1" for one that is not ours.
  // Containers are the machine's all the same.
  std::string process = {};
  bool with_versions = true;  // asks programs for their versions, which takes a moment
};
protocol::Probe probe_machine(const ProbeOptions& options);

// Microseconds since the machine started, as its kernel's log counts them.
std::int64_t machine_uptime();

}  // namespace batchyard::edge
