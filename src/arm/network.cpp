// What an account has to do with its network: what its nodes must reach, what private endpoints
// can lead to, and the perimeters that it is in.
#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>

#include "api/view.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

// "127.0.0.1:8443", "[::1]:8443"
struct HostPort {
  std::string_view host;
  int port = 443;
};

HostPort parts_of(std::string_view endpoint) {
  HostPort parts{.host = endpoint};
  const std::size_t colon = endpoint.rfind(':');
  if (colon == std::string_view::npos || endpoint.ends_with(']')) return parts;
  parts.host = endpoint.substr(0, colon);
  std::from_chars(endpoint.data() + colon + 1, endpoint.data() + endpoint.size(), parts.port);
  return parts;
}

json::object dependency(std::string_view endpoint, std::string_view description) {
  const HostPort parts = parts_of(endpoint);
  return {{"domainName", parts.host},
          {"description", description},
          {"endpointDetails", json::array{json::object{{"port", parts.port}}}}};
}

constexpr std::string_view link_groups[] = {"batchAccount", "nodeManagement"};

}  // namespace

void Management::list_outbound_dependencies(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const Record account = TRY(account_named(call));
    const std::string endpoint = TRY(ports_.accounts->endpoint(account.name));
    json::array values{json::object{
        {"category", "Azure Batch"},
        {"endpoints",
         json::array{dependency(endpoint,
                                "Applicable to job manager tasks, tasks that use job scoped "
                                "authentication, or any task that makes calls to Batch.")}}}};
    if (const std::string storage = ports_.accounts->storage_endpoint(account.name);
        !storage.empty())
      values.push_back(json::object{
          {"category", "Azure Storage"},
          {"endpoints", json::array{dependency(storage,
                                               "AutoStorage endpoint for this Batch account. "
                                               "Applicable to all pools under this account.")}}});
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

json::object Management::private_link(const Record& account, std::string_view group) const {
  json::object entity{
      {"id",
       fmt::format("{}/privateLinkResources/{}",
                   account_id(text_at(object_of(account.body), "group"), account.name), group)},
      {"name", group},
      {"type", "Microsoft.Batch/batchAccounts/privateLinkResources"},
      {"properties",
       {{"groupId", group},
        {"requiredMembers", json::array{group}},
        {"requiredZoneNames", json::array{"privatelink.batch.azure.com"}}}}};
  return entity;
}

void Management::list_private_links(Call call) {
  const Result<Record> account = account_named(call);
  if (!account) return answer_error(call, account.error());
  json::array values;
  for (const std::string_view group : link_groups) {
    json::object entity = private_link(*account, group);
    api::view(api::Model::ArmPrivateLinkResource, call.version, entity);
    values.push_back(std::move(entity));
  }
  answer_page(call, std::move(values));
}

void Management::get_private_link(Call call) {
  const Result<Record> account = account_named(call);
  if (!account) return answer_error(call, account.error());
  for (const std::string_view group : link_groups) {
    if (!same_folded(group, call.parameters.at(3))) continue;
    json::object entity = private_link(*account, group);
    api::view(api::Model::ArmPrivateLinkResource, call.version, entity);
    return answer_json(call, entity);
  }
  answer_error(call, arm::refuse("ResourceNotFound",
                                 fmt::format("The private link resource '{}' was not found. There "
                                             "are batchAccount and nodeManagement.",
                                             call.parameters.at(3)))
                         .error());
}

// An installation is in no perimeter: those are made by a service that is not here.
void Management::list_perimeters(Call call) {
  const Result<Record> account = account_named(call);
  if (!account) return answer_error(call, account.error());
  answer_list(call, {});
}

void Management::get_perimeter(Call call) {
  const Result<Record> account = account_named(call);
  if (!account) return answer_error(call, account.error());
  answer_error(call,
               arm::refuse("ResourceNotFound",
                           fmt::format("The network security perimeter configuration '{}' was not "
                                       "found: the account '{}' is in no perimeter. "
                                       "networkProfile.accountAccess says who reaches the account.",
                                       call.parameters.at(3), account->name))
                   .error());
}

void Management::reconcile_perimeter(Call call) {
  get_perimeter(std::move(call));
}

}  // namespace batchyard::arm
