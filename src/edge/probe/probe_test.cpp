// The readers, on outputs rebuilt from public samples and from machines of our own: an H100 (driver
// 580), a node of two K80s (384), an A100 cut into MIG devices (470).
#include "edge/probe/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "edge/probe/nvidia.h"
#include "edge/probe/said.h"
#include "edge/probe/sysfs.h"
#include "edge/probe/versions.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;

protocol::Probe document(const std::string& name) {
  std::stringstream text;
  text << std::ifstream("tests/golden/probe/" + name).rdbuf();
  protocol::Probe probe;
  EXPECT_TRUE(read_smi_document(text.str(), probe)) << name;
  return probe;
}

// A recorded tree of files, by their paths below it.
class Tree {
 public:
  Tree() : root_(fs::temp_directory_path() / ("by-tree-" + std::to_string(getpid()))) {
    fs::remove_all(root_);
  }
  ~Tree() { fs::remove_all(root_); }
  void add(const std::string& path, const std::string& text) {
    fs::create_directories((root_ / path).parent_path());
    std::ofstream(root_ / path) << text << "\n";
  }
  std::string root() const { return root_; }

 private:
  fs::path root_;
};

// Parts of documents as both of NVIDIA's drivers write them, of several ages.
TEST(Nvidia, TheKindOfDriverIsTold) {
  const auto kind_of = [](const std::string& part) {
    protocol::Probe probe;
    EXPECT_TRUE(read_smi_document(
        "<nvidia_smi_log><driver_version>470.82</driver_version><gpu id=\"00000001:00:00.0\">"
        "<product_name>Tesla M60</product_name>" +
            part + "</gpu></nvidia_smi_log>",
        probe));
    return probe.gpus.at(0).driver_kind;
  };
  EXPECT_EQ(kind_of(""), "cuda");
  EXPECT_EQ(kind_of("<grid_licensed_product><licensed_product_name>Quadro Virtual Data Center "
                    "Workstation</licensed_product_name><license_status>Licensed"
                    "</license_status></grid_licensed_product>"),
            "grid");
  EXPECT_EQ(kind_of("<vgpu_software_licensed_product><licensed_product_name>NVIDIA RTX Virtual "
                    "Workstation</licensed_product_name></vgpu_software_licensed_product>"),
            "grid");
  EXPECT_EQ(kind_of("<vgpu_software_licensed_product><licensed_product_name>N/A"
                    "</licensed_product_name></vgpu_software_licensed_product>"),
            "cuda");
  EXPECT_EQ(document("h100.xml").gpus.at(0).driver_kind, "cuda");
}

TEST(Nvidia, AnH100IsRead) {
  const protocol::Probe probe = document("h100.xml");
  EXPECT_EQ(probe.cuda, "13.0");
  ASSERT_EQ(probe.gpus.size(), 1);
  const protocol::Gpu& gpu = probe.gpus[0];
  EXPECT_EQ(gpu.name, "NVIDIA H100 80GB HBM3");
  EXPECT_EQ(gpu.driver, "580.159.04");
  EXPECT_EQ(gpu.uuid, "GPU-10000000-0000-4000-8000-000000000001");
  EXPECT_EQ(gpu.bus, "00000000:00:06.0");
  EXPECT_EQ(gpu.minor, 0);
  EXPECT_EQ(gpu.memory, 81559LL << 20);
  EXPECT_EQ(gpu.ecc, "Enabled");
  EXPECT_EQ(gpu.ecc_corrected, 3);  // of the driver's life, not of the GPU's
  EXPECT_EQ(gpu.ecc_uncorrected, 0);
  EXPECT_TRUE(gpu.mig.empty());
  EXPECT_FALSE(gpu.emulated);
}

TEST(Nvidia, OldDriversCountErrorsByBits) {
  const protocol::Probe probe = document("k80.xml");
  ASSERT_EQ(probe.gpus.size(), 2);
  EXPECT_EQ(probe.gpus[0].ecc_corrected, 5);
  EXPECT_EQ(probe.gpus[0].ecc_uncorrected, 1);
  EXPECT_EQ(probe.gpus[0].bus, "00008b3e:00:00.0");
  EXPECT_EQ(probe.gpus[1].ecc, "");
  EXPECT_EQ(probe.gpus[1].ecc_corrected, 0);
}

