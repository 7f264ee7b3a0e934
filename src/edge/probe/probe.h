// What this machine has: processors, memory, GPUs, RDMA devices, MPI.
#pragma once

#include "protocol/messages.h"

namespace batchyard::edge {

protocol::Probe probe_machine();

}  // namespace batchyard::edge
