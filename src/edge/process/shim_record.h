// What a shim keeps of its run in the file <record>.run (apps/shim/shim.cpp writes it): a line when
// it starts, another when everything has ended.
#pragma once

#include <optional>
#include <string>

#include "node/ports.h"

namespace batchyard::edge {

struct ShimRecord {
  int pid = 0;                     // 0: nothing is known
  unsigned long long started = 0;  // the kernel's start time, which with the pid names a process
  std::optional<node::ProcessEnd> end;
};

ShimRecord read_record(const std::string& record);
void forget_record(const std::string& record);

// The start time that the kernel gives such a process now; 0: there is none.
unsigned long long start_time(int pid);

}  // namespace batchyard::edge
