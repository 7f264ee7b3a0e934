// Private endpoints, what an account must reach, detectors.
#include <gtest/gtest.h>

#include "arm/arm_test.h"
#include "base/text.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;

class ArmNetworkTest : public ArmTest {
 protected:
  ArmNetworkTest() {
    make_group();
    make_account("alpha");
  }

  static std::string endpoint_path(const std::string& name) {
    return "/resourceGroups/lab/providers/Microsoft.Network/privateEndpoints/" + name;
  }
  std::string endpoint_body(const std::string& account, bool manual = false,
                            const std::string& group = "batchAccount") {
    return R"({"location":"local","properties":{"subnet":{"id":"/s"},")" +
           std::string(manual ? "manualPrivateLinkServiceConnections"
                              : "privateLinkServiceConnections") +
           R"(":[{"name":"link","properties":{"privateLinkServiceId":"/subscriptions/)" +
           std::string(subscription) + account_path(account) + R"(","groupIds":[")" + group +
           R"("]}}]}})";
  }
  json::array connections() {
    const HttpResponse answer =
        in_subscription("GET", account_path("alpha") + "/privateEndpointConnections");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer).at("value").as_array();
  }
};

TEST_F(ArmNetworkTest, APrivateEndpointIsConnectedToItsAccount) {
  const HttpResponse made = in_subscription("PUT", endpoint_path("pe"), endpoint_body("alpha"));
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(in_subscription("PUT", endpoint_path("pe"), endpoint_body("alpha")).status, 200);
  const json::array there = connections();
  ASSERT_EQ(there.size(), 1U);
  const std::string name(there[0].at("name").as_string());
  EXPECT_TRUE(name.starts_with("pe.")) << name;
  EXPECT_EQ(there[0].at_pointer("/properties/privateLinkServiceConnectionState/status"),
            "Approved");
  EXPECT_EQ(there[0].at_pointer("/properties/groupIds/0"), "batchAccount");
  const HttpResponse one =
      in_subscription("GET", account_path("alpha") + "/privateEndpointConnections/" + name);
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(std::string(one.header("ETag")), json_of(one).at("etag").as_string());
  EXPECT_TRUE(one.header("ETag").starts_with("W/\"0x8D"));
  EXPECT_EQ(json_of(in_subscription("GET", account_path("alpha")))
                .at_pointer("/properties/privateEndpointConnections/0/name"),
            json::value(name));
  EXPECT_EQ(json_of(in_subscription("GET", endpoint_path("pe")))
                .at_pointer("/properties/privateLinkServiceConnections/0/properties/"
                            "privateLinkServiceConnectionState/status"),
            "Approved");
  EXPECT_EQ(in_subscription("DELETE", "/resourcegroups/lab").status, 409);
  EXPECT_EQ(in_subscription("DELETE", endpoint_path("pe")).status, 200);
  EXPECT_EQ(in_subscription("DELETE", endpoint_path("pe")).status, 204);
  EXPECT_TRUE(connections().empty());
}

TEST_F(ArmNetworkTest, AnAccountApprovesAndCutsOff) {
  ASSERT_EQ(in_subscription("PUT", endpoint_path("pe"), endpoint_body("alpha", true)).status, 201);
  const json::array there = connections();
  EXPECT_EQ(there.at(0).at_pointer("/properties/privateLinkServiceConnectionState/status"),
            "Pending");
  const std::string path = account_path("alpha") + "/privateEndpointConnections/" +
                           std::string(there[0].at("name").as_string());
  const std::string approve =
      R"({"properties":{"privateLinkServiceConnectionState":{"status":"Approved","description":"ok"}}})";
  const std::string target =
      "/subscriptions/" + std::string(subscription) + path + "?api-version=2024-07-01";
  EXPECT_EQ(code_of(ask("PATCH", target, approve, {{"If-Match", "\"0x8D0\""}})), "ConditionNotMet");
  const HttpResponse patched =
      ask("PATCH", target, approve, {{"If-Match", std::string(there[0].at("etag").as_string())}});
  ASSERT_EQ(patched.status, 202) << patched.body;
  EXPECT_EQ(json_of(ask("GET", place_in(patched))).at("status"), "Succeeded");
  EXPECT_EQ(connections().at(0).at_pointer("/properties/privateLinkServiceConnectionState/"
                                           "description"),
            "ok");
  EXPECT_EQ(code_of(in_subscription("PATCH", path, "{}")), "InvalidRequestContent");
  EXPECT_EQ(
      in_subscription("PATCH", path,
                      R"({"properties":{"privateLinkServiceConnectionState":{"status":"So"}}})")
          .status,
      400);
  EXPECT_EQ(in_subscription("DELETE", path).status, 202);
  EXPECT_EQ(in_subscription("DELETE", path).status, 204);
  EXPECT_EQ(code_of(in_subscription("GET", path)), "ResourceNotFound");
  EXPECT_EQ(json_of(in_subscription("GET", endpoint_path("pe")))
                .at_pointer("/properties/manualPrivateLinkServiceConnections/0/properties/"
                            "privateLinkServiceConnectionState/status"),
            "Disconnected");
}

