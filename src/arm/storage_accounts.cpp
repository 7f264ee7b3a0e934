// The storage of accounts as Azure Resource Manager sees it, as far as clients of Batch need it. An
// account's built-in storage is a storage account: of the account's own name, and of the one that
// was made for it before and given to it as its auto storage.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t storage_name_min = 3;
constexpr std::size_t storage_name_max = 24;
constexpr std::size_t storages_max = 200;

std::unexpected<Error> no_storage(std::string_view group, std::string_view name) {
  return arm::refuse(
      "StorageAccountNotFound",
      fmt::format("The storage account '{}' under resource group '{}' was not found. "
                  "An account's built-in storage has its name; others are made with "
                  "`az storage account create` before an account is given them.",
                  name, group));
}

// Group and name in a storage account's id; of a classic one, too.
std::optional<std::pair<std::string, std::string>> parts_of_id(std::string_view id) {
  const std::vector<std::string_view> parts = split(id, '/');
  const bool good = parts.size() == 9 && parts[0].empty() &&
                    same_folded(parts[1], "subscriptions") &&
                    same_folded(parts[3], "resourceGroups") && same_folded(parts[5], "providers") &&
                    (same_folded(parts[6], "Microsoft.Storage") ||
                     same_folded(parts[6], "Microsoft.ClassicStorage")) &&
                    same_folded(parts[7], "storageAccounts");
  if (!good) return std::nullopt;
  return std::pair(std::string(parts[4]), std::string(parts[8]));
}

Result<> check_storage_name(std::string_view name) {
  const bool good = name.size() >= storage_name_min && name.size() <= storage_name_max &&
                    std::ranges::all_of(name, [](char letter) {
                      return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
                    });
  if (good) return Done();
  return arm::refuse("InvalidResourceName",
                     fmt::format("The storage account name '{}' is not valid: {} to {} lower-case "
                                 "letters and digits are allowed.",
                                 name, storage_name_min, storage_name_max));
}

std::string id_of_auto_storage(const json::object& properties) {
  const json::object* storage = object_at(properties, "autoStorage");
  return storage == nullptr ? std::string() : text_at(*storage, "storageAccountId");
}

// What of it clients look at.
json::object storage_entity(const std::string& id, std::string_view name, std::string_view location,
                            const std::optional<AccountStorage>& served, Time made) {
  json::object properties{{"provisioningState", "Succeeded"},
                          {"creationTime", to_iso8601(made)},
                          {"primaryLocation", location},
                          {"statusOfPrimary", "available"},
                          {"supportsHttpsTrafficOnly", true}};
  if (served) properties["primaryEndpoints"] = json::object{{"blob", served->endpoint + "/"}};
  return {{"id", id},
          {"name", name},
          {"type", "Microsoft.Storage/storageAccounts"},
          {"location", location},
          {"kind", "StorageV2"},
          {"sku", {{"name", "Standard_LRS"}, {"tier", "Standard"}}},
          {"properties", std::move(properties)}};
}

}  // namespace

std::string Management::storage_id(std::string_view group, std::string_view name) const {
  return fmt::format(
      "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Storage/storageAccounts/{}",
      site_.subscription, group, name);
}

// Whoever asks for it or not, an account has its storage.
Result<> Management::show_auto_storage(const Record& account, json::object& properties) const {
  if (!TRY(ports_.accounts->storage(account.name))) return Done();
  json::value& storage = properties["autoStorage"];
  if (!storage.is_object()) storage.emplace_object();
  json::object& shown = storage.get_object();
  const json::object body = object_of(account.body);
  if (!shown.contains("storageAccountId"))
    shown["storageAccountId"] = storage_id(text_at(body, "group"), account.name);
  if (!shown.contains("authenticationMode")) shown["authenticationMode"] = "StorageKeys";
  const std::string synced = text_at(body, "keysSynced");
  shown["lastKeySync"] = synced.empty() ? to_iso8601(account.modified) : synced;
  return Done();
}

