#include "arm/arm_test.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;

class AccountsTest : public ArmTest {};

TEST_F(AccountsTest, OneIsMadeShownChangedAndDeleted) {
  make_group();
  const HttpResponse made =
      in_subscription("PUT", account_path("lab1"), R"({"location":"East US","tags":{"team":"a"}})");
  ASSERT_EQ(made.status, 202) << made.body;
  // Where clients ask how far it is.
  ASSERT_EQ(made.header("Location").find("https://127.0.0.1:8444/subscriptions/"), 0u);
  const HttpResponse result = ask("GET", place_in(made));
  ASSERT_EQ(result.status, 200) << result.body;
  const json::value account = json_of(result);
  EXPECT_EQ(account.at("id").as_string(),
            "/subscriptions/" + std::string(subscription) + account_path("lab1"));
  EXPECT_EQ(account.at("type"), "Microsoft.Batch/batchAccounts");
  EXPECT_EQ(account.at("location"), "eastus");
  EXPECT_EQ(account.at("tags").at("team"), "a");
  EXPECT_EQ(account.at("properties").at("accountEndpoint"), "127.0.0.1:9004");
  EXPECT_EQ(account.at("properties").at("provisioningState"), "Succeeded");
  EXPECT_EQ(account.at("properties").at("poolQuota"), 7);
  EXPECT_EQ(account.at("properties").at("dedicatedCoreQuota"), 64);
  EXPECT_FALSE(account.at("properties").as_object().contains("lowPriorityCoreQuota"));
  EXPECT_TRUE(result.header("ETag").starts_with("\"0x8D"));
  EXPECT_EQ(in_subscription("GET", account_path("LAB1", "LAB")).body, result.body);

  const HttpResponse changed =
      in_subscription("PATCH", account_path("lab1"),
                      R"({"tags":{"team":"b"},"properties":{"publicNetworkAccess":"Disabled"}})");
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(json_of(changed).at("tags").at("team"), "b");
  EXPECT_EQ(json_of(changed).at("properties").at("publicNetworkAccess"), "Disabled");
  EXPECT_NE(changed.header("ETag"), result.header("ETag"));

  const HttpResponse gone = in_subscription("DELETE", account_path("lab1"));
  ASSERT_EQ(gone.status, 202) << gone.body;
  const std::string poll = place_in(gone);
  EXPECT_EQ(ask("GET", poll).status, 202);
  host_.removed("lab1");
  EXPECT_EQ(ask("GET", poll).status, 200);
  EXPECT_EQ(code_of(in_subscription("GET", account_path("lab1"))), "ResourceNotFound");
}

TEST_F(AccountsTest, OneThatMayNotGoStays) {
  make_group();
  make_account("first");
  EXPECT_EQ(code_of(in_subscription("DELETE", account_path("first"))), "OperationNotAllowed");
  EXPECT_EQ(in_subscription("GET", account_path("first")).status, 200);
}

TEST_F(AccountsTest, ASubscriptionHasSoManyAndNoMore) {
  make_group();
  for (std::size_t number = 0; number < accounts_max; ++number)
    make_account("lab" + std::to_string(number));
  const HttpResponse one_more =
      in_subscription("PUT", account_path("onemore"), R"({"location":"local"})");
  EXPECT_EQ(code_of(one_more), "SubscriptionQuotaExceeded");
  EXPECT_NE(message_of(one_more).find("Delete one first"), std::string::npos);
  // One that is there can still be changed.
  EXPECT_EQ(in_subscription("PUT", account_path("lab7"), R"({"location":"East US"})").status, 202);
}

// Every operation of every version answers, none by a fault of its own.
TEST_F(AccountsTest, EveryOperationIsAnsweredOrSaidNotToBeServed) {
  make_group();
  make_account("lab1");
  for (const api::ArmOperationFacts& facts : api::arm_operations()) {
    for (const api::VersionFacts& version : api::arm_versions()) {
      std::string path(facts.path);
      for (const auto& [name, value] :
           {std::pair<std::string, std::string>("{subscriptionId}", subscription),
            {"{resourceGroupName}", "lab"},
            {"{accountName}", "lab1"}}) {
        if (const std::size_t at = path.find(name); at != std::string::npos)
          path.replace(at, name.size(), value);
      }
      if (facts.name == "BatchAccount_Delete") continue;  // the others need it
      const HttpResponse answer =
          ask(std::string(facts.method), path + "?api-version=" + std::string(version.text));
      const bool there = (facts.in & api::find_arm_version(version.text)->mask()) != 0;
      EXPECT_NE(answer.status, 500) << facts.name;
      if (!there) {
        EXPECT_EQ(code_of(answer), "InvalidResourceType") << facts.name;
      }
      const bool served = facts.name.starts_with("Location_") || facts.name == "Operations_List" ||
                          facts.name == "BatchAccount_Get" || facts.name == "BatchAccount_List";
      if (served && there && facts.method == "GET") {
        EXPECT_EQ(answer.status, 200) << facts.name;
      }
    }
  }
}

