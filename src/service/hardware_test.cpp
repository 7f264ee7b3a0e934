// Hardware and faults over HTTP: what is shown, and which faults are refused.
#include <gmock/gmock.h>

#include "hardware/emulate.h"
#include "service/faults.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

using ::testing::HasSubstr;

class HardwareViewTest : public ServiceTest {
 protected:
  HardwareViewTest() {
    post("/pools", R"({"id": "p", "vmSize": "Standard_NC6", "targetDedicatedNodes": 1,
        "virtualMachineConfiguration": {"imageReference": {"publisher": "canonical",
          "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
          "nodeAgentSKUId": "batch.node.ubuntu 22.04"}})");
    node_ = bench_.nodes("p").at(0);
    bench_.make("p", node_);
    bench_.join("p", node_);
  }
  void look() {
    protocol::Probe probe;
    probe.os = "Debian";
    emulate(bench_.pool("p").facts.promise, node_.text(), probe);
    bench_.run(engine::AgentSaid{PoolId::trusted("p"), node_, protocol::ProbeChanged{probe}});
  }
  std::string hardware() { return "/batchyard/pools/p/nodes/" + node_.text() + "/hardware"; }

  NodeId node_;
};

TEST_F(HardwareViewTest, ANodeWithoutItsGpusSaysSoInTheApi) {
  bench_.run(engine::AgentSaid{PoolId::trusted("p"), node_, protocol::ProbeChanged{}});
  const Answer node = get("/pools/p/nodes/" + node_.text());
  EXPECT_EQ(node.text("/state"), "unusable");
  EXPECT_EQ(node.text("/errors/0/code"), "HardwareCheckFailed");
  EXPECT_EQ(node.text("/errors/0/errorDetails/0/name"), "Check");
  EXPECT_EQ(node.text("/errors/0/errorDetails/0/value"), "gpu.count");
}

TEST_F(HardwareViewTest, FactsAndChecksAreShown) {
  look();
  const Answer shown = get(hardware());
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.text("/probe/gpus/0/name"), "Tesla K80");
  EXPECT_TRUE(shown.body.at_pointer("/probe/gpus/0/emulated").as_bool());
  EXPECT_EQ(shown.text("/promise/gpu"), "Tesla K80");
  EXPECT_EQ(shown.text("/checks/0/check"), "gpu.driver");
  EXPECT_TRUE(shown.body.at_pointer("/checks/1/passed").as_bool());
  EXPECT_EQ(get("/pools/p/nodes/" + node_.text()).text("/state"), "idle");
  EXPECT_EQ(get("/batchyard/pools/p/nodes/nobody/hardware").code(), "NodeNotFound");
}

TEST_F(HardwareViewTest, AllNodesAreShownInAFewWords) {
  look();
  const Answer shown = get("/batchyard/pools/p/hardware");
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.text("/value/0/id"), node_.text());
  EXPECT_EQ(shown.text("/value/0/hardware"), "1 Tesla K80 (emulated)");
  EXPECT_EQ(get("/batchyard/pools/q/hardware").code(), "PoolNotFound");
  EXPECT_EQ(get("/batchyard/jobs/j/hardware").code(), "InvalidUri");
}

TEST_F(HardwareViewTest, ASizeSaysWhichDriverItsNodesNeed) {
  EXPECT_EQ(bench_.pool("p").facts.promise.driver, "cuda");
  post("/pools", R"({"id": "q", "vmSize": "Standard_NV6", "targetDedicatedNodes": 1,
      "virtualMachineConfiguration": {"imageReference": {"publisher": "Canonical",
        "offer": "UbuntuServer", "sku": "16.04-LTS"}, "nodeAgentSKUId": "batch.node.ubuntu 16.04"}})");
  EXPECT_EQ(bench_.pool("q").facts.promise.driver, "grid");
  // A node of it whose GPU has the other one is refused, and told how to be cured.
  const NodeId node = bench_.nodes("q").at(0);
  bench_.make("q", node);
  bench_.join("q", node);
  protocol::Probe probe;
  emulate(bench_.pool("q").facts.promise, node.text(), probe);
  probe.gpus.at(0).driver_kind = "cuda";
  bench_.run(engine::AgentSaid{PoolId::trusted("q"), node, protocol::ProbeChanged{probe}});
  const Answer refused = get("/pools/q/nodes/" + node.text());
  EXPECT_EQ(refused.text("/state"), "unusable");
  EXPECT_EQ(refused.text("/errors/0/errorDetails/0/value"), "gpu.driver.kind");
  EXPECT_THAT(refused.response.body, HasSubstr("GRID driver in place of this one"));
}

