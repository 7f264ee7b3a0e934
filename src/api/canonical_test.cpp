#include "api/canonical.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace batchyard::api {
namespace {

namespace json = boost::json;

Result<json::value> canonical(Model model, std::string_view text,
                              std::string_view version = "2024-07-01.20.0") {
  json::value body = TRY(parse_body(text));
  TRY(canonicalize(model, *parse_version(version), body));
  return body;
}

std::string detail(const Error& error, std::string_view key) {
  for (const Detail& one : error.details) {
    if (one.key == key) return one.value;
  }
  return {};
}

TEST(Canonical, NumbersEnumsAndDurationsAreNormalised) {
  const Result<json::value> body = canonical(
      Model::PoolAddParameter, R"({"id":"p","vmSize":"standard_h16r","targetDedicatedNodes":"2",
      "resizeTimeout":"PT0H20M","taskSchedulingPolicy":{"nodeFillType":"pack"},"displayName":null})");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(body->at("targetDedicatedNodes").as_int64(), 2);
  EXPECT_EQ(body->at("resizeTimeout").as_string(), "PT20M");
  EXPECT_EQ(body->at("taskSchedulingPolicy").at("nodeFillType").as_string(), "Pack");
  EXPECT_FALSE(body->as_object().contains("displayName"));
}

TEST(Canonical, AnUnknownMemberIsNamedWithItsPath) {
  const auto body = canonical(
      Model::TaskAddParameter,
      R"({"id":"t","commandLine":"x","multiInstanceSettings":{"coordinationCommandLine":"c","instances":3}})");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidRequestBody");
  EXPECT_EQ(detail(body.error(), "PropertyName"), "multiInstanceSettings.instances");
  EXPECT_NE(body.error().message.find("numberOfInstances"), std::string::npos);
}

TEST(Canonical, AWrongTypeIsNamedWithItsPathAndValue) {
  const auto body =
      canonical(Model::TaskAddCollectionParameter,
                R"({"value":[{"id":"a","commandLine":"x"},{"id":"b","commandLine":7}]})");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidPropertyValue");
  EXPECT_EQ(detail(body.error(), "PropertyName"), "value[1].commandLine");
  EXPECT_EQ(detail(body.error(), "PropertyValue"), "7");
}

// Whatever is wrong: with the secret itself, its name, or what it lies in.
TEST(Canonical, NoRefusalShowsASecret) {
  const std::string pool = R"({"id":"p","vmSize":"a1","userAccounts":)";
  for (const char* accounts :
       {R"([{"name":"u","password":["hunter2"]}])", R"([{"name":"u","password":"hunter2\u0000"}])",
        R"([{"name":"u","password":{"a":"hunter2"}}])", R"([{"name":"u","passwrd":"hunter2"}])",
        R"({"name":"u","password":"hunter2"})", R"([["hunter2"]])"}) {
    const auto body = canonical(Model::PoolAddParameter, pool + accounts + "}");
    ASSERT_FALSE(body) << accounts;
    EXPECT_NE(detail(body.error(), "PropertyName"), "");
    EXPECT_FALSE(body.error().message.contains("hunter2")) << accounts;
    for (const Detail& one : body.error().details)
      EXPECT_FALSE(one.value.contains("hunter2")) << accounts << one.key;
  }
}

TEST(Canonical, IdsAndRangesAreChecked) {
  EXPECT_EQ(
      detail(canonical(Model::JobAddParameter, R"({"id":"a b","poolInfo":{"poolId":"p"}})").error(),
             "PropertyName"),
      "id");
  EXPECT_EQ(detail(canonical(Model::JobAddParameter,
                             R"({"id":"a","priority":1001,"poolInfo":{"poolId":"p"}})")
                       .error(),
                   "PropertyValue"),
            "1001");
  EXPECT_EQ(canonical(Model::JobAddParameter, R"({"id":"a"})").error().code,
            "MissingRequiredProperty");
  EXPECT_EQ(canonical(Model::PoolAddParameter, R"({"id":"a","vmSize":" "})").error().code,
            "InvalidPropertyValue");
}

