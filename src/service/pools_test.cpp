#include "service/service_test.h"

#include <fmt/format.h>

namespace batchyard::service {
namespace {

constexpr const char* hpc_machine =
    R"("virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"})";

TEST_F(ServiceTest, AnAddedPoolIsReadBackWithItsDefaults) {
  const Answer added = post(
      "/pools", fmt::format(R"({{"id":"Pool","vmSize":"STANDARD_H16r","targetDedicatedNodes":"2",{},
      "startTask":{{"commandLine":"true"}},"metadata":[{{"name":"a","value":"b"}}]}})",
                            hpc_machine));
  ASSERT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(added.header("Location"), "https://yard.example/pools/Pool");
  EXPECT_EQ(added.header("DataServiceId"), "https://yard.example/pools/Pool");
  EXPECT_TRUE(added.response.body.empty());
  const Answer pool = get("/pools/pool");
  EXPECT_EQ(pool.header("ETag"), added.header("ETag"));
  EXPECT_EQ(pool.text("/eTag"), added.header("ETag"));
  const std::pair<const char*, const char*> expected[] = {
      {"/id", "Pool"},
      {"/url", "https://yard.example/pools/Pool"},
      {"/vmSize", "standard_h16r"},
      {"/state", "active"},
      {"/allocationState", "resizing"},
      {"/resizeTimeout", "PT15M"},
      {"/targetDedicatedNodes", "2"},
      {"/currentDedicatedNodes", "0"},
      {"/targetLowPriorityNodes", "0"},
      {"/enableAutoScale", "false"},
      {"/enableInterNodeCommunication", "false"},
      {"/taskSlotsPerNode", "1"},
      {"/taskSchedulingPolicy/nodeFillType", "Spread"},
      {"/startTask/waitForSuccess", "true"},
      {"/startTask/userIdentity/autoUser/elevationLevel", "nonadmin"},
      {"/metadata/0/value", "b"},
      {"/creationTime", "2025-12-18T00:00:00Z"},
      {"/virtualMachineConfiguration/imageReference/version", "latest"}};
  for (const auto& [pointer, value] : expected) EXPECT_EQ(pool.text(pointer), value) << pointer;
  EXPECT_EQ(pool.body.as_object().begin()->key(), "odata.metadata");
  EXPECT_EQ(pool.text("/maxTasksPerNode"), "(absent)");
  EXPECT_EQ(get("/pools/pool?api-version=2020-03-01.11.0").text("/maxTasksPerNode"), "1");
  EXPECT_EQ(send("HEAD", "/pools/POOL").status, 200);
  EXPECT_EQ(
      post("/pools", fmt::format(R"({{"id":"POOL","vmSize":"standard_h16r",{}}})", hpc_machine))
          .code(),
      "PoolExists");
}

TEST_F(ServiceTest, PoolsThatCannotBeAreRefusedWithACure) {
  const auto message = [&](const std::string& members) {
    const Answer answer = post("/pools", "{\"id\":\"p\"," + members + "}");
    EXPECT_EQ(answer.status, 400) << members;
    return answer.message();
  };
  EXPECT_NE(
      message(fmt::format(R"("vmSize":"standard_h16rr",{})", hpc_machine)).find("standard_h16r"),
      std::string::npos);
  EXPECT_NE(message(R"("vmSize":"standard_h16r")").find("virtualMachineConfiguration"),
            std::string::npos);
  EXPECT_NE(
      message(
          R"("vmSize":"standard_h16r","virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"9.9"},
      "nodeAgentSKUId":"batch.node.centos 7"})")
          .find("CentOS-HPC"),
      std::string::npos);
  EXPECT_NE(
      message(
          R"("vmSize":"standard_h16r","virtualMachineConfiguration":{"imageReference":{"publisher":"openlogic","offer":"centos-hpc","sku":"7.4"},
      "nodeAgentSKUId":"batch.node.debian 9"})")
          .find("batch.node.centos 7"),
      std::string::npos);
  EXPECT_NE(
      message(fmt::format(R"("vmSize":"standard_h16r","taskSlotsPerNode":65,{})", hpc_machine))
          .find("at most 64"),
      std::string::npos);
  EXPECT_NE(
      message(fmt::format(R"("vmSize":"standard_h16r","resizeTimeout":"PT1M",{})", hpc_machine))
          .find("PT5M"),
      std::string::npos);
}

