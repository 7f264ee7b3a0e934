// Where the files of a living node's root file system lie, for an image to be made of them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/result.h"

namespace batchyard::fleet {

struct NodeDisk {
  std::vector<std::string> layers;  // that it boots; none: the machine's own root
  std::string upper;                // what is the node's own
  std::string root;                 // all of it, as its processes see it
};

// `data_directory` is the fleet's. OperationNotValidOnNode when the node does not live, or has no
// file system view of its own.
Result<NodeDisk> disk_of(const std::string& data_directory, const PoolId& pool, const NodeId& node);

// Layers that any node has under it, or will have when it starts again.
std::set<std::string> booted_layers(const std::string& data_directory);

}  // namespace batchyard::fleet
