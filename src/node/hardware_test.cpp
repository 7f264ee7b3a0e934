// What a node's core makes of hardware: what shows of it, and who gets which part.
#include "hardware/emulate.h"

#include "node/node_test.h"

namespace batchyard::node {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;

Identity gpu_node(std::int32_t gpus) {
  Identity identity;
  identity.node = NodeId::trusted("n");
  identity.root = "/root";
  identity.promise = {.gpus = gpus,
                      .gpu = "Tesla K80",
                      .gpu_memory = 12LL << 30,
                      .gpu_vendor = "nvidia",
                      .rdma = true};
  identity.emulates = true;
  return identity;
}

class ShownPorts : public RememberedPorts {
 public:
  void show_hardware(const std::string& text) override { shown = text; }
  std::string shown;
};

class HardwareTest : public ::testing::Test {
 protected:
  HardwareTest() : node_(gpu_node(2), ports_) {
    protocol::Welcome welcome;
    welcome.task_slots = 2;
    node_.on_message(welcome, start);
  }

  protocol::RunTask task(const std::string& id, const std::string& more = "") {
    protocol::RunTask run = order(R"({"commandLine": "work")" + more + "}");
    run.key.task = TaskId::trusted(id);
    return run;
  }
  std::string variable(std::size_t process, const std::string& name) {
    for (const std::string& one : ports_.started.at(process).environment) {
      if (one.starts_with(name + "=")) return one.substr(name.size() + 1);
    }
    return "none";
  }
  std::vector<std::string> gpus() {
    std::vector<std::string> ids;
    for (const protocol::Gpu& gpu : node_.hello().probe.gpus) ids.push_back(gpu.uuid);
    return ids;
  }
  const protocol::Probe* last_probe() {
    const protocol::Probe* last = nullptr;
    for (const protocol::FromAgent& message : ports_.sent) {
      if (const auto* said = std::get_if<protocol::ProbeChanged>(&message)) last = &said->probe;
    }
    return last;
  }