// Not those of jobs.
TEST_F(ServiceTest, RulesOfEndpointsHavePrioritiesOfTheirOwn) {
  const auto add = [&](const char* id, int priority) {
    return post("/pools", fmt::format(R"({{"id":"{}","vmSize":"standard_h16r",{},
        "networkConfiguration":{{"endpointConfiguration":{{"inboundNATPools":[{{"name":"web",
        "protocol":"tcp","backendPort":8080,"frontendPortRangeStart":60000,
        "frontendPortRangeEnd":60099,"networkSecurityGroupRules":[{{"priority":{},"access":"deny",
        "sourceAddressPrefix":"10.0.0.0/8"}}]}}]}}}}}})",
                                      id, hpc_machine, priority));
  };
  EXPECT_EQ(add("p", 3500).status, 201);
  EXPECT_EQ(add("q", 149).code(), "InvalidPropertyValue");
  EXPECT_EQ(add("r", 4097).code(), "InvalidPropertyValue");
}

TEST_F(ServiceTest, SecretsAreNeverShown) {
  add_pool("p", 0, R"(,"userAccounts":[{"name":"u","password":"swordfish"}])");
  const Answer pool = get("/pools/p");
  EXPECT_EQ(pool.text("/userAccounts/0/name"), "u");
  EXPECT_EQ(pool.response.body.find("swordfish"), std::string::npos) << pool.response.body;
  EXPECT_EQ(get("/pools").response.body.find("swordfish"), std::string::npos);
}

TEST_F(ServiceTest, APatchReplacesWhatItNames) {
  add_pool("p", 0, R"(,"metadata":[{"name":"a","value":"b"}])");
  const Answer patched = send("PATCH", "/pools/p", R"({"startTask":{"commandLine":"false"}})");
  ASSERT_EQ(patched.status, 200) << patched.response.body;
  const Answer pool = get("/pools/p");
  EXPECT_EQ(pool.header("ETag"), patched.header("ETag"));
  EXPECT_EQ(pool.text("/startTask/commandLine"), "false");
  EXPECT_EQ(pool.text("/metadata/0/name"), "a");
  EXPECT_EQ(pool.text("/vmSize"), "standard_h16r");
}

TEST_F(ServiceTest, PoolsAreResizedAndStopped) {
  add_pool("p", 1);
  EXPECT_EQ(get("/pools/p").text("/allocationState"), "steady");
  EXPECT_EQ(post("/pools/p/resize", "{}").code(), "MissingRequiredProperty");
  const Answer resized = post("/pools/p/resize", R"({"targetDedicatedNodes":3})");
  ASSERT_EQ(resized.status, 202) << resized.response.body;
  EXPECT_EQ(resized.header("DataServiceId"), "https://yard.example/pools/p/resize");
  EXPECT_EQ(get("/pools/p").text("/allocationState"), "resizing");
  EXPECT_EQ(send("POST", "/pools/p/stopresize").status, 202);
  EXPECT_EQ(post("/pools/none/resize", R"({"targetDedicatedNodes":3})").code(), "PoolNotFound");
}

TEST_F(ServiceTest, APoolIsDeletedOnce) {
  add_pool("p", 1);
  EXPECT_EQ(send("DELETE", "/pools/p").status, 202);
  EXPECT_EQ(get("/pools/p").text("/state"), "deleting");
  const Answer again = send("DELETE", "/pools/p");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "PoolBeingDeleted");
}

TEST_F(ServiceTest, NodesAreListedReadAndCounted) {
  add_pool("p", 3);
  const Answer list = get("/pools/p/nodes?$filter=state%20eq%20'idle'");
  ASSERT_EQ(list.status, 200) << list.response.body;
  ASSERT_EQ(list.ids().size(), 3U);
  const Answer node = get("/pools/p/nodes/" + list.ids()[0]);
  EXPECT_EQ(node.text("/state"), "idle");
  EXPECT_EQ(node.text("/affinityId"), "TVM:" + list.ids()[0]);
  EXPECT_EQ(node.text("/vmSize"), "standard_h16r");
  EXPECT_EQ(node.text("/isDedicated"), "true");
  EXPECT_EQ(node.text("/schedulingState"), "enabled");
  EXPECT_EQ(node.header("ETag"), "");
  EXPECT_EQ(get("/pools/p/nodes/none").code(), "NodeNotFound");
  EXPECT_EQ(get("/pools/none/nodes").code(), "PoolNotFound");
  const Answer counts = get("/nodecounts?$filter=poolId%20eq%20'p'");
  EXPECT_EQ(counts.text("/value/0/dedicated/idle"), "3");
  EXPECT_EQ(counts.text("/value/0/dedicated/total"), "3");
  EXPECT_EQ(counts.text("/value/0/lowPriority/total"), "0");
}

// An identity is not for the holder of a key to give.
TEST_F(ServiceTest, WholesAreForTheManagementPlaneAlone) {
  add_pool("p", 0);
  EXPECT_EQ(get("/batchyard/whole/pools/p").code(), "Forbidden");
  EXPECT_EQ(send("PUT", "/batchyard/whole/pools/p", R"({"pool":{}})").code(), "Forbidden");
}

}  // namespace
}  // namespace batchyard::service
