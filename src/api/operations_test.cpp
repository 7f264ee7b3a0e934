#include "api/operations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace batchyard::api {
namespace {

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
  EXPECT_EQ(
      match("GET", "/certificates(thumbprintAlgorithm=sha1,thumbprint=ab)")->parameters.back(),
      "ab");
}

TEST(Versions, UnknownOnesAreRefused) {
  EXPECT_EQ(parse_version("").error().code, "MissingRequiredQueryParameter");
  EXPECT_EQ(parse_version("2031-01-01.1.0").error().code, "UnsupportedRequestVersion");
  for (const VersionFacts& version : versions()) EXPECT_TRUE(parse_version(version.text));
}

template <class Name>
void expect_found_by_path(std::span<const Facts<Name>> operations, auto match_one) {
  for (const Facts<Name>& facts : operations) {
    std::string path;
    std::size_t parameters = 0;
    for (std::size_t at = 0; at < facts.path.size(); ++at) {
      if (facts.path[at] != '{') {
        path += facts.path[at];
        continue;
      }
      path += "v" + std::to_string(parameters++);
      at = facts.path.find('}', at);
    }
    const auto found = match_one(facts.method, path);
    ASSERT_TRUE(found && found->facts) << facts.name;
    EXPECT_EQ(found->facts->name, facts.name);
    EXPECT_EQ(found->parameters.size(), parameters) << facts.name;
  }
}

TEST(Operations, EveryOneIsFoundByItsOwnPath) {
  expect_found_by_path(operations(), match);
  expect_found_by_path(arm_operations(), match_arm);
}

TEST(ArmOperations, KnowTheirVersions) {
  const auto count = [](std::string_view version) {
    return std::ranges::count_if(arm_operations(), [&](const ArmOperationFacts& facts) {
      return (facts.in & find_arm_version(version)->mask()) != 0;
    });
  };
  EXPECT_EQ(arm_operations().size(), 49u);
  EXPECT_EQ(count("2017-09-01"), 35);
  EXPECT_EQ(count("2020-09-01"), 40);
  EXPECT_EQ(count("2022-10-01"), 46);
  EXPECT_EQ(count("2024-07-01"), 48);
  EXPECT_EQ(count("2025-06-01"), 42);
  EXPECT_FALSE(find_arm_version("2022-10-01.16.0"));
  EXPECT_FALSE(find_arm_version(""));
}

// Both planes have models of the same name, and no shape of one is taken for the other's.
TEST(ArmOperations, ModelsAreTheirOwn) {
  for (const Member& member : schema_of(Model::ArmPool).members)
    EXPECT_EQ(member.in & ((1 << shape_count) - 1), 0) << member.name;
  EXPECT_NE(schema_of(Model::ArmPool).find("properties"), nullptr);
  EXPECT_EQ(schema_of(Model::CloudPool).find("properties"), nullptr);
}

TEST(Operations, OddPathsAreRefusedQuietly) {
  for (const char* path :
       {"", "/", "pools", "//", "/pools/", "/pools//nodes", "/pools/a%2", "/pools/a/b/c/d/e",
        "/certificates(", "/certificates()", "/jobs/j/tasks/t/files/", "/pools?x",
        "/certificates(thumbprintAlgorithm=,thumbprint=a)"})
    EXPECT_FALSE(match("GET", path)) << path;
}

TEST(Operations, FixedPartsCompareWithoutRegardToCase) {
  EXPECT_EQ(match("POST", "/Jobs/J1/AddTaskCollection")->facts->operation,
            Operation::Task_AddCollection);
  EXPECT_EQ(match("POST", "/Jobs/J1/addtaskcollection")->parameters.front(), "J1");
}

TEST(Operations, KnowTheirVersions) {
  const auto has = [](Operation operation, std::string_view version) {
    return (operations()[static_cast<std::size_t>(operation)].in &
            parse_version(version)->mask()) != 0;
  };
  EXPECT_TRUE(has(Operation::Pool_GetAllLifetimeStatistics, "2022-10-01.16.0"));
  EXPECT_FALSE(has(Operation::Pool_GetAllLifetimeStatistics, "2023-05-01.17.0"));
  EXPECT_FALSE(has(Operation::ComputeNode_Start, "2024-02-01.19.0"));
  EXPECT_TRUE(has(Operation::ComputeNode_Start, "2025-06-01"));
  EXPECT_TRUE(has(Operation::Certificate_Add, "2024-07-01.20.0"));
  EXPECT_FALSE(has(Operation::Certificate_Add, "2025-06-01"));
}

TEST(Operations, SayWhatTheyHeed) {
  const auto facts = [](Operation operation) {
    return operations()[static_cast<std::size_t>(operation)];
  };
  EXPECT_EQ(facts(Operation::Pool_Exists).success, 200);
  EXPECT_EQ(facts(Operation::Task_AddCollection).success, 200);
  EXPECT_TRUE(facts(Operation::File_GetFromTask).range);
  EXPECT_FALSE(facts(Operation::Pool_Get).range);
  EXPECT_NE(facts(Operation::Job_Update).conditions.find("if-match"), std::string_view::npos);
  std::set<std::string_view> names;
  for (const OperationFacts& one : operations()) EXPECT_TRUE(names.insert(one.name).second);
  EXPECT_EQ(names.size(), 80u);
}

}  // namespace
}  // namespace batchyard::api
