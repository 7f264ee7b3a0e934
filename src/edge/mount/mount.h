// The file systems that a pool mounts on its nodes (mountConfiguration): by the system's own tools,
// where they are there. A log per mount lies beside the mount points.
#pragma once

#include <string>

#include "base/result.h"

namespace batchyard::edge {

struct MountSite {
  std::string directory;  // AZ_BATCH_NODE_MOUNTS_DIR
  // The caller has a mount namespace of its own: what it mounts ends with it. Without, nothing is
  // mounted, for it would be mounted on the whole machine.
  bool own_view = false;
  std::string tools = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
};

// One after the other, each within a minute. MountConfigurationError: which one failed, why, and
// what would help. A mount point that has a mount already is left as it is.
Result<> mount_all(const MountSite& site, const std::string& configuration);

}  // namespace batchyard::edge
