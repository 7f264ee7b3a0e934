// How busy this machine was since it was asked last: what agents report every 30 s.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "protocol/messages.h"

namespace batchyard::edge {

inline constexpr std::chrono::milliseconds usage_pause = std::chrono::seconds(30);

// Counters that only grow, as the kernel tells them.
struct MachineCounters {
  double cpu_busy = 0, cpu_all = 0;  // in ticks
  std::int64_t disk_read_bytes = 0, disk_write_bytes = 0, disk_read_ops = 0, disk_write_ops = 0;
  std::int64_t network_in_bytes = 0, network_out_bytes = 0;
};

// The texts of /proc/stat, /proc/diskstats and /proc/net/dev; of disks and interfaces only those
// that `counts` says yes to.
void read_cpu(std::string_view stat, MachineCounters& counters);
void read_disks(std::string_view diskstats, bool (*counts)(const std::string& name),
                MachineCounters& counters);
void read_network(std::string_view dev, bool (*counts)(const std::string& name),
                  MachineCounters& counters);
// Megabytes in use, by the text of /proc/meminfo.
double memory_in_use(std::string_view meminfo);

class UsageProbe {
 public:
  // `directory`: where the node's files are, for the disk in use.
  explicit UsageProbe(std::string directory);
  protocol::NodeUsage since_last();

 private:
  std::string directory_;
  MachineCounters before_;
};

}  // namespace batchyard::edge