TEST_F(HardwareViewTest, ATaskShowsWhatItWasGiven) {
  look();
  add_job("j", "p");
  post("/jobs/j/tasks", R"({"id": "t", "commandLine": "work"})");
  const std::string path = "/batchyard/jobs/j/tasks/t/hardware";
  EXPECT_EQ(get(path).body.at("gpus").as_array().size(), 0);
  const auto runs = bench_.take<engine::StartRun>();
  bench_.run(engine::AgentSaid{
      PoolId::trusted("p"), node_,
      protocol::RunGranted{runs.at(0).key, 0, {.gpus = {"GPU-1"}, .shared = true}}});
  const Answer shown = get(path);
  EXPECT_EQ(shown.text("/gpus/0"), "GPU-1");
  EXPECT_TRUE(shown.body.at("shared").as_bool());
  EXPECT_EQ(get("/batchyard/jobs/j/tasks/u/hardware").code(), "TaskNotFound");
}

TEST_F(HardwareViewTest, FaultsAreAskedForListedAndCleared) {
  look();
  const std::string faults = "/batchyard/pools/p/faults";
  EXPECT_EQ(post(faults, R"({"kind": "XID", "node": "1", "for": "PT5M"})").status, 200);
  EXPECT_EQ(
      post(faults, R"({"kind": "ecc", "value": 3, "after": "PT1H"})").body.at("id").as_int64(), 2);
  const Answer list = get(faults);
  EXPECT_EQ(list.text("/value/0/kind"), "xid");
  EXPECT_EQ(list.text("/value/0/state"), "active");
  EXPECT_EQ(list.body.at_pointer("/value/0/value").as_int64(), 79);
  EXPECT_EQ(list.text("/value/1/state"), "planned");
  EXPECT_EQ(send("DELETE", faults + "/1").status, 200);
  EXPECT_EQ(get(faults).text("/value/0/state"), "over");
  EXPECT_EQ(send("DELETE", faults).status, 200);
  EXPECT_EQ(send("DELETE", faults + "/9").code(), "ResourceNotFound");
  EXPECT_EQ(send("PUT", faults).code(), "UnsupportedHttpVerb");
  EXPECT_EQ(get("/batchyard/jobs/j/faults").code(), "InvalidUri");
}

TEST_F(HardwareViewTest, ABadFaultNamesTheMember) {
  const auto refused = [&](const std::string& body) {
    const Answer answer = post("/batchyard/pools/p/faults", body);
    EXPECT_EQ(answer.status, 400) << body;
    return answer.detail("PropertyName") + ": " + answer.detail("PropertyValue");
  };
  EXPECT_EQ(refused(R"({"kind": "fire"})"), "kind: fire");
  EXPECT_EQ(refused(R"({"kind": "xid", "value": 0})"), "value: 0");
  EXPECT_EQ(refused(R"({"kind": "xid", "gpu": -1})"), "gpu: -1");
  EXPECT_EQ(refused(R"({"kind": "xid", "for": "5m"})"), "for: \"5m\"");
  EXPECT_EQ(refused(R"({"kind": "xid", "at": "noon"})"), "at: \"noon\"");
  EXPECT_EQ(refused(R"({"kind": "xid", "nod": "1"})"), "nod: \"1\"");
  EXPECT_EQ(refused(R"({"kind": "lost", "for": "PT1M"})"), "for: \"PT1M\"");
  EXPECT_EQ(refused(R"({"kind": "quota", "node": "1"})"), "node: 1");
}

TEST(FaultFiles, EachHasItsPool) {
  const auto plans =
      read_fault_plans(R"([{"pool": "*", "kind": "preempt", "after": "PT10M", "for": "PT1M"}])");
  ASSERT_TRUE(plans);
  EXPECT_EQ(plans->at(0).after, std::chrono::minutes(10));
  EXPECT_EQ(plans->at(0).lasts, std::chrono::minutes(1));
  EXPECT_FALSE(read_fault_plans("{}"));
  const auto bad = read_fault_plans(R"([{"pool": "p", "kind": "xid"}, {"kind": "xid"}])");
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().message, HasSubstr("--faults[1]"));
}

}  // namespace
}  // namespace batchyard::service
