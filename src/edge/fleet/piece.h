// A copy of a part of the tree that is not attached anywhere yet: taken before its path is covered,
// put down after.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"
#include "edge/fleet/descriptor.h"

namespace batchyard::fleet {

struct Piece {
  Descriptor tree;
  std::string target;
};

enum class Depth { this_mount, with_mounts_below };

Result<Piece> take(const std::string& source, std::string target, Depth depth = Depth::this_mount);
Result<> put(const Piece& piece);

}  // namespace batchyard::fleet
