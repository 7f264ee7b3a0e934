// A node's first process as the fleet sees it: started, recognised again, ended, reaped.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "edge/fleet/descriptor.h"

namespace batchyard::fleet {

struct InitProcess {
  pid_t pid = -1;
  Descriptor handle;  // a pidfd: readable once the process has ended; never means another process
};

struct InitStart {
  std::vector<std::string> command;  // program and arguments
  std::vector<int> descriptors;      // become 3, 4, …; -1: /dev/null
  std::string log_file;              // standard output and error
  bool namespaces = false;           // as process 1 of new ones
};

// By clone3 and exec: the node must not keep a copy of the service's memory. The new process has
// only those descriptors.
Result<InitProcess> start_init(const InitStart& start);

// The process of this pid that began at this time (process_start_time), if it lives.
Result<InitProcess> find_init(pid_t pid, unsigned long long start_time);

void signal_init(const InitProcess& process, int signal);

// Once the handle is readable: takes the exit status if the process is a child of this one. "was
// killed by signal 9", "ended with status 1", or "has ended" for a process that an earlier service
// started.
std::string reap_init(const InitProcess& process);

}  // namespace batchyard::fleet
