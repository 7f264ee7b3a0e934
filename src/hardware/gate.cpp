#include "hardware/gate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"

namespace batchyard {

namespace {

using protocol::Fabric;
using protocol::Gpu;
using protocol::Probe;

constexpr std::int64_t mebibyte = std::int64_t{1} << 20;

std::string mebibytes(std::int64_t bytes) {
  return fmt::format("{} MiB", bytes / mebibyte);
}

// The words of a model's name that tell it from others: "NVIDIA", "Tesla" and what is in brackets
// do not.
std::vector<std::string> telling_words(std::string_view text) {
  std::string plain = fold(text.substr(0, text.find('(')));
  for (char& letter : plain) {
    if (letter == '-' || letter == '/') letter = ' ';
  }
  std::vector<std::string> words;
  for (const std::string_view word : split(plain, ' ')) {
    if (!word.empty() && word != "nvidia" && word != "tesla" && word != "amd" && word != "radeon" &&
        word != "instinct")
      words.emplace_back(word);
  }
  return words;
}

std::string kind_name(std::string_view kind) {
  return kind == "grid" ? "GRID driver" : "CUDA driver";
}

class Judge {
 public:
  Judge(const GateRules& rules, const Expectation& expected, const Probe& probe)
      : rules_(rules), limits_(rules.of(expected.size)), expected_(expected), probe_(probe) {}

  std::vector<Check> all() {
    if (rules_.strict) machine();
    if (expected_.promise.gpus > 0) gpus();
    if (expected_.promise.rdma) rdma();
    if (expected_.containers) containers();
    return std::move(checks_);
  }

 private:
  void add(std::string id, bool passed, std::string measured, std::string expected,
           std::string cure) {
    checks_.push_back({std::move(id), passed, std::move(measured), std::move(expected),
                       passed ? std::string() : std::move(cure)});
  }

  void machine() {
    const protocol::Promise& promise = expected_.promise;
    add("cores", probe_.cpus >= promise.cores, std::to_string(probe_.cpus),
        fmt::format("at least {}", promise.cores),
        "Give the pool a size with fewer cores, or its nodes to machines with more.");
    const auto least =
        static_cast<std::int64_t>(static_cast<double>(promise.memory) * limits_.memory_part);
    add("memory", probe_.memory >= least, mebibytes(probe_.memory), "at least " + mebibytes(least),
        "Give the pool a size with less memory, or its nodes to machines with more.");
    add("disk.free", probe_.disk_free >= limits_.disk_free, mebibytes(probe_.disk_free),
        "at least " + mebibytes(limits_.disk_free),
        "Free space where the node keeps its files, or set the threshold diskFree lower.");
    add("clock", probe_.clock != "free", probe_.clock.empty() ? "not known" : probe_.clock,
        "synchronised", "Start a time service (chrony, systemd-timesyncd) on the machine.");
  }

  void gpus() {
    const protocol::Promise& promise = expected_.promise;
    const auto count = static_cast<std::int32_t>(probe_.gpus.size());
    add("gpu.driver", probe_.gpu_fault.empty(),
        probe_.gpu_fault.empty() ? driver() : probe_.gpu_fault, "a driver that answers",
        probe_.gpu_fault.contains("mismatch")
            ? "Restart the machine, or load the kernel module of the library's version: a new "
              "driver was installed under the one that runs."
            : "Ask `nvidia-smi` on the node what is wrong, or get it the driver of the GPU's class "
              "(docs/hardware.md).");
    add("gpu.count", count >= promise.gpus, std::to_string(count),
        fmt::format("{} × {}", promise.gpus, promise.gpu),
        count == 0 ? "Let nodes install the driver (start the service with --install-drivers, or "
                     "register a handler of NvidiaGpuDriverLinux and name the extension in the "
                     "pool: docs/extensions.md), install it in the image or on the machine, or "
                     "give the pool a size without GPUs."
                   : "A GPU has fallen off its bus or is kept from this node: restart the machine, "
                     "and look at its kernel log.");
    for (const Gpu& gpu : probe_.gpus) one_gpu(gpu);
  }

  std::string driver() const {
    return probe_.gpus.empty() ? "no driver" : probe_.gpus.front().driver;
  }

  // On the GPU of the size itself: another one that stands in for it has the driver that it needs.
  void driver_kind(const Gpu& gpu) {
    const std::string& wanted = expected_.promise.driver;
    if (wanted.empty() || gpu.driver_kind.empty() ||
        !(rules_.strict || is_model(gpu.name, expected_.promise.gpu)))
      return;
    const bool grid = wanted == "grid";
    add("gpu.driver.kind", gpu.driver_kind == wanted,
        fmt::format("{} {}", kind_name(gpu.driver_kind), gpu.driver), kind_name(wanted),
        grid ? "The size is for graphics: install NVIDIA's GRID driver in place of this one, or "
               "give the pool a size for computing (NC, ND)."
             : "The size is for computing: install NVIDIA's CUDA driver in place of this one, or "
               "give the pool a size for graphics (NV).");
  }

