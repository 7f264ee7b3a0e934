// Who may ask for what: every operation that there is, asked by nobody, with keys and signatures
// that are good for nothing, by one who reads and by the account itself.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/text.h"
#include "blob/authorize.h"
#include "blob/sas.h"
#include "blob/shared_key.h"

namespace batchyard::blob {
namespace {

const Time matrix_now = *parse_iso8601("2026-11-28T12:00:00Z");
constexpr int operation_count = static_cast<int>(Operation::get_block_list) + 1;

Account matrix_account(const std::string& name = "own", const std::string& key = "a key") {
  return {name, {base64_encode(key), base64_encode(key + " more")}};
}

struct Asked {
  std::string path;
  std::string query;
  std::function<void(HttpRequest&)> signs = [](HttpRequest&) {};
};

// What is said to who asks for an operation on a private container that is there.
std::string said_to(Operation operation, const Asked& asked) {
  HttpRequest request{.method = "GET", .target = asked.path};
  if (!asked.query.empty()) request.target += "?" + asked.query;
  request.host = "127.0.0.1:1";
  request.headers = {{"x-ms-version", "2021-12-02"}};
  asked.signs(request);
  const Container container;
  const Result<Address> address = address_of(request.target, request.host, "own");
  EXPECT_TRUE(address) << request.target;
  const Result<Caller> caller =
      authorize(matrix_account(), request, *address, operation, &container, matrix_now);
  return caller ? "" : caller.error().code;
}

std::string place_of(const OperationFacts& facts) {
  if (facts.type == 'o') return "/own/box/a";
  return facts.type == 'c' ? "/own/box" : "/own/";
}

std::string account_sas(const Account& account, const std::string& permissions, Time expiry) {
  return make_account_sas(account, {.permissions = permissions, .types = "sco", .expiry = expiry});
}

std::function<void(HttpRequest&)> key_of(Account account, Time when = matrix_now) {
  return
      [account = std::move(account), when](HttpRequest& request) { sign(account, request, when); };
}

TEST(BlobMatrix, EveryOperationAsksWhoComes) {
  const Time later = matrix_now + std::chrono::hours(1);
  const std::set<std::string> refusals{"AuthenticationFailed", "NoAuthenticationInformation",
                                       "AuthorizationPermissionMismatch",
                                       "AuthorizationResourceTypeMismatch"};
  for (int at = 0; at < operation_count; ++at) {
    const auto operation = static_cast<Operation>(at);
    const OperationFacts& facts = facts_of(operation);
    const std::string place = place_of(facts);
    const std::vector<std::pair<std::string, Asked>> worthless{
        {"nobody", {place, "", {}}},
        {"a wrong key", {place, "", key_of(matrix_account("own", "another key"))}},
        {"a key of another account", {place, "", key_of(matrix_account("other"))}},
        {"an old request",
         {place, "", key_of(matrix_account(), matrix_now - std::chrono::hours(1))}},
        {"a token",
         {place, "",
          [](HttpRequest& request) {
            request.headers.push_back({"Authorization", "Bearer a.b.c"});
          }}},
        {"a signature that is over",
         {place,
          account_sas(matrix_account(), "rwdlacup", matrix_now - std::chrono::minutes(1)),
          {}}},
        {"a signature by another key",
         {place, account_sas(matrix_account("own", "another key"), "rwdlacup", later), {}}},
        {"a signature of another account",
         {place, account_sas(matrix_account("other"), "rwdlacup", later), {}}},
        {"a signature for another container",
         {place,
          make_service_sas(matrix_account(), {.container = "crate",
                                              .blob = {},
                                              .permissions = "racwdlt",
                                              .expiry = later,
                                              .policy = {}}),
          {}}}};
    for (auto [who, asked] : worthless) {
      if (!asked.signs) asked.signs = [](HttpRequest&) {};
      EXPECT_TRUE(refusals.contains(said_to(operation, asked))) << who << ": " << facts.name;
    }
    // One who reads changes nothing; whoever has the key may do everything. A batch is judged by
    // what is in it.
    const std::string reader = account_sas(matrix_account(), "rl", later);
    if (facts.writes && operation != Operation::submit_batch) {
      EXPECT_TRUE(refusals.contains(said_to(operation, {place, reader}))) << facts.name;
    } else if (!facts.account_permissions.empty()) {
      EXPECT_EQ(said_to(operation, {place, reader}), "") << facts.name;
    }
    EXPECT_EQ(said_to(operation, {place, "", key_of(matrix_account())}), "") << facts.name;
  }
}

}  // namespace
}  // namespace batchyard::blob
