#include "service/filter.h"

#include <gtest/gtest.h>

#include "testing/memory_store.h"

namespace batchyard::service {
namespace {

engine::Row row(const std::string& id, const std::string& status = "{}") {
  return {.key = {engine::EntityKind::task, "j", id},
          .version = 1,
          .modified = {},
          .spec = R"({"displayName":"First try"})",
          .status = status};
}

bool holds(std::string_view text, std::string_view status,
           std::span<const FilterableField> fields = task_fields(),
           std::string_view state = "active") {
  const Result<engine::FilterNode> filter = parse_filter(text, fields);
  EXPECT_TRUE(filter) << text << ": " << (filter ? "" : filter.error().message);
  return filter && batchyard::testing::matches(*filter, row("task-7", std::string(status)), state);
}

TEST(Filter, ComparesTextsWithoutRegardToCase) {
  EXPECT_TRUE(holds("id eq 'TASK-7'", "{}"));
  EXPECT_FALSE(holds("id ne 'task-7'", "{}"));
  EXPECT_TRUE(holds("startswith(id,'task-')", "{}"));
  EXPECT_TRUE(holds("startswith( id , 'TASK' )", "{}"));
  EXPECT_TRUE(holds("state eq 'active'", "{}"));
  EXPECT_TRUE(holds("displayName eq 'first try'", "{}"));
}

TEST(Filter, ComparesNumbersAndTimes) {
  EXPECT_TRUE(holds("executionInfo/exitCode eq -9", R"({"exit_code":-9})"));
  EXPECT_TRUE(holds("executionInfo/exitCode lt 0", R"({"exit_code":-9})"));
  EXPECT_FALSE(holds("executionInfo/exitCode ge 0", R"({"exit_code":-9})"));
  EXPECT_FALSE(holds("executionInfo/exitCode eq 0", "{}"));
  EXPECT_TRUE(
      holds("creationTime gt DateTime'2000-01-01T00:00:00Z'", R"({"created":1700000000000})"));
  EXPECT_TRUE(
      holds("lastModifiedTime lt datetime'2030-01-01T00:00:00Z'", R"({"modified":1700000000000})"));
}

TEST(Filter, AnEndWithoutAPropertyIsToldAsOne) {
  const auto cut = parse_filter("id eq 'a' and", task_fields());
  ASSERT_FALSE(cut);
  EXPECT_TRUE(cut.error().message.contains("the name of a property is expected here"))
      << cut.error().message;
}

TEST(Filter, AndBindsTighterThanOr) {
  EXPECT_TRUE(holds("id eq 'task-7' or id eq 'a' and id eq 'b'", "{}"));
  EXPECT_FALSE(holds("(id eq 'task-7' or id eq 'a') and id eq 'b'", "{}"));
  EXPECT_TRUE(holds("not (id eq 'a')", "{}"));
  EXPECT_TRUE(holds("not id eq 'a' AND not id eq 'b'", "{}"));
}

TEST(Filter, QuotesAreDoubledInsideTexts) {
  const Result<engine::FilterNode> filter = parse_filter("displayName eq 'it''s'", task_fields());
  ASSERT_TRUE(filter);
  EXPECT_EQ(std::get<std::string>(filter->literal), "it's");
}

TEST(Filter, FlagsThatWereNeverGivenAreFalse) {
  EXPECT_TRUE(holds("enableInterNodeCommunication eq false", "{}", pool_fields()));
  EXPECT_FALSE(holds("enableInterNodeCommunication eq true", "{}", pool_fields()));
  EXPECT_TRUE(holds("enableInterNodeCommunication ne false", R"({"facts":{"inter_node":true}})",
                    pool_fields()));
}

TEST(Filter, StartTasksAreKnownByStateAndResult) {
  const auto node = [](std::string_view text, std::string_view phase) {
    return holds(text, R"({"start_task":{"phase":")" + std::string(phase) + R"("}})",
                 node_fields());
  };
  EXPECT_TRUE(node("startTaskInfo/state eq 'running'", "running"));
  EXPECT_TRUE(node("startTaskInfo/state eq 'completed'", "failed"));
  EXPECT_TRUE(node("startTaskInfo/state eq 'completed'", "succeeded"));
  EXPECT_FALSE(node("startTaskInfo/state eq 'completed'", "running"));
  EXPECT_TRUE(node("startTaskInfo/result eq 'failure'", "failed"));
  EXPECT_FALSE(node("startTaskInfo/result eq 'success'", "failed"));
  EXPECT_FALSE(node("startTaskInfo/result eq 'none'", "none"));
}

TEST(Filter, RefusalsNameThePlaceAndTheCure) {
  const auto message = [](std::string_view text) {
    const Result<engine::FilterNode> filter = parse_filter(text, task_fields());
    EXPECT_FALSE(filter) << text;
    if (filter) return std::string();
    EXPECT_EQ(filter.error().code, "InvalidQueryParameterValue");
    return filter.error().message;
  };
  EXPECT_NE(message("idd eq 'a'").find("these can: id, displayName"), std::string::npos);
  EXPECT_NE(message("id eq 'a' id eq 'b'").find("column 11"), std::string::npos);
  EXPECT_NE(message("id is 'a'").find("one of eq, ne"), std::string::npos);
  EXPECT_NE(message("id eq 'a").find("ends the text"), std::string::npos);
  EXPECT_NE(message("id eq 5").find("a text in single quotes"), std::string::npos);
  EXPECT_NE(message("executionInfo/exitCode eq 'x'").find("a whole number"), std::string::npos);
  EXPECT_NE(message("creationTime gt DateTime'tomorrow'").find("this is no time"),
            std::string::npos);
  EXPECT_NE(message("state lt 'b'").find("eq and ne only"), std::string::npos);
  EXPECT_NE(message("startswith(state,'a')").find("cannot be used with state"), std::string::npos);
  EXPECT_NE(message("(id eq 'a'").find("')'"), std::string::npos);
  message("");
  message(std::string(40, '(') + "id eq 'a'" + std::string(40, ')'));
}

}  // namespace
}  // namespace batchyard::service
