#include "edge/issuers/issuer_keeper.h"

#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "edge/transfer/scripted_server.h"
#include "identity/keys_test.h"

namespace batchyard::edge {
namespace {

class IssuerKeeperTest : public ::testing::Test {
 protected:
  IssuerKeeperTest() { write(other_.public_set()); }
  ~IssuerKeeperTest() override { std::filesystem::remove(file_); }

  void write(const std::string& text) const { std::ofstream(file_) << text; }
  static identity::SigningKey key(const char* id) {
    return *identity::SigningKey::open(identity::make_key("RS256", id));
  }
  identity::Issuer own() const { return *identity::Issuer::open("https://us", own_.public_set()); }
  TrustedIssuer trusted(const std::string& keys_file) const {
    return {.name = "https://them", .audiences = {"us"}, .keys_file = keys_file, .ca_file = {}};
  }

  const std::string file_ =
      (std::filesystem::temp_directory_path() / ("keys-" + std::to_string(getpid()))).string();
  const identity::SigningKey own_ = key("a");
  const identity::SigningKey other_ = key("b");
};

TEST_F(IssuerKeeperTest, KeysOfAFileAreKnownFromTheStart) {
  IssuerKeeper keeper(own(), {trusted(file_)});
  EXPECT_TRUE(keeper.start().empty());
  ASSERT_EQ(keeper.issuers()->size(), 2U);
  EXPECT_EQ(keeper.issuers()->front().name(), "https://us");
  EXPECT_EQ(keeper.issuers()->back().name(), "https://them");
  EXPECT_TRUE(keeper.issuers()->back().signed_by(other_.sign({.issuer = "https://them"})));
}

TEST_F(IssuerKeeperTest, WhatCannotBeReadIsToldOfAndTheOthersStay) {
  write("no keys");
  IssuerKeeper keeper(own(), {trusted(file_), trusted("/none/such")});
  const std::vector<std::string> notices = keeper.start();
  ASSERT_EQ(notices.size(), 2U);
  EXPECT_NE(notices[0].find("no JSON Web Key set"), std::string::npos) << notices[0];
  EXPECT_NE(notices[1].find("/none/such"), std::string::npos) << notices[1];
  EXPECT_EQ(keeper.issuers()->size(), 1U);
}

// Its keys may lie on another host, but an issuer does not send the service about in our network.
TEST_F(IssuerKeeperTest, KeysOnAnotherHostComeFromPublicAddressesAlone) {
  const ScriptedServer inner({"HTTP/1.1 200 OK\r\n\r\n" + other_.public_set()}, "127.0.0.2");
  const ScriptedServer issuer(
      {"HTTP/1.1 200 OK\r\n\r\n{\"issuer\":\"@URL\",\"jwks_uri\":\"" + inner.url() + "\"}"});
  IssuerKeeper keeper(own(),
                      {{.name = issuer.url(), .audiences = {}, .keys_file = {}, .ca_file = {}}});
  const std::vector<std::string> notices = keeper.start();
  ASSERT_EQ(notices.size(), 1U);
  EXPECT_TRUE(notices[0].contains("not public")) << notices[0];
  EXPECT_EQ(issuer.asked().size(), 1U);
  EXPECT_EQ(inner.asked().size(), 0U);
}

TEST_F(IssuerKeeperTest, OnItsOwnAnInstallationBelievesItselfAlone) {
  IssuerKeeper keeper(own(), {});
  EXPECT_TRUE(keeper.start().empty());
  EXPECT_EQ(keeper.issuers()->size(), 1U);
}

}  // namespace
}  // namespace batchyard::edge
