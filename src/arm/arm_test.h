// A management plane in memory, and what tests ask of it.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>

#include "arm/management.h"
#include "base/text.h"
#include "identity/keys_test.h"
#include "signing/signing.h"
#include "testing/memory_registry.h"

namespace batchyard::arm {

// Accounts without anything behind them.
class StandInHost : public AccountHost {
 public:
  Result<> open(const std::string& account) override {
    if (during_open) during_open();
    if (!opens)
      return fail(Kind::internal, "DataDirectoryUnusable", "There is no room for " + account);
    keys_[account] = {.primary = account + "-1", .secondary = account + "-2"};
    return Done();
  }
  Result<> begin_removal(const std::string& account) override {
    if (account == "first")
      return fail(Kind::conflict, "OperationNotAllowed", "It is the first one.");
    if (!keys_.contains(account))
      return fail(Kind::conflict, "OperationNotAllowed", "It is being made.");
    return Done();
  }
  void remove(const std::string& account) override {
    keys_.erase(account);
    removing_.insert(account);
  }
  bool removing(const std::string& account) override { return removing_.contains(account); }
  void removed(const std::string& account) { removing_.erase(account); }
  Result<std::string> endpoint(const std::string& account) override {
    if (!keys_.contains(account))
      return fail(Kind::not_found, "ResourceNotFound", "It is not there.");
    return "127.0.0.1:" + std::to_string(9000 + account.size());
  }
  std::string storage_endpoint(const std::string& account) override {
    return keys_.contains(account) ? "127.0.0.1:10000" : "";
  }
  AccountQuotas quotas() const override {
    return {.pools = 7, .jobs = {}, .dedicated_cores = 64, .low_priority_cores = {}};
  }
  Result<AccountKeys> keys(const std::string& account) override { return keys_.at(account); }
  Result<AccountKeys> renew_key(const std::string& account, bool primary) override {
    AccountKeys& keys = keys_.at(account);
    (primary ? keys.primary : keys.secondary) += "-again";
    return keys;
  }

  void use_access(const std::string& account, identity::AccessRules rules) override {
    access[account] = std::move(rules);
  }
  std::map<std::string, identity::AccessRules> access;

  Result<std::optional<AccountStorage>> storage(const std::string& account) override {
    if (!has_storage) return std::optional<AccountStorage>();
    return AccountStorage{.endpoint = "https://127.0.0.1:10000/" + account,
                          .keys = {account + "-s1", account + "-s2"}};
  }

  // Answered by what the test has put there.
  void ask(const std::string& account, HttpRequest request, HttpReply reply) override {
    if (!keys_.contains(account) || !data_plane) return reply({.status = 404});
    data_plane(account, std::move(request), std::move(reply));
  }

  std::function<void(const std::string&, HttpRequest, HttpReply)> data_plane;
  bool opens = true;
  bool has_storage = true;
  std::function<void()> during_open;  // what others do meanwhile

 private:
  std::map<std::string, AccountKeys> keys_;
  std::set<std::string> removing_;
};

class ArmTest : public ::testing::Test {
 protected:
  static constexpr const char* tenant = "11111111-1111-1111-1111-111111111111";
  static constexpr const char* subscription = "22222222-2222-2222-2222-222222222222";
  static constexpr const char* management_resource = "https://management.azure.com/";
  static constexpr const char* batch_resource = "https://batch.core.windows.net/";

  ArmTest() {
    make_management();
    add_principal("owner-app", Role::owner, "/");
    use("owner-app");
  }

  // One over what the registry has, as after a start.
  void make_management() {
    Ports ports;
    ports.registry = &registry_;
    ports.accounts = &host_;
    ports.now = [this] { return now_; };
    ports.new_guid = [this] { return "guid-" + std::to_string(++guids_); };
    ports.new_secret = [this] { return "secret-" + std::to_string(++guids_); };
    ports.digest = [](std::string_view secret) { return hex_encode(hmac_sha256("d", secret)); };
    ports.issuers = [this] { return issuers_; };
    ports.keys_may_be_old = [this] { ++looked_again_; };
    ports.key = &key_;
    ports.later = [this](std::function<void()> errand) { errands_.push_back(std::move(errand)); };
    management_ =
        std::make_unique<Management>(Site{.tenant = tenant,
                                          .subscription = subscription,
                                          .managed_identity = "msi",
                                          .identity_path = "/identity/nobody-guesses/token"},
                                     std::move(ports));
  }

