// Groups whose processes can open no NVIDIA GPU but those that are theirs: version 2 cgroups with a
// small program that the kernel asks at every opening of a device file.
#pragma once

#include <cstdint>
#include <set>
#include <string>

namespace batchyard::edge {

// Makes such a group below `parent` and gives its path; empty when the kernel, or a right that is
// missing, does not allow it. `minors`: of the device files that may be opened.
std::string make_device_group(const std::string& parent, const std::string& name,
                              const std::set<std::int32_t>& minors);

// Once its processes have ended; what is left goes with its parent.
void drop_device_group(const std::string& parent, const std::string& name);

}  // namespace batchyard::edge
