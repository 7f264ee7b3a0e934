#include "templates/deployment.h"

#include <gtest/gtest.h>

#include "templates/relaxed_json.h"

namespace batchyard::templates {
namespace {

namespace json = boost::json;

constexpr const char* schema_line =
    R"("$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
       "contentVersion": "1.0.0.0", )";

Facts some_facts() {
  Facts facts;
  facts.subscription = "s1";
  facts.tenant = "t1";
  facts.group = "lab";
  facts.resource_group = {{"id", "/subscriptions/s1/resourceGroups/lab"}, {"location", "local"}};
  facts.now = *parse_iso8601("2026-11-28T09:30:00Z");
  facts.new_guid = [] { return "a-guid"; };
  return facts;
}

using Opened = Result<std::unique_ptr<Deployment>>;

Opened opened(const std::string& rest, const std::string& parameters = "{}") {
  const json::value source = json::parse(plain_json(std::string("{") + schema_line + rest + "}"));
  return Deployment::open(source.get_object(), json::parse(parameters).get_object(), some_facts());
}

std::string refusal(const std::string& rest, const std::string& parameters = "{}") {
  const Opened deployment = opened(rest, parameters);
  return deployment ? "it is taken" : deployment.error().message;
}

std::string names_of(const Deployment& deployment) {
  std::string names;
  for (const Resource& one : deployment.resources())
    names += (names.empty() ? "" : " ") + one.name + (one.skipped ? "(skipped)" : "") +
             (one.existing ? "(existing)" : "");
  return names;
}

// The value of one output.
std::string output_of(const std::string& rest, const std::string& type, const std::string& value,
                      const std::string& parameters = "{}") {
  Opened deployment = opened(rest + R"(, "resources": [], "outputs": {"x": {"type": ")" + type +
                                 R"(", "value": ")" + value + "\"}}",
                             parameters);
  if (!deployment) return deployment.error().message;
  const Result<json::object> outputs = (*deployment)->outputs();
  return outputs ? json::serialize(outputs->at("x")) : outputs.error().message;
}

constexpr const char* account_and_pool = R"("resources": [
  {"type": "Microsoft.Batch/batchAccounts/pools", "apiVersion": "2024-07-01",
   "name": "[concat('one', '/', 'p')]",
   "dependsOn": ["[resourceId('Microsoft.Batch/batchAccounts', 'one')]"],
   "properties": {"displayName": "[reference('one').accountEndpoint]",
                  "key": "[listKeys(resourceId('Microsoft.Batch/batchAccounts', 'one'), '2024-07-01').primary]"}},
  {"type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-02-01", "name": "one",
   "location": "[resourceGroup().location]", "properties": {}}
])";

TEST(Deployment, WhatOthersWaitForGoesFirst) {
  Opened deployment = opened(account_and_pool);
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_EQ(names_of(**deployment), "one one/p");
  const Resource& pool = (*deployment)->resources()[1];
  EXPECT_EQ(pool.id,
            "/subscriptions/s1/resourceGroups/lab/providers/Microsoft.Batch/batchAccounts/one/"
            "pools/p");
  EXPECT_EQ(pool.where, "$.resources[0]");
  EXPECT_EQ(json::serialize(*(*deployment)->body_of((*deployment)->resources()[0])),
            R"({"location":"local","properties":{}})");
}

TEST(Deployment, WhatIsKnownLaterIsAsked) {
  Opened deployment = opened(account_and_pool);
  ASSERT_TRUE(deployment);
  const Resource& pool = (*deployment)->resources()[1];
  Result<json::object> body = (*deployment)->body_of(pool);
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().code, unanswered);
  const Question first = *(*deployment)->open_question();
  EXPECT_FALSE(first.lists_keys);
  EXPECT_TRUE(first.id.ends_with("/batchAccounts/one"));
  EXPECT_EQ(first.api_version, "2024-02-01");
  (*deployment)->answer(first, json::parse(R"({"properties": {"accountEndpoint": "here"}})"));
  EXPECT_EQ((*deployment)->body_of(pool).error().code, unanswered);
  const Question second = *(*deployment)->open_question();
  EXPECT_TRUE(second.lists_keys);
  (*deployment)->answer(second, json::parse(R"({"primary": "k"})"));
  body = (*deployment)->body_of(pool);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_EQ(json::serialize(*body), R"({"properties":{"displayName":"here","key":"k"}})");
  (*deployment)->forget(first.id);
  EXPECT_EQ((*deployment)->body_of(pool).error().code, unanswered);
}

