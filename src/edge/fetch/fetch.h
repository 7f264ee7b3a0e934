// One resource file, or one container of them, from its source into the node. Works on the calling
// thread; what it needs is given.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/transfer/transfer.h"
#include "node/ports.h"

namespace batchyard::edge {

struct FetchSite {
  std::string root;  // of the node
  Transfer& transfer;
  Halt& halt;
  long uid = -1;  // with whose rights files are made
  long gid = -1;
};

Result<> fetch_into_node(const FetchSite& site, const node::FetchOrder& order);

}  // namespace batchyard::edge
