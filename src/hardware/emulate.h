// Hardware that a size promises and a machine does not have, as if it were there; and faults laid
// over what is there. All of it is marked, and shows up to tasks through a text that the stand-ins
// of nvidia-smi and NVML read. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "protocol/hardware.h"

namespace batchyard {

// Adds to `probe` the GPUs and the RDMA port that are promised and missing. The same node always
// has the same ones.
void emulate(const protocol::Promise& promise, std::string_view node, protocol::Probe& probe);

// Lays faults over the facts. `probe.injected` says which.
void apply_faults(const std::vector<protocol::Fault>& faults, protocol::Probe& probe);

// What the stand-ins are to show, one fact a line, parts divided by tabs:
//   driver VERSION · cuda VERSION · fault WORDS
//   gpu INDEX UUID NAME BUS MEMORY_MIB ECC CORRECTED UNCORRECTED LOST MINOR
std::string stand_in_text(const protocol::Probe& probe);

// True when GPUs are shown through the stand-ins.
bool has_emulated_gpus(const protocol::Probe& probe);

}  // namespace batchyard
