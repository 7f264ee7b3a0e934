// What is deployed into an account, with the real service and engine behind it.
#include <gtest/gtest.h>

#include "arm/planes_test.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;

class DeployedPoolsTest : public PlanesTest {
 protected:
  DeployedPoolsTest() { make_group(); }

  static std::string place_of(const std::string& name) {
    return "/resourcegroups/lab/providers/Microsoft.Resources/deployments/" + name;
  }
  // An account with two pools of a loop that wait for it.
  static std::string body_with(const std::string& size) {
    return R"({"properties": {"mode": "Incremental", "parameters": {"word": {"value": "never-shown-1"}},
      "template": {"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "languageVersion": "2.0",
        "parameters": {"word": {"type": "securestring"}},
        "resources": {
          "pools": {"type": "Microsoft.Batch/batchAccounts/pools", "apiVersion": "2024-07-01",
            "copy": {"name": "pools", "count": 2}, "name": "[format('lab1/p{0}', copyIndex())]",
            "properties": {"vmSize": ")" +
           size + R"(", "displayName": "[reference('account').accountEndpoint]",
              "deploymentConfiguration": {"virtualMachineConfiguration": {
                "imageReference": {"publisher": "canonical", "offer": "0001-com-ubuntu-server-jammy", "sku": "22_04-lts"},
                "nodeAgentSkuId": "batch.node.ubuntu 22.04"}},
              "scaleSettings": {"fixedScale": {"targetDedicatedNodes": "[add(copyIndex(), 1)]"}},
              "userAccounts": [{"name": "operator", "password": "[parameters('word')]"}]}},
          "account": {"type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-07-01", "name": "lab1", "location": "local"}},
        "outputs": {"state": {"type": "string", "value": "[reference('pools[1]').allocationState]"},
          "nodes": {"type": "array", "copy": {"count": 2,
            "input": "[reference(format('pools[{0}]', copyIndex())).scaleSettings.fixedScale.targetDedicatedNodes]"}}}}}})";
  }
  json::object deployed(const std::string& size) {
    EXPECT_EQ(in_subscription("PUT", place_of("main"), body_with(size), "2021-04-01").status / 100,
              2);
    return json_of(in_subscription("GET", place_of("main"), {}, "2021-04-01"))
        .at("properties")
        .as_object();
  }
};

TEST_F(DeployedPoolsTest, PoolsOfALoopAreMadeInTheirAccount) {
  const json::object properties = deployed("STANDARD_D2S_V3");
  ASSERT_EQ(properties.at("provisioningState"), "Succeeded") << json::serialize(properties);
  EXPECT_EQ(json::serialize(properties.at("outputs").at("nodes").at("value")), "[1,2]");
  EXPECT_EQ(properties.at("outputs").at("state").at("value"), "Resizing");
  const HttpResponse pool = ask_data("lab1", "GET", "/pools/p1");
  ASSERT_EQ(pool.status, 200) << pool.body;
  EXPECT_EQ(json_of(pool).at("targetDedicatedNodes"), 2);
  EXPECT_EQ(json_of(pool).at("displayName"), "127.0.0.1:9004");
  EXPECT_FALSE(
      (*registry_.read(RecordKind::deployment, "lab", "main"))->body.contains("never-shown"));
  // Again: what is there is taken as it is.
  EXPECT_EQ(deployed("STANDARD_D2S_V3").at("provisioningState"), "Succeeded");
}

TEST_F(DeployedPoolsTest, AnApplicationIsDeployedWithItsAccount) {
  const std::string body =
      R"({"properties": {"mode": "Incremental", "template": {
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0", "resources": [
          {"type": "Microsoft.Batch/batchAccounts", "apiVersion": "2024-07-01", "name": "lab1", "location": "local",
            "resources": [{"type": "applications", "apiVersion": "2024-07-01", "name": "solver",
              "properties": {"displayName": "Solver", "allowUpdates": true}}]}],
        "outputs": {"shown": {"type": "string",
          "value": "[reference(resourceId('Microsoft.Batch/batchAccounts/applications', 'lab1', 'solver'), '2024-07-01').displayName]"}}}}})";
  EXPECT_EQ(in_subscription("PUT", place_of("apps"), body, "2021-04-01").status, 201);
  const json::value shown = json_of(in_subscription("GET", place_of("apps"), {}, "2021-04-01"));
  EXPECT_EQ(shown.at("properties").at("provisioningState"), "Succeeded") << json::serialize(shown);
  EXPECT_EQ(shown.at("properties").at("outputs").at("shown").at("value"), "Solver");
}

TEST_F(DeployedPoolsTest, WhatTheAccountRefusesIsTold) {
  const json::object properties = deployed("STANDARD_NONE");
  EXPECT_EQ(properties.at("provisioningState"), "Failed");
  const json::array details = properties.at("error").at("details").as_array();
  ASSERT_EQ(details.size(), 2u);
  EXPECT_TRUE(json::serialize(details).contains("STANDARD_NONE"));
  EXPECT_TRUE(std::string(details[1].at("target").as_string()).ends_with("/pools/p1"));
  EXPECT_EQ(ask_data("lab1", "GET", "/pools/p0").status, 404);
}

}  // namespace
}  // namespace batchyard::arm
