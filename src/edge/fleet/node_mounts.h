// What an isolated node sees of the machine's files: all of it, but with its own /proc, /sys,
// /dev/shm, /tmp, /etc/hosts and /mnt/batch. Everything is a mount in the node's own namespace, so
// nothing of it outlives the node.
#pragma once

#include "base/result.h"
#include "edge/fleet/node_plan.h"

namespace batchyard::fleet {

// Called once by the node's process 1, in its new mount and PID namespaces, with the machine's view
// still in place.
Result<> build_mounts(const NodePlan& plan);

}  // namespace batchyard::fleet