// A version that says maxTasksPerNode is told of that name, and the others of theirs.
TEST(Canonical, SlotsAreCalledAsTheVersionCallsThem) {
  const auto older = canonical(Model::PoolAddParameter,
                               R"({"id":"p","vmSize":"s","taskSlotsPerNode":2})", "2018-12-01.8.0");
  ASSERT_FALSE(older);
  EXPECT_TRUE(older.error().message.contains("It is called maxTasksPerNode there"))
      << older.error().message;
  const auto unknown =
      canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","slots":2})", "2018-12-01.8.0");
  ASSERT_FALSE(unknown);
  EXPECT_TRUE(unknown.error().message.contains(" maxTasksPerNode,")) << unknown.error().message;
  const auto newer =
      canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","maxTasksPerNode":2})");
  ASSERT_FALSE(newer);
  EXPECT_TRUE(newer.error().message.contains("It is called taskSlotsPerNode there"))
      << newer.error().message;
}

TEST(Canonical, NamesOfMetadataAndVariables) {
  const auto code = [](std::string_view text) {
    return canonical(Model::JobAddParameter, text).error().code;
  };
  EXPECT_EQ(code(R"({"id":"j","poolInfo":{"poolId":"p"},"metadata":[{"name":"","value":"v"}]})"),
            "EmptyMetadataKey");
  for (const char* name : {"", " ", "A=B"}) {
    json::object body{
        {"id", "j"},
        {"poolInfo", {{"poolId", "p"}}},
        {"commonEnvironmentSettings", json::array{json::object{{"name", name}, {"value", "v"}}}}};
    EXPECT_EQ(code(json::serialize(body)), "InvalidPropertyValue") << name;
  }
}

TEST(Canonical, WhatIsNoObjectHasNoEmptyName) {
  const auto body = canonical(Model::JobAddParameter, R"(["a list"])");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "InvalidRequestBody");
  EXPECT_TRUE(body.error().message.starts_with("The request body '[...]' is not valid:"))
      << body.error().message;
  EXPECT_TRUE(parse_body("").error().message.ends_with("a JSON object is expected."));
}

TEST(Canonical, NoTextEndsBeforeItsEnd) {
  const auto body = canonical(
      Model::TaskAddParameter,
      R"({"id":"t","commandLine":"x","environmentSettings":[{"name":"A","value":"b\u0000c"}]})");
  ASSERT_FALSE(body);
  EXPECT_EQ(detail(body.error(), "PropertyName"), "environmentSettings[0].value");
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
  const auto old = canonical(Model::PoolAddParameter,
                             R"({"id":"p","vmSize":"s","maxTasksPerNode":4})", "2018-12-01.8.0");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(old->at("taskSlotsPerNode").as_int64(), 4);
  EXPECT_FALSE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","maxTasksPerNode":4})",
                         "2022-10-01.16.0"));
  EXPECT_FALSE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","resourceTags":{}})",
                         "2020-09-01.12.0"));
  EXPECT_TRUE(
      canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","resourceTags":{"a":"b"}})"));
}

TEST(Canonical, EveryKindOfWrongTypeIsRefused) {
  const char* const bodies[] = {R"({"id":"p","vmSize":"s","targetDedicatedNodes":1.5})",
                                R"({"id":"p","vmSize":"s","targetDedicatedNodes":"two"})",
                                R"({"id":"p","vmSize":"s","targetDedicatedNodes":-1})",
                                R"({"id":"p","vmSize":"s","targetDedicatedNodes":4294967296})",
                                R"({"id":"p","vmSize":"s","enableAutoScale":"perhaps"})",
                                R"({"id":"p","vmSize":"s","resizeTimeout":"15 minutes"})",
                                R"({"id":"p","vmSize":"s","resizeTimeout":15})",
                                R"({"id":"p","vmSize":"s","metadata":{}})",
                                R"({"id":"p","vmSize":"s","metadata":[null]})",
                                R"({"id":"p","vmSize":"s","metadata":["a"]})",
                                R"({"id":"p","vmSize":"s","startTask":"run"})",
                                R"({"id":"p","vmSize":"s","resourceTags":{"a":1}})",
                                R"({"id":"p","vmSize":"s","resourceTags":["a"]})",
                                R"({"id":"p","vmSize":7})",
                                R"({"id":"p","vmSize":"s","targetNodeCommunicationMode":""})"};
  for (const char* body : bodies) {
    const auto outcome = canonical(Model::PoolAddParameter, body);
    ASSERT_FALSE(outcome) << body;
    EXPECT_EQ(outcome.error().code, "InvalidPropertyValue") << body;
    EXPECT_FALSE(detail(outcome.error(), "Reason").empty()) << body;
  }
  EXPECT_FALSE(canonical(Model::PoolAddParameter, "[]"));
  EXPECT_FALSE(canonical(Model::PoolAddParameter, "7"));
}

