// Applications through the operator's door, what the data plane shows of them, and references.
#include <fmt/format.h>

#include "service/node_credential.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

class Applications : public ServiceTest {
 protected:
  Answer put(const std::string& path, const std::string& body = {}) {
    return send("PUT", "/batchyard/" + path, body);
  }
  Answer upload(const std::string& version, const std::string& archive) {
    const std::string name =
        std::string(post("/batchyard/uploads", "").body.at("upload").as_string());
    EXPECT_EQ(put("uploads/" + name + "?offset=0", archive).status, 200);
    return put("applications/blender/versions/" + version,
               fmt::format(R"({{"upload":"{}"}})", name));
  }
  Answer activate(const std::string& version) {
    return post("/batchyard/applications/blender/versions/" + version + "/activate", "");
  }
  void add_blender() {
    ASSERT_EQ(put("applications/Blender", R"({"displayName":"Blender 3D"})").status, 201);
    ASSERT_EQ(upload("2.8", "archive").status, 201);
    ASSERT_EQ(activate("2.8").status, 204);
  }
  Answer node_gets(const std::string& content, const NodePlace& place) {
    return handle(request("GET", "/batchyard/packages/" + content, "",
                          {{"Authorization", node_authorization(place)}}));
  }
};

TEST_F(Applications, AreUploadedActivatedShownAndDeleted) {
  add_blender();
  const Answer shown = get("/batchyard/applications/blender");
  EXPECT_EQ(shown.text("/id"), "Blender");
  EXPECT_EQ(shown.text("/packages/0/version"), "2.8");
  EXPECT_EQ(shown.text("/packages/0/state"), "active");
  EXPECT_EQ(shown.text("/packages/0/size"), "7");
  EXPECT_EQ(shown.text("/packages/0/format"), "zip");
  EXPECT_EQ(get("/batchyard/applications/blender/versions/2.8").text("/sha256"), "digest");
  EXPECT_EQ(send("PATCH", "/batchyard/applications/blender", R"({"defaultVersion":"2.8"})").status,
            200);
  EXPECT_EQ(get("/batchyard/applications").text("/value/0/defaultVersion"), "2.8");
  EXPECT_EQ(send("DELETE", "/batchyard/applications/blender").code(),
            "ApplicationPackagesNotEmpty");
  EXPECT_EQ(send("DELETE", "/batchyard/applications/blender/versions/2.8").status, 204);
  EXPECT_EQ(send("DELETE", "/batchyard/applications/blender").status, 204);
  EXPECT_EQ(get("/batchyard/applications/blender").code(), "ApplicationNotFound");
}

TEST_F(Applications, TheDataPlaneListsWhatNodesCanHave) {
  EXPECT_TRUE(get("/applications").ids().empty());
  add_blender();
  ASSERT_EQ(upload("2.9", "pending").status, 201);
  EXPECT_EQ(get("/applications").ids(), std::vector<std::string>{"Blender"});
  const Answer one = get("/applications/blender");
  EXPECT_EQ(one.text("/versions"), R"(["2.8"])");
  EXPECT_EQ(one.text("/displayName"), "Blender 3D");
  EXPECT_EQ(get("/applications/maya").code(), "ApplicationNotFound");
  EXPECT_EQ(get("/applications/maya").status, 404);
}

TEST_F(Applications, ArchivesAreTakenFromTheStorage) {
  ASSERT_EQ(put("applications/GPU_Driver").status, 201);
  const std::string package = "/batchyard/applications/GPU_Driver/versions/411.82";
  ASSERT_EQ(send("PUT", package, R"({"storage":true,"tags":{"a":"b"}})").status, 201);
  ASSERT_EQ(package_storage_.containers.size(), 1u);
  EXPECT_TRUE(package_storage_.containers[0].starts_with("app-gpudriver-"));
  EXPECT_EQ(get(package).text("/state"), "pending");
  EXPECT_FALSE(get(package).body.as_object().contains("storageUrl"));
  EXPECT_TRUE(get(package + "?storageUrl=read").text("/storageUrl").ends_with("/411.82?sp=r"));
  EXPECT_TRUE(get(package + "?storageUrl=write").text("/storageUrl").ends_with("/411.82?sp=rw"));
  EXPECT_EQ(get(package).text("/tags/a"), "b");
  EXPECT_EQ(get(package + "?storageUrl=all").code(), "InvalidQueryParameterValue");

  EXPECT_EQ(post(package + "/activate", "").code(), "ApplicationPackageBlobNotFound");
  package_storage_.put("bad");
  EXPECT_EQ(post(package + "/activate", "").code(), "InvalidArchive");
  package_storage_.put("archive");
  ASSERT_EQ(post(package + "/activate", "").status, 204);
  EXPECT_EQ(get(package).text("/state"), "active");
  EXPECT_EQ(get(package).text("/size"), "7");
  // Again, with what is there already: nothing is kept twice.
  ASSERT_EQ(post(package + "/activate", "").status, 204);
  EXPECT_EQ(packages_.uploads.size(), 0u);
  EXPECT_EQ(send("DELETE", package).status, 204);
  EXPECT_TRUE(package_storage_.blobs.empty());
}

TEST_F(Applications, WhatIsUploadedToTheServiceNeedsNoStorage) {
  ASSERT_EQ(put("applications/blender").status, 201);
  ASSERT_EQ(put("applications/blender/versions/1", R"({"storage":true})").status, 201);
  ASSERT_EQ(upload("1", "archive").status, 201);
  ASSERT_EQ(activate("1").status, 204);
  EXPECT_EQ(get("/batchyard/applications/blender/versions/1?storageUrl=write").text("/size"), "7");
  EXPECT_FALSE(get("/batchyard/applications/blender/versions/1?storageUrl=write")
                   .body.as_object()
                   .contains("storageUrl"));
  EXPECT_EQ(put("applications/blender/versions/2", R"({"storage":false})").detail("PropertyName"),
            "storage");
  EXPECT_EQ(put("applications/blender", R"({"tags":["a"]})").detail("PropertyName"), "tags");
}

