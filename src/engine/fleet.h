// Where nodes come from: the engine's port to the fleets. Orders are idempotent (the same node may
// be ordered or given back again after a restart), calls return at once, and what came of them is
// told to the listener on the fleet's own thread.
#pragma once

#include <string>

#include "base/id.h"
#include "base/result.h"
#include "protocol/hardware.h"

namespace batchyard::engine {

struct NodeOrder {
  PoolId pool;
  NodeId node;
  std::string token;    // what the node's agent proves its identity with
  std::string vm_size;  // as the user wrote it
  // What it boots, as its pool names it (model/image.h); the fleet knows what that is.
  std::string boots{};
  bool windows = false;  // it has to be one of Windows
  bool inter_node_communication = false;
  // Which start of the node is meant. A node that lives in a lower life is ended and started anew
  // with its files; they are removed first when `image` is higher than the one they belong to.
  std::int64_t life = 0;
  std::int64_t image = 0;
  protocol::Promise promise{};  // what the size has: a fleet that may emulate it makes it so
};

struct NodeMade {
  PoolId pool;
  NodeId node;
  std::string ip_address;
  std::string host_name;
  bool isolated = false;  // has a network, a file system view and process ids of its own
  std::int64_t life = 0;  // of the order that it was started for
};

class FleetListener {
 public:
  virtual ~FleetListener() = default;
  // The node is there (made now, or found alive); its agent is being started and will dial the
  // server.
  virtual void made(NodeMade node) = 0;
  // It could not be made, or was made and has died: none of its processes is left. Its files stay
  // until it is made again (they are its disk then) or given back. The error's message says why.
  virtual void failed(PoolId pool, NodeId node, Error error) = 0;
  // Given back; nothing is left of it. Also the answer for a node that the fleet does not know.
  virtual void unmade(PoolId pool, NodeId node) = 0;
};

class Fleet {
 public:
  virtual ~Fleet() = default;
  virtual void make(NodeOrder order) = 0;
  virtual void unmake(PoolId pool, NodeId node) = 0;
  // The node dies at once, as by a fault of its machine; failed() tells.
  virtual void lose(PoolId pool, NodeId node) = 0;
  // Ends the node's agent and starts a new one; tasks go on.
  virtual void restart_agent(PoolId pool, NodeId node) = 0;
};

}  // namespace batchyard::engine
