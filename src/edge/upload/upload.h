// All of a run's output files: found by their patterns, put into their containers, and told about
// in the task's fileuploadout.txt and fileuploaderr.txt. Works on the calling thread.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/transfer/transfer.h"
#include "node/ports.h"

namespace batchyard::edge {

struct UploadSite {
  std::string root;  // of the node
  Transfer& transfer;
  Halt& halt;
  long uid = -1;  // with whose rights files are read
  long gid = -1;
};

// The first failure, with a detail for each file that could not be uploaded; the others are.
Result<> upload_from_node(const UploadSite& site, const node::UploadOrder& order);

}  // namespace batchyard::edge
