// Copies a task's directory, whatever the task has put there, within limits.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/archive/archive.h"

namespace batchyard::edge {

// Regular files only, and no link is followed out of `from`. `to` exists and is empty. How many
// bytes were copied.
Result<std::int64_t> copy_run(const std::string& from, const std::string& to,
                              const ArchiveLimits& limits);

}  // namespace batchyard::edge
