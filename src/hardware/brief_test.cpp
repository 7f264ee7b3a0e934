#include "hardware/brief.h"

#include <gtest/gtest.h>

#include "hardware/emulate.h"

namespace batchyard {
namespace {

TEST(Brief, APlainMachineHasNothingToTell) {
  EXPECT_EQ(in_brief({}), "");
  EXPECT_EQ(in_brief({.cpus = 64, .mpi = {"MPICH"}}), "");
}

TEST(Brief, WhatIsEmulatedSaysSo) {
  protocol::Probe probe;
  emulate({.gpus = 4, .gpu = "Tesla K80", .rdma = true, .rdma_gigabits = 56}, "n", probe);
  EXPECT_EQ(in_brief(probe), "4 Tesla K80 (emulated), InfiniBand 56 Gb/s (emulated)");
}

TEST(Brief, WhatDiffersIsCountedByItself) {
  protocol::Probe probe;
  probe.gpus.resize(3);
  for (protocol::Gpu& gpu : probe.gpus) gpu.name = "NVIDIA A100-SXM4-40GB";
  probe.gpus[2].mig.resize(7);
  probe.fabrics = {{.layer = "InfiniBand", .state = "ACTIVE", .gigabits = 200},
                   {.layer = "InfiniBand", .state = "ACTIVE", .gigabits = 200},
                   {.layer = "InfiniBand", .state = "DOWN", .gigabits = 200},
                   {.layer = "Ethernet", .state = "ACTIVE", .gigabits = 25}};
  EXPECT_EQ(in_brief(probe),
            "2 NVIDIA A100-SXM4-40GB, 1 NVIDIA A100-SXM4-40GB in 7 parts, "
            "2 InfiniBand 200 Gb/s, InfiniBand DOWN, RoCE 25 Gb/s");
  probe = {};
  probe.gpu_fault = "Driver/library version mismatch";
  EXPECT_EQ(in_brief(probe), "GPU driver fails");
}

}  // namespace
}  // namespace batchyard
