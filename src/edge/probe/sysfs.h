// What the kernel shows of GPUs and fabrics as files. `root` is "" for this machine, or a directory
// with a recorded tree.
#pragma once

#include <string>

#include "protocol/hardware.h"

namespace batchyard::edge {

// AMD's GPUs: <root>/sys/class/drm/card*/device with the driver amdgpu.
void read_amd(const std::string& root, protocol::Probe& probe);
// RDMA devices: <root>/sys/class/infiniband/*/ports/*, and the files that programs open.
void read_fabrics(const std::string& root, protocol::Probe& probe);
// Which memory a PCI device is near to: "0000:00:06.0" → 0; -1 when the kernel does not say.
std::int32_t numa_of(const std::string& root, const std::string& bus);

}  // namespace batchyard::edge
