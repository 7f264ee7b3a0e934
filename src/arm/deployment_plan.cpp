// What a request to deploy means: its template read whole, and each of its resources held against
// what is served here and what the caller may do, before anything is changed.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/place.h"
#include "base/text.h"
#include "templates/deployment.h"
#include "templates/relaxed_json.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t template_max = std::size_t{4} << 20;  // bytes, as published

std::unexpected<Error> invalid(std::string message) {
  return refuse("InvalidTemplate", "Deployment template validation failed: " + std::move(message));
}

// What is asked for beside a template and its parameters.
Result<> check_request(const json::object& properties) {
  for (const char* link : {"templateLink", "parametersLink"}) {
    const json::value* given = properties.if_contains(link);
    if (given != nullptr && !given->is_null())
      return refuse("InvalidTemplateDeployment",
                    fmt::format("The property '{}' is not served here: no templates are fetched. "
                                "Send the text itself: --template-file, --parameters @FILE.",
                                link));
  }
  for (const char* other : {"onErrorDeployment", "debugSetting"}) {
    const json::value* given = properties.if_contains(other);
    if (given != nullptr && !given->is_null())
      return refuse("InvalidTemplateDeployment",
                    fmt::format("The property '{}' is not served here. Take it out.", other));
  }
  const std::string mode = text_at(properties, "mode");
  if (same_folded(mode, "Incremental")) return Done();
  return refuse("InvalidTemplateDeployment",
                fmt::format("The mode '{}' is not served here: nothing is deleted that a template "
                            "lacks. Use the mode Incremental, and delete resources yourself.",
                            mode));
}

bool has_expressions(const json::value& value) {
  if (value.is_array()) return std::ranges::any_of(value.get_array(), has_expressions);
  if (value.is_object())
    return std::ranges::any_of(value.get_object(),
                               [](const auto& one) { return has_expressions(one.value()); });
  return value.is_string() && templates::is_expression(std::string_view(value.get_string()));
}

std::string plain_text(const json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : std::string();
}

// "Microsoft.Batch/batchAccounts/pools" of a path with braces.
std::string type_in(std::string_view path) {
  constexpr std::string_view start = "/providers/";
  const std::size_t at = path.find(start);
  const bool in_group = path.contains("{resourceGroup") || path.contains("{group}");
  if (at == std::string_view::npos || !in_group) return {};
  const std::vector<std::string_view> parts = split(path.substr(at + start.size()), '/');
  std::string type(parts[0]);
  for (std::size_t part = 1; part < parts.size(); part += 2)
    type += fmt::format("/{}", parts[part]);
  return type;
}

}  // namespace

std::string Management::deployable_types() {
  std::vector<std::string> types;
  for (const api::ArmOperationFacts& facts : api::arm_operations()) {
    if (facts.method == "PUT") types.push_back(type_in(facts.path));
  }
  for (const std::span<const Place> some : {places(), deployment_places()}) {
    for (const Place& place : some) {
      if (place.method == "PUT") types.push_back(type_in(place.path));
    }
  }
  std::erase(types, std::string());
  return join(types, ", ");
}

templates::Facts Management::facts_of(const Call& call, const Record& group,
                                      const std::string& name, const json::object& source) const {
  templates::Facts facts;
  facts.subscription = site_.subscription;
  facts.tenant = site_.tenant;
  facts.group = group.name;
  facts.resource_group = group_entity(group);
  facts.subscription_entity = {{"id", "/subscriptions/" + site_.subscription},
                               {"subscriptionId", site_.subscription},
                               {"tenantId", site_.tenant},
                               {"displayName", site_.name}};
  facts.tenant_entity = {{"tenantId", site_.tenant}, {"displayName", site_.name}};
  facts.environment = {
      {"name", site_.name},
      {"resourceManager", call.base_url() + "/"},
      {"batch", "https://batch.core.windows.net/"},
      {"authentication", {{"loginEndpoint", call.base_url() + "/adfs"}, {"tenant", site_.tenant}}}};
  facts.deployment = {{"name", name},
                      {"properties",
                       {{"template",
                         {{"$schema", text_at(source, "$schema")},
                          {"contentVersion", text_at(source, "contentVersion")}}},
                        {"mode", "Incremental"},
                        {"provisioningState", "Accepted"}}}};
  facts.now = call.now;
  facts.new_guid = ports_.new_guid;
  return facts;
}

Result<Management::Plan> Management::plan_of(const Call& call) const {
  if (call.request.body.size() > template_max)
    return arm::refuse("InvalidRequestContent",
                       fmt::format("The request has {} bytes; {} are allowed. Split the template.",
                                   call.request.body.size(), template_max));
  const json::value body = TRY(api::parse_body(templates::plain_json(call.request.body)));
  const json::object* properties =
      body.is_object() ? object_at(body.get_object(), "properties") : nullptr;
  if (properties == nullptr)
    return arm::refuse(
        "InvalidRequestContent",
        "The request content was invalid: the property 'properties' is missing. Give it "
        "an object with 'mode' and 'template'.");
  return plan_of(call, *properties, call.parameters.at(2));
}