// The keys are always those that hold: what is left to do is to say when.
void Management::sync_storage_keys(Call call) {
  const auto sync = [&]() -> Result<> {
    const std::lock_guard lock(changes_);
    Record account = TRY(account_named(call));
    if (!TRY(ports_.accounts->storage(account.name)))
      return arm::refuse("AutoStorageNotConfigured",
                         fmt::format("The account '{}' has no auto storage. Start the service "
                                     "without --no-storage.",
                                     account.name));
    json::object body = object_of(account.body);
    body["keysSynced"] = to_iso8601(call.now);
    PutCondition condition;
    condition.version = account.version;
    account.body = json::serialize(body);
    TRY(ports_.registry->put(std::move(account), condition));
    return Done();
  };
  if (const Result<> done = sync(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

// What autoStorage says must be there, and of no other account.
Result<> Management::check_auto_storage(const json::object& properties, std::string_view group,
                                        std::string_view account) const {
  const std::string id = id_of_auto_storage(properties);
  if (id.empty()) return Done();
  const std::optional<std::pair<std::string, std::string>> parts = parts_of_id(id);
  if (!parts)
    return arm::refuse(
        "LinkedInvalidPropertyId",
        fmt::format("Property id '{}' at path 'properties.autoStorage."
                    "storageAccountId' is invalid. Give the id of a storage account, "
                    "such as {}.",
                    id, storage_id(group, account)));
  if (same_folded(parts->first, group) && same_folded(parts->second, account)) return Done();
  const std::optional<Record> made =
      TRY(ports_.registry->read(RecordKind::storage_account, {}, parts->second));
  if (!made || !same_folded(text_at(object_of(made->body), "group"), parts->first))
    return no_storage(parts->first, parts->second);
  const std::string holder = TRY(holder_of(*made));
  if (holder.empty() || same_folded(holder, account)) return Done();
  return arm::refuse(
      "StorageAccountInUse",
      fmt::format("The storage account '{}' is the auto storage of the account '{}'. "
                  "Accounts share none here: leave autoStorage out, and the account "
                  "has one of its own name.",
                  parts->second, holder));
}

// The Batch account whose auto storage it is; empty: of none yet.
Result<std::string> Management::holder_of(const Record& storage) const {
  const std::string own = storage_id(text_at(object_of(storage.body), "group"), storage.name);
  for (const Record& account : TRY(ports_.registry->list(RecordKind::account, {}))) {
    const json::object body = object_of(account.body);
    const json::object* set = object_at(body, "properties");
    if (set != nullptr && same_folded(id_of_auto_storage(*set), own)) return account.name;
  }
  return std::string();
}

Result<json::object> Management::storage_shown(const Record& record) const {
  const json::object body = object_of(record.body);
  const bool made = record.kind == RecordKind::storage_account;
  const std::string holder = made ? TRY(holder_of(record)) : record.name;
  std::optional<AccountStorage> served;
  if (!holder.empty()) served = TRY(ports_.accounts->storage(holder));
  json::object entity = storage_entity(storage_id(text_at(body, "group"), record.name), record.name,
                                       text_at(body, "location"), served, record.modified);
  if (const json::object* tags = object_at(body, "tags"); tags != nullptr && made)
    entity["tags"] = *tags;
  return entity;
}

// One that was made, or that of an account of that name.
Result<Record> Management::storage_named(const Call& call) const {
  const Record group = TRY(group_named(call.parameters.at(1)));
  const std::string& name = call.parameters.at(2);
  for (const RecordKind kind : {RecordKind::storage_account, RecordKind::account}) {
    std::optional<Record> found = TRY(ports_.registry->read(kind, {}, name));
    const bool there =
        found && same_folded(text_at(object_of(found->body), "group"), group.name) &&
        (kind == RecordKind::storage_account || TRY(ports_.accounts->storage(found->name)));
    if (there) return *std::move(found);
  }
  return no_storage(group.name, name);
}

void Management::get_storage_account(Call call) {
  const auto read = [&]() -> Result<json::object> {
    const Record record = TRY(storage_named(call));
    return storage_shown(record);
  };
  const Result<json::object> shown = read();
  if (!shown) return answer_error(call, shown.error());
  answer_json(call, *shown);
}

void Management::put_storage_account(Call call) {
  const auto put = [&]() -> Result<json::object> {
    const std::lock_guard lock(changes_);
    const Record group = TRY(group_named(call.parameters.at(1)));
    const std::string& name = call.parameters.at(2);
    TRY(check_storage_name(name));
    const json::value body = TRY(api::parse_body(call.request.body));
    const json::object given = body.is_object() ? body.get_object() : json::object();
    if (text_at(given, "location").empty())
      return arm::refuse("InvalidRequestContent",
                         "The request content was invalid: the property 'location' is missing. "
                         "Give it a text.");
    const std::optional<Record> there =
        TRY(ports_.registry->read(RecordKind::storage_account, {}, name));
    if (there && !same_folded(text_at(object_of(there->body), "group"), group.name))
      return arm::refuse("StorageAccountAlreadyTaken",
                         fmt::format("The storage account named {} is already taken, in the "
                                     "resource group '{}'. Choose another name.",
                                     name, text_at(object_of(there->body), "group")));
    if (!there &&
        TRY(ports_.registry->list(RecordKind::storage_account, {})).size() >= storages_max)
      return arm::refuse("SubscriptionQuotaExceeded",
                         fmt::format("The subscription has its {} storage accounts. Delete one "
                                     "first.",
                                     storages_max));
    json::object kept{{"group", group.name}, {"location", text_at(given, "location")}};
    if (const json::object* tags = object_at(given, "tags")) kept["tags"] = *tags;
    Record record;
    record.kind = RecordKind::storage_account;
    record.name = name;
    record.body = json::serialize(kept);
    record.modified = call.now;
    TRY(ports_.registry->put(record, {}));
    return storage_shown(record);
  };
  const Result<json::object> done = put();
  if (!done) return answer_error(call, done.error());
  answer_json(call, *done);
}

// The storage goes with its account; until then, what refers to it stays good.
void Management::delete_storage_account(Call call) {
  const auto erase = [&]() -> Result<> {
    const std::lock_guard lock(changes_);
    const Record record = TRY(storage_named(call));
    const bool made = record.kind == RecordKind::storage_account;
    const std::string holder = made ? TRY(holder_of(record)) : record.name;
    if (!holder.empty())
      return arm::refuse("StorageAccountInUse",
                         fmt::format("The storage account '{}' is that of the Batch account '{}', "
                                     "and goes with it: az batch account delete --name {}.",
                                     record.name, holder, holder));
    TRY(ports_.registry->erase(RecordKind::storage_account, {}, record.name));
    return Done();
  };
  const Result<> done = erase();
  if (!done && done.error().code == "StorageAccountNotFound") return answer_empty(call, 204);
  if (!done) return answer_error(call, done.error());
  answer_empty(call, 200);
}

void Management::list_storage_accounts(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const std::string group = call.parameters.size() > 1 ? call.parameters[1] : std::string();
    if (!group.empty()) TRY(group_named(group));
    json::array values;
    for (const RecordKind kind : {RecordKind::storage_account, RecordKind::account}) {
      for (const Record& record : TRY(ports_.registry->list(kind, {}))) {
        if (!group.empty() && !same_folded(text_at(object_of(record.body), "group"), group))
          continue;
        // An account that is being made or deleted at this moment has none.
        const Result<std::optional<AccountStorage>> served =
            kind == RecordKind::account ? ports_.accounts->storage(record.name)
                                        : std::optional<AccountStorage>();
        if (kind == RecordKind::account && (!served || !*served)) continue;
        json::object shown = TRY(storage_shown(record));
        values.push_back(std::move(shown));
      }
    }
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

void Management::list_storage_keys(Call call) {
  const auto read = [&]() -> Result<json::object> {
    const Record record = TRY(storage_named(call));
    const bool made = record.kind == RecordKind::storage_account;
    const std::string holder = made ? TRY(holder_of(record)) : record.name;
    const std::optional<AccountStorage> served =
        holder.empty() ? std::optional<AccountStorage>() : TRY(ports_.accounts->storage(holder));
    if (!served)
      return arm::refuse(
          "StorageAccountNotServed",
          fmt::format("The storage account '{}' has no keys yet: it is served once "
                      "it is a Batch account's auto storage (az batch account create "
                      "--storage-account {}).",
                      record.name, record.name));
    json::array keys;
    for (std::size_t at = 0; at < served->keys.size(); ++at)
      keys.push_back(json::object{{"keyName", fmt::format("key{}", at + 1)},
                                  {"value", served->keys[at]},
                                  {"permissions", "FULL"}});
    return json::object{{"keys", std::move(keys)}};
  };
  const Result<json::object> keys = read();
  if (!keys) return answer_error(call, keys.error());
  answer_json(call, *keys);
}

}  // namespace batchyard::arm
