// Where things lie below a node's root directory: what users see in taskRootDirectory and in the
// file operations (source: the service's table of directories).
#pragma once

#include <string>

#include "base/id.h"

namespace batchyard {

// "workitems/j/job-1"; of the n-th job of a schedule, whose id is "s:job-n": "workitems/s/job-n".
inline std::string job_directory(const JobId& job) {
  const std::string& id = job.text();
  const std::size_t colon = id.rfind(':');
  if (colon == std::string::npos) return "workitems/" + id + "/job-1";
  return "workitems/" + id.substr(0, colon) + "/" + id.substr(colon + 1);
}

// Where the stand-ins of emulated hardware lie: bin, lib, and the file `state` that they show.
inline constexpr const char* hardware_directory = "volatile/hardware";

}  // namespace batchyard
