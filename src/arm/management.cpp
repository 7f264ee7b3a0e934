#include "arm/management.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/place.h"
#include "base/text.h"
#include "signing/signing.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;
using api::ArmOperation;

constexpr std::string_view bearer = "Bearer ";

// The subscription that a path is in; empty for one outside.
std::string_view subscription_of(std::string_view path) {
  constexpr std::string_view start = "/subscriptions/";
  if (path.size() <= start.size() || !same_folded(path.substr(0, start.size()), start)) return {};
  path.remove_prefix(start.size());
  return path.substr(0, path.find('/'));
}

}  // namespace

std::span<const Management::Place> Management::places() {
  static constexpr Place all[] = {
      {"GET", "/metadata/endpoints", &Management::endpoints, Verb::read, Guard::open},
      {"GET", "/{tenant}/.well-known/openid-configuration", &Management::openid_configuration,
       Verb::read, Guard::open},
      {"GET", "/{tenant}/v2.0/.well-known/openid-configuration", &Management::openid_configuration,
       Verb::read, Guard::open},
      {"GET", "/{tenant}/discovery/keys", &Management::signing_keys, Verb::read, Guard::open},
      {"GET", "/{tenant}/discovery/v2.0/keys", &Management::signing_keys, Verb::read, Guard::open},
      {"GET", "/common/discovery/instance", &Management::instance_discovery, Verb::read,
       Guard::open},
      {"POST", "/{tenant}/oauth2/token", &Management::give_token, Verb::read, Guard::open},
      {"POST", "/{tenant}/oauth2/v2.0/token", &Management::give_token, Verb::read, Guard::open},
      {"GET", "/batchyard/principals", &Management::list_principals, Verb::read,
       Guard::installation},
      {"POST", "/batchyard/principals", &Management::add_principal, Verb::write,
       Guard::installation},
      {"DELETE", "/batchyard/principals/{principal}", &Management::remove_principal, Verb::write,
       Guard::installation},
      {"PUT", "/batchyard/principals/{principal}/roles", &Management::assign_role, Verb::write,
       Guard::installation},
      {"DELETE", "/batchyard/principals/{principal}/roles", &Management::withdraw_role, Verb::write,
       Guard::installation},
      {"GET", "/tenants", &Management::list_tenants, Verb::read, Guard::known},
      {"GET", "/subscriptions", &Management::list_subscriptions, Verb::read, Guard::known},
      {"GET", "/subscriptions/{subscription}", &Management::get_subscription, Verb::read,
       Guard::known},
      {"GET", "/subscriptions/{subscription}/locations", &Management::list_locations},
      {"GET", "/subscriptions/{subscription}/providers", &Management::list_providers},
      {"GET", "/subscriptions/{subscription}/providers/{provider}", &Management::get_provider},
      {"POST", "/subscriptions/{subscription}/providers/{provider}/register",
       &Management::get_provider, Verb::write},
      {"GET", "/subscriptions/{subscription}/resourcegroups", &Management::list_groups},
      {"GET", "/subscriptions/{subscription}/resourcegroups/{group}", &Management::get_group},
      {"HEAD", "/subscriptions/{subscription}/resourcegroups/{group}", &Management::group_exists},
      {"PUT", "/subscriptions/{subscription}/resourcegroups/{group}", &Management::put_group,
       Verb::write},
      {"DELETE", "/subscriptions/{subscription}/resourcegroups/{group}", &Management::delete_group,
       Verb::write},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/"
       "privateEndpoints",
       &Management::list_private_endpoints},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/"
       "privateEndpoints/{endpoint}",
       &Management::get_private_endpoint},
      {"PUT",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/"
       "privateEndpoints/{endpoint}",
       &Management::put_private_endpoint, Verb::write},
      {"DELETE",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/"
       "privateEndpoints/{endpoint}",
       &Management::delete_private_endpoint, Verb::write},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/"
       "batchAccounts/{account}/poolOperationResults/{operation}",
       &Management::relay_pools},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/"
       "batchAccounts/{account}/certificateOperationResults/{operation}",
       &Management::relay_certificates},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/"
       "batchAccounts/{account}/privateEndpointConnectionResults/{operation}",
       &Management::show_changed_connection},
      {"GET", "/subscriptions/{subscription}/providers/Microsoft.Storage/storageAccounts",
       &Management::list_storage_accounts},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/"
       "storageAccounts",
       &Management::list_storage_accounts},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/"
       "storageAccounts/{storage}",
       &Management::get_storage_account},
      {"PUT",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/"
       "storageAccounts/{storage}",
       &Management::put_storage_account, Verb::write},
      {"DELETE",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/"
       "storageAccounts/{storage}",
       &Management::delete_storage_account, Verb::write},
      {"POST",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Storage/"
       "storageAccounts/{storage}/listKeys",
       &Management::list_storage_keys, Verb::write},
      {"GET",
       "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Batch/"
       "batchAccounts/"
       "{account}/operationResults/{operation}",
       &Management::show_created_account},
      {"GET",
       "/subscriptions/{subscription}/providers/Microsoft.Batch/locations/{location}/"
       "accountOperationResults/{operation}",
       &Management::show_deleted_account, Verb::read, Guard::known},
  };
  return all;
}