  void add_principal(const std::string& client, Role role, const std::string& scope) {
    const Principal principal{.client = client,
                              .object = client + "-object",
                              .name = client,
                              .digest = hex_encode(hmac_sha256("d", client + "-secret"))};
    ASSERT_TRUE(registry_.put(record_of(principal), {}));
    assign(client, role, scope);
  }
  void assign(const std::string& client, Role role, const std::string& scope) {
    ASSERT_TRUE(registry_.put(record_of(Assignment{client + "-object", role, scope}), {}));
  }

  // Who asks from now on.
  void use(const std::string& client) { token_ = token_of(client, management_resource); }
  std::string token_of(const std::string& client, const std::string& resource) {
    const HttpResponse answer =
        post_form("/adfs/oauth2/token",
                  "grant_type=client_credentials&client_id=" + client + "&client_secret=" + client +
                      "-secret&scope=" + percent_encode(resource + "/.default"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(boost::json::parse(answer.body).at("access_token").as_string());
  }

  HttpResponse ask(const std::string& method, const std::string& target,
                   const std::string& body = {}, std::vector<HttpHeader> headers = {}) {
    HttpRequest request{.method = method,
                        .target = target,
                        .headers = std::move(headers),
                        .body = body,
                        .host = "127.0.0.1:8444"};
    if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
    std::optional<HttpResponse> answer;
    management_->handle(std::move(request),
                        [&](HttpResponse response) { answer = std::move(response); });
    if (runs_errands_) run_errands();
    EXPECT_TRUE(answer) << method << " " << target;
    return answer.value_or(HttpResponse{.status = 0});
  }
  // What was put off, and what that puts off.
  void run_errands() {
    while (run_errand()) {
    }
  }
  bool run_errand() {
    if (errands_.empty()) return false;
    const std::function<void()> next = std::move(errands_.front());
    errands_.pop_front();
    next();
    return true;
  }
  HttpResponse post_form(const std::string& target, const std::string& form) {
    return ask("POST", target, form, {{"Content-Type", "application/x-www-form-urlencoded"}});
  }
  // In the newest version, below the subscription.
  HttpResponse in_subscription(const std::string& method, const std::string& path,
                               const std::string& body = {},
                               const std::string& version = "2025-06-01") {
    return ask(method,
               "/subscriptions/" + std::string(subscription) + path + "?api-version=" + version,
               body);
  }
  static boost::json::value json_of(const HttpResponse& response) {
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(response.body, error);
    EXPECT_FALSE(error) << response.body;
    return value;
  }
  // Where its Location points, without scheme and host.
  static std::string place_in(const HttpResponse& response) {
    return std::string(response.header("Location"))
        .substr(std::string("https://127.0.0.1:8444").size());
  }
  static std::string code_of(const HttpResponse& response) {
    return std::string(json_of(response).at("error").at("code").as_string());
  }
  static std::string message_of(const HttpResponse& response) {
    return std::string(json_of(response).at("error").at("message").as_string());
  }

  void make_group(const std::string& name = "lab") {
    EXPECT_EQ(in_subscription("PUT", "/resourcegroups/" + name, R"({"location":"local"})").status,
              201);
  }
  static std::string account_path(const std::string& account, const std::string& group = "lab") {
    return "/resourceGroups/" + group + "/providers/Microsoft.Batch/batchAccounts/" + account;
  }
  void make_account(const std::string& account, const std::string& group = "lab") {
    EXPECT_EQ(
        in_subscription("PUT", account_path(account, group), R"({"location":"East US"})").status,
        202);
  }

  Time now_ = *parse_iso8601("2026-11-24T09:30:00Z");
  int guids_ = 0;
  std::deque<std::function<void()>> errands_;
  bool runs_errands_ = true;  // behind every request
  static inline const std::string private_key_ = identity::make_key("RS256", "k1");
  identity::SigningKey key_ = *identity::SigningKey::open(private_key_);
  std::shared_ptr<std::vector<identity::Issuer>> issuers_ =
      std::make_shared<std::vector<identity::Issuer>>(
          std::vector<identity::Issuer>{*identity::Issuer::open(
              "https://sts.batchyard/" + std::string(tenant) + "/", key_.public_set())});
  int looked_again_ = 0;
  batchyard::testing::MemoryRegistry registry_;
  StandInHost host_;
  std::unique_ptr<Management> management_;
  std::string token_;
};

}  // namespace batchyard::arm