TEST(Nvidia, MigDevicesAreParts) {
  const protocol::Probe probe = document("a100-mig.xml");
  ASSERT_EQ(probe.gpus.size(), 1);
  ASSERT_EQ(probe.gpus[0].mig.size(), 2);
  EXPECT_EQ(probe.gpus[0].mig[1].uuid, "MIG-30000000-0000-5000-8000-000000000002");
  EXPECT_EQ(probe.gpus[0].mig[1].memory, 20096LL << 20);
}

TEST(Nvidia, WhatIsNoDocumentIsNone) {
  protocol::Probe probe;
  EXPECT_FALSE(read_smi_document("", probe));
  EXPECT_FALSE(read_smi_document("<html/>", probe));
  EXPECT_FALSE(read_smi_document(std::string(100, '<'), probe));
  EXPECT_TRUE(probe.gpus.empty());
}

TEST(Nvidia, TheTableIsRead) {
  protocol::Probe probe;
  EXPECT_TRUE(read_smi_table(
      "0, GPU-1, Tesla V100-PCIE-16GB, 00000001:00:00.0, 16160, 470.82.01, Enabled, 0, 2\n"
      "1, GPU-2, Tesla V100-PCIE-16GB, 00000002:00:00.0, 16160, 470.82.01, [N/A], [N/A], [N/A]\n",
      probe));
  ASSERT_EQ(probe.gpus.size(), 2);
  EXPECT_EQ(probe.gpus[0].ecc_uncorrected, 2);
  EXPECT_EQ(probe.gpus[1].ecc, "");
  EXPECT_EQ(probe.gpus[1].memory, 16160LL << 20);
  EXPECT_FALSE(read_smi_table("No devices were found\n", probe));
}

TEST(Nvidia, ItsComplaintIsKept) {
  EXPECT_EQ(smi_complaint("\nFailed to initialize NVML: Driver/library version mismatch\n"
                          "NVML library version: 535.161\n"),
            "Failed to initialize NVML: Driver/library version mismatch");
  EXPECT_EQ(smi_complaint("  \n"), "");
}

TEST(Nvidia, TheDriversOwnFilesAreRead) {
  EXPECT_EQ(driver_version("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.159.04  "
                           "Release Build\nGCC version:  gcc version 15.3.0 (GCC)\n"),
            "580.159.04");
  EXPECT_EQ(driver_version(""), "");
  const protocol::Gpu gpu = read_information(
      "Model: \t\t Tesla K80\nGPU UUID: \t GPU-20000000-0000-4000-8000-000000000001\n"
      "Bus Location: \t 0001:8B:00.0\nDevice Minor: \t 3\n");
  EXPECT_EQ(gpu.name, "Tesla K80");
  EXPECT_EQ(gpu.bus, "00000001:8b:00.0");
  EXPECT_EQ(gpu.minor, 3);
}

TEST(Nvidia, ErrorsOfTheKernelsLogGoToTheirGpu) {
  protocol::Probe probe = document("h100.xml");
  const std::string log =
      "4,100,500,-;NVRM: Xid (PCI:0000:00:06): 31, pid=12, name=old\n"
      "4,101,2000,-;NVRM: Xid (PCI:0000:00:06): 79, pid='<unknown>', GPU has fallen off the bus.\n"
      "4,102,2001,-;NVRM: Xid (PCI:0000:00:06): 79, again\n"
      "4,103,2002,-;NVRM: Xid (PCI:0000:00:07): 48, another's\n"
      "4,104,2003,-;NVRM: Xid (PCI:0000:00:06): broken\n";
  read_xids(log, 1000, probe);
  EXPECT_THAT(probe.gpus[0].xids, ElementsAre(79));
}

TEST(Sysfs, InfiniBandIsRead) {
  Tree tree;
  const std::string port = "sys/class/infiniband/mlx5_0/ports/1/";
  tree.add(port + "state", "4: ACTIVE");
  tree.add(port + "rate", "100 Gb/sec (4X EDR)");
  tree.add(port + "link_layer", "InfiniBand");
  tree.add(port + "pkeys/0", "0x8005");
  tree.add(port + "pkeys/1", "0x7fff");
  tree.add(port + "pkeys/2", "0x0000");
  tree.add("sys/class/infiniband/mlx5_0/device/numa_node", "1");
  tree.add("sys/class/infiniband/mlx5_1/ports/1/state", "1: DOWN");
  tree.add("dev/infiniband/uverbs0", "");
  tree.add("dev/infiniband/rdma_cm", "");
  protocol::Probe probe;
  read_fabrics(tree.root(), probe);
  ASSERT_EQ(probe.fabrics.size(), 2);
  EXPECT_EQ(probe.fabrics[0].device, "mlx5_0");
  EXPECT_EQ(probe.fabrics[0].state, "ACTIVE");
  EXPECT_EQ(probe.fabrics[0].gigabits, 100);
  EXPECT_EQ(probe.fabrics[0].numa, 1);
  EXPECT_THAT(probe.fabrics[0].pkeys, ElementsAre("0x8005", "0x7fff"));
  EXPECT_EQ(probe.fabrics[1].state, "DOWN");
  EXPECT_THAT(probe.rdma_files, ElementsAre("/dev/infiniband/rdma_cm", "/dev/infiniband/uverbs0"));
}

