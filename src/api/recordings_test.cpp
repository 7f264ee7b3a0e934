// The exchanges that were recorded with the real service, and the contract's own examples, are not
// ours to keep. Where they are at hand (the environment variable BATCHYARD_CONTRACT names their
// folder), what clients sent must be accepted and what the service answered must be a view that our
// tables know whole.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
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

  // Every recorded exchange of the data plane, with the operation that our tables find for it.
  void each(const std::function<void(const json::object& exchange, const OperationFacts& facts,
                                     Version version)>& visit) {
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_ + "/recordings/data-plane")) {
      const json::value exchanges = read(entry.path());
      for (const json::value& exchange : exchanges.as_array()) {
        const json::object& request = exchange.at("request").as_object();
        const auto found = match(std::string_view(request.at("method").as_string()),
                                 std::string_view(request.at("path").as_string()));
        ASSERT_TRUE(found && found->facts) << exchange.at("id");
        EXPECT_EQ(found->facts->name, std::string_view(exchange.at("operationId").as_string()));
        const auto version = parse_version(std::string_view(exchange.at("apiVersion").as_string()));
        ASSERT_TRUE(version);
        visit(exchange.as_object(), *found->facts, *version);
      }
    }
  }

  std::string folder_;
};

TEST_F(Recordings, WhatClientsSentPasses) {
  std::size_t checked = 0;
  each([&](const json::object& exchange, const OperationFacts& facts, Version version) {
    json::value body = exchange.at("request").at("body");
    if (!body.is_object() || !facts.body) return;
    const Result<> outcome = canonicalize(*facts.body, version, body);
    const bool refused_there = exchange.at("response").at("status").to_number<int>() == 400;
    EXPECT_TRUE(outcome || refused_there)
        << exchange.at("id") << ": " << (outcome ? "" : outcome.error().message);
    ++checked;
    const json::value once = body;
    if (outcome) {
      EXPECT_TRUE(canonicalize(*facts.body, version, body)) << exchange.at("id");
      EXPECT_EQ(body, once) << exchange.at("id");
    }
  });
  EXPECT_GT(checked, 50u);
}

TEST_F(Recordings, WhatTheServiceAnsweredIsAViewAlready) {
  std::size_t checked = 0;
  each([&](const json::object& exchange, const OperationFacts& facts, Version version) {
    const json::value& body = exchange.at("response").at("body");
    if (!body.is_object() || !facts.answer ||
        exchange.at("response").at("status").to_number<int>() >= 300)
      return;
    json::object seen = body.as_object();
    view(*facts.answer, version, seen);
    EXPECT_EQ(json::value(seen), body) << exchange.at("id");
    ++checked;
  });
  EXPECT_GT(checked, 50u);
}

TEST_F(Recordings, TheExamplesPass) {
  std::size_t checked = 0;
  const std::string base = folder_ + "/specification/batch/data-plane/Microsoft.Batch/stable/";
  for (const char* version_text : {"2022-10-01.16.0", "2024-07-01.20.0"}) {
    const Version version = *parse_version(version_text);
    for (const auto& entry :
         std::filesystem::directory_iterator(base + version_text + "/examples")) {
      const json::value example = read(entry.path());
      const json::object& parameters = example.at("parameters").as_object();
      for (const auto& parameter : parameters) {
        if (!parameter.value().is_object()) continue;
        // An example names no operation: some operation that has a body must accept it.
        std::string refusals;
        bool accepted = false;
        for (const OperationFacts& facts : operations()) {
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
  }
  EXPECT_GT(checked, 50u);
}

}  // namespace
}  // namespace batchyard::api
