// Batch accounts. One is made before its creation is answered; where its client asks how far that
// is, it is done.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/view.h"
#include "arm/account_access.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t name_min = 3;  // contract: limits of the management plane
constexpr std::size_t name_max = 24;
constexpr std::size_t location_max = 90;  // characters

bool is_account_name(std::string_view name) {
  return name.size() >= name_min && name.size() <= name_max &&
         std::ranges::all_of(name, [](char letter) {
           return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
         });
}

std::string name_rule(std::string_view name) {
  return fmt::format(
      "The account name '{}' is not valid: {} to {} lower-case letters and digits are "
      "allowed.",
      name, name_min, name_max);
}

// "East US" and "eastus" are one. It becomes a part of paths.
Result<std::string> location_of(const std::string& text) {
  std::string location;
  for (const char letter : fold(text)) {
    if (letter != ' ') location += letter;
  }
  const bool good = !location.empty() && location.size() <= location_max &&
                    std::ranges::all_of(location, [](char letter) {
                      return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                             std::string_view("-_").contains(letter);
                    });
  if (good) return location;
  return arm::refuse("InvalidRequestContent",
                     fmt::format("The value '{}' of the property 'location' is not valid: letters, "
                                 "digits, '-', '_' and spaces are allowed, {} at most. Any such "
                                 "name is good, for example '{}'.",
                                 text, location_max, location_name));
}

// What a client may set, as it was set.
json::object kept_properties(const json::object& given) {
  json::object kept;
  for (const char* name :
       {"autoStorage", "poolAllocationMode", "keyVaultReference", "publicNetworkAccess",
        "networkProfile", "encryption", "allowedAuthenticationModes"}) {
    if (const json::value* value = given.if_contains(name)) kept[name] = *value;
  }
  return kept;
}

// What has no limit is not shown.
void show_quotas(const AccountQuotas& quotas, json::object& properties) {
  const auto show = [&](std::string_view name, const std::optional<std::int64_t>& quota) {
    if (quota) properties[name] = *quota;
  };
  show("poolQuota", quotas.pools);
  show("activeJobAndJobScheduleQuota", quotas.jobs);
  show("dedicatedCoreQuota", quotas.dedicated_cores);
  show("lowPriorityCoreQuota", quotas.low_priority_cores);
}

// As recorded.
Result<> check_pool_allocation(const json::object& properties) {
  if (!same_folded(text_at(properties, "poolAllocationMode"), "UserSubscription") ||
      object_at(properties, "keyVaultReference") != nullptr)
    return Done();
  std::unexpected<Error> refused =
      arm::refuse("InvalidRequestBody", "The specified Request Body is not syntactically valid.");
  refused.error().details = {{std::string(detail_of_target), "BatchAccount"},
                             {"Reason",
                              "keyVaultReference must be set if poolAllocationMode is specified as "
                              "'UserSubscription' on a PUT request"}};
  return refused;
}

std::vector<HttpHeader> entity_headers(const Record& account) {
  return {{"ETag", etag_of(account.version)}, {"Last-Modified", to_rfc1123(account.modified)}};
}

}  // namespace

std::string Management::account_id(std::string_view group, std::string_view name) const {
  return fmt::format(
      "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Batch/batchAccounts/{}",
      site_.subscription, group, name);
}

std::string Management::account_id(const Call& call) const {
  return account_id(call.parameters.at(1), call.parameters.at(2));
}

Result<Record> Management::account_named(const Call& call) const {
  const Record group = TRY(group_named(call.parameters.at(1)));
  const std::string& name = call.parameters.at(2);
  std::optional<Record> account = TRY(ports_.registry->read(RecordKind::account, {}, name));
  if (account && same_folded(text_at(object_of(account->body), "group"), group.name))
    return *std::move(account);
  return arm::refuse(
      "ResourceNotFound",
      fmt::format("The Resource 'Microsoft.Batch/batchAccounts/{}' under resource group "
                  "'{}' was not found. `az batch account list` shows those there are.",
                  name, group.name));
}