TEST(Sysfs, AmdIsRead) {
  Tree tree;
  for (const char* card : {"card2", "card10"}) {
    const std::string device = std::string("sys/class/drm/") + card + "/device/";
    tree.add(device + "vendor", "0x1002");
    tree.add(device + "mem_info_vram_total", "17163091968");
    tree.add(device + "unique_id", std::string("id of ") + card);
    tree.add(device + "ras/umc_err_count", "ue: 1\nce: 7");
  }
  tree.add("sys/class/drm/card0/device/vendor", "0x1234");
  tree.add("sys/class/drm/card2-DP-1/status", "disconnected");
  protocol::Probe probe;
  read_amd(tree.root(), probe);
  ASSERT_EQ(probe.gpus.size(), 2);
  EXPECT_EQ(probe.gpus[0].uuid, "id of card2");
  EXPECT_EQ(probe.gpus[0].vendor, "amd");
  EXPECT_EQ(probe.gpus[0].memory, 17163091968);
  EXPECT_EQ(probe.gpus[1].ecc_uncorrected, 1);
  EXPECT_EQ(probe.gpus[1].ecc_corrected, 7);
}

TEST(Sysfs, AMachineWithoutAnyHasNone) {
  protocol::Probe probe;
  read_fabrics("/nowhere", probe);
  read_amd("/nowhere", probe);
  EXPECT_TRUE(probe.fabrics.empty());
  EXPECT_TRUE(probe.gpus.empty());
}

TEST(Versions, ProgramsSayTheirs) {
  EXPECT_EQ(open_mpi_version("Open MPI v4.1.4\n\nhttp://www.open-mpi.org/community/help/\n"),
            "Open MPI 4.1.4");
  EXPECT_EQ(open_mpi_version("not found"), "");
  EXPECT_EQ(mpich_version("MPICH Version:    \t4.0.2\nMPICH Device:    \tch4:ucx\n"),
            "MPICH 4.0.2");
  EXPECT_EQ(hydra_version("Intel(R) MPI Library for Linux* OS, Version 2021.11 Build 20231005\n"),
            "Intel MPI 2021.11");
  EXPECT_EQ(hydra_version("HYDRA build details:\n    Version:      4.0.2\n"), "MPICH 4.0.2");
  EXPECT_EQ(podman_version("podman version 4.3.1\n"), "podman 4.3.1");
  EXPECT_THAT(providers("tcp:\n    version: 117.0\nverbs:\n    version: 117.0\n"),
              ElementsAre("fi:tcp", "fi:verbs"));
  EXPECT_THAT(
      transports("#      Transport: tcp\n#         Device: eth0\n#      Transport: rc_mlx5\n"
                 "#      Transport: tcp\n"),
      ElementsAre("ucx:tcp", "ucx:rc_mlx5"));
}

TEST(Said, AProgramsWordsAndCodeAreTaken) {
  const ProgramSaid said = said_by("sh", {"-c", "echo one; echo two >&2; exit 3"});
  EXPECT_EQ(said.code, 3);
  EXPECT_EQ(said.out, "one\ntwo\n");
  EXPECT_EQ(said_by("there-is-no-such-program", {}).code, -1);
}

TEST(Said, AProgramThatHangsIsEnded) {
  const ProgramSaid said = said_by("sh", {"-c", "sleep 600 & wait"}, std::chrono::milliseconds(50));
  EXPECT_TRUE(said.late);
  EXPECT_EQ(said.code, -1);
}

TEST(Probe, ThisMachineIsRead) {
  const protocol::Probe probe = probe_machine({.directory = "/tmp"});
  EXPECT_GT(probe.cpus, 0);
  EXPECT_GT(probe.memory, 0);
  EXPECT_GT(probe.disk, 0);
  EXPECT_NE(probe.memlock, 0);
  EXPECT_FALSE(probe.clock.empty());
}

}  // namespace
}  // namespace batchyard::edge
