// The exchanges that were recorded with the real service, and the contract's own examples, are not
// ours to keep: they are read where they are at hand (the environment variable BATCHYARD_CONTRACT
// names their folder).
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <span>
#include <sstream>

#include "api/canonical.h"
#include "api/view.h"

namespace batchyard::api {
namespace {

namespace json = boost::json;

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("BATCHYARD_CONTRACT");
    if (folder == nullptr)
      GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
    folder_ = folder;
  }

  static json::value read(const std::filesystem::path& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    boost::system::error_code error;
    json::value value = json::parse(text.str(), error);
    EXPECT_FALSE(error) << path;
    return value;
  }

  // Every recorded exchange of a plane ("data-plane" or "arm"): our tables find its operation and
  // version, what the client sent passes, and what the service answered is a view already.
  void expect_known(const std::string& plane, auto match_one, auto version_of) {
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_ + "/recordings/" + plane)) {
      const json::value exchanges = read(entry.path());
      for (const json::value& exchange : exchanges.as_array()) {
        // Where an operation goes on is no operation of the contract.
        if (exchange.at("operationId").as_string() != "_AsyncOperationResult")
          expect_exchange(exchange.as_object(), match_one, version_of);
      }
    }
  }

  void expect_exchange(const json::object& exchange, auto match_one, auto version_of) {
    const json::object& request = exchange.at("request").as_object();
    const auto found = match_one(std::string_view(request.at("method").as_string()),
                                 std::string_view(request.at("path").as_string()));
    ASSERT_TRUE(found && found->facts) << exchange.at("id");
    EXPECT_EQ(found->facts->name, std::string_view(exchange.at("operationId").as_string()));
    const auto version = version_of(std::string_view(exchange.at("apiVersion").as_string()));
    ASSERT_TRUE(version) << exchange.at("id");
    if (request.at("body").is_object() && found->facts->body) {
      expect_accepted(exchange, *found->facts->body, *version);
      ++sent_;
    }
    if (answered_with_entity(exchange) && found->facts->answer) {
      expect_view(exchange, *found->facts->answer, *version);
      ++answered_;
    }
  }

  // What a client sent passes, and passes again as it is then.
  static void expect_accepted(const json::object& exchange, Model model, Version version) {
    json::value body = exchange.at("request").at("body");
    const Result<> outcome = canonicalize(model, version, body);
    const bool refused_there = exchange.at("response").at("status").to_number<int>() == 400;
    EXPECT_TRUE(outcome || refused_there)
        << exchange.at("id") << ": " << (outcome ? "" : outcome.error().message);
    if (!outcome) return;
    const json::value once = body;
    EXPECT_TRUE(canonicalize(model, version, body)) << exchange.at("id");
    EXPECT_EQ(body, once) << exchange.at("id");
  }

  // What the service answered is a view already.
  static void expect_view(const json::object& exchange, Model model, Version version) {
    const json::value& body = exchange.at("response").at("body");
    json::object seen = body.as_object();
    view(model, version, seen);
    EXPECT_EQ(json::value(seen), body) << exchange.at("id");
  }

  static bool answered_with_entity(const json::object& exchange) {
    const json::object& response = exchange.at("response").as_object();
    return response.at("body").is_object() && response.at("status").to_number<int>() < 300;
  }

  // The contract's own examples name no operation: each body in them must be accepted by some
  // operation of the plane that has one. How many were there.
  template <class Name>
  std::size_t check_examples(const std::string& folder, Version version,
                             std::span<const Facts<Name>> operations) {
    std::size_t checked = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + folder)) {
      const json::value example = read(entry.path());
      for (const auto& parameter : example.at("parameters").as_object()) {
        if (!parameter.value().is_object()) continue;
        std::string refusals;
        bool accepted = false;
        for (const Facts<Name>& facts : operations) {
          json::value body = parameter.value();
          if (!facts.body || accepted) continue;
          const Result<> outcome = canonicalize(*facts.body, version, body);
          accepted = outcome.has_value();
          if (!outcome) refusals += std::string(facts.name) + ": " + outcome.error().message + "\n";
        }
        EXPECT_TRUE(accepted) << entry.path() << "\n" << refusals;
        ++checked;
      }
    }
    return checked;
  }

  std::string folder_;
  std::size_t sent_ = 0;  // bodies that were held against our tables
  std::size_t answered_ = 0;
};

TEST_F(Recordings, OfTheDataPlaneAreWhatOurTablesKnow) {
  expect_known("data-plane", match, parse_version);
  EXPECT_GT(sent_, 50u);
  EXPECT_GT(answered_, 50u);
}

TEST_F(Recordings, OfTheManagementPlaneAreWhatOurTablesKnow) {
  expect_known("arm", match_arm, find_arm_version);
  EXPECT_GT(sent_, 8u);
  EXPECT_GT(answered_, 20u);
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
