// Private endpoints, which lead to accounts from elsewhere: they are kept and shown, and accounts
// approve or reject their connections. There is no network behind them.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/view.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

// A connection's record, whose parent is its account.
struct Connection {
  std::string endpoint;  // id of the private endpoint
  std::string service;   // its name there
  std::string group;     // "batchAccount", "nodeManagement"
  std::string status;    // "Approved", "Pending", "Rejected", "Disconnected"
  std::string description;
};

Connection connection_of(const Record& record) {
  const json::object body = object_of(record.body);
  return {.endpoint = text_at(body, "endpoint"),
          .service = text_at(body, "service"),
          .group = text_at(body, "group"),
          .status = text_at(body, "status"),
          .description = text_at(body, "description")};
}

std::string text_of(const Connection& connection) {
  return json::serialize(json::object{{"endpoint", connection.endpoint},
                                      {"service", connection.service},
                                      {"group", connection.group},
                                      {"status", connection.status},
                                      {"description", connection.description}});
}

json::object state_of(const Connection& connection) {
  return {{"status", connection.status},
          {"description", connection.description},
          {"actionsRequired", "None"},
          {"actionRequired", "None"}};
}

// What a body of a private endpoint says of its one connection.
struct Wanted {
  std::string service;
  std::string account;  // its resource id
  std::string group;
  bool manual = false;
};

std::unexpected<Error> bad_endpoint(std::string_view property, std::string_view cure) {
  return arm::refuse(
      "InvalidRequestContent",
      fmt::format("The request content was invalid: the property '{}' {}", property, cure));
}

Result<Wanted> wanted_in(const json::object& properties) {
  for (const char* list :
       {"privateLinkServiceConnections", "manualPrivateLinkServiceConnections"}) {
    const json::value* given = properties.if_contains(list);
    if (given == nullptr || !given->is_array() || given->get_array().empty()) continue;
    const std::string where = fmt::format("properties.{}", list);
    const json::array& connections = given->get_array();
    if (connections.size() != 1)
      return bad_endpoint(where, "has more than one connection. Give one.");
    if (!connections.front().is_object()) return bad_endpoint(where, "must hold an object.");
    const json::object& connection = connections.front().get_object();
    const json::object* facts = object_at(connection, "properties");
    Wanted wanted{.service = text_at(connection, "name"), .manual = list[0] == 'm'};
    if (facts != nullptr) {
      wanted.account = text_at(*facts, "privateLinkServiceId");
      if (const json::value* groups = facts->if_contains("groupIds");
          groups != nullptr && groups->is_array() && groups->get_array().size() == 1 &&
          groups->get_array().front().is_string())
        wanted.group = std::string_view(groups->get_array().front().get_string());
    }
    if (wanted.service.empty()) return bad_endpoint(where + "[0].name", "is missing. Give a name.");
    if (wanted.account.empty())
      return bad_endpoint(where + "[0].properties.privateLinkServiceId",
                          "is missing. Give the id of a Batch account.");
    for (const char* group : {"batchAccount", "nodeManagement"}) {
      if (same_folded(wanted.group, group)) {
        wanted.group = group;
        return wanted;
      }
    }
    return bad_endpoint(where + "[0].properties.groupIds",
                        "must be [\"batchAccount\"] or [\"nodeManagement\"].");
  }
  return bad_endpoint("properties.privateLinkServiceConnections",
                      "is missing. Give the connection to a Batch account.");
}

std::string endpoint_id(const Site& site, std::string_view group, std::string_view name) {
  return fmt::format(
      "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Network/privateEndpoints/{}",
      site.subscription, group, name);
}

}  // namespace

Result<std::vector<Record>> Management::connections_of(std::string_view account) const {
  return ports_.registry->list(RecordKind::connection, account);
}

