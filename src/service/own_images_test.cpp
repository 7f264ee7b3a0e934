// Images of one's own: their paths, and pools that name them.
#include "service/service_test.h"

namespace batchyard::service {
namespace {

constexpr const char* gallery_id =
    "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/y/images/gpu/versions/"
    "1.0.0";

class OwnImages : public ServiceTest {
 protected:
  Answer import(const std::string& name, const std::string& more = {}) {
    return send("PUT", "/batchyard/images/" + name, R"({"upload":"u")" + more + "}");
  }
  static std::string pool_of(const std::string& id, const std::string& image) {
    return R"({"id":")" + id + R"(","vmSize":"standard_a1_v2","targetDedicatedNodes":1,
      "virtualMachineConfiguration":{"imageReference":{"virtualMachineImageId":")" +
           image + R"("},"nodeAgentSKUId":"batch.node.debian 12"}})";
  }
};

TEST_F(OwnImages, AreMadeShownAndRemoved) {
  const Answer made = import("gpu-1.0.0", std::string(R"(,"id":")") + gallery_id +
                                              R"(","agent":"batch.node.debian 12","source":"x")");
  ASSERT_EQ(made.status, 200) << made.response.body;
  EXPECT_EQ(made.text("/id"), gallery_id);
  const Answer list = get("/batchyard/images");
  EXPECT_EQ(list.text("/value/0/name"), "gpu-1.0.0");
  EXPECT_EQ(list.text("/value/0/nodeAgentSKUId"), "batch.node.debian 12");
  EXPECT_EQ(list.text("/value/0/usedBy"), "[]");
  EXPECT_EQ(send("DELETE", "/batchyard/images/gpu-1.0.0").status, 204);
  EXPECT_EQ(get("/batchyard/images/gpu-1.0.0").code(), "ImageNotFound");
}

TEST_F(OwnImages, WhatIsWrongWithOneIsSaid) {
  EXPECT_EQ(import("host").detail("PropertyName"), "name");
  EXPECT_EQ(import("gpu", R"(,"id":"gpu")").detail("PropertyName"), "id");
  // No pool could name it so.
  EXPECT_EQ(import("gpu", R"(,"id":"/subscriptions/s/images/gpu")").detail("PropertyName"), "id");
  EXPECT_EQ(import("gpu", R"(,"agent":"batch.node.plan9")").detail("PropertyName"), "agent");
  EXPECT_EQ(send("PUT", "/batchyard/images/gpu", "{}").detail("PropertyName"), "upload");
  EXPECT_EQ(send("PUT", "/batchyard/images/gpu", R"({"upload":"bad"})").code(), "InvalidImage");
  EXPECT_EQ(send("PATCH", "/batchyard/images/gpu/more", "{}").code(), "InvalidUri");
}

TEST_F(OwnImages, APoolsImageIsThereAndFits) {
  images_.nodes_boot = true;
  const Answer unknown = post("/pools", pool_of("p", gallery_id));
  EXPECT_EQ(unknown.code(), "InvalidPropertyValue");
  EXPECT_EQ(unknown.detail("PropertyName"),
            "virtualMachineConfiguration.imageReference.virtualMachineImageId");
  EXPECT_EQ(unknown.detail("PropertyValue"), gallery_id);
  EXPECT_NE(unknown.detail("Reason").find("batchyard image import"), std::string::npos);

  ASSERT_EQ(import("gpu", R"(,"agent":"batch.node.ubuntu 22.04")").status, 200);
  EXPECT_EQ(post("/pools", pool_of("p", gallery_id)).detail("PropertyName"),
            "virtualMachineConfiguration.nodeAgentSKUId");
  images_.all[0].agent = "batch.node.debian 12";
  EXPECT_EQ(post("/pools", pool_of("p", gallery_id)).status, 201);
  const std::vector<engine::WantNode> wanted = bench_.take<engine::WantNode>();
  ASSERT_EQ(wanted.size(), 1U);
  EXPECT_EQ(wanted[0].order.boots, gallery_id);

  const Answer used = send("DELETE", "/batchyard/images/gpu");
  EXPECT_EQ(used.code(), "ImageInUse");
  EXPECT_EQ(used.detail("UsedBy"), "pool p");
}

TEST_F(OwnImages, SimulatedNodesBootAnyImage) {
  EXPECT_EQ(post("/pools", pool_of("p", gallery_id)).status, 201);
}

TEST_F(OwnImages, MarketplaceImagesAreBound) {
  add_pool("p", 1);
  const auto bind = [&](const std::string& reference, const std::string& to) {
    return send("PUT", "/batchyard/bindings/" + reference, R"({"to":")" + to + R"("})");
  };
  EXPECT_EQ(bind("OpenLogic/CentOS-HPC/7.4", "none").code(), "ImageNotFound");
  EXPECT_EQ(bind("OpenLogic/CentOS-HPC", "host").detail("PropertyName"), "reference");
  ASSERT_EQ(import("centos").status, 200);
  EXPECT_EQ(bind("OpenLogic/CentOS-HPC/7.4", "centos").status, 204);
  EXPECT_EQ(bind("*", "host-copy").status, 204);
  EXPECT_EQ(get("/batchyard/bindings").text("/value/0/to"), "centos");
  EXPECT_EQ(send("DELETE", "/batchyard/images/centos").detail("UsedBy"),
            "pool p, binding OpenLogic/CentOS-HPC/7.4");
  EXPECT_EQ(send("DELETE", "/batchyard/bindings/OpenLogic/CentOS-HPC/7.4").status, 204);
  EXPECT_EQ(send("DELETE", "/batchyard/images/centos").status, 204);
}

TEST_F(OwnImages, ANodeIsCapturedAtRest) {
  add_pool("p", 1);
  const std::string node = bench_.nodes("p")[0].text();
  const auto capture = [&](const std::string& name, const std::string& more = {}) {
    return post("/batchyard/images/" + name + "/capture",
                R"({"pool":"p","node":")" + node + "\"" + more + "}");
  };
  const Answer made = capture("ready");
  ASSERT_EQ(made.status, 200) << made.response.body;
  EXPECT_EQ(made.text("/nodeAgentSKUId"), "batch.node.centos 7");
  EXPECT_EQ(made.text("/source"), "node " + node + " of pool p");
  ASSERT_EQ(capture("all", R"(,"whole":true)").status, 200);
  EXPECT_EQ(images_.captured, (std::vector<std::string>{"p " + node, "p " + node + " whole"}));
  add_job("j", "p");
  ASSERT_EQ(post("/jobs/j/tasks", R"({"id":"t","commandLine":"true"})").status, 201);
  EXPECT_EQ(capture("busy").code(), "OperationInvalidForCurrentState");
  EXPECT_EQ(post("/batchyard/images/x/capture", R"({"pool":"p","node":"none"})").code(),
            "NodeNotFound");
}

}  // namespace
}  // namespace batchyard::service