Result<Parent> Management::parent_of(const Call& call) const {
  const Record account = TRY(account_named(call));
  return Parent{ports_.accounts, account.name,
                account_id(text_at(object_of(account.body), "group"), account.name)};
}

Result<json::object> Management::account_entity(const Record& account) const {
  const json::object body = object_of(account.body);
  const std::string endpoint = TRY(ports_.accounts->endpoint(account.name));
  json::array connections;
  for (const Record& connection : TRY(connections_of(account.name)))
    connections.push_back(connection_entity(account, connection));
  json::object properties{
      {"accountEndpoint", endpoint},
      {"nodeManagementEndpoint", endpoint},
      {"provisioningState", "Succeeded"},
      {"dedicatedCoreQuotaPerVMFamilyEnforced", false},
      {"poolAllocationMode", "BatchService"},
      {"publicNetworkAccess", "Enabled"},
      {"privateEndpointConnections", std::move(connections)},
      {"encryption", {{"keySource", "Microsoft.Batch"}}},
      {"allowedAuthenticationModes", json::array{"SharedKey", "AAD", "TaskAuthenticationToken"}}};
  show_quotas(ports_.accounts->quotas(), properties);
  if (const json::object* set = object_at(body, "properties")) {
    for (const auto& member : *set) properties[member.key()] = member.value();
  }
  TRY(show_auto_storage(account, properties));
  json::object entity{{"id", account_id(text_at(body, "group"), account.name)},
                      {"name", account.name},
                      {"type", "Microsoft.Batch/batchAccounts"},
                      {"location", text_at(body, "location")},
                      {"properties", std::move(properties)},
                      {"identity", {{"type", "None"}}}};
  for (const char* name : {"tags", "identity"}) {
    if (const json::object* given = object_at(body, name)) entity[name] = *given;
  }
  return entity;
}

void Management::check_name(Call call) {
  const auto check = [&]() -> Result<json::object> {
    const json::value body = TRY(body_of(call, api::Model::ArmCheckNameAvailabilityParameters));
    const std::string name = text_at(body.get_object(), "name");
    if (!is_account_name(name))
      return json::object{
          {"nameAvailable", false}, {"reason", "Invalid"}, {"message", name_rule(name)}};
    if (TRY(ports_.registry->read(RecordKind::account, {}, name)))
      return json::object{
          {"nameAvailable", false},
          {"reason", "AlreadyExists"},
          {"message", fmt::format("An account named '{}' is already in use.", name)}};
    return json::object{{"nameAvailable", true}};
  };
  const Result<json::object> answer = check();
  if (!answer) return answer_error(call, answer.error());
  answer_json(call, *answer);
}

// Its record, which comes before its service: of those who make one at once, one makes it. Whether
// it is new.
Result<bool> Management::put_account(const Call& call) {
  const std::lock_guard lock(changes_);
  const Record group = TRY(group_named(call.parameters.at(1)));
  const std::string& name = call.parameters.at(2);
  if (!is_account_name(name)) return arm::refuse("InvalidResourceName", name_rule(name));
  const json::value body = TRY(body_of(call, api::Model::ArmBatchAccountCreateParameters));
  const json::object& given = body.get_object();
  const std::string location = TRY(location_of(text_at(given, "location")));
  const std::optional<Record> there = TRY(ports_.registry->read(RecordKind::account, {}, name));
  if (there) {
    const json::object old = object_of(there->body);
    if (!same_folded(text_at(old, "group"), group.name))
      return arm::refuse("AccountAlreadyExists",
                         fmt::format("The account name '{}' is taken, in the resource group '{}'. "
                                     "Choose another one.",
                                     name, text_at(old, "group")));
    if (text_at(old, "location") != location)
      return arm::refuse("InvalidResourceLocation",
                         fmt::format("The account '{}' is at '{}' and cannot be made at '{}'. "
                                     "Leave its location, or delete it first.",
                                     name, text_at(old, "location"), location));
  } else if (ports_.accounts->removing(name)) {
    return arm::refuse(
        "AccountBeingDeleted",
        fmt::format("The account '{}' is still being deleted. Try again in a moment.", name));
  } else if (TRY(ports_.registry->list(RecordKind::account, {})).size() >= accounts_max) {
    return arm::refuse(
        "SubscriptionQuotaExceeded",
        fmt::format("The subscription has its {} Batch accounts. Delete one first.", accounts_max));
  }
  const json::object* properties = object_at(given, "properties");
  if (properties != nullptr) TRY(check_auto_storage(*properties, group.name, name));
  json::object kept{{"group", group.name}, {"location", location}};
  for (const char* part : {"tags", "identity"}) {
    if (const json::object* object = object_at(given, part)) kept[part] = *object;
  }
  kept["properties"] = properties == nullptr ? json::object() : kept_properties(*properties);
  TRY(check_pool_allocation(kept["properties"].get_object()));
  TRY(access_rules_of(kept["properties"].get_object()));
  Record record;
  record.kind = RecordKind::account;
  record.name = name;
  record.body = json::serialize(kept);
  record.modified = call.now;
  TRY(ports_.registry->put(std::move(record), {}));
  return !there;
}

