#include <gtest/gtest.h>

#include "arm/arm_test.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;

class DeploymentsTest : public ArmTest {
 protected:
  DeploymentsTest() { make_group(); }

  static std::string path_of(const std::string& name, const std::string& action = {}) {
    return "/resourcegroups/lab/providers/Microsoft.Resources/deployments/" + name + action;
  }
  // A template with those resources and that besides.
  static std::string body_of(const std::string& resources, const std::string& rest = {},
                             const std::string& parameters = "{}") {
    return R"({"properties": {"mode": "Incremental", "parameters": )" + parameters +
           R"(, template: {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/)"
           R"(deploymentTemplate.json#", "contentVersion": "1.0.0.0", // as az sends it
              "resources": )" +
           resources + rest + "}}}";
  }
  static std::string account(const std::string& name, const std::string& more = {}) {
    return R"({"type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-07-01", "name": ")" +
           name + R"(", "location": "[resourceGroup().location]")" + more + "}";
  }
  HttpResponse deploy(const std::string& name, const std::string& body) {
    return in_subscription("PUT", path_of(name), body, "2021-04-01");
  }
  json::object deployment(const std::string& name) {
    const HttpResponse answer = in_subscription("GET", path_of(name), {}, "2021-04-01");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer).at("properties").as_object();
  }
  std::string state_of(const std::string& name) {
    return std::string(deployment(name).at("provisioningState").as_string());
  }
  bool is_there(const std::string& name) {
    return in_subscription("GET", account_path(name)).status == 200;
  }
  static std::string progress_in(const HttpResponse& response) {
    return std::string(response.header("Azure-AsyncOperation"))
        .substr(std::string("https://127.0.0.1:8444").size());
  }
};

TEST_F(DeploymentsTest, AnAccountIsDeployedWithItsOutputs) {
  const HttpResponse begun = deploy(
      "main",
      body_of("[" + account("[parameters('name')]", R"(, "tags": {"team": "a"})") + "]",
              R"(, "parameters": {"name": {"type": "string"}, "word": {"type": "secureString"}},
                 "outputs": {"id": {"type": "string", "value": "[resourceId('Microsoft.Batch/batchAccounts', parameters('name'))]"},
                   "endpoint": {"type": "string", "value": "[reference(parameters('name')).accountEndpoint]"},
                   "key": {"type": "securestring", "value": "[listKeys(parameters('name'), '2024-07-01').primary]"},
                   "team": {"type": "string", "value": "[reference(parameters('name'), '2024-07-01', 'Full').tags.team]"}})",
              R"({"name": {"value": "one"}, "word": {"value": "a-secret-word"}})"));
  EXPECT_EQ(begun.status, 201) << begun.body;
  EXPECT_EQ(begun.header("Retry-After"), "1");
  EXPECT_EQ(json_of(begun).at("properties").at("provisioningState"), "Accepted");
  EXPECT_EQ(json_of(ask("GET", progress_in(begun))).at("status"), "Succeeded");
  EXPECT_TRUE(is_there("one"));
  const json::object properties = deployment("main");
  EXPECT_EQ(properties.at("provisioningState"), "Succeeded");
  EXPECT_EQ(json::serialize(properties.at("parameters")),
            R"({"name":{"type":"String","value":"one"},"word":{"type":"SecureString"}})");
  const json::object outputs = properties.at("outputs").as_object();
  EXPECT_EQ(outputs.at("endpoint").at("value"), "127.0.0.1:9003");
  EXPECT_EQ(json::serialize(outputs.at("key")), R"({"type":"SecureString"})");
  EXPECT_EQ(outputs.at("team").at("value"), "a");
  EXPECT_EQ(json::serialize(properties.at("outputResources")),
            "[{\"id\":" + json::serialize(outputs.at("id").at("value")) + "}]");
  const auto record = *registry_.read(RecordKind::deployment, "lab", "main");
  EXPECT_FALSE(record->body.contains("a-secret-word"));
  EXPECT_FALSE(record->body.contains("one-1"));  // the account's key
  // Again, with another name of the same: what is there stays.
  EXPECT_EQ(deploy("MAIN", body_of("[" + account("one") + "]")).status, 200);
  EXPECT_EQ(state_of("main"), "Succeeded");
}

