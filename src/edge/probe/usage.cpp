#include "edge/probe/usage.h"

#include <sys/statvfs.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "base/text.h"

namespace batchyard::edge {

namespace {

constexpr std::int64_t sector_bytes = 512;

std::string text_of(const char* path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// Partitions, loops and mapped devices would count again what their disks count.
bool is_disk(const std::string& name) {
  std::error_code ignored;
  return std::filesystem::exists("/sys/block/" + name + "/device", ignored);
}

// The links between the nodes of one machine are not the machine's traffic.
bool is_interface(const std::string& name) {
  return name != "lo" && !name.starts_with("veth") && !name.starts_with("by");
}

MachineCounters counters_now() {
  MachineCounters counters;
  read_cpu(text_of("/proc/stat"), counters);
  read_disks(text_of("/proc/diskstats"), is_disk, counters);
  read_network(text_of("/proc/net/dev"), is_interface, counters);
  return counters;
}

double disk_in_use(const std::string& directory) {
  struct statvfs space{};
  if (statvfs(directory.c_str(), &space) != 0) return 0;
  return static_cast<double>(space.f_blocks - space.f_bfree) * static_cast<double>(space.f_frsize) /
         (1024.0 * 1024 * 1024);
}

}  // namespace

void read_cpu(std::string_view stat, MachineCounters& counters) {
  std::istringstream words{std::string(stat.substr(0, stat.find('\n')))};
  std::string name;
  words >> name;
  double value = 0;
  for (int column = 0; column < 8 && words >> value; ++column) {
    counters.cpu_all += value;
    if (column != 3 && column != 4) counters.cpu_busy += value;  // idle, waiting for a disk
  }
}

void read_disks(std::string_view diskstats, bool (*counts)(const std::string& name),
                MachineCounters& counters) {
  for (const std::string_view line : split(diskstats, '\n')) {
    std::istringstream words{std::string(line)};
    std::string name;
    std::int64_t major = 0, minor = 0, reads = 0, merged = 0, read = 0, ms = 0, writes = 0,
                 merged_writes = 0, written = 0;
    if (!(words >> major >> minor >> name >> reads >> merged >> read >> ms >> writes >>
          merged_writes >> written) ||
        !counts(name))
      continue;
    counters.disk_read_ops += reads;
    counters.disk_read_bytes += read * sector_bytes;
    counters.disk_write_ops += writes;
    counters.disk_write_bytes += written * sector_bytes;
  }
}

void read_network(std::string_view dev, bool (*counts)(const std::string& name),
                  MachineCounters& counters) {
  for (const std::string_view line : split(dev, '\n')) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos || !counts(std::string(trim(line.substr(0, colon))))) continue;
    std::istringstream words{std::string(line.substr(colon + 1))};
    std::int64_t columns[9] = {};
    for (std::int64_t& column : columns) words >> column;
    counters.network_in_bytes += columns[0];
    counters.network_out_bytes += columns[8];
  }
}

double memory_in_use(std::string_view meminfo) {
  double total = 0, available = 0;
  for (const std::string_view line : split(meminfo, '\n')) {
    std::istringstream words{std::string(line)};
    std::string name;
    double kilobytes = 0;
    if (!(words >> name >> kilobytes)) continue;
    if (name == "MemTotal:") total = kilobytes;
    if (name == "MemAvailable:") available = kilobytes;
  }
  return (total - available) / 1024;
}

UsageProbe::UsageProbe(std::string directory)
    : directory_(std::move(directory)), before_(counters_now()) {}

protocol::NodeUsage UsageProbe::since_last() {
  const MachineCounters now = counters_now();
  const MachineCounters before = std::exchange(before_, now);
  const double all = now.cpu_all - before.cpu_all;
  return {.cpu = all > 0 ? (now.cpu_busy - before.cpu_busy) / all : 0,
          .memory = memory_in_use(text_of("/proc/meminfo")),
          .disk = disk_in_use(directory_),
          .disk_read_bytes = now.disk_read_bytes - before.disk_read_bytes,
          .disk_write_bytes = now.disk_write_bytes - before.disk_write_bytes,
          .disk_read_ops = now.disk_read_ops - before.disk_read_ops,
          .disk_write_ops = now.disk_write_ops - before.disk_write_ops,
          .network_in_bytes = now.network_in_bytes - before.network_in_bytes,
          .network_out_bytes = now.network_out_bytes - before.network_out_bytes};
}

}  // namespace batchyard::edge
