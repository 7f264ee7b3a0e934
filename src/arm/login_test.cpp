#include "arm/arm_test.h"

namespace batchyard::arm {
namespace {

class LoginTest : public ArmTest {};

std::string form(const std::string& client, const std::string& secret, const std::string& rest) {
  return "grant_type=client_credentials&client_id=" + client + "&client_secret=" + secret + rest;
}

// What `az cloud register` asks for, with no token.
TEST_F(LoginTest, ACloudSaysWhereToLogIn) {
  token_.clear();
  const auto first = json_of(ask("GET", "/metadata/endpoints?api-version=2015-01-01"));
  EXPECT_EQ(first.at("authentication").at("loginEndpoint"), "https://127.0.0.1:8444/adfs");
  EXPECT_EQ(first.at("authentication").at("audiences").at(0), "https://127.0.0.1:8444/");
  const auto later = json_of(ask("GET", "/metadata/endpoints?api-version=2022-09-01"));
  EXPECT_EQ(later.at(0).at("resourceManager"), "https://127.0.0.1:8444/");
  EXPECT_EQ(later.at(0).at("batch"), batch_resource);
  for (const char* path :
       {"/adfs/.well-known/openid-configuration",
        "/11111111-1111-1111-1111-111111111111/v2.0/.well-known/openid-configuration"})
    EXPECT_EQ(json_of(ask("GET", path)).at("token_endpoint"),
              "https://127.0.0.1:8444/adfs/oauth2/token");
  EXPECT_EQ(json_of(ask("GET", "/adfs/discovery/keys")).at("keys").at(0).at("kid"), "k1");
  // What is served, and no more: the client id in a header of its own is not read.
  EXPECT_EQ(json_of(ask("GET", "/adfs/.well-known/openid-configuration"))
                .at("token_endpoint_auth_methods_supported")
                .as_array()
                .size(),
            1u);
}

TEST_F(LoginTest, APrincipalGetsATokenForEitherPlane) {
  for (const std::string asked :
       {"&scope=https%3A%2F%2F127.0.0.1%3A8444%2F%2F.default",
        "&resource=https%3A%2F%2F127.0.0.1%3A8444%2F",
        "&scope=https%3A%2F%2Fbatch.core.windows.net%2F%2F.default+openid",
        "&resource=https%3A%2F%2Fmanagement.core.windows.net%2F"}) {
    const HttpResponse answer =
        post_form("/adfs/oauth2/token", form("owner-app", "owner-app-secret", asked));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(json_of(answer).at("token_type"), "Bearer");
    EXPECT_EQ(json_of(answer).at("expires_on"), "1795516200");
  }
}

TEST_F(LoginTest, ATokenOfTheDataPlaneIsNoneOfThisUnderAnyHost) {
  const std::string token = token_of("owner-app", batch_resource);
  for (const char* host : {"127.0.0.1:8444", "batch.core.windows.net", "BATCH.core.windows.net"}) {
    HttpRequest request{.method = "GET",
                        .target = "/subscriptions/" + std::string(subscription) +
                                  "/resourcegroups?api-version=2025-06-01",
                        .headers = {{"Authorization", "Bearer " + token}},
                        .host = host};
    std::optional<HttpResponse> answer;
    management_->handle(std::move(request),
                        [&](HttpResponse response) { answer = std::move(response); });
    ASSERT_TRUE(answer) << host;
    EXPECT_EQ(code_of(*answer), "InvalidAuthenticationTokenAudience") << host;
  }
}

TEST_F(LoginTest, WhoIsNotKnownGetsNone) {
  const std::string all = "&resource=https%3A%2F%2Fmanagement.azure.com%2F";
  const auto error_of = [&](const std::string& body) {
    const HttpResponse answer = post_form("/adfs/oauth2/token", body);
    EXPECT_EQ(answer.body.find("owner-app-secret"), std::string::npos);
    return std::string(json_of(answer).at("error").as_string());
  };
  EXPECT_EQ(error_of(form("owner-app", "wrong", all)), "invalid_client");
  EXPECT_EQ(error_of(form("nobody", "owner-app-secret", all)), "invalid_client");
  EXPECT_EQ(error_of(form("owner-app", "", all)), "invalid_client");
  EXPECT_EQ(
      error_of(form("owner-app", "owner-app-secret", "&resource=https%3A%2F%2Fvault.azure.net")),
      "invalid_resource");
  EXPECT_EQ(error_of(form("owner-app", "owner-app-secret", "")), "invalid_resource");
  EXPECT_EQ(error_of("grant_type=password&username=a&password=b"), "unsupported_grant_type");
  EXPECT_EQ(error_of(""), "unsupported_grant_type");
  // One without a secret cannot be logged in as with none.
  ASSERT_TRUE(registry_.put(
      record_of({.client = "msi", .object = "msi-object", .name = "m", .digest = {}}), {}));
  EXPECT_EQ(error_of(form("msi", "", all)), "invalid_client");
}

TEST_F(LoginTest, TheManagedIdentityIsAtAPathThatNobodyGuesses) {
  token_.clear();
  const std::string asked = "resource=https%3A%2F%2Fbatch.core.windows.net%2F";
  EXPECT_EQ(post_form("/identity/nobody-guesses/token", asked).status, 400);  // nobody is it
  ASSERT_TRUE(registry_.put(
      record_of({.client = "msi", .object = "msi-object", .name = "m", .digest = {}}), {}));
  EXPECT_EQ(post_form("/identity/nobody-guesses/token", asked).status, 200);
  EXPECT_EQ(ask("GET", "/identity/nobody-guesses/token?api-version=2018-02-01&" + asked).status,
            200);
  EXPECT_EQ(ask("GET", "/identity/nobody-guesses/token?client_id=other&" + asked).status, 400);
  EXPECT_EQ(ask("GET", "/identity/nobody-guesses/token?resource=x").status, 400);
  EXPECT_EQ(code_of(ask("GET", "/identity/somebody/token?" + asked)), "InvalidResourceType");
}

TEST_F(LoginTest, WithoutATokenThereIsNothing) {
  const std::string path = "/subscriptions/" + std::string(subscription) + "/resourcegroups";
  const std::string good = token_;
  token_.clear();
  const HttpResponse none = ask("GET", path);
  EXPECT_EQ(none.status, 401);
  EXPECT_EQ(code_of(none), "AuthenticationFailed");
  EXPECT_NE(none.header("WWW-Authenticate").find("https://127.0.0.1:8444/adfs"),
            std::string_view::npos);
  for (const std::string& bad :
       {std::string("x"), good + "x", token_of("owner-app", batch_resource)}) {
    token_ = bad;
    EXPECT_EQ(ask("GET", path).status, 401) << bad;
  }
  token_ = good;
  EXPECT_EQ(ask("GET", path).status, 200);
  now_ += std::chrono::hours(2);
  EXPECT_EQ(code_of(ask("GET", path)), "ExpiredAuthenticationToken");
}

}  // namespace
}  // namespace batchyard::arm