TEST_F(DeploymentsTest, HowFarItIsIsKept) {
  runs_errands_ = false;
  const HttpResponse begun = deploy(
      "main",
      body_of("[" + account("one") + ", " + account("two", R"(, "dependsOn": ["one"])") + "]"));
  EXPECT_EQ(begun.status, 201);
  EXPECT_EQ(state_of("main"), "Accepted");
  EXPECT_EQ(deploy("main", body_of("[]")).status, 409);
  EXPECT_EQ(code_of(deploy("main", body_of("[]"))), "DeploymentActive");
  EXPECT_EQ(in_subscription("DELETE", path_of("main")).status, 409);
  EXPECT_EQ(code_of(in_subscription("DELETE", "/resourcegroups/lab")), "DeploymentActive");
  ASSERT_TRUE(run_errand());
  EXPECT_EQ(state_of("main"), "Running");
  EXPECT_EQ(ask("GET", progress_in(begun)).header("Retry-After"), "1");
  const json::value operations =
      json_of(in_subscription("GET", path_of("main", "/operations"))).at("value");
  ASSERT_EQ(operations.as_array().size(), 1u);
  EXPECT_EQ(operations.at(0).at("properties").at("provisioningState"), "Running");
  while (state_of("main") == "Running") ASSERT_TRUE(run_errand());
  EXPECT_EQ(state_of("main"), "Succeeded");
  EXPECT_FALSE(run_errand());
  EXPECT_EQ(code_of(in_subscription("POST", path_of("main", "/cancel"))), "DeploymentNotActive");
  const json::value all =
      json_of(in_subscription("GET", path_of("main", "/operations"))).at("value");
  ASSERT_EQ(all.as_array().size(), 2u);
  EXPECT_EQ(all.at(1).at("properties").at("targetResource").at("resourceName"), "two");
  EXPECT_EQ(all.at(1).at("properties").at("statusCode"), "Accepted");
  const std::string operation(all.at(1).at("operationId").as_string());
  EXPECT_EQ(in_subscription("GET", path_of("main", "/operations/" + operation)).status, 200);
}

TEST_F(DeploymentsTest, WhatIsCanceledEndsBehindTheResourceItIsAt) {
  runs_errands_ = false;
  deploy("main", body_of("[" + account("one") + ", " + account("two") + "]"));
  ASSERT_TRUE(run_errand());
  EXPECT_EQ(in_subscription("POST", path_of("main", "/cancel")).status, 204);
  run_errands();
  EXPECT_EQ(state_of("main"), "Canceled");
  EXPECT_TRUE(is_there("one"));
  EXPECT_FALSE(is_there("two"));
}

// The process ends while a deployment goes on: at the next start it has failed, and may be
// deployed again.
TEST_F(DeploymentsTest, WhatWasInterruptedHasFailed) {
  runs_errands_ = false;
  deploy("main", body_of("[" + account("one") + ", " + account("two") + "]"));
  ASSERT_TRUE(run_errand());
  errands_.clear();
  make_management();
  ASSERT_TRUE(management_->end_interrupted_deployments());
  EXPECT_EQ(state_of("main"), "Failed");
  EXPECT_EQ(deployment("main").at("error").at("details").at(0).at("code"), "DeploymentInterrupted");
  runs_errands_ = true;
  EXPECT_EQ(deploy("main", body_of("[" + account("one") + ", " + account("two") + "]")).status,
            200);
  EXPECT_EQ(state_of("main"), "Succeeded");
  EXPECT_TRUE(is_there("two"));
}

