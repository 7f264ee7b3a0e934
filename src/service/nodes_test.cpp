#include <fmt/format.h>

#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;

constexpr const char* older = "?api-version=2020-09-01.12.0";

class Nodes : public ServiceTest {
 protected:
  void SetUp() override {
    add_pool("p", 2);
    ids_ = get("/pools/p/nodes").ids();
    node_ = "/pools/p/nodes/" + ids_.at(0);
  }
  std::string state() { return get(node_).text("/state"); }

  std::vector<std::string> ids_;
  std::string node_;
};

TEST_F(Nodes, RebootAsRecorded) {
  const Answer answer =
      send("POST", node_ + "/reboot" + older, R"({"nodeRebootOption":"terminate"})");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(answer.header("DataServiceId"), "https://yard.example" + node_ + "/reboot");
  EXPECT_EQ(answer.header("ETag"), "");
  EXPECT_TRUE(answer.response.body.empty());
  EXPECT_EQ(state(), "rebooting");
  EXPECT_EQ(post(node_ + "/reboot", "").code(), "NodeBeingRebooted");
  EXPECT_EQ(post(node_ + "/reboot", R"({"nodeRebootOption":"perhaps"})").status, 400);
  EXPECT_EQ(post("/pools/p/nodes/none/reboot", "").code(), "NodeNotFound");
  EXPECT_EQ(post("/pools/none/nodes/none/reboot", "").code(), "PoolNotFound");
}

TEST_F(Nodes, ReimageIsRefusedAsRecordedWhereCloudServicesAreKnown) {
  const Answer refused =
      send("POST", node_ + "/reimage" + older, R"({"nodeReimageOption":"terminate"})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.code(), "OperationNotValidOnNode");
  EXPECT_EQ(
      refused.detail("Reason"),
      "Operation reimage can be invoked only on pools created with cloudServiceConfiguration");
  EXPECT_EQ(state(), "idle");
  EXPECT_EQ(post(node_ + "/reimage", R"({"nodeReimageOption":"terminate"})").status, 202);
  EXPECT_EQ(state(), "reimaging");
}

TEST_F(Nodes, SchedulingIsShownAndFilterable) {
  EXPECT_EQ(post(node_ + "/enablescheduling", "").code(), "NodeAlreadyInTargetSchedulingState");
  EXPECT_EQ(post(node_ + "/disablescheduling", "").status, 200);
  EXPECT_EQ(state(), "offline");
  EXPECT_EQ(get(node_).text("/schedulingState"), "disabled");
  const auto filtered = get("/pools/p/nodes?$filter=schedulingState%20eq%20'disabled'");
  EXPECT_EQ(filtered.ids(), std::vector<std::string>{ids_[0]});
  EXPECT_EQ(get("/nodecounts").text("/value/0/dedicated/offline"), "1");
  EXPECT_EQ(post(node_ + "/enablescheduling", "").status, 200);
  EXPECT_EQ(state(), "idle");
}

TEST_F(Nodes, DeallocatedAndStarted) {
  EXPECT_EQ(post(node_ + "/start", "").code(), "OperationInvalidForCurrentState");
  EXPECT_EQ(post(node_ + "/deallocate", R"({"nodeDeallocateOption":"terminate"})").status, 202);
  EXPECT_EQ(state(), "deallocating");
  EXPECT_EQ(get("/nodecounts").text("/value/0/dedicated/deallocating"), "1");
  bench_.run(engine::FleetUnmade{PoolId::trusted("p"), NodeId::trusted(ids_[0])});
  EXPECT_EQ(state(), "deallocated");
  EXPECT_EQ(post(node_ + "/start", "").status, 202);
  EXPECT_EQ(state(), "starting");
  EXPECT_EQ(send("POST", node_ + "/deallocate" + older).status, 400);  // not of that version
}

TEST_F(Nodes, AreRemovedByName) {
  const Answer answer =
      post("/pools/p/removenodes", fmt::format(R"({{"nodeList":["{}"]}})", ids_[1]));
  EXPECT_EQ(answer.status, 202);
  EXPECT_NE(answer.header("ETag"), "");
  EXPECT_EQ(get("/pools/p").text("/targetDedicatedNodes"), "1");
  EXPECT_EQ(get("/pools/p/nodes/" + ids_[1]).text("/state"), "leavingpool");
  EXPECT_EQ(post("/pools/p/removenodes", fmt::format(R"({{"nodeList":["{}"]}})", ids_[0])).code(),
            "PoolBeingResized");
  EXPECT_EQ(post("/pools/p/removenodes", R"({"nodeList":[]})").detail("PropertyName"), "nodeList");
  json::array many(101, json::value("n"));
  EXPECT_EQ(post("/pools/p/removenodes", json::serialize(json::object{{"nodeList", many}})).status,
            400);
}

TEST_F(Nodes, UsersComeAndGoAndAreNeverShown) {
  const Answer added =
      post(node_ + "/users", R"({"name":"ann","isAdmin":true,"password":"s3cret"})");
  EXPECT_EQ(added.status, 201) << added.response.body;
  EXPECT_EQ(added.header("Location"), "https://yard.example" + node_ + "/users/ann");
  EXPECT_EQ(post(node_ + "/users", R"({"name":"ann"})").code(), "NodeUserExists");
  EXPECT_EQ(send("PUT", node_ + "/users/ann", R"({"sshPublicKey":"ssh-rsa A"})").status, 200);
  EXPECT_EQ(send("PUT", node_ + "/users/bob", R"({"password":"x"})").code(), "NodeUserNotFound");
  EXPECT_EQ(get(node_).response.body.find("ann"), std::string::npos);
  const NodeStatus status = bench_.node("p", NodeId::trusted(ids_[0]));
  ASSERT_EQ(status.users.size(), 1u);
  EXPECT_TRUE(status.users[0].admin);
  EXPECT_EQ(status.users[0].password_hash, "");  // PUT replaces everything
  EXPECT_EQ(status.users[0].expires, bench_.now + std::chrono::hours(24));
  EXPECT_EQ(send("DELETE", node_ + "/users/ann").status, 200);
  EXPECT_EQ(send("DELETE", node_ + "/users/ann").code(), "NodeUserNotFound");
}

TEST_F(Nodes, UsersThatCannotBeAreRefused) {
  const auto refused = [&](const char* body) {
    return post(node_ + "/users", body).detail("PropertyName");
  };
  EXPECT_EQ(refused(R"({"name":"abcdefghijklmnopqrstu"})"), "name");
  EXPECT_EQ(refused(R"({"name":"a:b"})"), "name");
  EXPECT_EQ(refused(R"({"name":"root"})"), "name");
  EXPECT_EQ(refused(R"({"name":"ann","expiryTime":"2001-01-01T00:00:00Z"})"), "expiryTime");
  EXPECT_EQ(refused(R"({"name":"ann","sshPublicKey":"a\nb"})"), "sshPublicKey");
  EXPECT_TRUE(bench_.node("p", NodeId::trusted(ids_[0])).users.empty());
}

TEST_F(Nodes, RemoteLogin) {
  EXPECT_EQ(get(node_ + "/remoteloginsettings").text("/remoteLoginIPAddress"), "10.0.0.4");
  EXPECT_EQ(get(node_ + "/remoteloginsettings").text("/remoteLoginPort"), "22");
  EXPECT_EQ(get(node_ + "/rdp" + older).code(), "OperationNotValidOnNode");
}

TEST_F(Nodes, PoolPropertiesAreReplacedAsAWhole) {
  ASSERT_EQ(send("PATCH", "/pools/p", R"({"metadata":[{"name":"a","value":"b"}],
      "startTask":{"commandLine":"one"}})")
                .status,
            200);
  const Answer updated = send("POST", std::string("/pools/p/updateproperties") + older,
                              R"({"startTask":{"commandLine":"hostname"},"certificateReferences":[],
              "applicationPackageReferences":[],"metadata":[{"name":"c","value":"d"}]})");
  EXPECT_EQ(updated.status, 204) << updated.response.body;
  EXPECT_NE(updated.header("ETag"), "");
  EXPECT_EQ(get("/pools/p").text("/metadata/0/name"), "c");
  EXPECT_EQ(get("/pools/p").text("/startTask/commandLine"), "hostname");
  EXPECT_EQ(bench_.pool("p").start_generation, 2);
  EXPECT_EQ(send("POST", std::string("/pools/p/updateproperties") + older,
                 R"({"certificateReferences":[],"applicationPackageReferences":[],"metadata":[]})")
                .status,
            204);
  EXPECT_EQ(get("/pools/p").text("/startTask/commandLine"), "(absent)");
  EXPECT_FALSE(bench_.pool("p").facts.start_task);
}