void Management::apply_access(const Record& account) {
  const json::object body = object_of(account.body);
  const json::object* properties = object_at(body, "properties");
  const Result<identity::AccessRules> rules =
      access_rules_of(properties == nullptr ? json::object() : *properties);
  // One that was kept before this was looked at, and says nothing that is understood, opens
  // nothing.
  ports_.accounts->use_access(account.name,
                              rules ? *rules : identity::AccessRules{.is_public = false});
}

Result<> Management::open_accounts() {
  const std::lock_guard lock(changes_);
  for (const Record& account : TRY(ports_.registry->list(RecordKind::account, {})))
    apply_access(account);
  return Done();
}

void Management::create_account(Call call) {
  const auto create = [&]() -> Result<> {
    const std::string& name = call.parameters.at(2);
    const bool is_new = TRY(put_account(call));
    Result<> opened = is_new ? ports_.accounts->open(name) : Done();
    const std::lock_guard lock(changes_);
    if (opened) {
      apply_access(TRY(account_named(call)));
      return Done();
    }
    TRY(ports_.registry->erase(RecordKind::account, {}, name));
    return opened;
  };
  if (const Result<> done = create(); !done) return answer_error(call, done.error());
  const std::string results =
      fmt::format("{}{}/operationResults/{}?api-version={}", call.base_url(),
                  account_id(call.parameters.at(1), call.parameters.at(2)), ports_.new_guid(),
                  call.version_text);
  answer_empty(call, 202, {{"Location", results}, {"Retry-After", "1"}});
}

void Management::get_account(Call call) {
  const auto read = [&]() -> Result<std::pair<Record, json::object>> {
    Record account = TRY(account_named(call));
    json::object entity = TRY(account_entity(account));
    return std::pair(std::move(account), std::move(entity));
  };
  Result<std::pair<Record, json::object>> found = read();
  if (!found) return answer_error(call, found.error());
  api::view(api::Model::ArmBatchAccount, call.version, found->second);
  answer_json(call, found->second, 200, entity_headers(found->first));
}

// The client that made it asks here with the version that it speaks.
void Management::show_created_account(Call call) {
  if (const std::optional<api::Version> version = api::find_arm_version(call.version_text))
    call.version = *version;
  get_account(std::move(call));
}

void Management::update_account(Call call) {
  const auto update = [&]() -> Result<> {
    const std::lock_guard lock(changes_);
    const Record account = TRY(account_named(call));
    const json::value body = TRY(body_of(call, api::Model::ArmBatchAccountUpdateParameters));
    const json::object& given = body.get_object();
    json::object kept = object_of(account.body);
    for (const char* part : {"tags", "identity"}) {
      if (const json::object* object = object_at(given, part)) kept[part] = *object;
    }
    if (const json::object* properties = object_at(given, "properties")) {
      TRY(check_auto_storage(*properties, text_at(kept, "group"), account.name));
      json::object merged =
          object_at(kept, "properties") ? *object_at(kept, "properties") : json::object();
      for (auto& member : kept_properties(*properties)) merged[member.key()] = member.value();
      kept["properties"] = std::move(merged);
      TRY(access_rules_of(kept["properties"].get_object()));
    }
    Record record;
    record.kind = RecordKind::account;
    record.name = account.name;
    record.body = json::serialize(kept);
    record.modified = call.now;
    PutCondition condition;
    condition.version = account.version;
    const std::optional<Record> changed = TRY(ports_.registry->put(std::move(record), condition));
    if (!changed)
      return arm::refuse(
          "ConditionNotMet",
          fmt::format("The account '{}' was changed meanwhile. Try again.", account.name));
    apply_access(*changed);
    return Done();
  };
  if (const Result<> done = update(); !done) return answer_error(call, done.error());
  get_account(std::move(call));
}