Management::Management(Site site, Ports ports) : site_(std::move(site)), ports_(std::move(ports)) {}

HttpResponse Management::refuse(const HttpRequest& request, const Error& error) const {
  return error_response(request, error, ports_.new_guid(), ports_.now());
}

Call Management::call_of(HttpRequest request, HttpReply reply) const {
  Call call;
  call.request = std::move(request);
  call.reply = std::move(reply);
  call.request_id = ports_.new_guid();
  call.now = ports_.now();
  call.query = parse_query(call.request.target);
  call.version_text = call.query_value("api-version");
  return call;
}

void Management::handle(HttpRequest request, HttpReply reply) {
  Call call = call_of(std::move(request), std::move(reply));
  const Result<Route> route = route_of(call);
  if (!route) return answer_error(call, route.error());
  if (route->guard != Guard::open) {
    if (const Result<> admitted = admit(call, *route); !admitted)
      return answer_error(call, admitted.error());
  }
  (this->*route->handler)(std::move(call));
}

void Management::ask_as(const Caller& caller, HttpRequest request, HttpReply reply) {
  Call call = call_of(std::move(request), std::move(reply));
  call.caller = caller;
  const Result<Route> route = route_of(call);
  if (!route) return answer_error(call, route.error());
  if (const Result<> allowed = allow(call, *route); !allowed)
    return answer_error(call, allowed.error());
  (this->*route->handler)(std::move(call));
}

Result<identity::Claims> Management::claims_of(const Call& call, Plane plane) const {
  const std::string_view header = call.request.header("Authorization");
  if (!same_folded(header.substr(0, bearer.size()), bearer))
    return arm::refuse(
        "AuthenticationFailed",
        "Authentication failed. The 'Authorization' header is missing or has another "
        "scheme than Bearer. Log in first: az login --service-principal.");
  Result<identity::Claims> claims = identity::check_token(
      trim(header.substr(bearer.size())), *ports_.issuers(), audiences_of(call, plane), call.now);
  if (!claims && claims.error().code == "InvalidAuthenticationToken") ports_.keys_may_be_old();
  // Whoever else is trusted says who somebody is among its own, never among ours.
  if (claims && claims->issuer != issuer_of())
    claims->object = foreign_object(claims->issuer, claims->object);
  return claims;
}

// The route says what its caller needs; how a path is spelled changes nothing of that.
Result<> Management::admit(Call& call, const Route& route) const {
  const identity::Claims claims = TRY(claims_of(call, Plane::management));
  call.caller = {.principal = claims.object, .client = claims.application};
  return allow(call, route);
}

Result<> Management::allow(const Call& call, const Route& route) const {
  const std::string_view subscription = subscription_of(call.path());
  if (!subscription.empty() && !same_folded(subscription, site_.subscription))
    return arm::refuse("SubscriptionNotFound",
                       fmt::format("The subscription '{}' could not be found. Here there is '{}'.",
                                   subscription, site_.subscription));
  const std::vector<Assignment> assignments = TRY(assignments_of(call.caller.principal));
  const Verb verb = route.verb;
  if (route.guard == Guard::known) return Done();
  if (route.guard == Guard::installation) {
    const bool allowed =
        verb == Verb::write ? owns(assignments, call.caller.principal, "/")
                            : may(assignments, call.caller.principal, Plane::management, verb, "/");
    if (allowed) return Done();
    return arm::refuse("AuthorizationFailed",
                       fmt::format("The client '{}' is no {} of the installation. An owner's "
                                   "`batchyard identity assign {} owner` changes that.",
                                   call.caller.client, verb == Verb::read ? "reader" : "owner",
                                   call.caller.client));
  }
  if (may(assignments, call.caller.principal, Plane::management, verb, resource_of(call.path())))
    return Done();
  return arm::refuse(
      "AuthorizationFailed",
      fmt::format("The client '{}' with object id '{}' does not have authorization to {} {}. "
                  "`batchyard identity assign {} contributor` gives it.",
                  call.caller.client, call.caller.principal, verb == Verb::read ? "read" : "change",
                  call.path(), call.caller.client));
}

