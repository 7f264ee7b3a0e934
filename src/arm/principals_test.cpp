#include "arm/arm_test.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;

class PrincipalsTest : public ArmTest {
 protected:
  std::string scope_ = "/subscriptions/" + std::string(subscription);
};

TEST_F(PrincipalsTest, OneIsMadeWithASecretThatIsShownOnce) {
  make_group();
  const HttpResponse made = ask("POST", "/batchyard/principals",
                                R"({"name":"ci","role":"reader","scope":")" + scope_ + "\"}");
  ASSERT_EQ(made.status, 201) << made.body;
  const json::value entity = json_of(made);
  const std::string client(entity.at("clientId").as_string());
  const std::string secret(entity.at("secret").as_string());
  EXPECT_EQ(ask("GET", "/batchyard/principals").body.find(secret), std::string::npos);
  // It logs in, and may what its role says.
  const HttpResponse login =
      post_form("/adfs/oauth2/token", "grant_type=client_credentials&client_id=" + client +
                                          "&client_secret=" + secret +
                                          "&resource=https%3A%2F%2Fmanagement.azure.com%2F");
  ASSERT_EQ(login.status, 200) << login.body;
  token_ = std::string(json_of(login).at("access_token").as_string());
  EXPECT_EQ(in_subscription("GET", "/resourcegroups/lab").status, 200);
  EXPECT_EQ(in_subscription("DELETE", "/resourcegroups/lab").status, 403);
  EXPECT_EQ(code_of(ask("GET", "/batchyard/principals")), "AuthorizationFailed");
}

TEST_F(PrincipalsTest, RolesComeAndGo) {
  make_group();
  add_principal("ci", Role::reader, scope_);
  const std::string contributor = R"({"role":"Contributor","scope":")" + scope_ + "\"}";
  const std::string roles = "/batchyard/principals/ci/roles";
  const auto may_delete = [&] {
    use("ci");
    const int status = in_subscription("DELETE", "/resourcegroups/none").status;
    use("owner-app");
    return status == 404;
  };
  EXPECT_FALSE(may_delete());
  EXPECT_EQ(ask("PUT", roles, contributor).status, 204);
  EXPECT_EQ(ask("PUT", roles, contributor).status, 204);  // once more is the same
  EXPECT_TRUE(may_delete());
  EXPECT_EQ(ask("DELETE", roles, contributor).status, 204);
  EXPECT_EQ(code_of(ask("DELETE", roles, contributor)), "RoleAssignmentNotFound");
  EXPECT_FALSE(may_delete());
}

// Its tokens are good for nothing from then on: it has no roles left.
TEST_F(PrincipalsTest, WhoIsRemovedMayNothing) {
  add_principal("ci", Role::owner, "/");
  use("ci");
  const std::string token = token_;
  EXPECT_EQ(code_of(ask("DELETE", "/batchyard/principals/ci")), "PrincipalInUse");
  use("owner-app");
  EXPECT_EQ(ask("DELETE", "/batchyard/principals/ci").status, 204);
  EXPECT_EQ(code_of(ask("DELETE", "/batchyard/principals/ci")), "PrincipalNotFound");
  token_ = token;
  EXPECT_EQ(in_subscription("GET", "/resourcegroups").status, 403);
}

TEST_F(PrincipalsTest, AnOwnerStays) {
  const std::string owner = R"({"role":"owner","scope":"/"})";
  EXPECT_EQ(code_of(ask("DELETE", "/batchyard/principals/owner-app/roles", owner)),
            "PrincipalInUse");
  add_principal("boss", Role::owner, "/");
  use("boss");
  EXPECT_EQ(ask("DELETE", "/batchyard/principals/owner-app/roles", owner).status, 204);
}

// With a slash at its end a scope is the same.
TEST_F(PrincipalsTest, AScopeHasOneSpelling) {
  add_principal("ci", Role::reader, scope_);
  const std::string roles = "/batchyard/principals/ci/roles";
  EXPECT_EQ(ask("PUT", roles, R"({"role":"owner","scope":")" + scope_ + "/\"}").status, 204);
  EXPECT_EQ(ask("DELETE", roles, R"({"role":"owner","scope":")" + scope_ + "\"}").status, 204);
}

// Others could make themselves owners.
TEST_F(PrincipalsTest, OnlyOwnersGiveRoles) {
  add_principal("contributes", Role::contributor, "/");
  add_principal("reads", Role::reader, "/");
  add_principal("owns-less", Role::owner, scope_);
  for (const char* client : {"contributes", "reads", "owns-less"}) {
    use(client);
    EXPECT_EQ(ask("PUT", std::string("/batchyard/principals/") + client + "/roles",
                  R"({"role":"owner","scope":"/"})")
                  .status,
              403)
        << client;
    EXPECT_EQ(ask("POST", "/batchyard/principals", R"({"name":"a"})").status, 403) << client;
  }
  use("reads");
  EXPECT_EQ(ask("GET", "/batchyard/principals").status, 200);
}