json::object Management::connection_entity(const Record& account, const Record& record) const {
  const Connection connection = connection_of(record);
  return {{"id", fmt::format("{}/privateEndpointConnections/{}",
                             account_id(text_at(object_of(account.body), "group"), account.name),
                             record.name)},
          {"name", record.name},
          {"type", "Microsoft.Batch/batchAccounts/privateEndpointConnections"},
          {"etag", weak_etag_of(record.version)},
          {"properties",
           {{"provisioningState", "Succeeded"},
            {"privateEndpoint", {{"id", connection.endpoint}}},
            {"privateLinkServiceConnectionState", state_of(connection)},
            {"groupIds", json::array{connection.group}}}}};
}

Result<Record> Management::connection_named(const Call& call) const {
  const Record account = TRY(account_named(call));
  const std::string& name = call.parameters.at(3);
  std::optional<Record> found =
      TRY(ports_.registry->read(RecordKind::connection, account.name, name));
  if (found) return *std::move(found);
  return arm::refuse("ResourceNotFound",
                     fmt::format("The private endpoint connection '{}' of the account '{}' was not "
                                 "found. `az batch private-endpoint-connection list` shows those "
                                 "there are.",
                                 name, account.name));
}

void Management::list_connections(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const Record account = TRY(account_named(call));
    json::array values;
    for (const Record& connection : TRY(connections_of(account.name))) {
      json::object entity = connection_entity(account, connection);
      api::view(api::Model::ArmPrivateEndpointConnection, call.version, entity);
      values.push_back(std::move(entity));
    }
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_page(call, *std::move(values));
}

void Management::get_connection(Call call) {
  const auto read = [&]() -> Result<std::pair<Record, json::object>> {
    const Record account = TRY(account_named(call));
    Record connection = TRY(connection_named(call));
    json::object entity = connection_entity(account, connection);
    api::view(api::Model::ArmPrivateEndpointConnection, call.version, entity);
    return std::pair(std::move(connection), std::move(entity));
  };
  Result<std::pair<Record, json::object>> found = read();
  if (!found) return answer_error(call, found.error());
  answer_json(call, found->second, 200,
              {{"ETag", weak_etag_of(found->first.version)},
               {"Last-Modified", to_rfc1123(found->first.modified)}});
}

// Done when it is answered; clients ask how far it is all the same.
void Management::answer_changed_connection(Call& call, std::string_view verb) {
  const std::string results =
      fmt::format("{}{}/privateEndpointConnectionResults/{}{}?api-version={}", call.base_url(),
                  account_id(call.parameters.at(1), call.parameters.at(2)), verb, ports_.new_guid(),
                  call.version_text);
  answer_empty(call, 202,
               {{"Azure-AsyncOperation", results}, {"Location", results}, {"Retry-After", "0"}});
}

void Management::update_connection(Call call) {
  const auto update = [&]() -> Result<> {
    const std::lock_guard lock(changes_);
    Record record = TRY(connection_named(call));
    TRY(check_conditions(call, weak_etag_of(record.version)));
    const json::value body = TRY(body_of(call, api::Model::ArmPrivateEndpointConnection));
    const json::object* properties = object_at(body.get_object(), "properties");
    const json::object* state = properties == nullptr
                                    ? nullptr
                                    : object_at(*properties, "privateLinkServiceConnectionState");
    if (state == nullptr)
      return bad_endpoint("properties.privateLinkServiceConnectionState",
                          "is missing. Give it a status: Approved, Pending, Rejected or "
                          "Disconnected.");
    Connection connection = connection_of(record);
    connection.status = text_at(*state, "status");
    connection.description = text_at(*state, "description");
    record.body = text_of(connection);
    record.modified = call.now;
    TRY(ports_.registry->put(std::move(record), {}));
    return Done();
  };
  if (const Result<> done = update(); !done) return answer_error(call, done.error());
  answer_changed_connection(call, "update-");
}

