#include "hardware/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hardware/emulate.h"

namespace batchyard {
namespace {

using testing::ElementsAre;

protocol::Promise two_v100() {
  return {.cores = 12,
          .memory = 224LL << 30,
          .gpus = 2,
          .gpu = "Tesla V100",
          .gpu_memory = 16LL << 30,
          .gpu_vendor = "nvidia",
          .rdma = true,
          .rdma_gigabits = 100};
}

protocol::Probe good_machine() {
  protocol::Probe probe;
  probe.cpus = 12;
  probe.memory = 220LL << 30;
  probe.disk_free = 100LL << 30;
  probe.clock = "synchronised";
  probe.memlock = -1;
  emulate(two_v100(), "node", probe);
  for (protocol::Fabric& fabric : probe.fabrics) fabric.emulated = false;
  return probe;
}

// The names of the checks that fail.
std::vector<std::string> failing(const protocol::Probe& probe, GateRules rules = {},
                                 protocol::Promise promise = two_v100()) {
  std::vector<std::string> names;
  for (const Check& check : judge(rules, {.size = "s", .promise = promise}, probe)) {
    EXPECT_NE(check.passed, !check.cure.empty()) << check.id << " says its cure when it fails";
    EXPECT_FALSE(check.expected.empty()) << check.id;
    if (!check.passed) names.push_back(check.id);
  }
  return names;
}

TEST(Gate, ASoundNodePasses) {
  EXPECT_THAT(failing(good_machine()), ElementsAre());
  EXPECT_THAT(failing(good_machine(), {.strict = true}), ElementsAre());
}

TEST(Gate, ANodeOfAPlainSizePassesWhateverItHas) {
  EXPECT_THAT(failing({}, {}, {.cores = 64, .memory = 1LL << 40}), ElementsAre());
}

TEST(Gate, MachinesOfTheirOwnMustHaveTheSize) {
  protocol::Probe probe = good_machine();
  probe.cpus = 11;
  probe.memory = 200LL << 30;
  probe.disk_free = 5;
  probe.clock = "free";
  EXPECT_THAT(failing(probe), ElementsAre());
  EXPECT_THAT(failing(probe, {.strict = true}),
              ElementsAre("cores", "memory", "disk.free", "clock"));
}

TEST(Gate, MissingGpusAreFound) {
  protocol::Probe probe = good_machine();
  probe.gpus.pop_back();
  EXPECT_THAT(failing(probe), ElementsAre("gpu.count"));
  probe.gpus.clear();
  probe.gpu_fault = "Failed to initialize NVML: Driver/library version mismatch";
  EXPECT_THAT(failing(probe), ElementsAre("gpu.driver", "gpu.count"));
}

TEST(Gate, AnotherModelIsNoMatterOfSharedMachines) {
  protocol::Probe probe = good_machine();
  probe.gpus[1].name = "Tesla T4";
  EXPECT_THAT(failing(probe), ElementsAre());
  EXPECT_THAT(failing(probe, {.strict = true}), ElementsAre("gpu.model"));
}

TEST(Gate, MachinesOfTheirOwnNeedAnMpiForGangs) {
  protocol::Probe probe = good_machine();
  const auto passes = [&] {
    const std::vector<Check> checks =
        judge({.strict = true}, {.size = "s", .promise = two_v100(), .inter_node = true}, probe);
    const auto found = std::ranges::find(checks, "mpi", &Check::id);
    return found != checks.end() && found->passed;
  };
  EXPECT_FALSE(passes());
  probe.mpi = {"Open MPI 4.1.4"};
  EXPECT_TRUE(passes());
}

TEST(Gate, ADriverOfTheWrongKindIsFound) {
  protocol::Promise compute = two_v100();
  compute.driver = "cuda";
  protocol::Probe probe = good_machine();
  for (protocol::Gpu& gpu : probe.gpus) gpu.driver_kind = "cuda";
  EXPECT_THAT(failing(probe, {}, compute), ElementsAre());
  probe.gpus[1].driver_kind = "grid";
  EXPECT_THAT(failing(probe, {}, compute), ElementsAre("gpu.driver.kind"));
  protocol::Promise graphics = compute;
  graphics.driver = "grid";
  EXPECT_THAT(failing(probe, {}, graphics), ElementsAre("gpu.driver.kind"));
  // Of a GPU that stands in for the size's it says nothing, unless the machine is the node's own.
  graphics.gpu = "Tesla M60";
  graphics.gpu_memory = 0;
  EXPECT_THAT(failing(probe, {}, graphics), ElementsAre());
  EXPECT_THAT(failing(probe, {.strict = true}, graphics),
              ElementsAre("gpu.driver.kind", "gpu.model", "gpu.model"));
}

TEST(Gate, SickGpusAreFound) {
  protocol::Probe probe = good_machine();
  probe.gpus[0].ecc_uncorrected = 1;
  EXPECT_THAT(failing(probe), ElementsAre("gpu.ecc.uncorrected"));
  probe = good_machine();
  probe.gpus[1].xids = {31};  // a program's own mistake
  EXPECT_THAT(failing(probe), ElementsAre());
  probe.gpus[1].xids = {31, 79};
  EXPECT_THAT(failing(probe), ElementsAre("gpu.xid"));
}

const Catalogue& with_size_s() {
  static const Catalogue made = *Catalogue::with(R"({"sizes": [{"name": "S"}]})");
  return made;
}

TEST(Gate, ThresholdsAreTheOperators) {
  protocol::Probe probe = good_machine();
  probe.gpus[0].ecc_uncorrected = 3;
  probe.gpus[0].ecc_corrected = 10;
  GateRules rules = *read_gate_rules(
      R"({"quarantineAfter": 2, "thresholds": {"eccUncorrected": 3, "xids": []},
          "sizes": {"S": {"eccCorrected": 9}}})",
      with_size_s());
  EXPECT_EQ(rules.quarantine_after, 2);
  EXPECT_TRUE(rules.thresholds.xids.empty());
  EXPECT_THAT(failing(probe, rules), ElementsAre("gpu.ecc.corrected"));
  rules.sizes.clear();
  EXPECT_THAT(failing(probe, rules), ElementsAre());
}