  ShownPorts ports_;
  Node node_;
};

TEST_F(HardwareTest, EmulatedGpusShowToServerAndTasks) {
  const protocol::Probe probe = node_.hello().probe;
  ASSERT_EQ(probe.gpus.size(), 2);
  EXPECT_TRUE(probe.gpus[0].emulated);
  EXPECT_THAT(ports_.shown, HasSubstr(probe.gpus[1].uuid));
  node_.on_message(task("a"), start);
  EXPECT_THAT(variable(0, "PATH"), StartsWith("/root/volatile/hardware/bin:"));
  EXPECT_EQ(variable(0, "LD_LIBRARY_PATH"), "/root/volatile/hardware/lib");
  EXPECT_EQ(variable(0, "BATCHYARD_HARDWARE"), "/root/volatile/hardware/state");
}

TEST_F(HardwareTest, EachTaskHasItsGpuAndGivesItBack) {
  node_.on_message(task("a"), start);
  node_.on_message(task("b"), start);
  EXPECT_EQ(variable(0, "CUDA_VISIBLE_DEVICES"), gpus()[0]);
  EXPECT_EQ(variable(0, "NVIDIA_VISIBLE_DEVICES"), gpus()[0]);
  EXPECT_EQ(variable(0, "BATCHYARD_GPUS"), "0");
  EXPECT_EQ(variable(1, "CUDA_VISIBLE_DEVICES"), gpus()[1]);
  ASSERT_TRUE(ports_.started[1].devices);
  EXPECT_EQ(ports_.started[1].devices->minors, std::set<std::int32_t>{1});
  EXPECT_EQ(ports_.started[1].devices->withheld, std::set<std::int32_t>{0});
  node_.on_process_ended(ports_.started[0].id, exited(0), start + 1s);
  node_.on_message(task("c"), start);
  EXPECT_EQ(variable(2, "CUDA_VISIBLE_DEVICES"), gpus()[0]);
  const auto* granted = std::get_if<protocol::RunGranted>(&ports_.sent.at(0));
  ASSERT_NE(granted, nullptr);
  EXPECT_EQ(granted->grant.gpus, std::vector<std::string>{gpus()[0]});
  EXPECT_TRUE(granted->grant.emulated);
}

TEST_F(HardwareTest, ATasksOwnSettingsWin) {
  node_.on_message(
      task("a", R"(, "environmentSettings": [{"name": "CUDA_VISIBLE_DEVICES", "value": "7"}])"),
      start);
  EXPECT_EQ(variable(0, "CUDA_VISIBLE_DEVICES"), "7");
}

TEST_F(HardwareTest, ANewAgentKnowsWhoHasWhat) {
  node_.on_message(task("a"), start);
  node_.on_message(task("b"), start);
  ShownPorts after;
  Node next(gpu_node(2), after);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  next.resume({ports_.started[0].id, ports_.started[1].id}, start);
  protocol::Welcome welcome;
  welcome.task_slots = 2;
  next.on_message(welcome, start);
  next.on_process_ended(ports_.started[1].id, exited(0), start + 1s);
  next.on_message(task("c"), start);
  EXPECT_THAT(after.started.at(0).environment, Contains("CUDA_VISIBLE_DEVICES=" + gpus()[1]));
}

TEST_F(HardwareTest, FaultsShowAndOutliveTheAgent) {
  node_.on_message(protocol::SetFaults{{{protocol::FaultKind::xid, 0, 79}}}, start);
  ASSERT_NE(last_probe(), nullptr);
  EXPECT_EQ(last_probe()->gpus[0].xids, std::vector<std::int32_t>{79});
  EXPECT_THAT(ports_.shown, HasSubstr("\t1\t0\n")) << "the first GPU is lost";
  ShownPorts after;
  Node next(gpu_node(2), after);
  next.restore("faults", ports_.records.at("faults"), start);
  EXPECT_EQ(next.hello().probe.injected.size(), 1);
  next.on_message(protocol::SetFaults{}, start);
  EXPECT_TRUE(next.hello().probe.injected.empty());
  Node anew(gpu_node(2), after);
  anew.bury("faults", ports_.records.at("faults"), start);
  EXPECT_TRUE(anew.hello().probe.injected.empty());
}

TEST_F(HardwareTest, AnUnchangedMachineIsNotTold) {
  node_.on_probed({}, start);
  EXPECT_EQ(ports_.count<protocol::ProbeChanged>(), 0);
  protocol::Probe real;
  real.gpus.push_back({.name = "NVIDIA H100 80GB HBM3", .uuid = "GPU-1", .minor = 0});
  node_.on_probed(real, start);
  ASSERT_NE(last_probe(), nullptr);
  EXPECT_EQ(last_probe()->gpus.size(), 1);
  EXPECT_FALSE(last_probe()->gpus[0].emulated);
  node_.on_message(task("a"), start);
  EXPECT_EQ(variable(0, "CUDA_VISIBLE_DEVICES"), "GPU-1");
  EXPECT_EQ(variable(0, "BATCHYARD_HARDWARE"), "none");
}

TEST_F(HardwareTest, AStartTaskFailsOnDemand) {
  node_.on_message(protocol::SetFaults{{{protocol::FaultKind::starttask, 0, 1}}}, start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine": "set-up"})"}, start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  EXPECT_EQ(node_.hello().start_task.phase, protocol::StartTaskPhase::failed);
  EXPECT_THAT(node_.hello().start_task.end.failure->details.at(0).value, HasSubstr("injected"));
}

TEST_F(HardwareTest, AGangFallsBackToTcpAndSaysWhy) {
  protocol::RunTask gang = gang_order(
      R"({"commandLine": "mpirun", "multiInstanceSettings": {"coordinationCommandLine": "true"}})",
      0);
  node_.on_message(gang, start);
  EXPECT_EQ(variable(0, "BATCHYARD_FABRIC"), "tcp: its RDMA port is emulated");
  EXPECT_EQ(variable(0, "NCCL_IB_DISABLE"), "1");
  EXPECT_EQ(variable(0, "UCX_NET_DEVICES"), "none");
}

TEST_F(HardwareTest, AGangUsesInfiniBandWhenAllMembersHaveIt) {
  protocol::Probe real;
  real.fabrics.push_back({.device = "mlx5_0", .layer = "InfiniBand", .state = "ACTIVE"});
  real.rdma_files = {"/dev/infiniband/uverbs0"};
  real.memlock = -1;
  node_.on_probed(real, start);
  protocol::RunTask gang = gang_order(R"({"commandLine": "mpirun",
      "multiInstanceSettings": {"coordinationCommandLine": "true"}})",
                                      0);
  node_.on_message(gang, start);
  EXPECT_EQ(variable(0, "UCX_NET_DEVICES"), "mlx5_0:1");
  EXPECT_EQ(variable(0, "BATCHYARD_FABRIC"), "infiniband: mlx5_0:1");
  gang.key.attempt = 2;
  gang.gang->no_fabric = "on n2, the node has no RDMA port";
  node_.on_message(gang, start);
  EXPECT_EQ(variable(1, "BATCHYARD_FABRIC"), "tcp: on n2, the node has no RDMA port");
}

}  // namespace
}  // namespace batchyard::node