// Its record goes first: what is left of it then goes even when we end meanwhile.
void Management::delete_account(Call call) {
  const auto erase = [&]() -> Result<Record> {
    const std::lock_guard lock(changes_);
    Record account = TRY(account_named(call));
    TRY(ports_.accounts->begin_removal(account.name));
    TRY(forget_roles_in(account_id(text_at(object_of(account.body), "group"), account.name)));
    for (const Record& connection : TRY(connections_of(account.name)))
      TRY(ports_.registry->erase(RecordKind::connection, account.name, connection.name));
    TRY(ports_.registry->erase(RecordKind::account, {}, account.name));
    ports_.accounts->remove(account.name);
    return account;
  };
  const Result<Record> done = erase();
  if (!done) return answer_error(call, done.error());
  const std::string results = fmt::format(
      "{}/subscriptions/{}/providers/Microsoft.Batch/locations/{}/accountOperationResults/{}-{}"
      "?api-version={}",
      call.base_url(), site_.subscription, text_at(object_of(done->body), "location"), done->name,
      ports_.new_guid(), call.version_text);
  answer_empty(call, 202, {{"Location", results}, {"Retry-After", "1"}});
}

void Management::show_deleted_account(Call call) {
  const std::string& operation = call.parameters.at(2);
  const std::string name = operation.substr(0, operation.find('-'));
  if (!ports_.accounts->removing(name)) return answer_empty(call, 200);
  answer_empty(
      call, 202,
      {{"Location", call.base_url() + std::string(call.request.target)}, {"Retry-After", "1"}});
}

void Management::list_accounts(Call call) {
  call.parameters.resize(2);
  call.parameters[1].clear();
  list_accounts_of_group(std::move(call));
}

void Management::list_accounts_of_group(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const std::string& group = call.parameters.at(1);
    if (!group.empty()) TRY(group_named(group));
    json::array values;
    for (const Record& account : TRY(ports_.registry->list(RecordKind::account, {}))) {
      if (!group.empty() && !same_folded(text_at(object_of(account.body), "group"), group))
        continue;
      // One that is being made or deleted at this moment has no endpoint.
      if (!ports_.accounts->endpoint(account.name)) continue;
      json::object entity = TRY(account_entity(account));
      api::view(api::Model::ArmBatchAccount, call.version, entity);
      values.push_back(std::move(entity));
    }
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

void Management::get_keys(Call call) {
  const auto read = [&]() -> Result<json::object> {
    const Record account = TRY(account_named(call));
    const AccountKeys keys = TRY(ports_.accounts->keys(account.name));
    return json::object{
        {"accountName", account.name}, {"primary", keys.primary}, {"secondary", keys.secondary}};
  };
  const Result<json::object> keys = read();
  if (!keys) return answer_error(call, keys.error());
  answer_json(call, *keys);
}

void Management::regenerate_key(Call call) {
  const auto renew = [&]() -> Result<> {
    const Record account = TRY(account_named(call));
    const json::value body = TRY(body_of(call, api::Model::ArmBatchAccountRegenerateKeyParameters));
    TRY(ports_.accounts->renew_key(account.name,
                                   text_at(body.get_object(), "keyName") == "Primary"));
    return Done();
  };
  if (const Result<> done = renew(); !done) return answer_error(call, done.error());
  get_keys(std::move(call));
}

}  // namespace batchyard::arm
