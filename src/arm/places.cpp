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
constexpr std::string_view resources_provider = "Microsoft.Resources";

json::array version_names() {
  json::array names;
  for (auto at = api::arm_versions().rbegin(); at != api::arm_versions().rend(); ++at)
    names.emplace_back(at->text);
  return names;
}

json::object type_entity(std::string_view type, json::array versions) {
  return {{"resourceType", type},
          {"locations", json::array{location_name}},
          {"apiVersions", std::move(versions)},
          {"capabilities", "None"}};
}

json::object entity_of_provider(std::string_view subscription, std::string_view name,
                                json::array types) {
  return {{"id", fmt::format("/subscriptions/{}/providers/{}", subscription, name)},
          {"namespace", name},
          {"registrationState", "Registered"},
          {"registrationPolicy", "RegistrationRequired"},
          {"resourceTypes", std::move(types)}};
}

json::object provider_entity(std::string_view subscription) {
  json::array types;
  for (const char* type : {"batchAccounts", "batchAccounts/pools", "batchAccounts/applications",
                           "batchAccounts/applications/versions", "batchAccounts/certificates",
                           "operations", "locations", "locations/quotas",
                           "locations/checkNameAvailability", "locations/virtualMachineSkus"})
    types.push_back(type_entity(type, version_names()));
  return entity_of_provider(subscription, provider, std::move(types));
}

// Of what has no versions of its own here, the one that clients ask for.
json::object resources_entity(std::string_view subscription) {
  json::array types;
  for (const char* type : {"deployments", "deployments/operations", "resourceGroups"})
    types.push_back(type_entity(type, {"2022-09-01", "2021-04-01"}));
  return entity_of_provider(subscription, resources_provider, std::move(types));
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
  answer_list(call, {provider_entity(site_.subscription), resources_entity(site_.subscription)});
}

void Management::get_provider(Call call) {
  const std::string& name = call.parameters.at(1);
  if (same_folded(name, provider)) return answer_json(call, provider_entity(site_.subscription));
  if (same_folded(name, resources_provider))
    return answer_json(call, resources_entity(site_.subscription));
  answer_error(call, arm::refuse("InvalidResourceType",
                                 fmt::format("The resource provider '{}' is none of those here: "
                                             "{}, {}.",
                                             name, provider, resources_provider))
                         .error());
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