TEST(Deployment, ParametersAreHeldAgainstTheirDeclarations) {
  const std::string declared = R"("resources": [], "parameters": {
    "size": {"type": "string", "allowedValues": ["small", "big"], "defaultValue": "small"},
    "count": {"type": "int", "minValue": 1, "maxValue": 3, "defaultValue": 2},
    "word": {"type": "secureString", "minLength": 4, "defaultValue": "long enough"},
    "list": {"type": "array", "allowedValues": [1, 2], "maxLength": 2, "defaultValue": [1]},
    "name": {"type": "string", "defaultValue": "[concat(parameters('size'), '-', newGuid(), utcNow('yyyy-MM'))]"}
  })";
  Opened deployment = opened(declared, R"({"SIZE": {"value": "big"}})");
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_EQ(json::serialize((*deployment)->shown_parameters()),
            R"({"size":{"type":"String","value":"big"},"count":{"type":"Int","value":2},)"
            R"("word":{"type":"SecureString"},"list":{"type":"Array","value":[1]},)"
            R"("name":{"type":"String","value":"big-a-guid2026-11"}})");
  const auto refused = [&](const std::string& name, const std::string& value) {
    return refusal(declared, "{\"" + name + "\": {\"value\": " + value + "}}");
  };
  EXPECT_EQ(refused("size", "\"huge\""),
            "At '$.parameters.size': The value \"huge\" of 'size' is not allowed. Allowed are: "
            "[\"small\",\"big\"].");
  EXPECT_EQ(refused("count", "9"),
            "At '$.parameters.count': The value of 'count', 9, is above 3, "
            "which it may have at most.");
  EXPECT_EQ(refused("count", "\"2\""),
            "At '$.parameters.count': The value of 'count' is a string; its type is 'int'.");
  EXPECT_EQ(refused("word", "\"abc\""),
            "At '$.parameters.word': The length of 'word' is below 4, "
            "which it must have at least.");
  EXPECT_TRUE(refused("list", "[1, 5]").contains("[1,5] of 'list' is not allowed"));
  EXPECT_TRUE(refused("other", "1")
                  .starts_with("The template parameter 'other' is given, and the "
                               "template declares none of that name."));
  EXPECT_TRUE(refusal(declared, R"({"word": {"reference": {"keyVault": {}}}})")
                  .contains("key vault, which is not served"));
  EXPECT_TRUE(refusal(R"("resources": [], "parameters": {"open": {"type": "string"}})")
                  .contains("'open' is not provided"));
  EXPECT_TRUE(refusal(R"("resources": [], "parameters": {"open": {"type": "text"}})",
                      R"({"open": {"value": ""}})")
                  .contains("The type 'text' of 'open' is not known"));
}

TEST(Deployment, DefinitionsDeclareParts) {
  const std::string declared = R"("languageVersion": "2.0", "resources": {},
    "definitions": {"port": {"type": "int", "minValue": 1}},
    "parameters": {"all": {"type": "object", "additionalProperties": false, "properties": {
      "ports": {"type": "array", "items": {"$ref": "#/definitions/port"}},
      "note": {"type": "string", "nullable": true}}}})";
  const auto told = [&](const std::string& value) {
    return refusal(declared, "{\"all\": {\"value\": " + value + "}}");
  };
  EXPECT_EQ(told(R"({"ports": [80, 443]})"), "it is taken");
  EXPECT_TRUE(told(R"({"ports": [80, 0]})").contains("'all.ports[1]', 0, is below 1"));
  EXPECT_TRUE(told(R"({})").contains("'all.ports' is missing"));
  EXPECT_TRUE(told(R"({"ports": [], "more": 1})").contains("'all.more' is not declared"));
}

