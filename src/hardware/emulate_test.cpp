#include "hardware/emulate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardware/fabric.h"

namespace batchyard {
namespace {

using protocol::Fault;
using protocol::FaultKind;
using testing::Contains;
using testing::HasSubstr;

const protocol::Promise nc24r{.gpus = 4,
                              .gpu = "Tesla K80",
                              .gpu_memory = 12LL << 30,
                              .gpu_vendor = "nvidia",
                              .rdma = true,
                              .rdma_gigabits = 56};

protocol::Probe emulated(const std::string& node = "n") {
  protocol::Probe probe;
  emulate(nc24r, node, probe);
  return probe;
}

TEST(Emulate, WhatIsPromisedIsThereAndMarked) {
  const protocol::Probe probe = emulated();
  ASSERT_EQ(probe.gpus.size(), 4);
  for (const protocol::Gpu& gpu : probe.gpus) {
    EXPECT_TRUE(gpu.emulated);
    EXPECT_EQ(gpu.name, "Tesla K80");
    EXPECT_EQ(gpu.memory, 11441LL << 20);
    EXPECT_EQ(gpu.uuid.size(), 40) << gpu.uuid;
  }
  EXPECT_EQ(probe.gpus[1].numa, 0);
  EXPECT_EQ(probe.gpus[2].numa, 1);
  ASSERT_EQ(probe.fabrics.size(), 1);
  EXPECT_TRUE(probe.fabrics[0].emulated);
  EXPECT_EQ(probe.fabrics[0].gigabits, 56);
}

TEST(Emulate, ANodeKeepsItsGpusAndSharesThemWithNoOther) {
  EXPECT_EQ(emulated("n").gpus[3].uuid, emulated("n").gpus[3].uuid);
  EXPECT_NE(emulated("n").gpus[3].uuid, emulated("m").gpus[3].uuid);
  EXPECT_NE(emulated("n").gpus[3].uuid, emulated("n").gpus[2].uuid);
}

TEST(Emulate, WhatIsRealIsLeftAlone) {
  protocol::Probe probe;
  probe.gpus.push_back({.name = "NVIDIA H100 80GB HBM3"});
  emulate(nc24r, "n", probe);
  EXPECT_EQ(probe.gpus.size(), 1);
  EXPECT_FALSE(probe.gpus[0].emulated);
  protocol::Probe broken;
  broken.gpu_fault = "the driver does not answer";
  emulate(nc24r, "n", broken);
  EXPECT_TRUE(broken.gpus.empty());
}

TEST(Emulate, PartsOfCardsHaveTheirMemory) {
  protocol::Probe probe;
  emulate({.gpus = 1, .gpu = "A10", .gpu_memory = 4LL << 30, .gpu_vendor = "nvidia"}, "n", probe);
  EXPECT_EQ(probe.gpus.at(0).name, "NVIDIA A10");
  EXPECT_EQ(probe.gpus.at(0).memory, 4LL << 30);
  protocol::Probe amd;
  emulate({.gpus = 1, .gpu = "Radeon Instinct MI25", .gpu_memory = 16LL << 30, .gpu_vendor = "amd"},
          "n", amd);
  EXPECT_EQ(amd.gpus.at(0).vendor, "amd");
  EXPECT_FALSE(has_emulated_gpus(amd));
}

TEST(Emulate, FaultsAreLaidOverAndSaid) {
  protocol::Probe probe = emulated();
  apply_faults({{FaultKind::xid, 1, 79},
                {FaultKind::ecc, 2, 5},
                {FaultKind::linkdown, 0, 1},
                {FaultKind::xid, 9, 48}},
               probe);
  EXPECT_THAT(probe.gpus[1].xids, testing::ElementsAre(79));
  EXPECT_EQ(probe.gpus[2].ecc_uncorrected, 5);
  EXPECT_EQ(probe.fabrics[0].state, "DOWN");
  EXPECT_THAT(probe.injected,
              testing::ElementsAre("xid 79 on GPU 1", "ecc 5 on GPU 2", "linkdown of port 0",
                                   "xid 48 on GPU 9, which the node has not"));
  const std::string text = stand_in_text(probe);
  EXPECT_THAT(text, HasSubstr("gpu\t1\t" + probe.gpus[1].uuid + "\tTesla K80\t00000002:00:00.0\t" +
                              "11441\tEnabled\t0\t0\t1\t1\n"));
  EXPECT_THAT(text, HasSubstr("\tEnabled\t0\t5\t0\t2\n"));
}

TEST(Emulate, AMismatchedDriverShowsNoGpus) {
  protocol::Probe probe = emulated();
  apply_faults({{FaultKind::drivermismatch, 0, 1}}, probe);
  EXPECT_TRUE(probe.gpus.empty());
  EXPECT_THAT(stand_in_text(probe), HasSubstr("fault\tFailed to initialize NVML: Driver/library"));
}

protocol::Probe with_infiniband() {
  protocol::Probe probe;
  probe.fabrics.push_back({.device = "mlx5_0",
                           .port = 1,
                           .layer = "InfiniBand",
                           .state = "ACTIVE",
                           .pkeys = {"0x7fff", "0x8005"}});
  probe.fabrics.push_back({.device = "mlx5_1", .port = 2, .state = "DOWN"});
  probe.rdma_files = {"/dev/infiniband/uverbs0"};
  probe.memlock = -1;
  return probe;
}

TEST(Fabric, InfiniBandIsUsedWhereItIs) {
  const FabricChoice choice = choose_fabric(with_infiniband(), "");
  EXPECT_EQ(choice.words, "infiniband: mlx5_0:1");
  EXPECT_THAT(choice.variables, Contains("UCX_NET_DEVICES=mlx5_0:1"));
  EXPECT_THAT(choice.variables, Contains("NCCL_IB_HCA=mlx5_0:1"));
  EXPECT_THAT(choice.variables, Contains("UCX_IB_PKEY=0x8005"));
}

TEST(Fabric, OtherwiseTcpAndWhy) {
  protocol::Probe probe = with_infiniband();
  EXPECT_EQ(choose_fabric(probe, "on n2, its port mlx5_0:1 is DOWN").words,
            "tcp: on n2, its port mlx5_0:1 is DOWN");
  probe.memlock = 1 << 20;
  EXPECT_EQ(why_no_fabric(probe), "tasks may lock only 1024 KiB of memory");
  probe.fabrics[0].state = "DOWN";
  EXPECT_EQ(why_no_fabric(probe), "its port mlx5_0:1 is DOWN");
  EXPECT_EQ(why_no_fabric(emulated()), "its RDMA port is emulated");
  EXPECT_EQ(why_no_fabric({}), "the node has no RDMA port");
  EXPECT_THAT(choose_fabric({}, "").variables, testing::ElementsAre("NCCL_IB_DISABLE=1"));
}

}  // namespace
}  // namespace batchyard