void Management::delete_connection(Call call) {
  const auto erase = [&]() -> Result<bool> {
    const std::lock_guard lock(changes_);
    const Record account = TRY(account_named(call));
    return ports_.registry->erase(RecordKind::connection, account.name, call.parameters.at(3));
  };
  const Result<bool> done = erase();
  if (!done) return answer_error(call, done.error());
  if (!*done) return answer_empty(call, 204);
  answer_changed_connection(call, "delete-");
}

void Management::show_changed_connection(Call call) {
  answer_json(call, json::object{{"status", "Succeeded"}, {"retryAfter", 0}});
}

json::object Management::private_endpoint_entity(const Record& endpoint) const {
  const json::object body = object_of(endpoint.body);
  const std::string id = endpoint_id(site_, endpoint.parent, endpoint.name);
  const std::string account = text_at(body, "account");
  json::object entity{{"id", id},
                      {"name", endpoint.name},
                      {"type", "Microsoft.Network/privateEndpoints"},
                      {"location", text_at(body, "location")},
                      {"etag", weak_etag_of(endpoint.version)}};
  if (const json::object* tags = object_at(body, "tags")) entity["tags"] = *tags;
  // An account's connection that is gone was cut off there.
  Connection connection{.endpoint = id,
                        .service = text_at(body, "service"),
                        .group = text_at(body, "group"),
                        .status = "Disconnected",
                        .description = "The account has removed it"};
  const Result<std::optional<Record>> kept =
      ports_.registry->read(RecordKind::connection, account, text_at(body, "connection"));
  if (kept && *kept) connection = connection_of(**kept);
  json::object link{
      {"name", connection.service},
      {"id", fmt::format("{}/privateLinkServiceConnections/{}", id, connection.service)},
      {"properties",
       {{"provisioningState", "Succeeded"},
        {"privateLinkServiceId", text_at(body, "accountId")},
        {"groupIds", json::array{connection.group}},
        {"privateLinkServiceConnectionState", state_of(connection)}}}};
  const bool manual = body.contains("manual");
  json::object properties{
      {"provisioningState", "Succeeded"},
      {"privateLinkServiceConnections", manual ? json::array() : json::array{link}},
      {"manualPrivateLinkServiceConnections", manual ? json::array{link} : json::array()},
      {"networkInterfaces", json::array()},
      {"customDnsConfigs", json::array()}};
  if (const json::object* subnet = object_at(body, "subnet")) properties["subnet"] = *subnet;
  entity["properties"] = std::move(properties);
  return entity;
}