TEST(Deployment, VariablesMayLoopAndMayNotCircle) {
  const std::string variables = R"("parameters": {"n": {"type": "int", "defaultValue": 2}},
    "variables": {"a": "[variables('b')]", "b": "[concat('x', parameters('n'))]",
                  "c": "[variables('d')]", "d": "[variables('c')]",
                  "copy": [{"name": "many", "count": "[parameters('n')]", "input": "[copyIndex('many')]"}]})";
  EXPECT_EQ(output_of(variables, "string", "[variables('a')]"),
            R"({"type":"String","value":"x2"})");
  EXPECT_EQ(output_of(variables, "array", "[variables('many')]"),
            R"({"type":"Array","value":[0,1]})");
  EXPECT_TRUE(output_of(variables, "string", "[variables('c')]").contains("refers to itself"));
  EXPECT_EQ(output_of(variables, "string", "[variables('none')]"),
            "At '$.outputs.x.value': The template variable 'none' is not found. Declare it in "
            "'variables'.");
  EXPECT_EQ(output_of(variables, "secureString", "[variables('a')]"), R"({"type":"SecureString"})");
  EXPECT_TRUE(output_of(variables, "int", "[variables('a')]").contains("its type is 'int'"));
}

TEST(Deployment, IdsAreMadeOfTypesAndNames) {
  const std::string none = R"("variables": {})";
  const auto told = [&](const std::string& expression) {
    return output_of(none, "string", expression);
  };
  EXPECT_TRUE(told("[resourceId('A.B/c/d', 'x', 'y')]")
                  .contains("/subscriptions/s1/resourceGroups/lab/providers/A.B/c/x/d/y"));
  EXPECT_TRUE(told("[resourceId('other', 'A.B/c', 'x')]")
                  .contains("/subscriptions/s1/resourceGroups/other/providers/A.B/c/x"));
  EXPECT_TRUE(told("[resourceId('s2', 'other', 'A.B/c', 'x')]")
                  .contains("/subscriptions/s2/resourceGroups/other/providers/A.B/c/x"));
  EXPECT_TRUE(told("[subscriptionResourceId('A.B/c', 'x')]")
                  .contains("\"/subscriptions/s1/providers/A.B/c/x"));
  EXPECT_TRUE(told("[tenantResourceId('A.B/c', 'x')]").contains("\"/providers/A.B/c/x"));
  EXPECT_TRUE(
      told("[extensionResourceId('/a/b', 'A.B/c', 'x')]").contains("\"/a/b/providers/A.B/c/x"));
  EXPECT_TRUE(told("[resourceId('A.B/c', 'x', 'y')]").contains("as many names as the type"));
  EXPECT_TRUE(told("[newGuid()]").contains("may stand in a parameter's default alone"));
}

TEST(Deployment, SymbolicNamesLoopsAndConditions) {
  Opened deployment = opened(R"("languageVersion": "2.0",
    "functions": [{"namespace": "own", "members": {"pool": {"parameters": [{"name": "n", "type": "int"}],
        "output": {"type": "string", "value": "[format('p{0}', parameters('n'))]"}}}}],
    "resources": {
      "pools": {"copy": {"name": "poolLoop", "count": 2}, "type": "Microsoft.Batch/batchAccounts/pools",
        "apiVersion": "2024-07-01", "name": "[format('{0}/{1}', 'one', own.pool(copyIndex()))]",
        "dependsOn": ["account"], "properties": {"displayName": "[string(copyIndex())]"}},
      "off": {"condition": "[false()]", "type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-07-01", "name": "off"},
      "account": {"existing": true, "type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-07-01", "name": "one"}
    },
    "outputs": {"endpoint": {"type": "string", "value": "[reference('account').accountEndpoint]"},
                "ids": {"type": "array", "copy": {"count": 2, "input": "[resourceInfo(format('pools[{0}]', copyIndex())).id]"}}})");
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_EQ(names_of(**deployment), "off(skipped) one(existing) one/p0 one/p1");
  EXPECT_EQ(json::serialize(*(*deployment)->body_of((*deployment)->resources()[3])),
            R"({"properties":{"displayName":"1"}})");
  EXPECT_EQ((*deployment)->outputs().error().code, unanswered);
  (*deployment)
      ->answer(*(*deployment)->open_question(),
               json::parse(R"({"properties": {"accountEndpoint": "e"}})"));
  const Result<json::object> outputs = (*deployment)->outputs();
  ASSERT_TRUE(outputs) << outputs.error().message;
  EXPECT_EQ(outputs->at("endpoint").at("value"), "e");
  EXPECT_TRUE(std::string(outputs->at("ids").at("value").at(1).get_string()).ends_with("pools/p1"));
}