TEST_F(Nodes, WhatNodesWereMadeByChangesOnlyInAnEmptyPool) {
  const Answer refused = send("PATCH", "/pools/p", R"({"taskSlotsPerNode":4})");
  EXPECT_EQ(refused.status, 409);
  EXPECT_EQ(refused.detail("PropertyName"), "taskSlotsPerNode");
  EXPECT_EQ(send("PATCH", "/pools/p", R"({"vmSize":"standard_h16r","displayName":"x"})").status,
            200);
  EXPECT_EQ(send("PATCH", "/pools/p?api-version=2025-06-01",
                 R"({"targetNodeCommunicationMode":"classic"})")
                .status,
            400);
  EXPECT_EQ(send("PATCH", "/pools/p?api-version=2022-10-01.16.0",
                 R"({"targetNodeCommunicationMode":"classic"})")
                .status,
            200);
  add_pool("empty", 0);
  EXPECT_EQ(
      send("PATCH", "/pools/empty", R"({"taskSlotsPerNode":4,"vmSize":"standard_h8"})").status,
      200);
  EXPECT_EQ(get("/pools/empty").text("/taskSlotsPerNode"), "4");
  EXPECT_EQ(get("/pools/empty").text("/vmSize"), "standard_h8");
}

TEST_F(ServiceTest, LogsAreSentByTheNode) {
  add_pool("p", 1);
  const std::string node = get("/pools/p/nodes").ids().at(0);
  const std::string path = "/pools/p/nodes/" + node + "/uploadbatchservicelogs";
  EXPECT_EQ(post(path, R"({"containerUrl":"somewhere","startTime":"2025-01-01T00:00:00Z"})")
                .detail("PropertyName"),
            "containerUrl");
  const Answer answer = post(
      path,
      R"({"containerUrl":"https://a.blob.core.windows.net/c?sig=s3cret","startTime":"2025-01-01T00:00:00Z"})");
  ASSERT_EQ(answer.status, 200) << answer.response.body;
  EXPECT_EQ(answer.text("/numberOfFilesUploaded"), "0");
  EXPECT_NE(answer.text("/virtualDirectoryName").find("/p/" + node + "/"), std::string::npos);
  EXPECT_EQ(files_.asked.back().verb, protocol::FileVerb::upload_logs);
}

}  // namespace
}  // namespace batchyard::service
