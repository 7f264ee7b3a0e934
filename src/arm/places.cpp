// Where accounts lie: the tenant, the subscription, its locations and providers. Clients ask for
// these before they come to what they want.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/codes.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::string_view provider = "Microsoft.Batch";

json::array version_names() {
  json::array names;
  for (auto at = api::arm_versions().rbegin(); at != api::arm_versions().rend(); ++at)
    names.emplace_back(at->text);
  return names;
}

json::object provider_entity(std::string_view subscription) {
  json::array types;
  for (const char* type : {"batchAccounts", "batchAccounts/pools", "batchAccounts/applications",
                           "batchAccounts/applications/versions", "batchAccounts/certificates",
                           "operations", "locations", "locations/quotas",
                           "locations/checkNameAvailability", "locations/virtualMachineSkus"})
    types.push_back(json::object{{"resourceType", type},
                                 {"locations", json::array{location_name}},
                                 {"apiVersions", version_names()},
                                 {"capabilities", "None"}});
  return {{"id", fmt::format("/subscriptions/{}/providers/{}", subscription, provider)},
          {"namespace", provider},
          {"registrationState", "Registered"},
          {"registrationPolicy", "RegistrationRequired"},
          {"resourceTypes", std::move(types)}};
}

json::object subscription_entity(const Site& site) {
  return {{"id", "/subscriptions/" + site.subscription},
          {"authorizationSource", "RoleBased"},
          {"managedByTenants", json::array()},
          {"subscriptionId", site.subscription},
          {"tenantId", site.tenant},
          {"displayName", site.name},
          {"state", "Enabled"},
          {"subscriptionPolicies",
           {{"locationPlacementId", "Public_2014-09-01"},
            {"quotaId", "Batchyard"},
            {"spendingLimit", "Off"}}}};
}

}  // namespace

void Management::list_tenants(Call call) {
  answer_list(call, {json::object{{"id", "/tenants/" + site_.tenant},
                                  {"tenantId", site_.tenant},
                                  {"displayName", site_.name},
                                  {"tenantCategory", "Home"}}});
}

void Management::list_subscriptions(Call call) {
  answer_list(call, {subscription_entity(site_)});
}

void Management::get_subscription(Call call) {
  answer_json(call, subscription_entity(site_));
}

void Management::list_locations(Call call) {
  answer_list(
      call,
      {json::object{
          {"id", fmt::format("/subscriptions/{}/locations/{}", site_.subscription, location_name)},
          {"name", location_name},
          {"displayName", site_.name},
          {"regionalDisplayName", site_.name},
          {"metadata", {{"regionType", "Physical"}, {"regionCategory", "Recommended"}}}}});
}

void Management::list_providers(Call call) {
  answer_list(call, {provider_entity(site_.subscription)});
}

void Management::get_provider(Call call) {
  if (!same_folded(call.parameters.at(1), provider))
    return answer_error(
        call, arm::refuse("InvalidResourceType",
                          fmt::format("The resource provider '{}' is none of those here: {}.",
                                      call.parameters.at(1), provider))
                  .error());
  answer_json(call, provider_entity(site_.subscription));
}

// What roles are made of.
void Management::list_operations(Call call) {
  json::array values;
  const auto add = [&](std::string_view resource, std::string_view word, std::string_view shown) {
    values.push_back(json::object{{"name", fmt::format("{}/{}/{}", provider, resource, word)},
                                  {"isDataAction", false},
                                  {"display",
                                   {{"provider", "Microsoft Batch"},
                                    {"resource", resource},
                                    {"operation", shown},
                                    {"description", fmt::format("{} {}", shown, resource)}}}});
  };
  for (const char* resource :
       {"batchAccounts", "batchAccounts/pools", "batchAccounts/applications",
        "batchAccounts/applications/versions", "batchAccounts/certificates"}) {
    add(resource, "read", "Get or list");
    add(resource, "write", "Create or update");
    add(resource, "delete", "Delete");
  }
  add("batchAccounts", "listkeys/action", "List the keys of");
  add("batchAccounts", "regeneratekeys/action", "Regenerate a key of");
  add("batchAccounts", "syncAutoStorageKeys/action", "Synchronize the storage keys of");
  answer_list(call, std::move(values));
}

}  // namespace batchyard::arm