TEST_F(AccountsTest, KeysAreShownAndMadeAnew) {
  make_group();
  make_account("lab1");
  EXPECT_EQ(json_of(in_subscription("POST", account_path("lab1") + "/listKeys")).at("primary"),
            "lab1-1");
  const HttpResponse renewed = in_subscription("POST", account_path("lab1") + "/regenerateKeys",
                                               R"({"keyName":"Secondary"})");
  EXPECT_EQ(json_of(renewed).at("primary"), "lab1-1");
  EXPECT_EQ(json_of(renewed).at("secondary"), "lab1-2-again");
  const HttpResponse wrong =
      in_subscription("POST", account_path("lab1") + "/regenerateKeys", R"({"keyName":"Third"})");
  EXPECT_EQ(wrong.status, 400);
  EXPECT_NE(message_of(wrong).find("Primary, Secondary"), std::string::npos);
  EXPECT_EQ(in_subscription("POST", account_path("lab1") + "/regenerateKeys").status, 400);
}

TEST_F(AccountsTest, AreListedBySubscriptionAndGroup) {
  make_group();
  make_group("other");
  make_account("lab1");
  make_account("lab2");
  make_account("other1", "other");
  EXPECT_EQ(json_of(in_subscription("GET", "/providers/Microsoft.Batch/batchAccounts"))
                .at("value")
                .as_array()
                .size(),
            3u);
  EXPECT_EQ(
      json_of(in_subscription("GET", "/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts"))
          .at("value")
          .as_array()
          .size(),
      2u);
  EXPECT_EQ(code_of(in_subscription(
                "GET", "/resourceGroups/none/providers/Microsoft.Batch/batchAccounts")),
            "ResourceGroupNotFound");
}

TEST_F(AccountsTest, WhatCannotBeIsRefusedWithACure) {
  make_group();
  make_group("other");
  make_account("lab1");
  const auto refused = [&](const std::string& path, const std::string& body) {
    const HttpResponse answer = in_subscription("PUT", path, body);
    EXPECT_GE(answer.status, 400);
    return code_of(answer);
  };
  EXPECT_EQ(refused(account_path("lab2", "none"), R"({"location":"x"})"), "ResourceGroupNotFound");
  for (const char* name : {"ab", "Lab2", "lab-2", "abcdefghijklmnopqrstuvwxy"})
    EXPECT_EQ(refused(account_path(name), R"({"location":"x"})"), "InvalidResourceName") << name;
  for (const char* location : {"", " ", "a/b", "a?b", "a\\r\\nb", "a#", "\\u00e9"})
    EXPECT_EQ(refused(account_path("lab2"), R"({"location":")" + std::string(location) + "\"}"),
              "InvalidRequestContent")
        << location;
  EXPECT_EQ(refused(account_path("lab2"), "{}"), "MissingRequiredProperty");
  EXPECT_EQ(refused(account_path("lab2"), ""), "InvalidRequestBody");
  EXPECT_EQ(refused(account_path("lab2"), R"({"location":"x","colour":"red"})"),
            "InvalidRequestBody");
  EXPECT_EQ(refused(account_path("lab1"), R"({"location":"westus"})"), "InvalidResourceLocation");
  EXPECT_EQ(refused(account_path("lab1", "other"), R"({"location":"eastus"})"),
            "AccountAlreadyExists");
  EXPECT_EQ(code_of(in_subscription("DELETE", "/resourcegroups/lab")), "ResourceGroupNotEmpty");
  EXPECT_EQ(in_subscription("DELETE", "/resourcegroups/other").status, 200);
}

