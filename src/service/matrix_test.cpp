// Who may come by which route: every route that the router has, asked by nobody, with what is good
// for nothing, by another account, by tasks, by one who reads and by the account itself.
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <regex>
#include <set>

#include "api/operations.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

class MatrixTest : public ServiceTest {
 protected:
  struct Asked {
    std::string method;
    std::string target;
    std::string name;
  };
  using Signer = std::function<void(HttpRequest&)>;

  // Each route once, or once for each verb where it takes any.
  static std::vector<Asked> everything() {
    static const std::regex own_part(R"(\{[A-Za-z]+\}|\*+)");
    std::vector<Asked> all;
    for (const Service::RouteFacts& route : Service::routes()) {
      const std::string path = std::regex_replace(route.path, own_part, "x");
      std::string version(api::versions().back().text);
      const auto match = api::match(route.method, path);
      if (match && match->facts != nullptr) {
        for (const api::VersionFacts& one : api::versions())
          if ((match->facts->in & api::parse_version(one.text)->mask()) != 0) version = one.text;
      }
      std::vector<std::string> methods{route.method};
      if (route.method == "*") methods = {"GET", "POST", "PUT", "PATCH", "DELETE"};
      for (const std::string& method : methods)
        all.push_back({method, path + "?api-version=" + version, method + " " + route.path});
    }
    return all;
  }
  Answer by(const Asked& asked, const Signer& signs) {
    const bool has_body =
        asked.method != "GET" && asked.method != "HEAD" && asked.method != "DELETE";
    HttpRequest made = request(asked.method, asked.target, has_body ? "{}" : "", {});
    signs(made);
    return handle(std::move(made));
  }
  Signer signed_as(Account account, Duration ago = {}) const {
    return [account = std::move(account), ago, this](HttpRequest& made) {
      sign(account, made, bench_.now - ago);
    };
  }
  static Signer with_token(std::string token) {
    return [token = std::move(token)](HttpRequest& made) {
      made.headers.push_back({"Authorization", "Bearer " + token});
    };
  }
  Signer as_task(const std::string& job, Duration ago) const {
    return with_token(make_token("seal", {.job = JobId::trusted(job),
                                          .task = TaskId::trusted("t"),
                                          .attempt = 1,
                                          .expires = bench_.now + token_life - ago}));
  }
};

TEST_F(MatrixTest, EveryRouteAsksWhoComes) {
  const std::vector<Asked> all = everything();
  ASSERT_GT(all.size(), api::operations().size() + 40);
  Account wrong_key = account_;
  wrong_key.keys = {"d3Jvbmc=", "d3Jvbmc="};
  Account other = account_;
  other.name = "other";
  const std::map<std::string, Signer> worthless{
      {"nobody", [](HttpRequest&) {}},
      {"a wrong key", signed_as(wrong_key)},
      {"another account", signed_as(other)},
      {"a signature of yesterday", signed_as(account_, std::chrono::hours(24))},
      {"a token that is none", with_token("x")},
      {"a token of nobody", with_token("a.b.c")},
      {"a task that does not run", as_task("j", {})},
      {"a task whose token is expired", as_task("j", token_life + std::chrono::hours(1))},
      {"somebody of another account", with_token("no.rights.here")}};
  int commands = 0;
  meanwhile_ = [&] { ++commands; };
  rights_ = [](std::string_view token) -> Result<Rights> {
    if (token == "no.rights.here") return Rights{};
    if (token == "only.reads.here") return Rights{.reads = true, .writes = false};
    return fail(Kind::unauthenticated, "InvalidAuthenticationToken", "It is nobody's.");
  };
  const std::set<int> refusals{400, 403};
  const std::set<std::string> codes{"AuthenticationFailed", "InvalidAuthenticationInfo",
                                    "Forbidden"};
  for (const Asked& asked : all) {
    for (const auto& [who, signs] : worthless) {
      const Answer answer = by(asked, signs);
      EXPECT_TRUE(refusals.contains(answer.status) &&
                  (asked.method == "HEAD" || codes.contains(answer.code())))
          << who << ": " << asked.name << ": " << answer.status << " " << answer.response.body;
    }
    if (asked.method == "GET" || asked.method == "HEAD") continue;
    const Answer answer = by(asked, with_token("only.reads.here"));
    EXPECT_EQ(answer.code(), "Forbidden") << asked.name;
  }
  EXPECT_EQ(commands, 0) << "the engine was asked by somebody who may not";
  for (const Asked& asked : all) {
    // Those are for the management plane, which is known by how it asks.
    if (asked.target.starts_with(whole_path)) {
      EXPECT_EQ(by(asked, signed_as(account_)).code(), "Forbidden") << asked.name;
      continue;
    }
    if (asked.method == "GET" || asked.method == "HEAD") {
      EXPECT_NE(by(asked, with_token("only.reads.here")).status, 403) << asked.name;
    }
    EXPECT_NE(by(asked, signed_as(account_)).status, 403) << asked.name;
  }
}

}  // namespace
}  // namespace batchyard::service