TEST(Canonical, TextsThatMeanABooleanOrANumberAreTaken) {
  const auto body = canonical(
      Model::PoolAddParameter,
      R"({"id":"p","vmSize":"s","enableInterNodeCommunication":"True","taskSlotsPerNode":" 4 "})");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_TRUE(body->at("enableInterNodeCommunication").as_bool());
  EXPECT_EQ(body->at("taskSlotsPerNode").as_int64(), 4);
}

TEST(Canonical, AMissingMemberIsNamedWithItsPath) {
  const auto body = canonical(Model::TaskAddCollectionParameter,
                              R"({"value":[{"id":"a","commandLine":"x"},{"id":"b"}]})");
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, "MissingRequiredProperty");
  EXPECT_EQ(detail(body.error(), "PropertyName"), "value[1].commandLine");
  EXPECT_EQ(canonical(Model::TaskAddParameter, R"({"id":"a","commandLine":null})").error().code,
            "MissingRequiredProperty");
}

TEST(Canonical, ACollectionHasAtMostAHundredTasks) {
  json::array tasks;
  for (int number = 0; number < 101; ++number)
    tasks.push_back({{"id", std::to_string(number)}, {"commandLine", "x"}});
  json::value body = {{"value", tasks}};
  const auto refused = canonicalize(Model::TaskAddCollectionParameter, newest, body);
  ASSERT_FALSE(refused);
  EXPECT_EQ(detail(refused.error(), "PropertyName"), "value");
  tasks.pop_back();
  body = {{"value", tasks}};
  EXPECT_TRUE(canonicalize(Model::TaskAddCollectionParameter, newest, body));
}

TEST(Canonical, LengthsAreCountedInCharacters) {
  std::string name;
  for (int count = 0; count < 1024; ++count) name += "\u00e4";  // two bytes in UTF-8
  const std::string start = R"({"id":"t","commandLine":"x","displayName":")";
  EXPECT_TRUE(canonical(Model::TaskAddParameter, start + name + "\"}"));
  EXPECT_FALSE(canonical(Model::TaskAddParameter, start + name + "!\"}"));
}

TEST(Canonical, AWordInTheWrongCaseIsExplained) {
  const auto body = canonical(Model::PoolAddParameter, R"({"id":"p","vmsize":"s"})");
  ASSERT_FALSE(body);
  EXPECT_NE(body.error().message.find("did you mean vmSize"), std::string::npos)
      << body.error().message;
}

TEST(Canonical, ReadOnlyAndAnnotatedMembersAreDroppedAndTheRestKeepsItsOrder) {
  const auto body = canonical(
      Model::PoolAddParameter,
      R"({"odata.metadata":"m","id":"p","displayName":null,"vmSize":"s","virtualMachineConfiguration":
      {"imageReference":{"offer":"o","exactVersion":"1","publisher":"q"},"nodeAgentSKUId":"n"}})");
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(
      json::serialize(*body),
      R"({"id":"p","vmSize":"s","virtualMachineConfiguration":{"imageReference":{"offer":"o","publisher":"q"},"nodeAgentSKUId":"n"}})");
}

