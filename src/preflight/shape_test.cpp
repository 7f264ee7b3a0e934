// What the shape rules say of files that are wrong in many ways, or of another version.
#include <gmock/gmock.h>

#include "preflight/document.h"
#include "preflight/rule.h"

namespace batchyard::preflight {
namespace {

namespace json = boost::json;

std::vector<std::string> shape_faults(const std::string& text) {
  const auto pools = pools_in(json::parse(text), {});
  std::vector<std::string> told;
  for (const FoundPool& pool : pools) {
    const Definition definition(pool.pool, pool.circumstances);
    for (const Finding& finding : findings_of(definition)) {
      if (finding.rule->id.starts_with("shape-"))
        told.push_back(pool.pointer_of(finding.path) + " " + finding.rule->id);
    }
  }
  return told;
}

TEST(Shape, OneWrongValueHidesNoOther) {
  EXPECT_THAT(
      shape_faults(R"({"vmSize": 5, "id": 7, "metadata": [1], "targetDedicatedNodes": "many",
                             "virtualMachineConfiguration": "none", "startTask": [],
                             "userAccounts": {"name": "x"}})"),
      testing::UnorderedElementsAre("/vmSize shape-value", "/id shape-value",
                                    "/metadata/0 shape-value", "/targetDedicatedNodes shape-value",
                                    "/virtualMachineConfiguration shape-value",
                                    "/startTask shape-value", "/userAccounts shape-value"));
}

TEST(Shape, WhatAnotherVersionHasIsNoFault) {
  EXPECT_THAT(shape_faults(R"({"id": "p", "vmSize": "Standard_D2s_v3", "targetDedicatedNodes": 1,
                             "applicationLicenses": ["maya"],
                             "networkConfiguration": {"publicIPAddressConfiguration":
                                                      {"provision": "batchmanaged",
                                                       "ipFamilies": ["IPv4", "IPv6"]}},
                             "colour": "red"})"),
              testing::ElementsAre("/colour shape-unknown-property"));
}

TEST(Shape, ShipyardsPlacesAreNamedInItsWords) {
  const auto pools =
      pools_in(json::parse(R"({"pool_specification": {"id": "p", "vm_size": "STANDARD_HB60rs",
        "vm_configuration": {"platform_image": {"publisher": "OpenLogic", "offer": "CentOS-HPC",
                                                "sku": "7.4"}},
        "vm_count": {"dedicated": 2}, "inter_node_communication_enabled": true}})"),
               {});
  ASSERT_EQ(pools.size(), 1U);
  EXPECT_EQ(pools[0].pointer_of("virtualMachineConfiguration/imageReference"),
            "/pool_specification/vm_configuration/platform_image");
}

}  // namespace
}  // namespace batchyard::preflight
