// The gate: has a node what its size and its pool promise? Facts and limits come in, checks come
// out, each with what was measured, what was expected and what cures it. Pure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "catalogue/catalogue.h"
#include "protocol/hardware.h"

namespace batchyard {

// The defaults are sound for all sizes. Sources are in docs/hardware.md.
struct Thresholds {
  double memory_part = 0.9;      // of what the size promises: the kernel keeps some
  double gpu_memory_part = 0.9;  // likewise the driver
  std::int64_t ecc_corrected = 20'000'000;
  std::int64_t ecc_uncorrected = 0;
  std::vector<std::int64_t> xids{48, 62, 64, 74, 79, 95, 119, 120};  // that condemn a GPU
  std::int64_t rdma_gigabits = 0;                                    // at least; 0: any
  std::int64_t memlock = 64LL << 20;  // at least, where there is RDMA
  std::int64_t disk_free = 1LL << 30;
};

struct GateRules {
  // Nodes are machines of their own: cores, memory, disk, clock and models count, too. Otherwise
  // they share a machine that need not be of their size.
  bool strict = false;
  int quarantine_after = 3;  // failures in one life of a node
  Thresholds thresholds;
  std::map<std::string, Thresholds> sizes;  // by lower-case name: in place of those
  const Thresholds& of(const std::string& size) const;
};

// {"strict": true, "quarantineAfter": 3, "thresholds": {"eccCorrected": 0}, "sizes":
// {"Standard_NC6": {…}}}. Sizes may be written as people do, and be series. An error names the
// member.
Result<GateRules> read_gate_rules(std::string_view json, const Catalogue& catalogue);

struct Expectation {
  std::string size;  // lower case
  protocol::Promise promise;
  bool containers = false;
  bool inter_node = false;
};

struct Check {
  std::string id;  // "gpu.count"
  bool passed = true;
  std::string measured;
  std::string expected;
  std::string cure;
};

// Every check that applies, in a fixed order.
std::vector<Check> judge(const GateRules& rules, const Expectation& expected,
                         const protocol::Probe& probe);

// Whether the driver's name of a GPU is that of the catalogue: "Tesla V100-PCIE-16GB" is a "Tesla
// V100".
bool is_model(std::string_view name, std::string_view model);

}  // namespace batchyard
