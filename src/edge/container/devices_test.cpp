// Which devices and files of the machine a container gets, without its user asking for any.
#include "edge/container/devices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace batchyard::edge {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;

protocol::Probe two_gpus() {
  protocol::Probe probe;
  for (const int number : {0, 1}) {
    protocol::Gpu gpu;
    gpu.vendor = "nvidia";
    gpu.uuid = "GPU-" + std::to_string(number);
    gpu.minor = number;
    probe.gpus.push_back(gpu);
  }
  return probe;
}

TEST(ContainerDevices, GpusComeByTheirCdiNames) {
  protocol::Probe probe = two_gpus();
  probe.gpu_containers = "cdi";
  ContainerJob job;
  add_gpus({"GPU-1"}, probe, job);
  EXPECT_THAT(job.devices, ElementsAre("nvidia.com/gpu=GPU-1"));
  EXPECT_TRUE(job.files.empty());
}

TEST(ContainerDevices, WithoutCdiTheyAreFiles) {
  protocol::Probe probe = two_gpus();
  probe.gpus[0].mig.push_back({.uuid = "MIG-7"});
  ContainerJob job;
  add_gpus({"GPU-1"}, probe, job);
  EXPECT_THAT(job.devices, Contains("/dev/nvidia1"));
  EXPECT_THAT(job.devices, testing::Not(Contains("/dev/nvidia0")));
  ContainerJob part;
  add_gpus({"MIG-7"}, probe, part);
  EXPECT_THAT(part.devices, Contains("/dev/nvidia0"));
  probe.gpus[1].vendor = "amd";
  ContainerJob other;
  add_gpus({"GPU-1"}, probe, other);
  EXPECT_THAT(other.devices, Contains("/dev/dri/card1"));
}

TEST(ContainerDevices, EmulatedGpusShowThroughTheirStandIns) {
  ContainerJob job;
  job.image = "ubuntu:22.04";
  add_stand_ins("/mnt/batch/tasks/volatile/hardware", job);
  ASSERT_EQ(job.files.size(), 2U);
  EXPECT_EQ(job.files[0].target, "/usr/bin/nvidia-smi");
  EXPECT_EQ(job.files[1].target, "/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1");
  ASSERT_EQ(job.mounts.size(), 1U);
  EXPECT_TRUE(job.mounts[0].read_only);
}

TEST(ContainerDevices, FabricsComeWithTheirFilesAndLockableMemory) {
  protocol::Probe probe;
  ContainerJob none;
  add_fabrics(probe, none);
  EXPECT_TRUE(none.devices.empty());
  EXPECT_FALSE(none.locks_memory);
  probe.rdma_files = {"/dev/infiniband/rdma_cm", "/dev/infiniband/uverbs0"};
  probe.memlock = -1;
  ContainerJob job;
  job.name = "batchyard-1";
  job.image = "ubuntu:22.04";
  add_fabrics(probe, job);
  const auto words = create_arguments(job, "/e");
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, IsSupersetOf(
                          {"/dev/infiniband/rdma_cm", "/dev/infiniband/uverbs0", "memlock=-1:-1"}));
}

}  // namespace
}  // namespace batchyard::edge
