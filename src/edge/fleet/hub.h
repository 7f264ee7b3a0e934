// The network of a pool: a bridge in a network namespace of its own. Pools cannot reach each other
// because no link leads out of a hub. Every node's first process holds the hub open, so it lives
// exactly as long as a node or the fleet does, and nothing of it is ever left behind.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"
#include "edge/fleet/descriptor.h"
#include "edge/fleet/netlink.h"

namespace batchyard::fleet {

class Hub {
 public:
  static Result<Hub> make();
  // The hub that this node's first process holds.
  static Result<Hub> held_by(pid_t init);

  int network_namespace() const { return namespace_.number(); }
  // A dead node's link would go by itself, but later than its address is given to the next node.
  void drop_port(const std::string& port) {
    if (const Result<> removed = netlink_.remove(port); !removed)
      return;  // it goes with the node's namespace
  }

 private:
  Hub(Descriptor network_namespace, Netlink netlink)
      : namespace_(std::move(network_namespace)), netlink_(std::move(netlink)) {}
  Descriptor namespace_;
  Netlink netlink_;
};

}  // namespace batchyard::fleet
