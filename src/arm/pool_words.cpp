#include "arm/pool_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "preflight/definition.h"
#include "preflight/dialect.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;
using preflight::arm_words;

json::object* object_in(json::object& object, std::string_view name) {
  json::value* value = object.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

// Each object of the list of that name.
template <class Use>
void each_in(json::object& object, std::string_view name, Use use) {
  json::value* list = object.if_contains(name);
  if (list == nullptr || !list->is_array()) return;
  for (json::value& one : list->get_array()) {
    if (one.is_object()) use(one.get_object());
  }
}

void rename(json::object& object, std::string_view from, std::string_view to) {
  const auto found = object.find(from);
  if (found == object.end()) return;
  json::value value = std::move(found->value());
  object.erase(found);
  object[to] = std::move(value);
}

Result<> check_scale(const json::object& properties) {
  const json::object* scale = object_at(properties, "scaleSettings");
  if (scale == nullptr) return Done();
  const json::object* fixed = object_at(*scale, "fixedScale");
  if (fixed != nullptr && scale->contains("autoScale"))
    return refusal("InvalidAutoScalingSettings",
                   "The specified auto-scaling settings are invalid: give either "
                   "properties.scaleSettings.fixedScale or properties.scaleSettings.autoScale, not "
                   "both.",
                   {{"PropertyName", "properties.scaleSettings"}});
  if (fixed != nullptr && !fixed->contains("targetDedicatedNodes") &&
      !fixed->contains("targetLowPriorityNodes"))
    return refusal("MissingRequiredProperty",
                   "A required property was not specified in the request body: give "
                   "targetDedicatedNodes, targetLowPriorityNodes, or both.",
                   {{"PropertyName", "properties.scaleSettings.fixedScale.targetDedicatedNodes"}});
  return Done();
}

// What a pool refers to lies in its own account.
Result<> check_references(const json::object& properties, const std::string& account_id) {
  for (const char* name : {"applicationPackages", "certificates"}) {
    const json::value* list = properties.if_contains(name);
    if (list == nullptr || !list->is_array()) continue;
    for (std::size_t at = 0; at < list->get_array().size(); ++at) {
      const std::string id = text_at(list->get_array()[at].get_object(), "id");
      const std::string_view start = std::string_view(id).substr(0, account_id.size());
      if (!id.contains('/') || same_folded(start, account_id)) continue;
      return bad_property(fmt::format("properties.{}[{}].id", name, at), id,
                          fmt::format("It must lie in the pool's own account: {}/…", account_id));
    }
  }
  return Done();
}

// {"type", "userAssignedIdentities": {"ID": {}}}, which the data plane has as a list.
Result<json::object> identity_of(const json::object& given) {
  json::array list;
  if (const json::object* identities = object_at(given, "userAssignedIdentities")) {
    for (const auto& one : *identities)
      list.push_back(json::object{{"resourceId", std::string_view(one.key())}});
  }
  const bool none = same_folded(text_at(given, "type"), "None");
  if (none != list.empty()) {
    const std::string reason =
        none ? "With type None there are no userAssignedIdentities. Leave them out, or say "
               "UserAssigned."
             : "With type UserAssigned at least one identity is needed: its resource id, with {}.";
    return refusal(
        "InvalidPropertyValue",
        "The value of property 'identity.userAssignedIdentities' is not valid: " + reason,
        {{"PropertyName", "identity.userAssignedIdentities"}, {"Reason", reason}});
  }
  json::object identity{{"type", text_at(given, "type")}};
  if (!list.empty()) identity["userAssignedIdentities"] = std::move(list);
  return identity;
}

json::object shown_identity(const json::object& kept) {
  json::object identity{{"type", text_at(kept, "type")}};
  const json::value* list = kept.if_contains("userAssignedIdentities");
  if (list == nullptr || !list->is_array()) return identity;
  json::object identities;
  for (const json::value& one : list->get_array())
    identities[text_at(one.get_object(), "resourceId")] = json::object();
  identity["userAssignedIdentities"] = std::move(identities);
  return identity;
}

// Errors inside of a resource have names and values there, and details here.
json::object shown_error(json::object error) {
  json::array details;
  each_in(error, "values", [&](json::object& value) {
    details.push_back(
        json::object{{"code", text_at(value, "name")}, {"message", text_at(value, "value")}});
  });
  error.erase("values");
  if (!details.empty()) error["details"] = std::move(details);
  return error;
}

json::object resize_of(const json::object& pool, const json::object& resize) {
  json::object status{{"startTime", text_at(resize, "startTime")},
                      {"targetDedicatedNodes", pool.at("targetDedicatedNodes")},
                      {"nodeDeallocationOption", text_at(resize, "nodeDeallocationOption")},
                      {"resizeTimeout", text_at(pool, "resizeTimeout")}};
  if (pool.at("targetLowPriorityNodes") != 0)
    status["targetLowPriorityNodes"] = pool.at("targetLowPriorityNodes");
  json::array errors;
  if (const json::value* list = pool.if_contains("resizeErrors")) {
    for (const json::value& error : list->get_array())
      errors.push_back(shown_error(error.get_object()));
  }
  if (!errors.empty()) status["errors"] = std::move(errors);
  return status;
}

// Ids of what it refers to are names there, and paths here.
void show_references(json::object& properties, const std::string& account_id) {
  each_in(properties, "applicationPackages", [&](json::object& one) {
    one["id"] = fmt::format("{}/applications/{}", account_id, text_at(one, "id"));
  });
  each_in(properties, "certificates", [&](json::object& one) {
    one["id"] = fmt::format("{}/certificates/{}-{}", account_id,
                            text_at(one, "thumbprintAlgorithm"), text_at(one, "id"));
    one.erase("thumbprintAlgorithm");
  });
  // Which of both names a version has, its view knows.
  each_in(properties, "mountConfiguration", [](json::object& mount) {
    json::object* cifs = object_in(mount, "cifsMountConfiguration");
    if (cifs != nullptr && cifs->contains("userName")) (*cifs)["username"] = cifs->at("userName");
  });
}

std::string upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return text;
}

