// Resource groups: names under which accounts lie.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t group_name_max = 90;  // characters, as published

Result<> check_group_name(std::string_view name) {
  const bool good = !name.empty() && name.size() <= group_name_max && !name.ends_with('.') &&
                    std::ranges::all_of(name, [](char letter) {
                      return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                             std::string_view("-_.()").contains(letter);
                    });
  if (good) return Done();
  return refuse(
      "InvalidResourceName",
      fmt::format("The name '{}' of a resource group is not valid: letters, digits, '-', '_', "
                  "'.', '(' and ')' are allowed, {} at most, and no '.' at the end.",
                  name, group_name_max));
}

}  // namespace

Result<Record> Management::group_named(std::string_view name) const {
  std::optional<Record> record = TRY(ports_.registry->read(RecordKind::group, {}, name));
  if (record) return *std::move(record);
  return arm::refuse(
      "ResourceGroupNotFound",
      fmt::format("Resource group '{}' could not be found. `az group create --name {} "
                  "--location {}` makes it.",
                  name, name, location_name));
}

json::object Management::group_entity(const Record& group) const {
  const json::object body = object_of(group.body);
  json::object entity{
      {"id", fmt::format("/subscriptions/{}/resourceGroups/{}", site_.subscription, group.name)},
      {"name", group.name},
      {"type", "Microsoft.Resources/resourceGroups"},
      {"location", text_at(body, "location")},
      {"properties", {{"provisioningState", "Succeeded"}}}};
  if (const json::object* tags = object_at(body, "tags")) entity["tags"] = *tags;
  return entity;
}

void Management::list_groups(Call call) {
  const Result<std::vector<Record>> groups = ports_.registry->list(RecordKind::group, {});
  if (!groups) return answer_error(call, groups.error());
  json::array values;
  for (const Record& group : *groups) values.push_back(group_entity(group));
  answer_list(call, std::move(values));
}

void Management::get_group(Call call) {
  const Result<Record> group = group_named(call.parameters.at(1));
  if (!group) return answer_error(call, group.error());
  answer_json(call, group_entity(*group));
}

void Management::group_exists(Call call) {
  const Result<Record> group = group_named(call.parameters.at(1));
  if (!group) return answer_error(call, group.error());
  answer_empty(call, 204);
}

void Management::put_group(Call call) {
  const auto put = [&]() -> Result<std::pair<Record, bool>> {
    TRY(check_group_name(call.parameters.at(1)));
    const json::value body = TRY(api::parse_body(call.request.body));
    if (!body.is_object() || text_at(body.get_object(), "location").empty())
      return arm::refuse(
          "InvalidRequestContent",
          "The request content was invalid: the property 'location' is missing. Give "
          "it a text.");
    const bool there =
        TRY(ports_.registry->read(RecordKind::group, {}, call.parameters.at(1))).has_value();
    json::object kept{{"location", text_at(body.get_object(), "location")}};
    if (const json::object* tags = object_at(body.get_object(), "tags")) kept["tags"] = *tags;
    Record record;
    record.kind = RecordKind::group;
    record.name = call.parameters.at(1);
    record.body = json::serialize(kept);
    record.modified = call.now;
    const std::optional<Record> made = TRY(ports_.registry->put(std::move(record), {}));
    return std::pair(*made, there);
  };
  const Result<std::pair<Record, bool>> done = put();
  if (!done) return answer_error(call, done.error());
  answer_json(call, group_entity(done->first), done->second ? 200 : 201);
}

// Only an empty one: nothing goes that was not named.
void Management::delete_group(Call call) {
  const auto erase = [&]() -> Result<> {
    const std::lock_guard lock(changes_);
    const Record group = TRY(group_named(call.parameters.at(1)));
    for (const Record& account : TRY(ports_.registry->list(RecordKind::account, {}))) {
      if (same_folded(text_at(object_of(account.body), "group"), group.name))
        return arm::refuse("ResourceGroupNotEmpty",
                           fmt::format("The resource group '{}' still has the Batch account '{}'. "
                                       "Delete it first: az batch account delete --name {} "
                                       "--resource-group {}.",
                                       group.name, account.name, account.name, group.name));
    }
    for (const Record& endpoint :
         TRY(ports_.registry->list(RecordKind::private_endpoint, group.name)))
      return arm::refuse("ResourceGroupNotEmpty",
                         fmt::format("The resource group '{}' still has the private endpoint '{}'. "
                                     "Delete it first: az network private-endpoint delete --name "
                                     "{} --resource-group {}.",
                                     group.name, endpoint.name, endpoint.name, group.name));
    TRY(forget_deployments(group.name));
    // Names without anything behind them, since no account is left.
    for (const Record& storage : TRY(ports_.registry->list(RecordKind::storage_account, {}))) {
      if (same_folded(text_at(object_of(storage.body), "group"), group.name))
        TRY(ports_.registry->erase(RecordKind::storage_account, {}, storage.name));
    }
    TRY(forget_roles_in(
        fmt::format("/subscriptions/{}/resourceGroups/{}", site_.subscription, group.name)));
    TRY(ports_.registry->erase(RecordKind::group, {}, group.name));
    return Done();
  };
  if (const Result<> done = erase(); !done) return answer_error(call, done.error());
  answer_empty(call, 200);
}

}  // namespace batchyard::arm
