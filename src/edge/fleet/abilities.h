// What this machine lets the local fleet do, found out by trying; for `doctor` and for choosing the
// isolation.
#pragma once

#include <string>
#include <vector>

namespace batchyard::fleet {

struct Ability {
  std::string name;  // "network namespaces"
  bool there = false;
  std::string finding;  // what was seen: "clone3: Operation not permitted"
  std::string cure;     // what to do about it; empty when it is there
};

struct FleetAbilities {
  Ability root;
  Ability namespaces;       // network, mount, UTS, PID and IPC in one process
  Ability links;            // a bridge and a virtual Ethernet pair
  Ability mounts;           // proc, sysfs, bind and tree mounts
  Ability cgroup_v2;        // a group of the service's own can be made: whole trees end at once
  Ability cgroup_v1;        // limits on mixed machines; nothing the fleet depends on
  Ability user_namespaces;  // without root; told for information, nodes do not use them
  bool isolated_nodes() const {
    return root.there && namespaces.there && links.there && mounts.there;
  }
  std::vector<Ability> all() const {
    return {root, namespaces, links, mounts, cgroup_v2, cgroup_v1, user_namespaces};
  }
};

FleetAbilities probe();

}  // namespace batchyard::fleet