// Paths match in any case of letters, and so does what guards them.
TEST_F(PrincipalsTest, NoSpellingOfAPathGivesMore) {
  make_group();
  make_account("lab1");
  add_principal("nobody-app", Role::reader, "/subscriptions/elsewhere");
  use("nobody-app");
  for (const char* path :
       {"/batchyard/principals", "/Batchyard/principals", "/BATCHYARD/PRINCIPALS"}) {
    EXPECT_EQ(code_of(ask("GET", path)), "AuthorizationFailed") << path;
    EXPECT_EQ(code_of(ask("POST", path, R"({"name":"x","role":"owner","scope":"/"})")),
              "AuthorizationFailed")
        << path;
    EXPECT_EQ(code_of(ask("DELETE", std::string(path) + "/owner-app")), "AuthorizationFailed")
        << path;
    EXPECT_EQ(code_of(ask("PUT", std::string(path) + "/nobody-app/roles",
                          R"({"role":"owner","scope":"/"})")),
              "AuthorizationFailed")
        << path;
  }
  const std::string keys = account_path("lab1") + "/listKeys?api-version=2025-06-01";
  const std::string id(subscription);
  for (const std::string& path : {"/SUBSCRIPTIONS/" + id + keys, "//subscriptions/" + id + keys,
                                  "/subscriptions/" + keys, "/%73ubscriptions/" + id + keys,
                                  "/subscriptions/%322222222-2222-2222-2222-222222222222" + keys,
                                  "/x/../subscriptions/" + id + keys, "subscriptions/" + id + keys})
    EXPECT_GE(ask("POST", path).status, 403) << path;
}

TEST_F(PrincipalsTest, WhatCannotBeIsRefusedWithACure) {
  const auto refused = [&](const std::string& body) {
    const HttpResponse answer = ask("POST", "/batchyard/principals", body);
    EXPECT_GE(answer.status, 400) << answer.body;
    return message_of(answer);
  };
  EXPECT_NE(refused("{}").find("1 to 120"), std::string::npos);
  EXPECT_NE(refused("[]").find("object"), std::string::npos);
  EXPECT_NE(refused(R"({"name":"a","role":"king","scope":"/"})").find("data-contributor"),
            std::string::npos);
  EXPECT_NE(refused(R"({"name":"a","role":"owner","scope":"lab1"})").find("resource id"),
            std::string::npos);
  for (const std::string scope : {"", "//", "/lab1", "/subscriptions/", "/subscriptions/elsewhere"})
    EXPECT_NE(refused(R"({"name":"a","role":"owner","scope":")" + scope + "\"}").find(scope_),
              std::string::npos)
        << scope;
  // It would be taken for the other one.
  EXPECT_NE(refused(R"({"name":"OWNER-app"})").find("already"), std::string::npos);
  EXPECT_EQ(ask("POST", "/batchyard/principals", R"({"name":"a"})").status, 201);
  EXPECT_NE(refused(R"({"name":"a"})").find("already"), std::string::npos);
}

// An issuer that is trusted says who somebody is, and which roles they have is said here.
TEST_F(PrincipalsTest, AnotherIssuerIsBelieved) {
  const std::string elsewhere = "https://login.example/realms/lab";
  const std::string other_key = identity::make_key("RS256", "k2");
  const identity::SigningKey signs = *identity::SigningKey::open(other_key);
  const auto token_of_other = [&](const std::string& subject, const std::string& audience) {
    return signs.sign({.issuer = elsewhere,
                       .audience = audience,
                       .object = subject,
                       .issued = now_,
                       .not_before = now_,
                       .expires = now_ + std::chrono::hours(1)});
  };
  const std::string add = R"({"name":"eve","role":"owner","scope":"/","issuer":")" + elsewhere +
                          R"(","subject":"1f0c"})";
  EXPECT_NE(message_of(ask("POST", "/batchyard/principals", add)).find("not trusted"),
            std::string::npos);
  issuers_->push_back(*identity::Issuer::open(elsewhere, signs.public_set(), {"batchyard"}));
  EXPECT_NE(message_of(ask("POST", "/batchyard/principals",
                           R"({"name":"eve","issuer":")" + elsewhere + "\"}"))
                .find("'subject' is missing"),
            std::string::npos);
  const HttpResponse added = ask("POST", "/batchyard/principals", add);
  ASSERT_EQ(added.status, 201) << added.body;
  EXPECT_FALSE(json_of(added).as_object().contains("secret"));
  EXPECT_NE(message_of(ask("POST", "/batchyard/principals", std::string(add).replace(9, 3, "two")))
                .find("as 'eve'"),
            std::string::npos);
  token_ = token_of_other("1f0c", "batchyard");
  EXPECT_EQ(ask("GET", "/batchyard/principals").status, 200);
  token_ = token_of_other("1f0c", management_resource);
  EXPECT_EQ(ask("GET", "/batchyard/principals").status, 200);
  // What it says of anybody else, above all of our own administrator, is good for nothing.
  token_ = token_of_other("owner-app-object", "batchyard");
  EXPECT_EQ(code_of(ask("GET", "/batchyard/principals")), "AuthorizationFailed");
  token_ = token_of_other(elsewhere + "#1f0c", "batchyard");
  EXPECT_EQ(code_of(ask("GET", "/batchyard/principals")), "AuthorizationFailed");
  EXPECT_EQ(looked_again_, 0);
  // Neither may it sign in our name.
  token_ = signs.sign({.issuer = "https://sts.batchyard/" + std::string(tenant) + "/",
                       .audience = management_resource,
                       .object = "owner-app-object",
                       .issued = now_,
                       .not_before = now_,
                       .expires = now_ + std::chrono::hours(1)});
  EXPECT_EQ(ask("GET", "/batchyard/principals").status, 401);
  EXPECT_EQ(looked_again_, 1);
  // Its audience is good for its own tokens alone.
  token_ = key_.sign({.issuer = "https://sts.batchyard/" + std::string(tenant) + "/",
                      .audience = "batchyard",
                      .object = "owner-app-object",
                      .issued = now_,
                      .not_before = now_,
                      .expires = now_ + std::chrono::hours(1)});
  EXPECT_EQ(ask("GET", "/batchyard/principals").status, 401);
}

}  // namespace
}  // namespace batchyard::arm
