#include "arm/account_access.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/codes.h"
#include "arm/json_parts.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

Result<> take_modes(const json::array& modes, identity::AccessRules& rules) {
  if (modes.empty())
    return refuse("InvalidRequestContent",
                  "The property 'properties.allowedAuthenticationModes' is empty: nobody could "
                  "come in. Name at least one of SharedKey, AAD and TaskAuthenticationToken, or "
                  "leave it out for all.");
  const auto has = [&](std::string_view mode) {
    return std::ranges::any_of(modes, [&](const json::value& one) {
      return one.is_string() && same_folded(one.get_string(), mode);
    });
  };
  rules.shared_key = has("SharedKey");
  rules.directory = has("AAD");
  rules.task = has("TaskAuthenticationToken");
  return Done();
}

Result<std::vector<identity::AddressRange>> ranges_of(const json::object& profile,
                                                      std::string_view where) {
  std::vector<identity::AddressRange> ranges;
  const json::value* given = profile.if_contains("ipRules");
  if (given == nullptr || !given->is_array()) return ranges;
  for (std::size_t at = 0; at < given->get_array().size(); ++at) {
    const std::string text = text_at(given->get_array()[at].as_object(), "value");
    Result<identity::AddressRange> range = identity::parse_address_range(text);
    if (!range)
      return refuse("InvalidRequestContent",
                    fmt::format("The property 'properties.networkProfile.{}.ipRules[{}].value' is "
                                "not valid: {}",
                                where, at, range.error().message));
    ranges.push_back(*range);
  }
  return ranges;
}

}  // namespace

Result<identity::AccessRules> access_rules_of(const json::object& properties) {
  identity::AccessRules rules;
  if (const json::value* modes = properties.if_contains("allowedAuthenticationModes");
      modes != nullptr && modes->is_array())
    TRY(take_modes(modes->get_array(), rules));
  // No perimeter is here that could let anybody in.
  const std::string network = text_at(properties, "publicNetworkAccess");
  rules.is_public = network.empty() || same_folded(network, "Enabled");
  const json::object* profile = object_at(properties, "networkProfile");
  if (profile == nullptr) return rules;
  if (const json::object* access = object_at(*profile, "accountAccess")) {
    rules.lets_in_by_default = !same_folded(text_at(*access, "defaultAction"), "Deny");
    rules.ranges = TRY(ranges_of(*access, "accountAccess"));
  }
  if (const json::object* access = object_at(*profile, "nodeManagementAccess"))
    TRY(ranges_of(*access, "nodeManagementAccess"));
  return rules;
}

}  // namespace batchyard::arm
