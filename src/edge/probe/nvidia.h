// What NVIDIA's driver says of its GPUs, read from its own words. Pure: texts come in.
#pragma once

#include <string>
#include <string_view>

#include "protocol/hardware.h"

namespace batchyard::edge {

// `nvidia-smi -q -x`: GPUs and the CUDA version go into `probe`. False when it is no such document.
bool read_smi_document(std::string_view xml, protocol::Probe& probe);

// `nvidia-smi --query-gpu=` + smi_columns + ` --format=csv,noheader,nounits`, for drivers whose
// document cannot be read.
inline constexpr const char* smi_columns =
    "index,uuid,name,pci.bus_id,memory.total,driver_version,ecc.mode.current,"
    "ecc.errors.corrected.volatile.total,ecc.errors.uncorrected.volatile.total";
bool read_smi_table(std::string_view csv, protocol::Probe& probe);

// What nvidia-smi says when it cannot look at the GPUs: its first line that tells why.
std::string smi_complaint(std::string_view said);

// /proc/driver/nvidia/version: "580.159.04"; empty when it does not say.
std::string driver_version(std::string_view text);
// /proc/driver/nvidia/gpus/*/information: model, UUID, bus and minor.
protocol::Gpu read_information(std::string_view text);

// "NVRM: Xid (PCI:0000:00:06): 79, …" in lines of the kernel's log, as /dev/kmsg gives them
// ("priority,sequence,microseconds,-;text"), later than `since` microseconds: added to their GPU.
void read_xids(std::string_view log, std::int64_t since, protocol::Probe& probe);

}  // namespace batchyard::edge
