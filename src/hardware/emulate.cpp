#include "hardware/emulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "base/id.h"
#include "base/text.h"

namespace batchyard {

namespace {

using protocol::Fault;
using protocol::FaultKind;
using protocol::Gpu;
using protocol::Probe;

constexpr std::int64_t bytes_of_mib = std::int64_t{1} << 20;
constexpr const char* emulated_driver = "535.161.08";
constexpr const char* emulated_cuda = "12.2";
// After this one the driver cannot reach the GPU any more.
constexpr std::int32_t fallen_off_the_bus = 79;

// What drivers call the models of the catalogue, and how much of their memory they show. Sizes with
// another amount get a part of a card, or a card of another make.
struct Model {
  std::string_view catalogue;
  std::string_view driver;
  std::int64_t gib;
  std::int64_t shown_mib;
};
constexpr Model models[] = {
    {"Tesla K80", "Tesla K80", 12, 11441},
    {"Tesla M60", "Tesla M60", 8, 8129},
    {"Tesla P40", "Tesla P40", 24, 22919},
    {"Tesla P100", "Tesla P100-PCIE-16GB", 16, 16280},
    {"Tesla V100 (NVLink)", "Tesla V100-SXM2-16GB", 16, 16160},
    {"Tesla V100 (NVLink)", "Tesla V100-SXM2-32GB", 32, 32510},
    {"Tesla V100", "Tesla V100-PCIE-16GB", 16, 16160},
    {"T4", "Tesla T4", 16, 15109},
    {"A10", "NVIDIA A10", 24, 23028},
    {"A100 PCIe", "NVIDIA A100 80GB PCIe", 80, 81920},
    {"A100 (NVLink)", "NVIDIA A100-SXM4-40GB", 40, 40960},
    {"A100 (NVLink)", "NVIDIA A100-SXM4-80GB", 80, 81920},
    {"H100 NVL", "NVIDIA H100 NVL", 94, 95830},
    {"H100 (NVLink)", "NVIDIA H100 80GB HBM3", 80, 81559},
    {"H200 (NVLink)", "NVIDIA H200", 141, 143771},
};

// A UUID that depends on nothing but its seed.
std::string uuid_of(const std::string& seed) {
  const std::string digits =
      fmt::format("{:016x}{:016x}", folded_hash(seed), folded_hash("again/" + seed));
  return fmt::format("{}-{}-4{}-8{}-{}", digits.substr(0, 8), digits.substr(8, 4),
                     digits.substr(13, 3), digits.substr(17, 3), digits.substr(20, 12));
}

Gpu emulated_gpu(const protocol::Promise& promise, std::string_view node, std::int32_t number) {
  Gpu gpu;
  gpu.emulated = true;
  gpu.vendor = promise.gpu_vendor.empty() ? "nvidia" : promise.gpu_vendor;
  const bool nvidia = gpu.vendor == "nvidia";
  gpu.name = promise.gpu;
  gpu.memory = promise.gpu_memory;
  for (const Model& model : models) {
    if (model.catalogue != promise.gpu) continue;
    gpu.name = model.driver;
    const bool whole = promise.gpu_memory >> 30 == model.gib || promise.gpu_memory == 0;
    if (whole) gpu.memory = model.shown_mib * bytes_of_mib;
    if (whole) break;
  }
  gpu.driver = emulated_driver;
  gpu.driver_kind = promise.driver;
  gpu.uuid = (nvidia ? "GPU-" : "") + uuid_of(fmt::format("{}/gpu/{}", node, number));
  gpu.bus = fmt::format("{:08x}:00:00.0", number + 1);
  gpu.minor = number;
  // Half of them near to each processor, as in machines with two.
  gpu.numa = promise.gpus > 1 ? number / ((promise.gpus + 1) / 2) : 0;
  gpu.ecc = "Enabled";
  return gpu;
}

protocol::Fabric emulated_fabric(const protocol::Promise& promise) {
  protocol::Fabric fabric;
  fabric.device = "mlx5_0";
  fabric.layer = "InfiniBand";
  fabric.state = "ACTIVE";
  fabric.gigabits = promise.rdma_gigabits > 0 ? promise.rdma_gigabits : 100;
  fabric.rate = fmt::format("{} Gb/sec (emulated)", fabric.gigabits);
  fabric.pkeys = {"0x8001", "0x7fff"};
  fabric.numa = 0;
  fabric.emulated = true;
  return fabric;
}

template <class List>
auto* one_of(List& list, std::int32_t number) {
  return number < 0 || static_cast<std::size_t>(number) >= list.size()
             ? nullptr
             : &list[static_cast<std::size_t>(number)];
}

void apply_fault(const Fault& fault, Probe& probe) {
  const std::string kind = boost::describe::enum_to_string(fault.kind, "");
  std::string words = kind;
  if (fault.kind == FaultKind::xid || fault.kind == FaultKind::ecc) {
    words += fmt::format(" {} on GPU {}", fault.value, fault.gpu);
    Gpu* gpu = one_of(probe.gpus, fault.gpu);
    if (gpu == nullptr)
      words += ", which the node has not";
    else if (fault.kind == FaultKind::xid)
      gpu->xids.push_back(static_cast<std::int32_t>(fault.value));
    else
      gpu->ecc_uncorrected += fault.value;
  }
  if (fault.kind == FaultKind::linkdown) {
    words += fmt::format(" of port {}", fault.gpu);
    if (protocol::Fabric* fabric = one_of(probe.fabrics, fault.gpu))
      fabric->state = "DOWN";
    else
      words += ", which the node has not";
  }
  if (fault.kind == FaultKind::drivermismatch) {
    probe.gpu_fault = "Failed to initialize NVML: Driver/library version mismatch";
    probe.cuda.clear();
  }
  probe.injected.push_back(std::move(words));
}

}  // namespace

void emulate(const protocol::Promise& promise, std::string_view node, Probe& probe) {
  // A driver that does not answer is not covered up.
  if (promise.gpus > 0 && probe.gpus.empty() && probe.gpu_fault.empty()) {
    for (std::int32_t number = 0; number < promise.gpus; ++number)
      probe.gpus.push_back(emulated_gpu(promise, node, number));
    probe.cuda = emulated_cuda;
  }
  if (promise.rdma && probe.fabrics.empty()) probe.fabrics.push_back(emulated_fabric(promise));
}

void apply_faults(const std::vector<Fault>& faults, Probe& probe) {
  for (const Fault& fault : faults) apply_fault(fault, probe);
  // Last, so that the others find the GPUs that they name.
  if (!probe.injected.empty() && !probe.gpu_fault.empty()) probe.gpus.clear();
}

bool has_emulated_gpus(const Probe& probe) {
  return std::ranges::any_of(probe.gpus,
                             [](const Gpu& gpu) { return gpu.emulated && gpu.vendor == "nvidia"; });
}

std::string stand_in_text(const Probe& probe) {
  std::string text = fmt::format("driver\t{}\ncuda\t{}\n",
                                 probe.gpus.empty() ? emulated_driver : probe.gpus.front().driver,
                                 probe.cuda.empty() ? emulated_cuda : probe.cuda);
  if (!probe.gpu_fault.empty()) text += "fault\t" + probe.gpu_fault + "\n";
  std::int32_t index = 0;
  for (const Gpu& gpu : probe.gpus) {
    if (!gpu.emulated || gpu.vendor != "nvidia") continue;
    const bool lost = std::ranges::find(gpu.xids, fallen_off_the_bus) != gpu.xids.end();
    text += fmt::format("gpu\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", index++, gpu.uuid,
                        gpu.name, gpu.bus, gpu.memory / bytes_of_mib, gpu.ecc, gpu.ecc_corrected,
                        gpu.ecc_uncorrected, lost ? 1 : 0, gpu.minor);
  }
  return text;
}

}  // namespace batchyard
