// The exchanges that were recorded with the real service, and the contract's own examples, are not
// ours to keep: they are read where they are at hand (the environment variable BATCHYARD_CONTRACT
// names their folder).
#pragma once

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

class Recordings : public testing::Test {
 protected:
  void SetUp() override {
    const char* folder = std::getenv("BATCHYARD_CONTRACT");
    if (folder == nullptr)
      GTEST_SKIP() << "BATCHYARD_CONTRACT does not name the folder of the contract's originals";
    folder_ = folder;
  }

  static boost::json::value read(const std::filesystem::path& path) {
    std::stringstream text;
    text << std::ifstream(path).rdbuf();
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(text.str(), error);
    EXPECT_FALSE(error) << path;
    return value;
  }

  // Every recorded exchange of a plane: "data-plane" or "arm".
  void each_exchange(const std::string& plane,
                     const std::function<void(const boost::json::object& exchange)>& visit) {
    for (const auto& entry :
         std::filesystem::directory_iterator(folder_ + "/recordings/" + plane)) {
      const boost::json::value exchanges = read(entry.path());
      for (const boost::json::value& exchange : exchanges.as_array()) visit(exchange.as_object());
    }
  }

  // What a client sent passes, and passes again as it is then.
  static void expect_accepted(const boost::json::object& exchange, Model model, Version version) {
    boost::json::value body = exchange.at("request").at("body");
    const Result<> outcome = canonicalize(model, version, body);
    const bool refused_there = exchange.at("response").at("status").to_number<int>() == 400;
    EXPECT_TRUE(outcome || refused_there)
        << exchange.at("id") << ": " << (outcome ? "" : outcome.error().message);
    if (!outcome) return;
    const boost::json::value once = body;
    EXPECT_TRUE(canonicalize(model, version, body)) << exchange.at("id");
    EXPECT_EQ(body, once) << exchange.at("id");
  }

  // What the service answered is a view already.
  static void expect_view(const boost::json::object& exchange, Model model, Version version) {
    const boost::json::value& body = exchange.at("response").at("body");
    boost::json::object seen = body.as_object();
    view(model, version, seen);
    EXPECT_EQ(boost::json::value(seen), body) << exchange.at("id");
  }

  static bool answered_with_entity(const boost::json::object& exchange) {
    const boost::json::object& response = exchange.at("response").as_object();
    return response.at("body").is_object() && response.at("status").to_number<int>() < 300;
  }

  // The contract's own examples name no operation: each body in them must be accepted by some
  // operation of the plane that has one. How many were there.
  template <class Name>
  std::size_t check_examples(const std::string& folder, Version version,
                             std::span<const Facts<Name>> operations) {
    std::size_t checked = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + folder)) {
      const boost::json::value example = read(entry.path());
      for (const auto& parameter : example.at("parameters").as_object()) {
        if (!parameter.value().is_object()) continue;
        std::string refusals;
        bool accepted = false;
        for (const Facts<Name>& facts : operations) {
          boost::json::value body = parameter.value();
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
};

}  // namespace batchyard::api
