#include "api/recordings_test.h"

namespace batchyard::api {
namespace {

namespace json = boost::json;

// The operation that our tables find for an exchange, and its version.
template <class Match>
void expect_found(const Match& found, const json::object& exchange) {
  ASSERT_TRUE(found && found->facts) << exchange.at("id");
  EXPECT_EQ(found->facts->name, std::string_view(exchange.at("operationId").as_string()));
}

auto found_for(const json::object& exchange, auto match) {
  const json::object& request = exchange.at("request").as_object();
  return match(std::string_view(request.at("method").as_string()),
               std::string_view(request.at("path").as_string()));
}

TEST_F(Recordings, OfTheDataPlaneAreWhatOurTablesKnow) {
  std::size_t sent = 0;
  std::size_t answered = 0;
  each_exchange("data-plane", [&](const json::object& exchange) {
    const auto found = found_for(exchange, match);
    expect_found(found, exchange);
    const auto version = parse_version(std::string_view(exchange.at("apiVersion").as_string()));
    ASSERT_TRUE(version);
    if (exchange.at("request").at("body").is_object() && found->facts->body) {
      expect_accepted(exchange, *found->facts->body, *version);
      ++sent;
    }
    if (answered_with_entity(exchange) && found->facts->answer) {
      expect_view(exchange, *found->facts->answer, *version);
      ++answered;
    }
  });
  EXPECT_GT(sent, 50u);
  EXPECT_GT(answered, 50u);
}

TEST_F(Recordings, OfTheManagementPlaneAreWhatOurTablesKnow) {
  std::size_t sent = 0;
  std::size_t answered = 0;
  each_exchange("arm", [&](const json::object& exchange) {
    // Where an operation goes on is no operation of the contract.
    if (exchange.at("operationId").as_string() == "_AsyncOperationResult") return;
    const auto found = found_for(exchange, match_arm);
    expect_found(found, exchange);
    const auto version = find_arm_version(std::string_view(exchange.at("apiVersion").as_string()));
    ASSERT_TRUE(version);
    if (exchange.at("request").at("body").is_object() && found->facts->body) {
      expect_accepted(exchange, *found->facts->body, *version);
      ++sent;
    }
    if (answered_with_entity(exchange) && found->facts->answer) {
      expect_view(exchange, *found->facts->answer, *version);
      ++answered;
    }
  });
  EXPECT_GT(sent, 8u);
  EXPECT_GT(answered, 20u);
}

TEST_F(Recordings, TheExamplesPass) {
  std::size_t checked = 0;
  for (const char* version : {"2022-10-01.16.0", "2024-07-01.20.0"})
    checked +=
        check_examples(std::string("/specification/batch/data-plane/Microsoft.Batch/stable/") +
                           version + "/examples",
                       *parse_version(version), operations());
  for (const char* version : {"2022-10-01", "2024-07-01"})
    checked += check_examples(
        std::string("/specification/batch/resource-manager/Microsoft.Batch/stable/") + version +
            "/examples",
        *find_arm_version(version), arm_operations());
  EXPECT_GT(checked, 100u);
}

}  // namespace
}  // namespace batchyard::api