TEST(Deployment, ChildrenLieInTheirParents) {
  Opened deployment = opened(R"("resources": [{"type": "Microsoft.Batch/batchAccounts",
    "apiVersion": "2024-07-01", "name": "one", "resources": [
      {"type": "pools", "apiVersion": "2024-07-01", "name": "p", "dependsOn": ["a"]},
      {"type": "applications", "apiVersion": "2024-07-01", "name": "a", "resources": [
        {"type": "versions", "apiVersion": "2024-07-01", "name": "1.0"}]}]}])");
  ASSERT_TRUE(deployment) << deployment.error().message;
  EXPECT_EQ(names_of(**deployment), "one one/a one/a/1.0 one/p");
}

TEST(Deployment, WhatIsWrongIsSaidWithItsPlace) {
  const auto pool = [](const std::string& more) {
    return R"("resources": [{"type": "A.B/c", "apiVersion": "1", "name": "x", )" + more + "}]";
  };
  EXPECT_TRUE(refusal(pool(R"("properties": {"p": ["[none()]"]})"))
                  .starts_with("At '$.resources[0].properties.p[0]': The template function 'none' "
                               "is not served here."));
  EXPECT_TRUE(refusal(pool(R"("location": "[concat()]")")).contains("takes 1 or more arguments"));
  EXPECT_TRUE(refusal(pool(R"("location": "[a.b()]")")).contains("'a.b' is not served"));
  EXPECT_TRUE(refusal(pool(R"("dependsOn": ["y"])")).contains("'y' is not defined"));
  EXPECT_TRUE(refusal(pool(R"("scope": "/")")).contains("'scope' is not served here"));
  EXPECT_TRUE(refusal(pool(R"("condition": "yes")")).contains("must be a bool"));
  EXPECT_TRUE(refusal(pool(R"("copy": {"name": "l", "count": 801})")).contains("0 to 800"));
  EXPECT_TRUE(refusal(pool(R"("copy": {"name": "l", "count": 2})")).contains("is defined twice"));
  EXPECT_TRUE(
      refusal(
          R"("resources": [{"type": "A.B/c", "apiVersion": "1", "name": "[reference('z', '1').n]"}])")
          .contains("'reference' may stand in the properties of resources"));
  EXPECT_TRUE(refusal(R"("resources": [{"type": "A.B/c/d", "apiVersion": "1", "name": "x"}])")
                  .contains("The name 'x' has not as many parts"));
  EXPECT_TRUE(
      refusal(R"("resources": [{"type": "A.B/c", "name": "x"}])").contains("has no 'apiVersion'"));
  EXPECT_TRUE(refusal(R"("resources": [
      {"type": "A.B/c", "apiVersion": "1", "name": "x", "dependsOn": ["y"]},
      {"type": "A.B/c", "apiVersion": "1", "name": "y", "properties": {"o": "[reference('x').p]"}}])")
                  .contains("The resource 'x' waits for itself"));
  EXPECT_TRUE(refusal(R"("resources": {})").contains("languageVersion"));
  EXPECT_TRUE(refusal(R"("resources": [], "imports": {})").contains("'imports' is not served"));
  EXPECT_TRUE(refusal(R"("variables": 1, "resources": [])").contains("it must be an object"));
  EXPECT_FALSE(Deployment::open({}, {}, some_facts()));
}

TEST(RelaxedJson, WhatPeopleWriteIsRead) {
  EXPECT_EQ(plain_json("{a: 1, // one\n \"b\" : /* two\n */ [true, 2e5, null]}"),
            "{\"a\": 1,  \n \"b\" :  \n [true, 2e5, null]}");
  EXPECT_EQ(plain_json("\"a\nb \\\" // no\tcomment\""), "\"a\\nb \\\" // no\\tcomment\"");
  for (const char* broken : {"\"open", "/* open", "a:", "\"\\"}) plain_json(broken);
}

}  // namespace
}  // namespace batchyard::templates
