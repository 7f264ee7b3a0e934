#include "hardware/brief.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "base/text.h"

namespace batchyard {

namespace {

// Equal things are counted, in the order in which they were found.
class Tally {
 public:
  void add(std::string what) {
    const auto known = std::ranges::find(counts_, what, &std::pair<std::string, int>::first);
    if (known == counts_.end())
      counts_.emplace_back(std::move(what), 1);
    else
      ++known->second;
  }
  const std::vector<std::pair<std::string, int>>& counts() const { return counts_; }

 private:
  std::vector<std::pair<std::string, int>> counts_;
};

const char* mark(bool emulated) {
  return emulated ? " (emulated)" : "";
}

std::string name_of(const protocol::Gpu& gpu) {
  const std::string parts =
      gpu.mig.empty() ? std::string() : fmt::format(" in {} parts", gpu.mig.size());
  return gpu.name + parts + mark(gpu.emulated);
}

std::string name_of(const protocol::Fabric& port) {
  const std::string layer = port.layer == "Ethernet" ? "RoCE" : "InfiniBand";
  const std::string speed =
      port.state == "ACTIVE" ? fmt::format("{} Gb/s", port.gigabits) : port.state;
  return fmt::format("{} {}{}", layer, speed, mark(port.emulated));
}

}  // namespace

std::string in_brief(const protocol::Probe& probe) {
  std::vector<std::string> parts;
  Tally gpus;
  for (const protocol::Gpu& gpu : probe.gpus) gpus.add(name_of(gpu));
  for (const auto& [name, count] : gpus.counts())
    parts.push_back(fmt::format("{} {}", count, name));
  if (!probe.gpu_fault.empty()) parts.emplace_back("GPU driver fails");
  Tally ports;
  for (const protocol::Fabric& port : probe.fabrics) ports.add(name_of(port));
  for (const auto& [name, count] : ports.counts())
    parts.push_back(count == 1 ? name : fmt::format("{} {}", count, name));
  return join(parts, ", ");
}

}  // namespace batchyard