Result<json::value> Management::body_of(const Call& call, api::Model model) const {
  return canonical_body(call, model);
}

Management::Handler Management::handler_of(ArmOperation operation) {
  switch (operation) {
    case ArmOperation::BatchAccount_Create:
      return &Management::create_account;
    case ArmOperation::BatchAccount_Get:
      return &Management::get_account;
    case ArmOperation::BatchAccount_Update:
      return &Management::update_account;
    case ArmOperation::BatchAccount_Delete:
      return &Management::delete_account;
    case ArmOperation::BatchAccount_List:
      return &Management::list_accounts;
    case ArmOperation::BatchAccount_ListByResourceGroup:
      return &Management::list_accounts_of_group;
    case ArmOperation::BatchAccount_GetKeys:
      return &Management::get_keys;
    case ArmOperation::BatchAccount_RegenerateKey:
      return &Management::regenerate_key;
    case ArmOperation::Application_Create:
      return &Management::create_application;
    case ArmOperation::Application_Update:
      return &Management::update_application;
    case ArmOperation::Application_Get:
      return &Management::get_application;
    case ArmOperation::Application_List:
      return &Management::list_applications;
    case ArmOperation::Application_Delete:
      return &Management::delete_application;
    case ArmOperation::ApplicationPackage_Create:
      return &Management::create_package;
    case ArmOperation::ApplicationPackage_Activate:
      return &Management::activate_package;
    case ArmOperation::ApplicationPackage_Get:
      return &Management::get_package;
    case ArmOperation::ApplicationPackage_List:
      return &Management::list_packages;
    case ArmOperation::ApplicationPackage_Delete:
      return &Management::delete_package;
    case ArmOperation::BatchAccount_SynchronizeAutoStorageKeys:
      return &Management::sync_storage_keys;
    case ArmOperation::Location_CheckNameAvailability:
      return &Management::check_name;
    case ArmOperation::Location_GetQuotas:
      return &Management::get_quotas;
    case ArmOperation::Location_ListSupportedVirtualMachineSkus:
      return &Management::list_sizes;
    case ArmOperation::Location_ListSupportedCloudServiceSkus:
      return &Management::list_cloud_service_sizes;
    case ArmOperation::Operations_List:
      return &Management::list_operations;
    case ArmOperation::BatchAccount_GetDetector:
      return &Management::get_detector;
    case ArmOperation::BatchAccount_ListDetectors:
      return &Management::list_detectors;
    case ArmOperation::BatchAccount_ListOutboundNetworkDependenciesEndpoints:
      return &Management::list_outbound_dependencies;
    case ArmOperation::NetworkSecurityPerimeter_GetConfiguration:
      return &Management::get_perimeter;
    case ArmOperation::NetworkSecurityPerimeter_ListConfigurations:
      return &Management::list_perimeters;
    case ArmOperation::NetworkSecurityPerimeter_ReconcileConfiguration:
      return &Management::reconcile_perimeter;
    case ArmOperation::PrivateEndpointConnection_Delete:
      return &Management::delete_connection;
    case ArmOperation::PrivateEndpointConnection_Get:
      return &Management::get_connection;
    case ArmOperation::PrivateEndpointConnection_ListByBatchAccount:
      return &Management::list_connections;
    case ArmOperation::PrivateEndpointConnection_Update:
      return &Management::update_connection;
    case ArmOperation::PrivateLinkResource_Get:
      return &Management::get_private_link;
    case ArmOperation::PrivateLinkResource_ListByBatchAccount:
      return &Management::list_private_links;
    case ArmOperation::Pool_Create:
    case ArmOperation::Pool_Delete:
    case ArmOperation::Pool_DisableAutoScale:
    case ArmOperation::Pool_Get:
    case ArmOperation::Pool_ListByBatchAccount:
    case ArmOperation::Pool_StopResize:
    case ArmOperation::Pool_Update:
      return &Management::relay_pools;
    case ArmOperation::Certificate_CancelDeletion:
    case ArmOperation::Certificate_Create:
    case ArmOperation::Certificate_Delete:
    case ArmOperation::Certificate_Get:
    case ArmOperation::Certificate_ListByBatchAccount:
    case ArmOperation::Certificate_Update:
      return &Management::relay_certificates;
  }
  std::unreachable();
}

}  // namespace batchyard::arm