  void one_gpu(const Gpu& gpu) {
    const std::string name = gpu.uuid.empty() ? gpu.name : gpu.uuid;
    const protocol::Promise& promise = expected_.promise;
    driver_kind(gpu);
    if (rules_.strict && !promise.gpu.empty())
      add("gpu.model", is_model(gpu.name, promise.gpu), gpu.name, promise.gpu,
          "Give the pool the size that has this GPU.");
    const auto least = static_cast<std::int64_t>(static_cast<double>(promise.gpu_memory) *
                                                 limits_.gpu_memory_part);
    if (rules_.strict && least > 0)
      add("gpu.memory", gpu.memory >= least, mebibytes(gpu.memory), "at least " + mebibytes(least),
          "Give the pool the size that has this GPU.");
    add("gpu.ecc.uncorrected", gpu.ecc_uncorrected <= limits_.ecc_uncorrected,
        fmt::format("{} on {}", gpu.ecc_uncorrected, name),
        fmt::format("at most {}", limits_.ecc_uncorrected),
        "The GPU's memory has failed: let what uses it end, reset it (nvidia-smi --gpu-reset) or "
        "restart the machine; have it replaced when it comes again.");
    add("gpu.ecc.corrected", gpu.ecc_corrected <= limits_.ecc_corrected,
        fmt::format("{} on {}", gpu.ecc_corrected, name),
        fmt::format("at most {}", limits_.ecc_corrected),
        "The GPU's memory fails more than it should: restart the machine, have the GPU replaced "
        "when it comes again, or set the threshold eccCorrected higher.");
    std::vector<std::string> bad;
    for (const std::int32_t xid : gpu.xids) {
      if (std::ranges::find(limits_.xids, xid) != limits_.xids.end())
        bad.push_back(std::to_string(xid));
    }
    add("gpu.xid", bad.empty(),
        bad.empty() ? "none on " + name : fmt::format("XID {} on {}", join(bad, ", "), name),
        "none that condemns a GPU",
        "The driver has reported a fault of the GPU: restart the machine; have the GPU replaced "
        "when it comes again. NVIDIA's XID list says what each number means.");
  }

  void rdma() {
    add("rdma.device", !probe_.fabrics.empty(), std::to_string(probe_.fabrics.size()) + " ports",
        "at least one",
        "Let nodes install the RDMA stack (start the service with --install-drivers, or register "
        "a handler of InfiniBandDriverLinux and name the extension in the pool: "
        "docs/extensions.md), install it in the image or on the machine, or give the pool a size "
        "without RDMA.");
    const auto up = std::ranges::find(probe_.fabrics, "ACTIVE", &Fabric::state);
    if (!probe_.fabrics.empty()) {
      const Fabric& first = probe_.fabrics.front();
      add("rdma.link", up != probe_.fabrics.end(),
          up != probe_.fabrics.end() ? up->device + " ACTIVE" : first.device + " " + first.state,
          "one that is ACTIVE",
          "Look at the cable, the switch port and the subnet manager of the fabric.");
    }
    if (up == probe_.fabrics.end()) return;
    if (limits_.rdma_gigabits > 0)
      add("rdma.rate", up->gigabits >= limits_.rdma_gigabits, up->rate,
          fmt::format("at least {} Gb/sec", limits_.rdma_gigabits),
          "The link runs slower than it should: look at its cable, or set the threshold "
          "rdmaGigabits lower.");
    if (up->emulated) return;
    add("rdma.memlock", probe_.memlock < 0 || probe_.memlock >= limits_.memlock,
        probe_.memlock < 0 ? "unlimited" : mebibytes(probe_.memlock),
        "at least " + mebibytes(limits_.memlock),
        "Raise `memlock` for the service (LimitMEMLOCK=infinity, or ulimit -l unlimited).");
    if (rules_.strict && expected_.inter_node)
      add("mpi", !probe_.mpi.empty(), join(probe_.mpi, ", "), "an MPI runtime",
          "Install Open MPI, MPICH or Intel MPI on the machine.");
  }

  void containers() {
    if (expected_.promise.gpus == 0 || probe_.gpus.empty() || probe_.gpus.front().emulated) return;
    add("containers.gpu", !probe_.gpu_containers.empty(),
        probe_.gpu_containers.empty() ? "no way to give a container a GPU" : probe_.gpu_containers,
        "a CDI file, or the driver's files",
        "Install the NVIDIA Container Toolkit and run `nvidia-ctk cdi generate "
        "--output=/etc/cdi/nvidia.yaml`.");
  }

  const GateRules& rules_;
  const Thresholds& limits_;
  const Expectation& expected_;
  const Probe& probe_;
  std::vector<Check> checks_;
};

}  // namespace

const Thresholds& GateRules::of(const std::string& size) const {
  const auto found = sizes.find(size);
  return found == sizes.end() ? thresholds : found->second;
}

std::vector<Check> judge(const GateRules& rules, const Expectation& expected,
                         const protocol::Probe& probe) {
  return Judge(rules, expected, probe).all();
}

bool is_model(std::string_view name, std::string_view model) {
  const std::vector<std::string> seen = telling_words(name);
  return std::ranges::all_of(telling_words(model), [&](const std::string& word) {
    return word == "pcie" || std::ranges::find(seen, word) != seen.end();
  });
}

}  // namespace batchyard
