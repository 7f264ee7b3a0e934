// Who may come by which route: every route that the router has, asked by nobody, with tokens that
// are good for nothing, by somebody of another account, by one who reads and by an owner.
#include <gtest/gtest.h>

#include <regex>
#include <set>

#include "api/operations.h"
#include "arm/planes_test.h"
#include "base/text.h"

namespace batchyard::arm {
namespace {

class MatrixTest : public PlanesTest {
 protected:
  MatrixTest() {
    make_group();
    make_account("lab1");
    make_group("elsewhere");
    make_account("other1", "elsewhere");
    const std::string base = "/subscriptions/" + std::string(subscription);
    add_principal("reads", Role::reader, "/");
    add_principal("data", Role::data_contributor, "/");
    add_principal("stranger", Role::owner, base + account_path("other1", "elsewhere"));
    add_principal("nothing", Role::owner, base + "/resourceGroups/none");
  }

  // A path with something in its braces.
  static std::string filled(const Management::RouteFacts& route) {
    static const std::map<std::string, std::string> parts{{"subscription", subscription},
                                                          {"subscriptionId", subscription},
                                                          {"group", "lab"},
                                                          {"resourceGroupName", "lab"},
                                                          {"account", "lab1"},
                                                          {"accountName", "lab1"},
                                                          {"provider", "Microsoft.Batch"},
                                                          {"tenant", "adfs"}};
    static const std::regex brace(R"(\{([A-Za-z]+)\})");
    std::string path;
    std::string rest = route.path;
    std::smatch found;
    while (std::regex_search(rest, found, brace)) {
      const auto part = parts.find(found[1]);
      path += found.prefix().str() + (part == parts.end() ? "x" : part->second);
      rest = found.suffix();
    }
    path += rest;
    const auto match = api::match_arm(route.method, path);
    std::string version = "2025-06-01";
    if (match && match->facts != nullptr) {
      for (const api::VersionFacts& one : api::arm_versions())
        if ((match->facts->in & api::find_arm_version(one.text)->mask()) != 0) version = one.text;
    }
    return path + "?api-version=" + version;
  }
  HttpResponse by(const Management::RouteFacts& route, const std::string& token) {
    token_ = token;
    return ask(route.method, filled(route), route.method == "GET" ? "" : "{}");
  }
  static bool is_open(const Management::RouteFacts& route) {
    static const std::set<std::string> open{"GET /metadata/endpoints",
                                            "GET /{tenant}/.well-known/openid-configuration",
                                            "GET /{tenant}/v2.0/.well-known/openid-configuration",
                                            "GET /{tenant}/discovery/keys",
                                            "GET /{tenant}/discovery/v2.0/keys",
                                            "GET /common/discovery/instance",
                                            "POST /{tenant}/oauth2/token",
                                            "POST /{tenant}/oauth2/v2.0/token"};
    return open.contains(route.method + " " + route.path);
  }
  // Whoever logs in may ask where they are and how far something is.
  static bool is_for_all(const Management::RouteFacts& route) {
    static const std::set<std::string> known{
        "/tenants", "/subscriptions", "/subscriptions/{subscription}",
        "/providers/Microsoft.Batch/operations",
        "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/"
        "accountOperationResults/{operation}"};
    return known.contains(route.path);
  }
  static bool reads(const Management::RouteFacts& route) {
    return route.method == "GET" || route.method == "HEAD" ||
           route.path.ends_with("/checkNameAvailability");
  }
  std::string forged(const std::string& client, Time expires, const std::string& audience) {
    return key_.sign({.issuer = "https://sts.batchyard/" + std::string(tenant) + "/",
                      .audience = audience,
                      .tenant = tenant,
                      .object = client + "-object",
                      .application = client,
                      .issued = now_ - std::chrono::hours(2),
                      .not_before = now_ - std::chrono::hours(2),
                      .expires = expires});
  }
};

TEST_F(MatrixTest, EveryRouteAsksWhoComes) {
  const std::vector<Management::RouteFacts> routes = Management::routes();
  ASSERT_GT(routes.size(), api::arm_operations().size() + 20);
  int asked = 0;
  host_.data_plane = [&](const std::string&, const HttpRequest&, HttpReply reply) {
    ++asked;
    reply({.status = 500});
  };
  const std::string other_key = identity::make_key("RS256", "k1");
  const identity::SigningKey other = *identity::SigningKey::open(other_key);
  const Time later = now_ + std::chrono::hours(1);
  const std::vector<std::pair<std::string, std::string>> worthless{
      {"nobody", ""},
      {"no token", "x"},
      {"an expired one", forged("owner-app", now_ - std::chrono::hours(1), management_resource)},
      {"one of the data plane", forged("owner-app", later, batch_resource)},
      {"one of another key",
       other.sign({.issuer = "https://sts.batchyard/" + std::string(tenant) + "/",
                   .audience = management_resource,
                   .object = "owner-app-object",
                   .issued = now_,
                   .not_before = now_,
                   .expires = later})}};
  const std::string reader = token_of("reads", management_resource);
  const std::string data = token_of("data", management_resource);
  const std::string stranger = token_of("stranger", management_resource);
  const std::string nothing = token_of("nothing", management_resource);
  const std::string owner = token_of("owner-app", management_resource);
  const Record before = **registry_.read(RecordKind::account, {}, "lab1");
  for (const Management::RouteFacts& route : routes) {
    const std::string name = route.method + " " + route.path;
    if (is_open(route)) {
      EXPECT_NE(by(route, "").status, 403) << name;
      continue;
    }
    for (const auto& [who, token] : worthless)
      EXPECT_EQ(by(route, token).status, 401) << who << ": " << name;
    if (is_for_all(route)) {
      EXPECT_LT(by(route, nothing).status, 300) << name;
      continue;
    }
    for (const std::string& token : {stranger, nothing})
      EXPECT_EQ(by(route, token).status, 403) << name;
    if (reads(route)) continue;
    EXPECT_EQ(by(route, reader).status, 403) << name;
    EXPECT_EQ(by(route, data).status, 403) << name;
  }
  EXPECT_EQ(asked, 0) << "an account was asked for somebody who may not";
  EXPECT_EQ((*registry_.read(RecordKind::account, {}, "lab1"))->version, before.version);
  for (const Management::RouteFacts& route : routes) {
    const std::string name = route.method + " " + route.path;
    if (is_open(route)) continue;
    if (reads(route)) {
      const int status = by(route, reader).status;
      EXPECT_TRUE(status != 401 && status != 403) << name << ": " << status;
    }
    const int status = by(route, owner).status;
    EXPECT_TRUE(status != 401 && status != 403) << name << ": " << status;
  }
}

}  // namespace
}  // namespace batchyard::arm
