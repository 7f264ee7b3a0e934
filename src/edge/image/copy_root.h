// A node's root file system, or what of it is the node's own, as a layer of an image.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "edge/image/unpack_root.h"

namespace batchyard::edge {

enum class CopyExtent {
  difference,  // the upper part of an overlay: what it hides stays hidden
  whole,       // the files of this one file system, whatever is mounted below it
};

// Both are open directories; `to` is empty. Left out are the places where a node has mounts of its
// own (/proc, /sys, /dev, /run, /tmp, /mnt/batch), sockets, and devices. `spared` are absolute
// paths that are not copied either.
Result<RootFacts> copy_root(int from, int to, CopyExtent extent,
                            const std::vector<std::string>& spared = {});

}  // namespace batchyard::edge