// "startTask.resourceFiles[0].httpUrl" as a pointer.
std::string pointer_to(std::string_view property) {
  std::string pointer = "/";
  for (const char letter : property) {
    if (letter == '.' || letter == '[')
      pointer += '/';
    else if (letter != ']')
      pointer += letter;
  }
  return pointer;
}

std::string theirs(std::string_view property) {
  if (property == "id") return "name";
  if (property.starts_with("identity.")) return std::string(property);
  const std::string pointer = preflight::to_theirs(arm_words, pointer_to(property));
  return "properties." + preflight::property_of(std::string_view(pointer).substr(1));
}

bool is_path_letter(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
         std::string_view(".[]").contains(letter);
}

// Whether a word of a sentence is a name of the data plane that is another one here.
bool is_moved(std::string_view word) {
  const std::string_view first = word.substr(0, word.find_first_of(".["));
  return std::ranges::any_of(arm_words.moves, [&](const preflight::Move& move) {
    const std::string_view ours = move.ours;
    return first == ours.substr(0, ours.find('/')) && first != "startTask" &&
           first != "networkConfiguration" && first != "mountConfiguration";
  });
}

std::string told(std::string_view message, std::string_view property) {
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    std::size_t end = at;
    while (end < message.size() && is_path_letter(message[end])) ++end;
    while (end > at && message[end - 1] == '.') --end;  // a sentence's
    const std::string_view word = message.substr(at, end - at);
    if (word.empty()) {
      text += message[at++];
      continue;
    }
    const bool is_property = word == property && property != "id";
    text += is_property || is_moved(word) ? theirs(word) : std::string(word);
    at = end;
  }
  return text;
}

}  // namespace

Result<json::object> whole_of_pool(const json::object& body, const std::string& account_id) {
  json::object properties;
  if (const json::object* given = object_at(body, "properties")) properties = *given;
  TRY(check_scale(properties));
  TRY(check_references(properties, account_id));
  json::object whole;
  if (const json::object* scale = object_at(properties, "scaleSettings")) {
    const json::object* fixed = object_at(*scale, "fixedScale");
    if (fixed != nullptr && fixed->contains("nodeDeallocationOption"))
      whole["nodeDeallocationOption"] = fixed->at("nodeDeallocationOption");
  }
  json::object pool = preflight::to_ours(arm_words, std::move(properties));
  preflight::complete_arm_pool(pool);
  whole["pool"] = std::move(pool);
  if (const json::object* identity = object_at(body, "identity"))
    whole["identity"] = TRY(identity_of(*identity));
  if (const json::object* tags = object_at(body, "tags")) whole["tags"] = *tags;
  return whole;
}

json::object entity_of_pool(const json::object& whole, const std::string& account_id) {
  const json::object& given = whole.at("pool").get_object();
  json::object pool = given;
  const json::value* by_formula = pool.if_contains("enableAutoScale");
  if (by_formula != nullptr && *by_formula == true) {
    for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout"})
      pool.erase(name);
  }
  for (const char* name : {"identity", "resizeErrors"}) pool.erase(name);
  json::object properties = preflight::from_ours(arm_words, std::move(pool));
  show_references(properties, account_id);
  properties["provisioningState"] =
      text_at(given, "state") == "deleting" ? "Deleting" : "Succeeded";
  rename(properties, "stateTransitionTime", "provisioningStateTransitionTime");
  properties["vmSize"] = upper(text_at(given, "vmSize"));
  if (json::object* run = object_in(properties, "autoScaleRun")) {
    rename(*run, "timestamp", "evaluationTime");
    if (json::object* error = object_in(*run, "error")) *error = shown_error(*error);
  }
  if (const json::object* resize = object_at(whole, "resize"))
    properties["resizeOperationStatus"] = resize_of(given, *resize);
  const std::string name = text_at(given, "id");
  json::object entity{{"id", fmt::format("{}/pools/{}", account_id, name)},
                      {"name", name},
                      {"type", "Microsoft.Batch/batchAccounts/pools"},
                      {"etag", ""},
                      {"properties", std::move(properties)}};
  if (const json::object* identity = object_at(given, "identity"))
    entity["identity"] = shown_identity(*identity);
  if (const json::object* tags = object_at(whole, "tags")) entity["tags"] = *tags;
  return entity;
}

Error told_of_pool(Error error) {
  std::string property;
  for (Detail& detail : error.details) {
    if (detail.key == "PropertyName") property = detail.value;
  }
  error.message = told(error.message, property);
  constexpr std::string_view id = "property 'id'";
  if (const std::size_t at = error.message.find(id); property == "id" && at != std::string::npos)
    error.message.replace(at, id.size(), "property 'name'");
  for (Detail& detail : error.details) {
    if (detail.key == "PropertyName")
      detail.value = theirs(detail.value);
    else if (detail.key == "Reason" || detail.key == "Message")
      detail.value = told(detail.value, property);
  }
  return error;
}

}  // namespace batchyard::arm