void Management::list_private_endpoints(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const Record group = TRY(group_named(call.parameters.at(1)));
    json::array values;
    for (const Record& endpoint :
         TRY(ports_.registry->list(RecordKind::private_endpoint, group.name)))
      values.push_back(private_endpoint_entity(endpoint));
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

Result<Record> Management::private_endpoint_named(const Call& call) const {
  const Record group = TRY(group_named(call.parameters.at(1)));
  std::optional<Record> found =
      TRY(ports_.registry->read(RecordKind::private_endpoint, group.name, call.parameters.at(2)));
  if (found) return *std::move(found);
  return arm::refuse(
      "ResourceNotFound",
      fmt::format("The Resource 'Microsoft.Network/privateEndpoints/{}' under resource group '{}' "
                  "was not found.",
                  call.parameters.at(2), group.name));
}

void Management::get_private_endpoint(Call call) {
  const Result<Record> endpoint = private_endpoint_named(call);
  if (!endpoint) return answer_error(call, endpoint.error());
  answer_json(call, private_endpoint_entity(*endpoint));
}

// Whoever makes one changes the account that it leads to, too: that right is asked for as well.
Result<Record> Management::account_to_connect(const Call& call, const std::string& id) const {
  for (const Record& account : TRY(ports_.registry->list(RecordKind::account, {}))) {
    const std::string known = account_id(text_at(object_of(account.body), "group"), account.name);
    if (!same_folded(known, id)) continue;
    const std::vector<Assignment> assignments = TRY(assignments_of(call.caller.principal));
    if (may(assignments, call.caller.principal, Plane::management, Verb::write, known))
      return account;
    return arm::refuse("LinkedAuthorizationFailed",
                       fmt::format("The client may not change the account '{}' that the private "
                                   "endpoint leads to. An owner of it can make the endpoint, or "
                                   "give a role with `batchyard identity assign`.",
                                   id));
  }
  return arm::refuse("ResourceNotFound",
                     fmt::format("The value '{}' of the property 'privateLinkServiceId' names no "
                                 "Batch account here. `az batch account list` shows their ids.",
                                 id));
}

void Management::put_private_endpoint(Call call) {
  const auto put = [&]() -> Result<std::pair<Record, bool>> {
    const std::lock_guard lock(changes_);
    const Record group = TRY(group_named(call.parameters.at(1)));
    const json::value body = TRY(api::parse_body(call.request.body));
    if (!body.is_object()) return bad_endpoint("properties", "is missing.");
    const json::object* properties = object_at(body.get_object(), "properties");
    if (properties == nullptr) return bad_endpoint("properties", "is missing.");
    const Wanted wanted = TRY(wanted_in(*properties));
    const Record account = TRY(account_to_connect(call, wanted.account));
    const std::string& name = call.parameters.at(2);
    const std::optional<Record> there =
        TRY(ports_.registry->read(RecordKind::private_endpoint, group.name, name));
    if (there && !same_folded(text_at(object_of(there->body), "accountId"), wanted.account))
      return bad_endpoint("privateLinkServiceId",
                          "cannot be changed. Delete the private endpoint first.");
    const std::string connection = there ? text_at(object_of(there->body), "connection")
                                         : fmt::format("{}.{}", name, ports_.new_guid());
    json::object kept{{"location", text_at(body.get_object(), "location")},
                      {"account", account.name},
                      {"accountId", wanted.account},
                      {"connection", connection},
                      {"service", wanted.service},
                      {"group", wanted.group}};
    if (wanted.manual) kept["manual"] = true;
    for (const auto& [part, from] :
         {std::pair("tags", &body.get_object()), std::pair("subnet", properties)}) {
      if (const json::object* object = object_at(*from, part)) kept[part] = *object;
    }
    if (!there) {
      Record record{.kind = RecordKind::connection, .parent = account.name, .name = connection};
      record.body = text_of({.endpoint = endpoint_id(site_, group.name, name),
                             .service = wanted.service,
                             .group = wanted.group,
                             .status = wanted.manual ? "Pending" : "Approved",
                             .description = wanted.manual ? "Awaits approval" : "Auto-approved"});
      record.modified = call.now;
      TRY(ports_.registry->put(std::move(record), {}));
    }
    Record record{.kind = RecordKind::private_endpoint, .parent = group.name, .name = name};
    record.body = json::serialize(kept);
    record.modified = call.now;
    const std::optional<Record> made = TRY(ports_.registry->put(std::move(record), {}));
    return std::pair(*made, there.has_value());
  };
  const Result<std::pair<Record, bool>> done = put();
  if (!done) return answer_error(call, done.error());
  answer_json(call, private_endpoint_entity(done->first), done->second ? 200 : 201);
}

void Management::delete_private_endpoint(Call call) {
  const auto erase = [&]() -> Result<bool> {
    const std::lock_guard lock(changes_);
    const Record group = TRY(group_named(call.parameters.at(1)));
    const std::optional<Record> there =
        TRY(ports_.registry->read(RecordKind::private_endpoint, group.name, call.parameters.at(2)));
    if (!there) return false;
    const json::object body = object_of(there->body);
    TRY(ports_.registry->erase(RecordKind::connection, text_at(body, "account"),
                               text_at(body, "connection")));
    return ports_.registry->erase(RecordKind::private_endpoint, group.name, there->name);
  };
  const Result<bool> done = erase();
  if (!done) return answer_error(call, done.error());
  answer_empty(call, *done ? 200 : 204);
}

}  // namespace batchyard::arm
