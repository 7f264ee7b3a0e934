// What a shim keeps of its run in the file <record>.run (apps/shim/shim.cpp writes it): a line when
// it starts, another when everything has ended.
#pragma once

#include <optional>
#include <string>

#include "node/ports.h"

namespace batchyard::edge {

struct ShimRecord {
  int pid = 0;                   // 0: nothing is known
  unsigned long long ticks = 0;  // when it had started, as the kernel counts (10 ms)
  std::string boot;              // which start of the machine that was
  std::optional<node::ProcessEnd> end;
};

ShimRecord read_record(const std::string& record);
void forget_record(const std::string& record);

// A pidfd of the shim; negative: it has ended. A process that has got its number since is told
// apart.
int handle_of(const ShimRecord& record);

}  // namespace batchyard::edge
