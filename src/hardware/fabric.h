// Which network the members of a gang use with each other, and the variables that make MPI and NCCL
// use it. Pure.
#pragma once

#include <string>
#include <vector>

#include "protocol/hardware.h"

namespace batchyard {

// Why this node cannot use RDMA; empty: it can.
std::string why_no_fabric(const protocol::Probe& probe);

struct FabricChoice {
  std::string words;                   // "infiniband: mlx5_0:1", "tcp: the node has no RDMA port"
  std::vector<std::string> variables;  // NAME=value
};
// `no_fabric`: why the gang cannot, as the server found of all members; empty: it can.
FabricChoice choose_fabric(const protocol::Probe& probe, const std::string& no_fabric);

}  // namespace batchyard
