#include "api/canonical.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/codec.h"
#include "api/view.h"

namespace batchyard::api {
namespace {

namespace json = boost::json;

Result<json::value> canonical(Model model, std::string_view text, std::string_view version = "2024-07-01.20.0") {
  json::value body = TRY(parse_body(text));
  TRY(canonicalize(model, *parse_version(version), body));
  return body;
}

std::string detail(const Error& error, std::string_view key) {
  for (const Detail& one : error.details) {
    if (one.key == key)
      return one.value;
  }
  return {};
}

TEST(Canonical, NumbersEnumsAndDurationsAreNormalised) {
  const Result<json::value> body = canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"standard_h16r","targetDedicatedNodes":"2",
      "resizeTimeout":"PT0H20M","taskSchedulingPolicy":{"nodeFillType":"pack"},"displayName":null})");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->at("targetDedicatedNodes").as_int64(), 2);
  EXPECT_EQ(body->at("resizeTimeout").as_string(), "PT20M");
  EXPECT_EQ(body->at("taskSchedulingPolicy").at("nodeFillType").as_string(), "Pack");
  EXPECT_FALSE(body->as_object().contains("displayName"));
}

TEST(Canonical, AnUnknownMemberIsNamedWithItsPath) {
  const auto body = canonical(Model::TaskAddParameter, R"({"id":"t","commandLine":"x","multiInstanceSettings":{"coordinationCommandLine":"c","instances":3}})");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidRequestBody");
  EXPECT_EQ(detail(body.error(), "PropertyName"), "multiInstanceSettings.instances");
  EXPECT_NE(body.error().message.find("numberOfInstances"), std::string::npos);
}

TEST(Canonical, AWrongTypeIsNamedWithItsPathAndValue) {
  const auto body = canonical(Model::TaskAddCollectionParameter, R"({"value":[{"id":"a","commandLine":"x"},{"id":"b","commandLine":7}]})");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidPropertyValue");
  EXPECT_EQ(detail(body.error(), "PropertyName"), "value[1].commandLine");
  EXPECT_EQ(detail(body.error(), "PropertyValue"), "7");
}

TEST(Canonical, IdsAndRangesAreChecked) {
  EXPECT_EQ(detail(canonical(Model::JobAddParameter, R"({"id":"a b","poolInfo":{"poolId":"p"}})").error(), "PropertyName"), "id");
  EXPECT_EQ(detail(canonical(Model::JobAddParameter, R"({"id":"a","priority":1001,"poolInfo":{"poolId":"p"}})").error(), "PropertyValue"), "1001");
  EXPECT_EQ(canonical(Model::JobAddParameter, R"({"id":"a"})").error().code, "MissingRequiredProperty");
  EXPECT_EQ(canonical(Model::TaskAddParameter, R"({"id":"a","commandLine":" "})").error().code, "InvalidPropertyValue");
}

TEST(Canonical, BadJsonSaysWhere) {
  const auto body = parse_body("{\n \"id\": }");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidRequestBody");
  EXPECT_NE(body.error().message.find("line 2"), std::string::npos);
  EXPECT_FALSE(parse_body(""));
  EXPECT_FALSE(parse_body("{} x"));
  EXPECT_FALSE(parse_body(std::string(1000, '[')));
}

TEST(Canonical, OldVersionsHaveTheirOwnNames) {
  const auto old = canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","maxTasksPerNode":4})", "2018-12-01.8.0");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->at("taskSlotsPerNode").as_int64(), 4);
  EXPECT_FALSE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","maxTasksPerNode":4})", "2022-10-01.16.0"));
  EXPECT_FALSE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","resourceTags":{}})", "2020-09-01.12.0"));
  EXPECT_TRUE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","resourceTags":{"a":"b"}})"));
}

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
  json::object task = json::parse(R"({"odata.metadata":"m","id":"t","state":"active","url":"u"})").as_object();
  select(*names, task);
  EXPECT_EQ(json::serialize(task), R"({"odata.metadata":"m","id":"t","state":"active"})");
  EXPECT_EQ(parse_select(Model::CloudTask, version, "id,colour").error().code, "InvalidQueryParameterValue");
}

TEST(Structs, AreReadAndWritten) {
  const auto body = canonical(Model::TaskAddParameter, R"({"id":"t","commandLine":"run","requiredSlots":"2",
      "environmentSettings":[{"name":"A","value":"1"}],"constraints":{"maxTaskRetryCount":3}})");
  ASSERT_TRUE(body);
  const auto task = read<TaskAddParameter>(*body);
  EXPECT_EQ(task.requiredSlots, 2);
  EXPECT_EQ(task.environmentSettings.at(0).name, "A");
  EXPECT_EQ(task.constraints->maxTaskRetryCount, 3);
  EXPECT_EQ(read<TaskAddParameter>(write(task)).commandLine, "run");
}

TEST(Operations, AreFoundByPath) {
  const auto found = match("GET", "/jobs/j1/tasks/t%201/files/wd%2Fout.txt");
  ASSERT_TRUE(found);
  ASSERT_NE(found->facts, nullptr);
  EXPECT_EQ(found->facts->operation, Operation::File_GetFromTask);
  EXPECT_EQ(found->parameters, (std::vector<std::string>{"j1", "t 1", "wd/out.txt"}));
  EXPECT_EQ(match("GET", "/jobs/j1/tasks/t/files/wd/out.txt")->parameters.back(), "wd/out.txt");
  EXPECT_EQ(match("GET", "/jobs/j1/tasks/t/files")->facts->operation, Operation::File_ListFromTask);
  EXPECT_EQ(match("PUT", "/pools")->facts, nullptr);
  EXPECT_FALSE(match("GET", "/nothing"));
  EXPECT_EQ(match("GET", "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)")->parameters.back(), "ab");
}

TEST(Versions, UnknownOnesAreRefused) {
  EXPECT_EQ(parse_version("").error().code, "MissingRequiredQueryParameter");
  EXPECT_EQ(parse_version("2031-01-01.1.0").error().code, "UnsupportedRequestVersion");
  for (const VersionFacts& version : versions())
    EXPECT_TRUE(parse_version(version.text));
}

// The recorded exchanges of the real service are not ours to keep; where they are at hand, what clients sent must pass.
TEST(Recordings, RequestBodiesPass) {
  const char* folder = std::getenv("BATCHYARD_CONTRACT");
  if (folder == nullptr)
    GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
  std::size_t checked = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::string(folder) + "/recordings")) {
    if (entry.path().extension() != ".json")
      continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    boost::system::error_code error;
    const json::value recordings = json::parse(text.str(), error);
    if (error || !recordings.is_array())
      continue;
    for (const json::value& recording : recordings.get_array()) {
      const json::object& request = recording.at("request").as_object();
      const json::value& body = request.at("body");
      const std::string path(request.at("path").as_string());
      const auto found = match(std::string_view(request.at("method").as_string()), path);
      if (!body.is_object() || !found || found->facts == nullptr || !found->facts->body)
        continue;
      json::value copy = body;
      const auto version = parse_version(std::string_view(recording.at("apiVersion").as_string()));
      const Result<> outcome = canonicalize(*found->facts->body, version.value_or(newest), copy);
      const bool refused_there = recording.at("response").at("status").to_number<int>() == 400;
      EXPECT_TRUE(outcome || refused_there) << recording.at("id") << ": " << (outcome ? "" : outcome.error().message);
      ++checked;
    }
  }
  EXPECT_GT(checked, 20u);
}

}  // namespace
}  // namespace batchyard::api
