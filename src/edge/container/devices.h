// What a container needs to use GPUs and fabrics of its machine.
#pragma once

#include "edge/container/container_job.h"
#include "protocol/hardware.h"

namespace batchyard::edge {

// GPUs, by their UUIDs: through a CDI file where the NVIDIA Container Toolkit has made one, else
// their device files and the driver's libraries.
void add_gpus(const std::vector<std::string>& gpus, const protocol::Probe& probe,
              ContainerJob& job);
// The stand-ins of emulated GPUs, where programs look for the real ones; `directory` has bin, lib
// and state.
void add_stand_ins(const std::string& directory, ContainerJob& job);
// The files of RDMA devices, and memory to be locked.
void add_fabrics(const protocol::Probe& probe, ContainerJob& job);

}  // namespace batchyard::edge