TEST_F(ArmNetworkTest, WhatIsWrongWithAPrivateEndpointIsNamed) {
  const auto refused = [&](const std::string& body, const std::string& word) {
    const HttpResponse answer = in_subscription("PUT", endpoint_path("pe"), body);
    EXPECT_GE(answer.status, 400) << body;
    EXPECT_TRUE(message_of(answer).contains(word)) << answer.body;
  };
  refused("{}", "properties");
  refused(R"({"properties":{}})", "privateLinkServiceConnections");
  refused(R"({"properties":{"privateLinkServiceConnections":[{"name":"x"}]}})",
          "privateLinkServiceId");
  refused(endpoint_body("alpha", false, "blob"), "nodeManagement");
  refused(endpoint_body("nobody"), "az batch account list");
  EXPECT_TRUE(connections().empty());
  // A right to the group of the endpoint is none to the account.
  make_group("other");
  add_principal("stranger", Role::contributor,
                "/subscriptions/" + std::string(subscription) + "/resourceGroups/other");
  use("stranger");
  EXPECT_EQ(code_of(in_subscription(
                "PUT", "/resourceGroups/other/providers/Microsoft.Network/privateEndpoints/pe",
                endpoint_body("alpha"))),
            "LinkedAuthorizationFailed");
}

TEST_F(ArmNetworkTest, PrivateLinksAndPerimetersAreShown) {
  const HttpResponse links =
      in_subscription("GET", account_path("alpha") + "/privateLinkResources");
  ASSERT_EQ(links.status, 200) << links.body;
  EXPECT_EQ(json_of(links).at("value").as_array().size(), 2U);
  EXPECT_EQ(json_of(in_subscription("GET",
                                    account_path("alpha") + "/privateLinkResources/nodeManagement"))
                .at_pointer("/properties/requiredMembers/0"),
            "nodeManagement");
  EXPECT_EQ(code_of(in_subscription("GET", account_path("alpha") + "/privateLinkResources/x")),
            "ResourceNotFound");
  const std::string perimeters = account_path("alpha") + "/networkSecurityPerimeterConfigurations";
  EXPECT_TRUE(json_of(in_subscription("GET", perimeters)).at("value").as_array().empty());
  EXPECT_EQ(code_of(in_subscription("GET", perimeters + "/x")), "ResourceNotFound");
  EXPECT_EQ(code_of(in_subscription("POST", perimeters + "/x/reconcile")), "ResourceNotFound");
}

TEST_F(ArmNetworkTest, WhatNodesMustReachIsNamedWithItsPort) {
  const HttpResponse answer =
      in_subscription("GET", account_path("alpha") + "/outboundNetworkDependenciesEndpoints");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::value body = json_of(answer);
  EXPECT_EQ(body.at_pointer("/value/0/endpoints/0/domainName"), "127.0.0.1");
  EXPECT_EQ(body.at_pointer("/value/0/endpoints/0/endpointDetails/0/port"), 9005);
  EXPECT_EQ(body.at_pointer("/value/1/endpoints/0/endpointDetails/0/port"), 10000);
}

