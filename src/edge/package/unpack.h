// A package's archive into a directory of a node.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"

namespace batchyard::edge {

// `directory`, an open one and empty, gets what the zip archive `number` has: files and directories
// that are the caller's and that everybody may read. InvalidArchive (edge/package/zip.h), DiskFull,
// PackageWriteFailed.
Result<> unpack_zip(int number, int directory, const std::function<bool()>& keeps_on = {});

}  // namespace batchyard::edge
