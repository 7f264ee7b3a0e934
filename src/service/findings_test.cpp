#include <fmt/format.h>
#include <gmock/gmock.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

using ::testing::HasSubstr;

constexpr const char* older = "?api-version=2022-10-01.16.0";  // that has Cloud Services

constexpr const char* gpu_pool =
    R"({"id":"p","vmSize":"STANDARD_nc6","virtualMachineConfiguration":{"imageReference":
    {"publisher":"Canonical","offer":"UbuntuServer","sku":"16.04-LTS"},
    "nodeAgentSKUId":"batch.node.ubuntu 16.04"}})";

std::string service_pool(const std::string& size, const std::string& family) {
  return fmt::format(
      R"({{"id":"p","vmSize":"{}","cloudServiceConfiguration":{{"osFamily":"{}"}}}})", size,
      family);
}

TEST_F(ServiceTest, WhatAzureTakesIsTakenAndItsFindingsAreShown) {
  ASSERT_EQ(post("/pools", gpu_pool).status, 201);
  const Answer found = get("/batchyard/pools/P/findings");
  ASSERT_EQ(found.status, 200) << found.response.body;
  EXPECT_EQ(found.text("/poolId"), "p");
  EXPECT_EQ(found.text("/findings/0/rule"), "l2-software");
  EXPECT_EQ(found.text("/findings/0/severity"), "warning");
  EXPECT_EQ(found.text("/findings/0/property"), "virtualMachineConfiguration.imageReference");
  EXPECT_THAT(found.text("/findings/0/message"), HasSubstr("NVIDIA CUDA drivers"));
  EXPECT_EQ(found.text("/findings/0/patch/0/op"), "add");
  // The calendar is Azure's: it is asked for.
  EXPECT_THAT(get("/batchyard/pools/p/findings?calendar=true").response.body,
              HasSubstr("ended-size"));
  EXPECT_THAT(found.response.body, ::testing::Not(HasSubstr("ended-size")));
  EXPECT_EQ(get("/batchyard/pools/none/findings").code(), "PoolNotFound");
  const std::string explained = get("/batchyard/explain/pool/p").response.body;
  EXPECT_THAT(explained, HasSubstr("l2-software"));
  EXPECT_THAT(explained, HasSubstr("batchyard describe pool p"));
}

TEST_F(ServiceTest, FindingsNeverShowASecret) {
  ASSERT_EQ(post("/pools", R"({"id":"p","vmSize":"Standard_D2_v3","virtualMachineConfiguration":
      {"imageReference":{"publisher":"MicrosoftWindowsServer","offer":"WindowsServer",
       "sku":"2022-datacenter"},"nodeAgentSKUId":"batch.node.windows amd64"},
      "userAccounts":[{"name":"ada","password":"hush-1","linuxUserConfiguration":
       {"sshPrivateKey":"hush-2"}}],
      "mountConfiguration":[{"azureBlobFileSystemConfiguration":{"accountName":"a",
       "containerName":"c","relativeMountPath":"d","accountKey":"hush-3"}}]})")
                .status,
            201);
  const Answer found = get("/batchyard/pools/p/findings");
  EXPECT_THAT(found.response.body, HasSubstr("mount-blob-on-windows"));
  EXPECT_THAT(found.response.body, HasSubstr("account-ssh-key-unused"));
  EXPECT_THAT(found.response.body, ::testing::Not(HasSubstr("hush")));
}

TEST_F(ServiceTest, PoolsOfCloudServicesAreDefinedAndStored) {
  const Answer added = post(std::string("/pools") + older, service_pool("Standard_A8", "5"));
  ASSERT_EQ(added.status, 201) << added.response.body;
  const Answer pool = get(std::string("/pools/p") + older);
  EXPECT_EQ(pool.text("/cloudServiceConfiguration/osFamily"), "5");
  EXPECT_EQ(pool.text("/vmSize"), "standard_a8");
  EXPECT_THAT(get("/batchyard/pools/p/findings").response.body, HasSubstr("c1-inter-node"));
}

TEST_F(ServiceTest, CloudServicesThatCannotBeAreRefusedWithTheReason) {
  const auto refused = [&](const std::string& size, const std::string& family) {
    const Answer answer = post(std::string("/pools") + older, service_pool(size, family));
    EXPECT_EQ(answer.status, 400) << size;
    return answer.message();
  };
  EXPECT_THAT(refused("Standard_NC6", "5"),
              HasSubstr("N-series, which Cloud Services do not have"));
  EXPECT_THAT(refused("Standard_NV6", "5"), HasSubstr("virtualMachineConfiguration"));
  EXPECT_THAT(refused("Standard_A1_v2", "5"), HasSubstr("excluded from Cloud Services"));
  EXPECT_THAT(refused("Standard_A8", "7"), HasSubstr("5 (2016)"));
  EXPECT_THAT(refused("A8 Standard", "5"), HasSubstr("Standard_A8"));
}

TEST_F(ServiceTest, APoolHasOneKindOfConfiguration) {
  const Answer both = post(std::string("/pools") + older, R"({"id":"p","vmSize":"Standard_A8",
      "cloudServiceConfiguration":{"osFamily":"5"},"virtualMachineConfiguration":{"imageReference":
      {"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},
      "nodeAgentSKUId":"batch.node.centos 7"}})");
  EXPECT_EQ(both.status, 400);
  EXPECT_THAT(both.message(), HasSubstr("not both"));
  EXPECT_EQ(post("/pools", R"({"id":"p","vmSize":"Standard_A8"})").code(),
            "MissingRequiredProperty");
}

TEST_F(ServiceTest, NodesOfWindowsAreOrderedAsSuch) {
  ASSERT_EQ(post("/pools", R"({"id":"p","vmSize":"Standard_D2_v3","targetDedicatedNodes":1,
      "virtualMachineConfiguration":{"imageReference":{"publisher":"MicrosoftWindowsServer",
      "offer":"WindowsServer","sku":"2016-Datacenter"},
      "nodeAgentSKUId":"batch.node.Windows amd64"}})")
                .status,
            201);
  const auto orders = bench_.take<engine::WantNode>();
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_TRUE(orders[0].order.windows);
}

}  // namespace
}  // namespace batchyard::service