TEST(Gate, ABrokenFabricIsFound) {
  protocol::Probe probe = good_machine();
  probe.fabrics[0].state = "DOWN";
  EXPECT_THAT(failing(probe), ElementsAre("rdma.link"));
  probe = good_machine();
  probe.memlock = 8LL << 20;
  EXPECT_THAT(failing(probe), ElementsAre("rdma.memlock"));
  probe.fabrics.clear();
  EXPECT_THAT(failing(probe), ElementsAre("rdma.device"));
}

TEST(Gate, ASlowLinkIsFoundWhereItIsAskedFor) {
  GateRules rules;
  rules.thresholds.rdma_gigabits = 200;
  EXPECT_THAT(failing(good_machine(), rules), ElementsAre("rdma.rate"));
}

TEST(Gate, ContainersNeedAWayToGpus) {
  protocol::Probe probe = good_machine();
  for (protocol::Gpu& gpu : probe.gpus) gpu.emulated = false;
  const auto checks = judge({}, {.size = "s", .promise = two_v100(), .containers = true}, probe);
  EXPECT_EQ(checks.back().id, "containers.gpu");
  EXPECT_FALSE(checks.back().passed);
}

TEST(Gate, ABadFileNamesTheMember) {
  for (const auto& [text, words] :
       {std::pair("[]", "no JSON object"), std::pair(R"({"strict": 1})", "strict"),
        std::pair(R"({"quarantineAfter": 0})", "quarantineAfter"),
        std::pair(R"({"thresholds": {"eccCorected": 1}})", "thresholds.eccCorected"),
        std::pair(R"({"thresholds": {"memoryPart": 2}})", "thresholds.memoryPart"),
        std::pair(R"({"sizes": {"s": {"xids": ["79"]}}})", "sizes.s.xids"),
        std::pair(R"({"sizes": {"Standard_Z9": {}}})", "names no known machine size"),
        std::pair(R"({"sizes": {"S": 5}})", "give an object"),
        std::pair(R"({"more": 1})", "more")}) {
    const Result<GateRules> rules = read_gate_rules(text, with_size_s());
    ASSERT_FALSE(rules) << text;
    EXPECT_THAT(rules.error().message, testing::HasSubstr(words)) << text;
  }
}

TEST(Gate, SizesOfTheRulesAreWrittenAsPeopleDo) {
  const GateRules rules = *read_gate_rules(
      R"({"sizes": {"NC6 Standard": {"eccCorrected": 1}, "NCv3": {"eccCorrected": 2}}})",
      Catalogue::built_in());
  EXPECT_EQ(rules.of("standard_nc6").ecc_corrected, 1);
  EXPECT_EQ(rules.of("standard_nc24rs_v3").ecc_corrected, 2);
  EXPECT_EQ(rules.of("standard_nc12").ecc_corrected, GateRules().thresholds.ecc_corrected);
}

TEST(Gate, DriversNamesAreTheCataloguesModels) {
  EXPECT_TRUE(is_model("Tesla V100-PCIE-16GB", "Tesla V100"));
  EXPECT_TRUE(is_model("NVIDIA A100 80GB PCIe", "A100 PCIe"));
  EXPECT_TRUE(is_model("NVIDIA A100-SXM4-40GB", "A100 (NVLink)"));
  EXPECT_TRUE(is_model("NVIDIA H100 80GB HBM3", "H100 (NVLink)"));
  EXPECT_FALSE(is_model("NVIDIA H100 80GB HBM3", "H100 NVL"));
  EXPECT_FALSE(is_model("Tesla K80", "Tesla V100"));
  EXPECT_FALSE(is_model("", "T4"));
}

}  // namespace
}  // namespace batchyard
