#include "edge/fleet/hub.h"

#include <fcntl.h>
#include <sched.h>

#include "base/check.h"
#include "edge/fleet/node_plan.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

Result<Hub> Hub::make() {
  const Descriptor own = TRY(open_file("/proc/thread-self/ns/net", O_RDONLY));
  if (::unshare(CLONE_NEWNET) != 0) return cannot("make a network for the pool");
  Result<Descriptor> made = open_file("/proc/thread-self/ns/net", O_RDONLY);
  Result<Netlink> opened = Netlink::open();
  check(::setns(own.number(), CLONE_NEWNET) == 0, "a thread returns to its own network namespace");
  Descriptor network_namespace = TRY(std::move(made));
  Netlink netlink = TRY(std::move(opened));
  TRY(netlink.set_up("lo"));
  TRY(netlink.add_bridge(bridge_name));
  TRY(netlink.set_up(bridge_name));
  return Hub(std::move(network_namespace), std::move(netlink));
}

Result<Hub> Hub::held_by(pid_t init) {
  Descriptor network_namespace = TRY(open_file(
      "/proc/" + std::to_string(init) + "/fd/" + std::to_string(hub_descriptor), O_RDONLY));
  Netlink netlink = TRY(open_netlink_in(network_namespace.number()));
  return Hub(std::move(network_namespace), std::move(netlink));
}

}  // namespace batchyard::fleet