TEST_F(DeploymentsTest, WhatDoesNotWaitForAFailureGoesOn) {
  make_group("other");
  make_account("taken", "other");
  deploy("main",
         body_of("[" + account("taken") + ", " + account("behind", R"(, "dependsOn": ["taken"])") +
                 ", " + account("beside") + "]"));
  const json::object failed = deployment("main");
  EXPECT_EQ(failed.at("provisioningState"), "Failed");
  EXPECT_EQ(failed.at("error").at("code"), "DeploymentFailed");
  const json::value detail = failed.at("error").at("details").at(0);
  EXPECT_EQ(detail.at("code"), "AccountAlreadyExists");
  EXPECT_FALSE(std::string(detail.at("message").as_string()).contains("RequestId"));
  EXPECT_TRUE(std::string(detail.at("target").as_string()).ends_with("/taken"));
  EXPECT_FALSE(is_there("behind"));
  EXPECT_TRUE(is_there("beside"));
  const json::value operations =
      json_of(in_subscription("GET", path_of("main", "/operations"))).at("value");
  EXPECT_EQ(operations.at(0).at("properties").at("statusMessage").at("error").at("code"),
            "AccountAlreadyExists");
}

TEST_F(DeploymentsTest, NothingIsChangedByATemplateThatIsWrong) {
  const auto refused = [&](const std::string& body) {
    const HttpResponse answer = deploy("main", body);
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_EQ(in_subscription("GET", path_of("main")).status, 404);
    return code_of(answer) + " " + message_of(answer);
  };
  const std::string good = account("one");
  EXPECT_TRUE(
      refused(body_of("[" + good +
                      R"(, {"type": "Microsoft.Web/sites", "apiVersion": "1", "name": "x"}])"))
          .starts_with("InvalidTemplate Deployment template validation failed: At "
                       "'$.resources[1].type': the resource type 'Microsoft.Web/sites' is "
                       "not served here."));
  EXPECT_TRUE(refused(body_of("[" + good + "," + account("[cidrHost('x', 1)]") + "]"))
                  .contains("At '$.resources[1].name': The template function 'cidrHost' is not"));
  EXPECT_TRUE(refused(body_of("[" + good + "," + account("two", R"(, "tags": 5)") + "]"))
                  .starts_with("InvalidTemplateDeployment The template deployment is not valid. "
                               "At '$.resources[1]': "));
  EXPECT_TRUE(
      refused(
          body_of(
              "[" + good +
              R"(, {"type": "Microsoft.Batch/batchAccounts", "apiVersion": "1999", "name": "x"}])"))
          .contains("The api-version '1999' is invalid"));
  std::string complete = body_of("[]");
  complete.replace(complete.find("Incremental"), 11, "Complete");
  EXPECT_TRUE(refused(complete).contains("The mode 'Complete' is not served here"));
  EXPECT_TRUE(refused(R"({"properties": {"mode": "Incremental", "templateLink": {"uri": "x"}}})")
                  .contains("'templateLink' is not served"));
  EXPECT_TRUE(refused(R"({"properties": {"mode": "Incremental"}})").contains("is missing"));
  EXPECT_TRUE(refused(R"({})").contains("'properties' is missing"));
  EXPECT_TRUE(
      refused(body_of(R"([{"type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01",
      "name": "in", "properties": {"mode": "Incremental", "template": {"a": "[b()]"}}}])"))
          .contains("to 'inner'"));
  EXPECT_FALSE(is_there("one"));
  EXPECT_EQ(code_of(deploy("a b", body_of("[]"))), "InvalidDeploymentName");
  EXPECT_EQ(code_of(in_subscription("PUT", "/providers/Microsoft.Resources/deployments/x", "{}")),
            "InvalidTemplateDeployment");
}

// What a secure parameter says is in no answer and in no record, not even in an error's.
TEST_F(DeploymentsTest, SecretsAreNotShownByErrors) {
  const std::string rest = R"(, "parameters": {"word": {"type": "securestring"}})";
  const std::string given = R"({"word": {"value": "never-shown"}})";
  const std::string template_body =
      body_of("[" + account("[concat('x-', parameters('word'))]") + "]", rest, given);
  EXPECT_EQ(deploy("main", template_body).status, 201);
  EXPECT_EQ(state_of("main"), "Failed");
  EXPECT_TRUE(json::serialize(deployment("main").at("error")).contains("x-*******"));
  const HttpResponse refused = deploy(
      "second",
      body_of("[" + account("one", R"(, "tags": "[parameters('word')]")") + "]", rest, given));
  EXPECT_EQ(refused.status, 400);
  EXPECT_TRUE(refused.body.contains("*******"));
  EXPECT_FALSE(refused.body.contains("never-shown"));
}

