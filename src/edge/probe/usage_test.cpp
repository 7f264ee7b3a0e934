#include "edge/probe/usage.h"

#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

bool is_sda(const std::string& name) {
  return name == "sda";
}
bool is_eth0(const std::string& name) {
  return name == "eth0";
}

TEST(Usage, TheKernelsTablesAreRead) {
  MachineCounters counters;
  read_cpu("cpu  100 10 50 800 20 5 15 0 7 7\ncpu0 1 1 1 1 1 1 1 1\n", counters);
  EXPECT_EQ(counters.cpu_all, 1000);
  EXPECT_EQ(counters.cpu_busy, 180);
  read_disks(
      "   8       0 sda 10 1 200 5 30 2 400 9 0 14 14 0 0 0 0 0 0\n"
      "   8       1 sda1 10 1 200 5 30 2 400 9 0 14 14 0 0 0 0 0 0\n",
      is_sda, counters);
  EXPECT_EQ(counters.disk_read_ops, 10);
  EXPECT_EQ(counters.disk_read_bytes, 200 * 512);
  EXPECT_EQ(counters.disk_write_ops, 30);
  EXPECT_EQ(counters.disk_write_bytes, 400 * 512);
  read_network(
      "Inter-|   Receive   |  Transmit\n face |bytes packets|bytes\n"
      "    lo: 5 1 0 0 0 0 0 0 5 1 0 0 0 0 0 0\n  eth0: 700 7 0 0 0 0 0 0 300 3 0 0 0 0 0 0\n",
      is_eth0, counters);
  EXPECT_EQ(counters.network_in_bytes, 700);
  EXPECT_EQ(counters.network_out_bytes, 300);
  EXPECT_EQ(memory_in_use("MemTotal: 4096 kB\nMemFree: 5 kB\nMemAvailable: 1024 kB\n"), 3);
}

TEST(Usage, ThisMachineIsBusyToSomePart) {
  UsageProbe probe("/");
  const protocol::NodeUsage usage = probe.since_last();
  EXPECT_GE(usage.cpu, 0);
  EXPECT_LE(usage.cpu, 1);
  EXPECT_GT(usage.memory, 0);
  EXPECT_GT(usage.disk, 0);
  EXPECT_GE(usage.network_in_bytes, 0);
}

}  // namespace
}  // namespace batchyard::edge