TEST_F(AccountsTest, OfTwoWhoMakeOneAtOnceOneMakesIt) {
  make_group();
  make_group("other");
  int opened = 0;
  host_.during_open = [&] {
    if (++opened > 1) return;
    EXPECT_EQ(
        code_of(in_subscription("PUT", account_path("lab1", "other"), R"({"location":"eastus"})")),
        "AccountAlreadyExists");
    EXPECT_EQ(in_subscription("PUT", account_path("lab1"), R"({"location":"eastus"})").status, 202);
    EXPECT_EQ(code_of(in_subscription("DELETE", account_path("lab1"))), "OperationNotAllowed");
    EXPECT_EQ(code_of(in_subscription("DELETE", "/resourcegroups/lab")), "ResourceGroupNotEmpty");
    // Nobody else's list is in the way of it.
    EXPECT_EQ(in_subscription("GET", "/providers/Microsoft.Batch/batchAccounts").body,
              R"({"value":[]})");
  };
  make_account("lab1");
  EXPECT_EQ(opened, 1);
  EXPECT_EQ(in_subscription("GET", account_path("lab1")).status, 200);
}

TEST_F(AccountsTest, OneThatCannotStartLeavesNothing) {
  make_group();
  host_.opens = false;
  EXPECT_GE(in_subscription("PUT", account_path("lab1"), R"({"location":"eastus"})").status, 400);
  EXPECT_EQ(code_of(in_subscription("GET", account_path("lab1"))), "ResourceNotFound");
  host_.opens = true;
  make_account("lab1");
}

TEST_F(AccountsTest, OneThatIsBeingDeletedIsNotMade) {
  make_group();
  make_account("lab1");
  EXPECT_EQ(in_subscription("DELETE", account_path("lab1")).status, 202);
  EXPECT_EQ(code_of(in_subscription("PUT", account_path("lab1"), R"({"location":"eastus"})")),
            "AccountBeingDeleted");
  EXPECT_EQ(code_of(in_subscription("GET", account_path("lab1"))), "ResourceNotFound");
  host_.removed("lab1");
  make_account("lab1");
}

// Who had a role for one that was deleted has none for the next of that name.
TEST_F(AccountsTest, RolesGoWithWhatTheyAreFor) {
  const std::string group = "/subscriptions/" + std::string(subscription) + "/resourceGroups/LAB";
  make_group();
  make_account("lab1");
  add_principal("narrow-app", Role::contributor,
                "/subscriptions/" + std::string(subscription) + account_path("lab1"));
  add_principal("group-app", Role::reader, group);
  add_principal("all-app", Role::reader, "/");
  EXPECT_EQ(in_subscription("DELETE", account_path("lab1")).status, 202);
  host_.removed("lab1");
  make_account("lab1");
  const auto status = [&](const char* client) {
    use(client);
    const int seen = in_subscription("GET", account_path("lab1")).status;
    use("owner-app");
    return seen;
  };
  EXPECT_EQ(status("narrow-app"), 403);
  EXPECT_EQ(status("group-app"), 200);
  EXPECT_EQ(in_subscription("DELETE", account_path("lab1")).status, 202);
  host_.removed("lab1");
  EXPECT_EQ(in_subscription("DELETE", "/resourcegroups/lab").status, 200);
  make_group();
  make_account("lab1");
  EXPECT_EQ(status("group-app"), 403);
  EXPECT_EQ(status("all-app"), 200);
}

TEST_F(AccountsTest, NamesAreCheckedAhead) {
  make_group();
  make_account("lab1");
  const auto check = [&](const std::string& name) {
    return json_of(
        in_subscription("POST", "/providers/Microsoft.Batch/locations/eastus/checkNameAvailability",
                        R"({"type":"Microsoft.Batch/batchAccounts","name":")" + name + "\"}"));
  };
  EXPECT_EQ(check("lab2").at("nameAvailable"), true);
  EXPECT_EQ(check("lab1").at("reason"), "AlreadyExists");
  EXPECT_EQ(check("Lab").at("reason"), "Invalid");
}

TEST_F(AccountsTest, VersionsSeeWhatTheyKnow) {
  make_group();
  make_account("lab1");
  const auto old = json_of(in_subscription("GET", account_path("lab1"), {}, "2017-09-01"));
  EXPECT_FALSE(old.at("properties").as_object().contains("allowedAuthenticationModes"));
  EXPECT_EQ(code_of(in_subscription("GET", account_path("lab1"), {}, "2017-09-02")),
            "InvalidApiVersionParameter");
  EXPECT_EQ(code_of(in_subscription("GET", account_path("lab1"), {}, "")),
            "MissingApiVersionParameter");
  EXPECT_EQ(
      code_of(in_subscription("GET", account_path("lab1") + "/certificates", {}, "2025-06-01")),
      "InvalidResourceType");
  EXPECT_EQ(code_of(in_subscription("PUT", "/providers/Microsoft.Batch/batchAccounts")),
            "MethodNotAllowed");
}

