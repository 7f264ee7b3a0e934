// A node as the running fleet holds it, and how it comes to be: directories, first process, record,
// and the words for its agent.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>

#include "edge/fleet/hub.h"
#include "edge/fleet/init_process.h"
#include "edge/fleet/local_fleet.h"
#include "edge/fleet/node_record.h"
#include "edge/fleet/pool_hosts.h"

namespace batchyard::fleet {

using Clock = std::chrono::steady_clock;

//   (order) -> Building -> Up -> Ending -> (gone)
//                  └───────────────┘
// A first process that dies by itself ends the node from Building or Up at once.
struct Building {
  Descriptor report;
  std::string text;  // of the report so far
  Clock::time_point deadline;
};
struct Up {};
struct Ending {
  std::optional<Error> failure = {};  // tell that it failed; otherwise tell that it was given back
  bool silent = false;                // tell nothing: nobody has asked
  std::optional<engine::NodeOrder> again = {};  // ordered anew meanwhile
  Clock::time_point deadline = {};
};
using NodeState = std::variant<Building, Up, Ending>;

struct NodeInHand {
  NodeRecord record;
  engine::NodeOrder order;
  InitProcess process;
  NodeState state;
};

// What building needs to know of the fleet and the pool.
struct BuildSite {
  const LocalFleetOptions& options;
  const FleetDirectory& directory;
  const std::string& installation;  // tells this data directory's cgroups from others'
  const Hub* hub = nullptr;         // nothing without namespaces
  PoolHosts& hosts;
};

// The first process has been started, is on record and builds the node; its report will come. Of
// `record`, pool, node, numbers and isolation are given.
Result<NodeInHand> begin_node(const BuildSite& site, engine::NodeOrder order, NodeRecord record);

// Writes token and command of the node's agent. True when the command is another one than before.
Result<bool> write_agent_files(const BuildSite& site, const NodeInHand& node);

// Takes over the living first process of an earlier service's record.
Result<InitProcess> recognise(const NodeRecord& record);

// A DNS label made of the node's id.
std::string host_name_of(const NodeId& node);

}  // namespace batchyard::fleet