TEST_F(ArmNetworkTest, SizesComeInPagesAndByFamily) {
  const std::string path = "/providers/Microsoft.Batch/locations/local/virtualMachineSkus";
  const auto page = [&](const std::string& target) {
    const HttpResponse answer = ask("GET", target);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer);
  };
  const std::string base = "/subscriptions/" + std::string(subscription) + path;
  const std::size_t all = page(base + "?api-version=2025-06-01").at("value").as_array().size();
  std::size_t seen = 0;
  int pages = 0;
  std::string target = base + "?api-version=2025-06-01&maxresults=100";
  while (!target.empty() && pages < 100) {
    const json::value body = page(target);
    EXPECT_LE(body.at("value").as_array().size(), 100U);
    seen += body.at("value").as_array().size();
    ++pages;
    const json::value* next = body.as_object().if_contains("nextLink");
    target = next == nullptr ? "" : std::string(next->as_string()).substr(base.find('/') + 22);
  }
  EXPECT_EQ(seen, all);
  EXPECT_GT(pages, 1);
  const json::value family =
      page(base + "?api-version=2025-06-01&$filter=familyName%20eq%20'standardHFamily'");
  EXPECT_GT(family.at("value").as_array().size(), 0U);
  for (const json::value& size : family.at("value").as_array())
    EXPECT_EQ(size.at("familyName"), "standardHFamily");
  EXPECT_EQ(code_of(ask("GET", base + "?api-version=2025-06-01&maxresults=0")),
            "InvalidQueryParameterValue");
  EXPECT_EQ(code_of(ask("GET", base + "?api-version=2025-06-01&$filter=name%20eq%20'x'")),
            "InvalidQueryParameterValue");
  EXPECT_EQ(code_of(ask("GET", base + "?api-version=2025-06-01&$skiptoken=!")),
            "InvalidQueryParameterValue");
}

TEST_F(ArmNetworkTest, TheDetectorTellsOfNodesThatAreNotWell) {
  std::vector<std::string> asked;
  host_.data_plane = [&](const std::string&, const HttpRequest& request, HttpReply reply) {
    asked.push_back(request.target);
    HttpResponse answer;
    if (request.target.starts_with("/pools?"))
      answer.body =
          R"({"value":[{"id":"p","vmSize":"standard_h16r","allocationState":"steady","currentDedicatedNodes":2,
              "targetDedicatedNodes":3,"resizeErrors":[{"code":"AllocationTimedout","message":"late"}]}]})";
    else if (request.target.starts_with("/nodecounts?$skiptoken=2"))
      answer.body = R"({"value":[{"poolId":"p","dedicated":{"unusable":1,"idle":1}}]})";
    else if (request.target.starts_with("/nodecounts?"))
      answer.body =
          R"({"value":[{"poolId":"q","dedicated":{"idle":4}}],"odata.nextLink":"https://h:1/nodecounts?$skiptoken=2"})";
    else if (request.target.starts_with("/pools/p/nodes?"))
      answer.body =
          R"({"value":[{"id":"n1","state":"unusable","errors":[{"code":"DriverMissing","message":"no nvidia"}]}]})";
    else
      answer.status = 404;
    reply(std::move(answer));
  };
  const HttpResponse answer =
      in_subscription("GET", account_path("alpha") + "/detectors/poolsAndNodes");
  ASSERT_EQ(answer.status, 200) << answer.body;
  const json::value report =
      json::parse(*base64_decode(json_of(answer).at_pointer("/properties/value").as_string()));
  EXPECT_EQ(report.at_pointer("/metadata/id"), "poolsAndNodes");
  EXPECT_EQ(report.at_pointer("/dataset/0/table/rows/0/7"), "AllocationTimedout: late");
  EXPECT_EQ(report.at_pointer("/dataset/1/table/rows/0/1"), "n1");
  EXPECT_EQ(report.at_pointer("/dataset/1/table/rows/0/4"), "DriverMissing: no nvidia");
  EXPECT_EQ(asked.size(), 4U) << "pools, two pages of counts, one pool's nodes";
  EXPECT_EQ(json_of(in_subscription("GET", account_path("alpha") + "/detectors"))
                .at_pointer("/value/0/name"),
            "poolsAndNodes");
  EXPECT_EQ(code_of(in_subscription("GET", account_path("alpha") + "/detectors/x")),
            "ResourceNotFound");
  host_.data_plane = {};
  EXPECT_EQ(in_subscription("GET", account_path("alpha") + "/detectors").status, 404);
}

}  // namespace
}  // namespace batchyard::arm