TEST_F(DeploymentsTest, WhoMayOnlyReadDeploysNothing) {
  add_principal("reader-app", Role::reader, "/");
  use("reader-app");
  EXPECT_EQ(code_of(deploy("main", body_of("[]"))), "AuthorizationFailed");
  EXPECT_EQ(code_of(in_subscription("POST", path_of("main", "/validate"), body_of("[]"))),
            "AuthorizationFailed");
  // A contributor of the deployments alone may not make what they would make.
  add_principal("deployer", Role::contributor,
                "/subscriptions/" + std::string(subscription) +
                    "/resourceGroups/lab/providers/Microsoft.Resources");
  use("deployer");
  EXPECT_EQ(code_of(deploy("main", body_of("[" + account("one") + "]"))), "AuthorizationFailed");
  use("owner-app");
  EXPECT_FALSE(is_there("one"));
}

// What was allowed at the beginning is asked again at each resource.
TEST_F(DeploymentsTest, ARoleThatIsTakenBackHoldsAtOnce) {
  add_principal("helper", Role::contributor, "/");
  use("helper");
  runs_errands_ = false;
  EXPECT_EQ(deploy("main", body_of("[" + account("one") + "]")).status, 201);
  use("owner-app");
  EXPECT_EQ(ask("DELETE", "/batchyard/principals/helper").status, 204);
  run_errands();
  EXPECT_EQ(state_of("main"), "Failed");
  EXPECT_EQ(deployment("main").at("error").at("details").at(0).at("code"), "AuthorizationFailed");
  EXPECT_FALSE(is_there("one"));
}

TEST_F(DeploymentsTest, ModulesAreDeployedInside) {
  const std::string module =
      R"({"module": {"type": "Microsoft.Resources/deployments", "apiVersion": "2022-09-01", "name": "inner",
        "properties": {"mode": "Incremental", "expressionEvaluationOptions": {"scope": "inner"},
          "parameters": {"name": {"value": "[parameters('whole')]"}},
          "template": {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0", "parameters": {"name": {"type": "string"}},
            "resources": [)" +
      account("[parameters('name')]") +
      R"(], "outputs": {"made": {"type": "string", "value": "[parameters('name')]"}}}}}})";
  const std::string rest =
      R"(, "languageVersion": "2.0", "parameters": {"whole": {"type": "string"}},
          "outputs": {"made": {"type": "string", "value": "[reference('module').outputs.made.value]"}})";
  EXPECT_EQ(deploy("main", body_of(module, rest, R"({"whole": {"value": "one"}})")).status, 201);
  EXPECT_EQ(state_of("main"), "Succeeded");
  EXPECT_EQ(state_of("inner"), "Succeeded");
  EXPECT_EQ(deployment("main").at("outputs").at("made").at("value"), "one");
  EXPECT_TRUE(is_there("one"));
  // What fails inside fails outside; what is wrong inside is told before.
  make_group("other");
  make_account("taken", "other");
  deploy("again", body_of(module, rest, R"({"whole": {"value": "taken"}})"));
  EXPECT_EQ(state_of("again"), "Failed");
  EXPECT_EQ(deployment("again").at("error").at("details").at(0).at("code"), "DeploymentFailed");
  std::string broken = module;
  broken.replace(broken.find("\"[parameters('name')]\", \"location"), 22, "\"[none()]\"");
  EXPECT_TRUE(message_of(deploy("third", body_of(broken, rest, R"({"whole": {"value": "x"}})")))
                  .contains("At '$.resources.module': Deployment template validation failed: At "
                            "'$.resources[0].name': The template function 'none'"));
}

// What has no expressions has none of its own either.
TEST_F(DeploymentsTest, NestedTemplatesWithoutExpressionsNeedNoScope) {
  EXPECT_EQ(deploy("main", body_of(R"([{"type": "Microsoft.Resources/deployments",
      "apiVersion": "2024-03-01", "name": "told", "properties": {"mode": "Incremental", "template": {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": [],
        "outputs": {"x": {"type": "string", "value": "y"}}}}}])"))
                .status,
            201);
  EXPECT_EQ(state_of("main"), "Succeeded");
  EXPECT_EQ(deployment("told").at("outputs").at("x").at("value"), "y");
}