Result<Management::Plan> Management::plan_of(const Call& call, const json::object& properties,
                                             const std::string& name) const {
  TRY(check_request(properties));
  const Record group = TRY(group_named(call.parameters.at(1)));
  const json::object* source = object_at(properties, "template");
  if (source == nullptr) return invalid("The property 'template' is missing. Give it an object.");
  const json::object* given = object_at(properties, "parameters");
  const json::object none;
  Result<Plan> plan = templates::Deployment::open(*source, given == nullptr ? none : *given,
                                                  facts_of(call, group, name, *source));
  if (!plan) return invalid(plan.error().message);
  for (const templates::Resource& one : (*plan)->resources()) {
    if (!one.skipped) TRY(check_resource(call, one, **plan));
  }
  return plan;
}

Result<> Management::check_resource(const Call& call, const templates::Resource& resource,
                                    templates::Deployment& plan) const {
  Call asked = call_of({.method = resource.existing ? "GET" : "PUT",
                        .target = resource.id + "?api-version=" + resource.api_version,
                        .headers = {},
                        .body = {},
                        .host = call.request.host},
                       {});
  asked.caller = call.caller;
  if (resource.existing && resource.api_version.empty()) return Done();
  const Result<Route> route = route_of(asked);
  const bool is_unknown = !route && route.error().code == "InvalidResourceType" &&
                          !api::match_arm(asked.request.method, asked.path());
  if (is_unknown)
    return invalid(
        fmt::format("At '{}.type': the resource type '{}' is not served here. Deploy it "
                    "elsewhere, and give what comes of it as a parameter. There are: {}.",
                    resource.where, resource.type, deployable_types()));
  if (!route) return invalid(fmt::format("At '{}': {}", resource.where, route.error().message));
  TRY(allow(asked, *route));
  if (resource.existing) return Done();
  const Result<json::object> body = plan.body_of(resource);
  if (!body && body.error().code == templates::unanswered) return Done();
  if (!body) return invalid(body.error().message);
  if (is_nested(resource)) return check_nested(call, resource, *body);
  const std::optional<api::ArmMatch> match = api::match_arm("PUT", asked.path());
  if (!match || !match->facts->body) return Done();
  json::value copy = *body;
  const Result<> good = api::canonicalize(*match->facts->body, asked.version, copy);
  if (good) return Done();
  return arm::refuse(
      "InvalidTemplateDeployment",
      fmt::format("The template deployment is not valid. At '{}': {}", resource.where,
                  plain_text(plan.masked(json::value(good.error().message)))));
}

// A template in the template is read now as far as its parameters are known now.
Result<> Management::check_nested(const Call& call, const templates::Resource& resource,
                                  const json::object& body) const {
  const json::object* properties = object_at(body, "properties");
  const json::object* options =
      properties == nullptr ? nullptr : object_at(*properties, "expressionEvaluationOptions");
  const json::object* inner = properties == nullptr ? nullptr : object_at(*properties, "template");
  const bool own_names = options != nullptr && same_folded(text_at(*options, "scope"), "inner");
  if (inner != nullptr && !own_names && has_expressions(*inner))
    return invalid(fmt::format(
        "At '{}': a nested deployment whose expressions belong to the template around it is not "
        "served here. Set properties.expressionEvaluationOptions.scope to 'inner', as Bicep's "
        "modules do, and give it parameters.",
        resource.where));
  const json::object none;
  Result<Plan> plan = plan_of(call, properties == nullptr ? none : *properties, resource.name);
  if (plan) return Done();
  Error error = plan.error();
  error.message = fmt::format("At '{}': {}", resource.where, error.message);
  return std::unexpected(std::move(error));
}

void Management::validate_deployment(Call call) {
  const Result<Plan> plan = plan_of(call);
  if (!plan) return answer_error(call, plan.error());
  json::array validated;
  for (const templates::Resource& one : (*plan)->resources()) {
    if (!one.existing && !one.skipped) validated.push_back(json::object{{"id", one.id}});
  }
  const std::string& name = call.parameters.at(2);
  answer_json(call, json::object{{"id", deployment_id(call.parameters.at(1), name)},
                                 {"name", name},
                                 {"type", "Microsoft.Resources/deployments"},
                                 {"properties",
                                  {{"provisioningState", "Succeeded"},
                                   {"mode", "Incremental"},
                                   {"timestamp", to_iso8601(call.now)},
                                   {"duration", "PT0S"},
                                   {"correlationId", call.request_id},
                                   {"parameters", (*plan)->shown_parameters()},
                                   {"validatedResources", std::move(validated)}}}});
}

}  // namespace batchyard::arm
