// When a simulated world is at rest: nothing runs, nothing that could run waits, no pool is on its
// way, and the fleet has exactly the nodes that the server says.
#pragma once

#include <functional>
#include <string>

#include "testing/sim_node.h"
#include "testing/sim_server.h"

namespace batchyard::testing {

using FindNode = std::function<const SimNode*(const PoolId&, const NodeId&)>;

// What is not at rest yet, as a sentence; empty: everything is.
std::string unrest_of(SimServer& server, const FindNode& find);

}  // namespace batchyard::testing
