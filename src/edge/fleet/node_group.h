// The version 2 cgroups of nodes: <mount>/batchyard/<installation>/<node>, in which the agent makes
// groups for its tasks. Where the tree is missing or cannot be written, nodes go without.
#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace batchyard::fleet {

// Where version 2 cgroups are mounted; empty when they are not.
std::string cgroup_mount();

// Makes the node's group and moves its first process into a group below it. The path, or empty
// without cgroups.
std::string make_node_group(const std::string& installation, const std::string& node, pid_t init);

// Ends every process in the group and removes it, with those above it that have become empty. Empty
// path: nothing to do.
Result<> end_node_group(const std::string& path);

}  // namespace batchyard::fleet
