// Which kind of configuration a pool has, and what goes with Cloud Services.
#include <fmt/format.h>

#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

const char* const pool_sizes = "batch-pool-vm-sizes.md";
const char* const the_article = "batch-pool-compute-intensive-sizes.md";
const char* const the_api = "BatchService.json";

bool on_services(const Definition& pool) {
  return pool.kind() == PoolKind::cloud_service;
}

}  // namespace

std::vector<Rule> configuration_rules() {
  using enum Severity;
  return {
      {"configuration-missing", error, the_api,
       "A pool's nodes are made from one configuration: an image on virtual machines, or a guest "
       "operating system of Cloud Services.",
       [](const Definition& pool, Report& report) {
         if (pool.kind() == PoolKind::none)
           report.at(machine,
                     "Give the image (imageReference) and the node agent (nodeAgentSKUId).");
       },
       "MissingRequiredProperty"},
      {"configuration-twice", error, the_api, "The two kinds of configuration exclude each other.",
       [](const Definition& pool, Report& report) {
         if (pool.kind() == PoolKind::both)
           report
               .at("cloudServiceConfiguration",
                   "Give either virtualMachineConfiguration or cloudServiceConfiguration, not "
                   "both.")
               .remove("cloudServiceConfiguration");
       }},
      {"cloud-services-gpu", error, the_article,
       "N-series sizes are not supported in pools with the Cloud Services configuration.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && pool.size() != nullptr && pool.size()->family.starts_with("N"))
           report.at("vmSize",
                     fmt::format("{} is of the N-series, which Cloud Services do not have. Give "
                                 "the pool a virtualMachineConfiguration, or a size without GPUs.",
                                 pool.size()->name));
       }},
      {"cloud-services-excluded-size", error, pool_sizes,
       "The smallest sizes cannot carry the node agent: A0 (ExtraSmall), A1_v2, A2_v2, A2m_v2.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && pool.size() != nullptr &&
             pool.size()->cloud_services == Offer::no && !pool.size()->family.starts_with("N"))
           report.at("vmSize", fmt::format("{} is excluded from Cloud Services pools. Give a "
                                           "larger size, for example Standard_A2.",
                                           pool.size()->name));
       }},
      {"cloud-services-unlisted-size", warning, "cloud-services-sizes-specs.md",
       "Cloud Services have a list of sizes of their own; allocation of another fails.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && pool.size() != nullptr &&
             pool.size()->cloud_services == Offer::unstated)
           report.at("vmSize",
                     fmt::format("{} is not on the list of Cloud Services sizes. `batchyard "
                                 "catalogue sizes --cloud-services` shows those that are.",
                                 pool.size()->name));
       }},
      {"cloud-services-family-missing", error, the_api,
       "The guest operating system has no default.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && !pool.given("cloudServiceConfiguration/osFamily"))
           report
               .at("cloudServiceConfiguration/osFamily",
                   "Give the family of the guest operating system: 2 (Windows Server 2008 R2) to 6 "
                   "(Windows Server 2019).")
               .set("cloudServiceConfiguration/osFamily", "5");
       },
       "MissingRequiredProperty"},
      {"cloud-services-family-unknown", error, the_api,
       "Guest operating systems have families 2 to 6.",
       [](const Definition& pool, Report& report) {
         const std::string family = pool.text("cloudServiceConfiguration/osFamily");
         if (on_services(pool) && !family.empty() && pool.catalogue().guest(family) == nullptr)
           report
               .at("cloudServiceConfiguration/osFamily",
                   "It must be 2 (Windows Server 2008 R2), 3 (2012), 4 (2012 R2), 5 (2016) or 6 "
                   "(2019).")
               .set("cloudServiceConfiguration/osFamily", "5");
       }},
      {"cloud-services-endpoints", error, the_api,
       "Endpoints of pools go with virtual machines only.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && pool.given("networkConfiguration/endpointConfiguration"))
           report
               .at("networkConfiguration/endpointConfiguration",
                   "Leave it out, or give the pool a virtualMachineConfiguration.")
               .remove("networkConfiguration/endpointConfiguration");
       }},
      {"cloud-services-public-addresses", error, the_api,
       "Public addresses of one's own go with virtual machines only.",
       [](const Definition& pool, Report& report) {
         if (on_services(pool) && pool.given("networkConfiguration/publicIPAddressConfiguration"))
           report
               .at("networkConfiguration/publicIPAddressConfiguration",
                   "Leave it out, or give the pool a virtualMachineConfiguration.")
               .remove("networkConfiguration/publicIPAddressConfiguration");
       }},
  };
}

}  // namespace batchyard::preflight