TEST_F(DeploymentsTest, WhatWouldChangeIsForeseen) {
  make_account("one");
  const std::string body = body_of(
      "[" + account("one", R"(, "tags": {"team": "[parameters('word')]"})") + ", " +
          account("two") + ", " + account("off", R"(, "condition": "[false()]")") + "]",
      R"(, "parameters": {"word": {"type": "secureString", "defaultValue": "secret-word"}})");
  const HttpResponse answer = in_subscription("POST", path_of("main", "/whatIf"), body);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_FALSE(answer.body.contains("secret-word"));
  const json::value changes = json_of(answer).at("properties").at("changes");
  ASSERT_EQ(changes.as_array().size(), 2u) << answer.body;
  EXPECT_EQ(changes.at(0).at("changeType"), "Modify");
  EXPECT_EQ(changes.at(0).at("delta").at(1).at("path"), "tags");
  EXPECT_EQ(changes.at(1).at("changeType"), "Create");
  EXPECT_EQ(changes.at(1).at("after").at("name"), "two");
  EXPECT_FALSE(is_there("two"));
  EXPECT_EQ(in_subscription("GET", path_of("main")).status, 404);
}

TEST_F(DeploymentsTest, TheyAreListedExportedAndDeleted) {
  deploy("good",
         body_of("[]",
                 R"(, "parameters": {"w": {"type": "securestring", "defaultValue": "hidden"}})"));
  make_group("other");
  make_account("taken", "other");
  deploy("bad", body_of("[" + account("taken") + "]"));
  const auto count = [&](const std::string& query) {
    const HttpResponse answer =
        ask("GET", "/subscriptions/" + std::string(subscription) +
                       "/resourcegroups/lab/providers/Microsoft.Resources/deployments/"
                       "?api-version=2021-04-01" +
                       query);
    return answer.status == 200 ? static_cast<int>(json_of(answer).at("value").as_array().size())
                                : -answer.status;
  };
  EXPECT_EQ(count(""), 2);
  EXPECT_EQ(count("&$filter=provisioningState%20eq%20%27Failed%27"), 1);
  EXPECT_EQ(count("&$top=1"), 1);
  EXPECT_EQ(count("&$top=none"), -400);
  EXPECT_EQ(count("&$filter=name"), -400);
  EXPECT_EQ(in_subscription("HEAD", path_of("good")).status, 204);
  const HttpResponse exported = in_subscription("POST", path_of("good", "/exportTemplate"));
  EXPECT_EQ(json_of(exported).at("template").at("contentVersion"), "1.0.0.0");
  EXPECT_FALSE(exported.body.contains("hidden"));
  EXPECT_EQ(in_subscription("DELETE", path_of("good")).status, 204);
  EXPECT_EQ(in_subscription("HEAD", path_of("good")).status, 404);
  // A group's deployments go with it.
  EXPECT_EQ(in_subscription("DELETE", "/resourcegroups/lab").status, 200);
  EXPECT_TRUE(registry_.list(RecordKind::deployment, "lab")->empty());
  EXPECT_TRUE(registry_.list(RecordKind::deployment_template, "lab")->empty());
}

TEST_F(DeploymentsTest, TheOldestMakeRoom) {
  for (int at = 0; at <= 800; ++at) {
    now_ += std::chrono::seconds(1);
    ASSERT_EQ(deploy("d" + std::to_string(at), body_of("[]")).status, 201) << at;
  }
  EXPECT_EQ(registry_.list(RecordKind::deployment, "lab")->size(), 800u);
  EXPECT_EQ(in_subscription("HEAD", path_of("d0")).status, 404);
  EXPECT_EQ(in_subscription("HEAD", path_of("d1")).status, 204);
}

}  // namespace
}  // namespace batchyard::arm
