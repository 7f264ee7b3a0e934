#include "api/view.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "api/canonical.h"

namespace batchyard::api {
namespace {

namespace json = boost::json;

TEST(View, ShowsWhatTheVersionKnowsAndNoSecret) {
  json::value pool = json::parse(R"({"id":"p","taskSlotsPerNode":2,"resourceTags":{"a":"b"},
      "userAccounts":[{"name":"u","password":"hidden"}],"currentNodeCommunicationMode":"simplified"})");
  json::object old = pool.as_object();
  view(Model::CloudPool, *parse_version("2019-08-01.10.0"), old);
  EXPECT_EQ(old.at("maxTasksPerNode").as_int64(), 2);
  EXPECT_FALSE(old.contains("resourceTags"));
  json::object recent = pool.as_object();
  view(Model::CloudPool, *parse_version("2024-07-01.20.0"), recent);
  EXPECT_TRUE(recent.contains("resourceTags"));
  EXPECT_EQ(json::serialize(recent).find("hidden"), std::string::npos);
}

TEST(View, SelectKeepsTheNamedMembers) {
  const Version version = *parse_version("2022-10-01.16.0");
  const auto names = parse_select(Model::CloudTask, version, "id, state");
  ASSERT_TRUE(names);
  json::object task =
      json::parse(R"({"odata.metadata":"m","id":"t","state":"active","url":"u"})").as_object();
  select(*names, task);
  EXPECT_EQ(json::serialize(task), R"({"odata.metadata":"m","id":"t","state":"active"})");
  EXPECT_EQ(parse_select(Model::CloudTask, version, "id,colour").error().code,
            "InvalidQueryParameterValue");
}

json::object seen(Model model, std::string_view version, std::string_view text) {
  json::object entity = json::parse(text).as_object();
  view(model, *parse_version(version), entity);
  return entity;
}

TEST(View, CountersAndLengthsAreTexts) {
  const json::object file =
      seen(Model::NodeFile, "2022-10-01.16.0",
           R"({"name":"a","properties":{"contentLength":12,"contentType":"t"}})");
  EXPECT_EQ(json::serialize(file),
            R"({"name":"a","properties":{"contentLength":"12","contentType":"t"}})");
}

TEST(View, OldVersionsCountTasksWithoutSlots) {
  const std::string_view counts =
      R"({"taskCounts":{"active":1,"running":2,"completed":3,"succeeded":2,"failed":1},
      "taskSlotCounts":{"active":1,"running":2,"completed":3,"succeeded":2,"failed":1}})";
  EXPECT_EQ(seen(Model::TaskCountsResult, "2019-08-01.10.0", counts).at("running").as_int64(), 2);
  EXPECT_TRUE(seen(Model::TaskCountsResult, "2020-09-01.12.0", counts).contains("taskSlotCounts"));
}

TEST(View, MembersThatANewerVersionLostAreStillShownToOlderOnes) {
  const std::string_view pool =
      R"({"id":"p","certificateReferences":[],"targetNodeCommunicationMode":"simplified"})";
  EXPECT_EQ(json::serialize(seen(Model::CloudPool, "2025-06-01", pool)), R"({"id":"p"})");
  EXPECT_EQ(seen(Model::CloudPool, "2022-10-01.16.0", pool).size(), 3u);
  EXPECT_EQ(seen(Model::CloudPool, "2020-09-01.12.0", pool).size(), 2u);
}

TEST(View, NoSecretIsEverShown) {
  const json::object task = seen(Model::CloudPool, "2024-07-01.20.0", R"({"mountConfiguration":[
      {"azureFileShareConfiguration":{"accountName":"a","accountKey":"hidden"}},{"cifsMountConfiguration":{"username":"u","password":"hidden"}},
      {"azureBlobFileSystemConfiguration":{"accountKey":"hidden","sasKey":"hidden"}}],
      "virtualMachineConfiguration":{"containerConfiguration":{"containerRegistries":[{"username":"u","password":"hidden"}]}},
      "startTask":{"commandLine":"x","containerSettings":{"registry":{"username":"u","password":"hidden"}}},
      "userAccounts":[{"name":"n","password":"hidden","linuxUserConfiguration":{"uid":1,"sshPrivateKey":"hidden"}}]})");
  const std::string text = json::serialize(task);
  EXPECT_EQ(text.find("hidden"), std::string::npos) << text;
  EXPECT_NE(text.find("username"), std::string::npos);
}

TEST(View, SelectByTheVersionsOwnNames) {
  EXPECT_TRUE(
      parse_select(Model::CloudPool, *parse_version("2018-12-01.8.0"), "id,maxTasksPerNode"));
  EXPECT_FALSE(parse_select(Model::CloudPool, newest, "id,maxTasksPerNode"));
  EXPECT_FALSE(
      parse_select(Model::CloudPool, *parse_version("2018-12-01.8.0"), "taskSlotsPerNode"));
  EXPECT_FALSE(parse_select(Model::CloudPool, newest, "id,,state"));
  EXPECT_TRUE(parse_select(Model::CloudPool, newest, " ")->empty());
}

}  // namespace
}  // namespace batchyard::api
