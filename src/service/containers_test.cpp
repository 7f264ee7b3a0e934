// containerConfiguration and containerSettings: what is taken, what is shown, what is refused.
#include "service/service_test.h"

namespace batchyard::service {
namespace {

constexpr const char* with_containers =
    R"({"id":"c","vmSize":"STANDARD_H16r","virtualMachineConfiguration":{"imageReference":
    {"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":
    "batch.node.centos 7","containerConfiguration":{"type":"dockerCompatible",
    "containerImageNames":["ubuntu:22.04"],"containerRegistries":[{"registryServer":"yard.example",
    "username":"u","password":"s3cret"}]}}})";

class Containers : public ServiceTest {
 protected:
  void SetUp() override {
    ASSERT_EQ(post("/pools", with_containers).status, 201);
    add_job("j", "c");
  }
  Answer add(const std::string& settings, const std::string& more = R"(,"commandLine":"a")") {
    return post("/jobs/j/tasks", R"({"id":"t","containerSettings":)" + settings + more + "}");
  }
};

TEST_F(Containers, PasswordsAreNeverShown) {
  const Answer pool = get("/pools/c");
  EXPECT_EQ(pool.text("/virtualMachineConfiguration/containerConfiguration/containerRegistries/0/"
                      "username"),
            "u");
  EXPECT_FALSE(pool.response.body.contains("s3cret"));
  ASSERT_EQ(
      add(R"({"imageName":"tiny:1","registry":{"username":"me","password":"s3cret"}})").status,
      201);
  EXPECT_FALSE(get("/jobs/j/tasks/t").response.body.contains("s3cret"));
}

TEST_F(Containers, AnEmptyCommandIsTheImagesOwn) {
  EXPECT_EQ(add(R"({"imageName":"tiny:1"})", R"(,"commandLine":"")").status, 201);
  const Answer bare = post("/jobs/j/tasks", R"({"id":"u","commandLine":" "})");
  EXPECT_EQ(bare.detail("PropertyName"), "commandLine");
}

TEST_F(Containers, WhatCannotBeIsRefusedWithItsName) {
  const std::tuple<std::string, std::string, std::string> cases[] = {
      {R"({"imageName":"dir:/etc"})", "", "containerSettings.imageName"},
      {R"({"imageName":"a","containerRunOptions":"--privileged"})", "",
       "containerSettings.containerRunOptions"},
      {R"({"imageName":"a","containerHostBatchBindMounts":[{"source":"Shared"}]})", "",
       "containerSettings.workingDirectory"},
      {R"({"imageName":"a","containerHostBatchBindMounts":[{"source":"Task"},{"source":"Task"}]})",
       "", "containerSettings.containerHostBatchBindMounts[1].source"},
      {R"({"imageName":"a","registry":{"identityReference":{"resourceId":"x"}}})", "",
       "containerSettings.registry.identityReference"}};
  for (const auto& [settings, more, property] : cases) {
    const Answer refused = add(settings);
    EXPECT_EQ(refused.status, 400) << settings;
    EXPECT_EQ(refused.detail("PropertyName"), property) << settings;
  }
  EXPECT_EQ(add(R"({"imageName":"a","containerRunOptions":"--privileged"})",
                R"(,"commandLine":"a","userIdentity":{"autoUser":{"elevationLevel":"admin"}})")
                .status,
            201);
}

TEST_F(Containers, OfAJobManagerAreNamedWhereTheyStand) {
  const Answer refused = post("/jobs", R"({"id":"k","poolInfo":{"poolId":"c"},"jobManagerTask":{
      "id":"m","commandLine":"a","containerSettings":{"imageName":"a","containerRunOptions":
      "--memory 1g --gpus some"}}})");
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.detail("PropertyName"), "jobManagerTask.containerSettings.containerRunOptions");
  EXPECT_EQ(refused.detail("PropertyValue"), "--gpus some");
}

TEST_F(Containers, AStartTaskNeedsThePoolsConfiguration) {
  const Answer refused =
      post("/pools",
           R"({"id":"d","vmSize":"STANDARD_H16r","virtualMachineConfiguration":{"imageReference":
      {"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":
      "batch.node.centos 7"},"startTask":{"commandLine":"a","containerSettings":{"imageName":"a"}}})");
  EXPECT_EQ(refused.detail("PropertyName"), "startTask.containerSettings");
}

}  // namespace
}  // namespace batchyard::service