TEST(Canonical, WhatIsCanonicalStaysAsItIs) {
  auto once = canonical(
      Model::JobAddParameter,
      R"({"id":"j","poolInfo":{"autoPoolSpecification":{"poolLifetimeOption":"JOB","pool":{"vmSize":"s",
      "taskSlotsPerNode":"3","taskSchedulingPolicy":{"nodeFillType":"PACK"}}}},"constraints":{"maxWallClockTime":"P1Y"},"priority":"-5"})");
  ASSERT_TRUE(once) << once.error().message;
  json::value twice = *once;
  ASSERT_TRUE(canonicalize(Model::JobAddParameter, newest, twice));
  EXPECT_EQ(twice, *once);
  EXPECT_EQ(once->at("constraints").at("maxWallClockTime").as_string(), "P365D");
}

TEST(Canonical, TheOldNameOfSlotsIsTakenAtAnyDepth) {
  const auto old =
      canonical(Model::JobAddParameter,
                R"({"id":"j","poolInfo":{"autoPoolSpecification":{"poolLifetimeOption":"job",
      "pool":{"vmSize":"s","maxTasksPerNode":"3"}}}})",
                "2020-03-01.11.0");
  ASSERT_TRUE(old) << old.error().message;
  EXPECT_EQ(
      old->at("poolInfo").at("autoPoolSpecification").at("pool").at("taskSlotsPerNode").as_int64(),
      3);
  const auto wrong = canonical(Model::PoolAddParameter,
                               R"({"id":"p","vmSize":"s","maxTasksPerNode":0})", "2020-03-01.11.0");
  EXPECT_EQ(detail(wrong.error(), "PropertyName"), "maxTasksPerNode");
  EXPECT_FALSE(canonical(Model::PoolAddParameter, R"({"id":"p","vmSize":"s","taskSlotsPerNode":4})",
                         "2020-03-01.11.0"));
}

// Broken bodies are refused with a sentence or accepted as something canonical; nothing in between.
TEST(Canonical, NoDamageToABodyIsTooMuch) {
  const std::string good =
      R"({"value":[{"id":"t1","commandLine":"run","requiredSlots":2,"exitConditions":{"exitCodes":[{"code":1,
      "exitOptions":{"jobAction":"none"}}]},"constraints":{"maxWallClockTime":"PT1H","maxTaskRetryCount":3},"outputFiles":[{"filePattern":"*",
      "destination":{"container":{"containerUrl":"u"}},"uploadOptions":{"uploadCondition":"tasksuccess"}}],"multiInstanceSettings":
      {"numberOfInstances":4,"coordinationCommandLine":"c","commonResourceFiles":[{"httpUrl":"h","filePath":"f"}]}}]})";
  ASSERT_TRUE(canonical(Model::TaskAddCollectionParameter, good))
      << canonical(Model::TaskAddCollectionParameter, good).error().message;
  for (std::size_t at = 0; at < good.size(); ++at) {
    for (const char* instead :
         {"", "\"", "{", "[", "]", "}", "null", "7", "-", ",", ":", "\\", "\xff"}) {
      std::string text = good;
      text.replace(at, 1, instead);
      const auto once = canonical(Model::TaskAddCollectionParameter, text);
      if (!once) {
        EXPECT_FALSE(once.error().message.empty());
        continue;
      }
      json::value twice = *once;
      ASSERT_TRUE(
          canonicalize(Model::TaskAddCollectionParameter, *parse_version("2024-07-01.20.0"), twice))
          << text;
      EXPECT_EQ(twice, *once) << text;
    }
  }
}

TEST(ParseBody, TakesWhatIsJsonAndSaysWhatIsNot) {
  EXPECT_TRUE(parse_body("\xEF\xBB\xBF{\"a\":1} \n"));
  EXPECT_EQ(parse_body(R"({"a":1,"a":2})")->at("a").as_int64(),
            2);  // of a name given twice the last counts
  for (const char* text : {"", "{", "{\"a\":1}}", "{'a':1}", "{\"a\":01}", "\xff",
                           "{\"a\":\"\xc3\"}", "nul", "{\"a\":1,}"})
    EXPECT_EQ(parse_body(text).error().code, "InvalidRequestBody") << text;
}

}  // namespace
}  // namespace batchyard::api