// Every route with each sort of caller.
TEST_F(AccountsTest, RolesSayWhoMayDoWhat) {
  make_group();
  make_account("lab1");
  const std::string id = "/subscriptions/" + std::string(subscription) + account_path("lab1");
  add_principal("reader-app", Role::reader, "/subscriptions/" + std::string(subscription));
  add_principal("narrow-app", Role::contributor, id);
  add_principal("data-app", Role::data_contributor, id);
  add_principal("elsewhere-app", Role::owner, id + "0");
  const auto get = [&] { return in_subscription("GET", account_path("lab1")).status; };
  const auto keys = [&] {
    return in_subscription("POST", account_path("lab1") + "/listKeys").status;
  };
  const auto groups = [&] { return in_subscription("GET", "/resourcegroups").status; };
  use("reader-app");
  EXPECT_EQ(get(), 200);
  EXPECT_EQ(keys(), 403);
  EXPECT_EQ(groups(), 200);
  EXPECT_EQ(in_subscription("DELETE", account_path("lab1")).status, 403);
  use("narrow-app");
  EXPECT_EQ(get(), 200);
  EXPECT_EQ(keys(), 200);
  EXPECT_EQ(groups(), 403);
  use("data-app");
  EXPECT_EQ(get(), 200);
  EXPECT_EQ(keys(), 403);
  use("elsewhere-app");
  EXPECT_EQ(get(), 403);
  EXPECT_EQ(in_subscription("GET", "").status, 200);  // where they are
  const HttpResponse refused = in_subscription("POST", account_path("lab1") + "/listKeys");
  EXPECT_NE(message_of(refused).find("batchyard identity assign elsewhere-app"), std::string::npos);
}

// Clients write parentheses as %28 and %29.
TEST_F(AccountsTest, AScopeHoldsForAPathInEscapes) {
  make_group("lab(1)");
  make_group("lab");
  make_account("lab1", "lab(1)");
  make_account("lab2");
  const std::string base = "/subscriptions/" + std::string(subscription);
  add_principal("group-app", Role::contributor, base + "/resourceGroups/lab(1)");
  add_principal("narrow-app", Role::contributor, base + account_path("lab2"));
  use("group-app");
  EXPECT_EQ(in_subscription("GET", account_path("lab1", "lab%281%29")).status, 200);
  EXPECT_EQ(in_subscription("GET", account_path("lab1", "lab(1)")).status, 200);
  EXPECT_EQ(in_subscription("GET", account_path("lab2", "lab")).status, 403);
  EXPECT_EQ(in_subscription("GET", "/resourceGroups/lab%281%29%2Fx").status, 403);
  use("narrow-app");
  EXPECT_EQ(in_subscription("GET", account_path("%6Cab2")).status, 200);
  for (const char* account :
       {"lab2%2Flab1", "lab2%2F..%2Flab1", "lab1", "lab2x", "lab2%00", "lab%"})
    EXPECT_EQ(in_subscription("POST", account_path(account) + "/listKeys").status / 100, 4)
        << account;
}

// Where a deletion is asked after lies beside the account: it needs no role of its own.
TEST_F(AccountsTest, WhoMayDeleteOneMayAskHowFarThatIs) {
  make_group();
  make_account("lab1");
  add_principal("narrow-app", Role::contributor,
                "/subscriptions/" + std::string(subscription) + "/resourceGroups/lab");
  use("narrow-app");
  const HttpResponse gone = in_subscription("DELETE", account_path("lab1"));
  ASSERT_EQ(gone.status, 202) << gone.body;
  const std::string poll = place_in(gone);
  EXPECT_EQ(ask("GET", poll).status, 202);
  host_.removed("lab1");
  EXPECT_EQ(ask("GET", poll).status, 200);
}

