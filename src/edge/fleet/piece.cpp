#include "edge/fleet/piece.h"

#include <fcntl.h>
#include <sys/mount.h>

#include "edge/fleet/system.h"

namespace batchyard::fleet {

Result<Piece> take(const std::string& source, std::string target, Depth depth) {
  const unsigned flags =
      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | (depth == Depth::with_mounts_below ? AT_RECURSIVE : 0u);
  Piece piece{Descriptor(::open_tree(AT_FDCWD, source.c_str(), flags)), std::move(target)};
  if (!piece.tree.is_open()) return cannot("take " + source + " into the node");
  return piece;
}

Result<> put(const Piece& piece) {
  if (::move_mount(piece.tree.number(), "", AT_FDCWD, piece.target.c_str(),
                   MOVE_MOUNT_F_EMPTY_PATH) != 0)
    return cannot("mount " + piece.target + " in the node");
  return Done{};
}

}  // namespace batchyard::fleet