TEST_F(Applications, WhatIsWrongIsSaidAndLeavesNothing) {
  EXPECT_EQ(upload("2.8", "archive").code(), "ApplicationNotFound");
  ASSERT_EQ(put("applications/blender").status, 201);
  EXPECT_EQ(put("applications/blender").code(), "ApplicationExists");
  EXPECT_EQ(upload("2.8", "bad").code(), "InvalidArchive");
  EXPECT_EQ(upload(".8", "archive").detail("PropertyName"), "version");
  EXPECT_EQ(put("applications/no%20name").detail("PropertyName"), "id");
  EXPECT_EQ(put("applications/b", R"({"colour":1})").detail("PropertyName"), "colour");
  EXPECT_EQ(put("applications/blender/versions/1", R"({"upload":"none"})").code(),
            "UploadNotFound");
  EXPECT_EQ(activate("2.8").code(), "ApplicationPackageNotFound");
  EXPECT_EQ(post("/batchyard/applications/blender/versions/1/activate", R"({"format":"rar"})")
                .detail("PropertyName"),
            "format");
  EXPECT_EQ(put("uploads/upload-1").code(), "InvalidQueryParameterValue");
  // The application does not let an active package be replaced: the new archive goes again.
  ASSERT_EQ(upload("1", "archive").status, 201);
  ASSERT_EQ(activate("1").status, 204);
  ASSERT_EQ(send("PATCH", "/batchyard/applications/blender", R"({"allowUpdates":false})").status,
            200);
  const std::size_t kept = packages_.contents.size();
  EXPECT_EQ(upload("1", "other").code(), "OperationInvalidForCurrentState");
  EXPECT_EQ(packages_.contents.size(), kept);
}

TEST_F(Applications, NodesOfTheAccountReadArchivesAndNobodyElse) {
  add_pool("p", 1);
  add_blender();
  const NodeId node = bench_.nodes("p").at(0);
  const std::string content = packages_.contents.begin()->first;
  NodePlace place{PoolId::trusted("p"), node, "p-" + node.text()};
  const Answer given = node_gets(content, place);
  EXPECT_EQ(given.status, 200);
  EXPECT_EQ(given.response.source_length, 7U);
  EXPECT_EQ(node_gets("no-such", place).status, 404);
  place.token += "x";
  EXPECT_EQ(node_gets(content, place).status, 403);
  place = {PoolId::trusted("p"), NodeId::trusted("gone"), "p-gone"};
  EXPECT_EQ(node_gets(content, place).status, 403) << "of a node that is not there";
  EXPECT_EQ(handle(request("GET", "/batchyard/packages/" + content, "", {})).status, 403);
}

TEST_F(Applications, PoolsAndTasksReferToThem) {
  constexpr const char* reference =
      R"(,"applicationPackageReferences":[{"applicationId":"blender","version":"2.8"}])";
  const auto pool_body = [](const std::string& more) {
    return R"({"id":"r","vmSize":"STANDARD_H16r","virtualMachineConfiguration":{"imageReference":{
      "publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},
      "nodeAgentSKUId":"batch.node.centos 7"})" +
           more + "}";
  };
  const Answer missing = post("/pools", pool_body(reference));
  EXPECT_EQ(missing.status, 409);
  EXPECT_EQ(missing.code(), "InvalidApplicationPackageReferences");
  EXPECT_EQ(missing.detail("blender"), "The specified application package does not exist.");
  add_blender();
  ASSERT_EQ(post("/pools", pool_body(reference)).status, 201);
  EXPECT_EQ(get("/pools/r").text("/applicationPackageReferences/0/version"), "2.8");
  EXPECT_EQ(bench_.pool("r").facts.packages.size(), 1U);
  std::string many;
  for (int number = 0; number < 11; ++number)
    many += std::string(number == 0 ? "" : ",") + R"({"applicationId":"blender"})";
  EXPECT_EQ(send("PATCH", "/pools/r", R"({"applicationPackageReferences":[)" + many + "]}")
                .detail("PropertyName"),
            "applicationPackageReferences");
  ASSERT_EQ(post("/pools/r/updateproperties",
                 R"({"certificateReferences":[],"applicationPackageReferences":[],"metadata":[]})")
                .status,
            204);
  EXPECT_TRUE(bench_.pool("r").facts.packages.empty());

  add_job("j", "r");
  const auto add_task = [&](const std::string& id, const std::string& version) {
    return post("/jobs/j/tasks",
                fmt::format(R"({{"id":"{}","commandLine":"a","applicationPackageReferences":[{{
        "applicationId":"blender"{}}}]}})",
                            id, version));
  };
  EXPECT_EQ(add_task("t", "").code(), "InvalidApplicationPackageReferences");
  ASSERT_EQ(add_task("t", R"(,"version":"2.8")").status, 201);
  EXPECT_EQ(get("/jobs/j/tasks/t").text("/applicationPackageReferences/0/applicationId"),
            "blender");
  ASSERT_EQ(send("PATCH", "/batchyard/applications/blender", R"({"defaultVersion":"2.8"})").status,
            200);
  EXPECT_EQ(add_task("u", "").status, 201);
}

}  // namespace
}  // namespace batchyard::service