TEST_F(AccountsTest, TokensOfTheDataPlaneAreGoodForTheirAccounts) {
  make_group();
  make_account("lab1");
  make_account("lab2");
  const std::string id = "/subscriptions/" + std::string(subscription) + account_path("lab1");
  add_principal("data-app", Role::data_contributor, id);
  add_principal("looks-app", Role::data_reader, id);
  const auto rights = [&](const std::string& client, const std::string& account) {
    const auto found = management_->data_rights(account, token_of(client, batch_resource));
    return found ? (found->writes  ? "writes"
                    : found->reads ? "reads"
                                   : "nothing")
                 : found.error().code;
  };
  EXPECT_EQ(rights("data-app", "lab1"), "writes");
  EXPECT_EQ(rights("looks-app", "lab1"), "reads");
  EXPECT_EQ(rights("data-app", "lab2"), "nothing");
  EXPECT_EQ(rights("owner-app", "lab2"), "writes");
  EXPECT_EQ(
      management_->data_rights("lab1", token_of("data-app", management_resource)).error().code,
      "InvalidAuthenticationTokenAudience");
}

TEST_F(AccountsTest, OtherSubscriptionsAreNotFound) {
  EXPECT_EQ(
      code_of(ask("GET", "/subscriptions/33333333-3333-3333-3333-333333333333/resourcegroups")),
      "SubscriptionNotFound");
  EXPECT_EQ(json_of(ask("GET", "/subscriptions?api-version=2019-11-01"))
                .at("value")
                .at(0)
                .at("subscriptionId"),
            subscription);
  EXPECT_EQ(json_of(ask("GET", "/tenants?api-version=2019-11-01")).at("value").at(0).at("tenantId"),
            tenant);
}

TEST_F(AccountsTest, ALocationHasSizesAndQuotas) {
  const auto sizes = json_of(
      in_subscription("GET", "/providers/Microsoft.Batch/locations/eastus/virtualMachineSkus"));
  bool found = false;
  for (const json::value& size : sizes.at("value").as_array()) {
    if (size.at("name").as_string() != "Standard_NC6") continue;
    found = true;
    EXPECT_NE(json::serialize(size).find(R"({"name":"GPUs","value":"1"})"), std::string::npos);
    EXPECT_TRUE(size.as_object().contains("batchSupportEndOfLife"));
  }
  EXPECT_TRUE(found);
  EXPECT_EQ(json_of(in_subscription("GET", "/providers/Microsoft.Batch/locations/eastus/quotas"))
                .at("accountQuota"),
            100);
  const auto cloud = json_of(in_subscription(
      "GET", "/providers/Microsoft.Batch/locations/eastus/cloudServiceSkus", {}, "2022-10-01"));
  EXPECT_FALSE(cloud.at("value").as_array().empty());
}

TEST_F(AccountsTest, WhoMayComeIsToldToTheAccount) {
  make_group();
  make_account("alpha");
  EXPECT_TRUE(host_.access.at("alpha").shared_key);
  const auto patch = [&](const std::string& properties) {
    return in_subscription("PATCH", account_path("alpha"), R"({"properties":)" + properties + "}");
  };
  ASSERT_EQ(patch(R"({"allowedAuthenticationModes":["AAD"],"publicNetworkAccess":"Enabled",
      "networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[
          {"action":"Allow","value":"203.0.113.0/24"}]}}})")
                .status,
            200);
  const identity::AccessRules& rules = host_.access.at("alpha");
  EXPECT_FALSE(rules.shared_key || rules.task);
  EXPECT_TRUE(rules.directory && rules.lets_in("203.0.113.7"));
  EXPECT_FALSE(rules.lets_in("198.51.100.7"));
  for (const auto& [body, word] :
       {std::pair(R"({"networkProfile":{"accountAccess":{"defaultAction":"Deny","ipRules":[
                   {"action":"Allow","value":"203.0.113"}]}}})",
                  "accountAccess.ipRules[0].value"),
        std::pair(R"({"networkProfile":{"nodeManagementAccess":{"defaultAction":"Allow","ipRules":[
                   {"action":"Allow","value":"x"}]}}})",
                  "nodeManagementAccess.ipRules[0].value"),
        std::pair(R"({"allowedAuthenticationModes":[]})", "allowedAuthenticationModes")}) {
    const HttpResponse refused = patch(body);
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_TRUE(message_of(refused).contains(word)) << refused.body;
  }
  EXPECT_FALSE(host_.access.at("alpha").shared_key);
  ASSERT_EQ(patch(R"({"publicNetworkAccess":"SecuredByPerimeter"})").status, 200);
  EXPECT_FALSE(host_.access.at("alpha").lets_in("203.0.113.7"));
  host_.access.clear();
  ASSERT_TRUE(management_->open_accounts());
  EXPECT_FALSE(host_.access.at("alpha").shared_key);
}

}  // namespace
}  // namespace batchyard::arm
