#include "preflight/dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "base/text.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

// Order matters: a later move works on what an earlier one has moved.
constexpr Move arm_moves[] = {
    {"deploymentConfiguration/virtualMachineConfiguration", "virtualMachineConfiguration"},
    {"deploymentConfiguration/cloudServiceConfiguration", "cloudServiceConfiguration"},
    {"virtualMachineConfiguration/nodeAgentSkuId", "virtualMachineConfiguration/nodeAgentSKUId"},
    {"virtualMachineConfiguration/imageReference/id",
     "virtualMachineConfiguration/imageReference/virtualMachineImageId"},
    {"scaleSettings/fixedScale/targetDedicatedNodes", "targetDedicatedNodes"},
    {"scaleSettings/fixedScale/targetLowPriorityNodes", "targetLowPriorityNodes"},
    {"scaleSettings/fixedScale/resizeTimeout", "resizeTimeout"},
    {"scaleSettings/autoScale/formula", "autoScaleFormula"},
    {"scaleSettings/autoScale/evaluationInterval", "autoScaleEvaluationInterval"},
    {"interNodeCommunication", "enableInterNodeCommunication", Turn::switched},
    {"applicationPackages", "applicationPackageReferences"},
    {"applicationPackageReferences/*/id", "applicationPackageReferences/*/applicationId",
     Turn::last_part},
    {"certificates", "certificateReferences"},
    {"certificateReferences/*/id", "certificateReferences/*/thumbprint", Turn::thumbprint},
    {"networkConfiguration/endpointConfiguration/inboundNatPools",
     "networkConfiguration/endpointConfiguration/inboundNATPools"},
    {"networkConfiguration/dynamicVnetAssignmentScope",
     "networkConfiguration/dynamicVNetAssignmentScope"},
    {"startTask/userIdentity/userName", "startTask/userIdentity/username"},
    {"mountConfiguration/*/cifsMountConfiguration/userName",
     "mountConfiguration/*/cifsMountConfiguration/username"},
};

// az writes the names of its library, which is in Python, as JSON.
constexpr Move answer_moves[] = {
    {"resizeTimeout", "resizeTimeout", Turn::clock},
    {"autoScaleEvaluationInterval", "autoScaleEvaluationInterval", Turn::clock},
    {"virtualMachineConfiguration/nodeAgentSkuId", "virtualMachineConfiguration/nodeAgentSKUId"},
    {"virtualMachineConfiguration/dataDisks/*/diskSizeGb",
     "virtualMachineConfiguration/dataDisks/*/diskSizeGB"},
    {"virtualMachineConfiguration/osDisk/diskSizeGb",
     "virtualMachineConfiguration/osDisk/diskSizeGB"},
    {"virtualMachineConfiguration/osDisk/ephemeralOsDiskSettings",
     "virtualMachineConfiguration/osDisk/ephemeralOSDiskSettings"},
    {"virtualMachineConfiguration/containerConfiguration/containerRegistries/*/userName",
     "virtualMachineConfiguration/containerConfiguration/containerRegistries/*/username"},
    {"networkConfiguration/dynamicVnetAssignmentScope",
     "networkConfiguration/dynamicVNetAssignmentScope"},
    {"networkConfiguration/publicIpAddressConfiguration",
     "networkConfiguration/publicIPAddressConfiguration"},
    {"networkConfiguration/endpointConfiguration/inboundNatPools",
     "networkConfiguration/endpointConfiguration/inboundNATPools"},
    {"startTask/userIdentity/userName", "startTask/userIdentity/username"},
    {"startTask/containerSettings/registry/userName",
     "startTask/containerSettings/registry/username"},
    {"mountConfiguration/*/cifsMountConfiguration/userName",
     "mountConfiguration/*/cifsMountConfiguration/username"},
    {"upgradePolicy/automaticOsUpgradePolicy", "upgradePolicy/automaticOSUpgradePolicy"},
    {"upgradePolicy/automaticOSUpgradePolicy/enableAutomaticOsUpgrade",
     "upgradePolicy/automaticOSUpgradePolicy/enableAutomaticOSUpgrade"},
};

constexpr Move shipyard_moves[] = {
    {"id", "id"},
    {"vm_size", "vmSize"},
    {"vm_count/dedicated", "targetDedicatedNodes"},
    {"vm_count/low_priority", "targetLowPriorityNodes"},
    {"max_tasks_per_node", "taskSlotsPerNode"},
    {"task_slots_per_node", "taskSlotsPerNode"},
    {"node_fill_type", "taskSchedulingPolicy/nodeFillType"},
    {"resize_timeout", "resizeTimeout", Turn::clock},
    {"inter_node_communication_enabled", "enableInterNodeCommunication"},
    {"vm_configuration/platform_image/publisher",
     "virtualMachineConfiguration/imageReference/publisher"},
    {"vm_configuration/platform_image/offer", "virtualMachineConfiguration/imageReference/offer"},
    {"vm_configuration/platform_image/sku", "virtualMachineConfiguration/imageReference/sku"},
    {"vm_configuration/platform_image/version",
     "virtualMachineConfiguration/imageReference/version"},
    {"vm_configuration/platform_image/license_type", "virtualMachineConfiguration/licenseType"},
    {"vm_configuration/custom_image/arm_image_id",
     "virtualMachineConfiguration/imageReference/virtualMachineImageId"},
    {"vm_configuration/custom_image/node_agent", "virtualMachineConfiguration/nodeAgentSKUId"},
    {"virtual_network/arm_subnet_id", "networkConfiguration/subnetId"},
};

constexpr Move old_shipyard_moves[] = {
    {"id", "id"},
    {"vm_size", "vmSize"},
    {"vm_count/dedicated", "targetDedicatedNodes"},
    {"vm_count/low_priority", "targetLowPriorityNodes"},
    {"max_tasks_per_node", "taskSlotsPerNode"},
    {"inter_node_communication_enabled", "enableInterNodeCommunication"},
    {"publisher", "virtualMachineConfiguration/imageReference/publisher"},
    {"offer", "virtualMachineConfiguration/imageReference/offer"},
    {"sku", "virtualMachineConfiguration/imageReference/sku"},
};

using Words = std::vector<std::string_view>;

// Calls `use` with every place that fits the path, and the words that stand for its stars.
void each_place(json::value& at, const Words& path, std::size_t depth,
                std::vector<std::string>& stars,
                const std::function<void(json::object&, std::string_view)>& use) {
  if (path[depth] == "*") {
    if (!at.is_array()) return;
    std::size_t number = 0;
    for (json::value& one : at.get_array()) {
      stars.push_back(std::to_string(number++));
      each_place(one, path, depth + 1, stars, use);
      stars.pop_back();
    }
    return;
  }
  if (!at.is_object() || !at.get_object().contains(path[depth])) return;
  if (depth + 1 == path.size()) return use(at.get_object(), path[depth]);
  each_place(at.get_object()[path[depth]], path, depth + 1, stars, use);
}

void put(json::value& at, const Words& path, const std::vector<std::string>& stars,
         json::value value) {
  json::value* owner = &at;
  std::size_t star = 0;
  for (std::size_t depth = 0; depth < path.size(); ++depth) {
    if (path[depth] == "*") {
      owner = &owner->as_array().at(static_cast<std::size_t>(*parse_integer(stars[star++])));
      continue;
    }
    if (!owner->is_object()) *owner = json::object();
    owner = &owner->get_object()[path[depth]];
  }
  *owner = std::move(value);
}

std::string clock_to_duration(std::string_view text) {
  const Words parts = split(text, ':');
  if (parts.size() != 3) return std::string(text);
  const auto hours = parse_integer(parts[0]);
  const auto minutes = parse_integer(parts[1]);
  const auto seconds = parse_integer(parts[2]);
  if (!hours || !minutes || !seconds) return std::string(text);
  return fmt::format("PT{}S", *hours * 3600 + *minutes * 60 + *seconds);
}

json::value turned(Turn turn, json::value value) {
  if (!value.is_string()) return value;
  const std::string_view text = value.get_string();
  if (text.starts_with('[')) return value;  // a template's expression
  if (turn == Turn::switched && (same_folded(text, "enabled") || same_folded(text, "disabled")))
    return same_folded(text, "enabled");
  if (turn == Turn::last_part) return json::value(text.substr(text.rfind('/') + 1));
  if (turn == Turn::thumbprint) {
    const std::string_view last = text.substr(text.rfind('/') + 1);
    return json::value(last.substr(last.find('-') + 1));
  }
  if (turn == Turn::clock) return json::value(clock_to_duration(text));
  return value;
}

json::value turned_back(Turn turn, json::value value) {
  if (turn == Turn::switched && value.is_bool())
    return json::value(value.get_bool() ? "Enabled" : "Disabled");
  return value;
}

void drop_empty(json::object& object, std::string_view name) {
  json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_object()) return;
  std::vector<std::string> inner;
  for (const auto& member : value->get_object()) inner.emplace_back(member.key());
  for (const std::string& one : inner) drop_empty(value->get_object(), one);
  if (value->get_object().empty()) object.erase(name);
}

// The start of `pointer` that fits `ours`, in the words of `theirs`; nothing when it does not.
std::optional<std::string> replaced(const Words& pointer, const Words& ours, const Words& theirs) {
  if (pointer.size() < ours.size()) return std::nullopt;
  std::vector<std::string_view> stars;
  for (std::size_t at = 0; at < ours.size(); ++at) {
    if (ours[at] == "*")
      stars.push_back(pointer[at]);
    else if (ours[at] != pointer[at])
      return std::nullopt;
  }
  std::string text;
  std::size_t star = 0;
  for (const std::string_view part : theirs)
    text += "/" + std::string(part == "*" ? stars[star++] : part);
  for (std::size_t at = ours.size(); at < pointer.size(); ++at)
    text += "/" + std::string(pointer[at]);
  return text;
}

// The place that holds what is told of: "vm_configuration/platform_image" for the image reference.
std::optional<std::string> holder(const Dialect& dialect, const Words& pointer) {
  for (const Move& move : dialect.moves) {
    const Words ours = split(move.ours, '/');
    const Words theirs = split(move.theirs, '/');
    if (ours.size() <= pointer.size() || !std::equal(pointer.begin(), pointer.end(), ours.begin()))
      continue;
    const std::size_t below = ours.size() - pointer.size();
    std::string text;
    for (std::size_t at = 0; at + below < theirs.size(); ++at)
      text += "/" + std::string(theirs[at]);
    return text;
  }
  return std::nullopt;
}

// Through all moves backwards; `turn` is that of a move which takes the whole pointer.
std::string backwards(const Dialect& dialect, std::string_view pointer, Turn& turn) {
  std::string at(pointer);
  bool moved = false;
  for (auto move = dialect.moves.rbegin(); move != dialect.moves.rend(); ++move) {
    // A file says each thing once; the first of several words is the one to write.
    if (moved && !dialect.keeps_others) break;
    const Words parts = split(std::string_view(at).substr(1), '/');
    const Words ours = split(move->ours, '/');
    const auto there = replaced(parts, ours, split(move->theirs, '/'));
    if (!there) continue;
    if (parts.size() == ours.size() && turn == Turn::none) turn = move->turn;
    at = *there;
    moved = true;
  }
  if (moved || dialect.keeps_others) return at;
  return holder(dialect, split(std::string_view(at).substr(1), '/')).value_or(at);
}

}  // namespace

const Dialect data_plane_words{Speaker::data_plane, {}, true};
const Dialect answer_words{Speaker::data_plane, answer_moves, true};
const Dialect arm_words{Speaker::arm, arm_moves, true};
const Dialect shipyard_words{Speaker::shipyard, shipyard_moves, false};
const Dialect old_shipyard_words{Speaker::shipyard, old_shipyard_moves, false};

json::object to_ours(const Dialect& dialect, json::object theirs) {
  if (dialect.moves.empty()) return theirs;
  json::value from = theirs;
  json::value to = dialect.keeps_others ? std::move(from) : json::value(json::object());
  json::value source = std::move(theirs);
  for (const Move& move : dialect.moves) {
    const Words ours = split(move.ours, '/');
    struct Found {
      std::vector<std::string> stars;
      json::value value;
    };
    std::vector<Found> found;
    std::vector<std::string> stars;
    each_place(dialect.keeps_others ? to : source, split(move.theirs, '/'), 0, stars,
               [&](json::object& owner, std::string_view name) {
                 found.push_back({stars, turned(move.turn, owner[name])});
                 if (dialect.keeps_others) owner.erase(name);
               });
    for (Found& one : found) put(to, ours, one.stars, std::move(one.value));
  }
  json::object& pool = to.as_object();
  // Says how nodes go in a later resize, which is not the pool's.
  boost::system::error_code error;
  if (json::value* fixed = to.find_pointer("/scaleSettings/fixedScale", error))
    if (fixed->is_object()) fixed->get_object().erase("nodeDeallocationOption");
  for (const char* left : {"deploymentConfiguration", "scaleSettings"}) drop_empty(pool, left);
  return pool;
}

json::object from_ours(const Dialect& dialect, json::object ours) {
  json::value whole = std::move(ours);
  for (auto move = dialect.moves.rbegin(); move != dialect.moves.rend(); ++move) {
    std::vector<std::pair<std::vector<std::string>, json::value>> found;
    std::vector<std::string> stars;
    each_place(whole, split(move->ours, '/'), 0, stars,
               [&](json::object& owner, std::string_view name) {
                 found.emplace_back(stars, turned_back(move->turn, std::move(owner[name])));
                 owner.stable_erase(owner.find(name));
               });
    for (auto& [at, value] : found) put(whole, split(move->theirs, '/'), at, std::move(value));
  }
  return std::move(whole.get_object());
}

void complete_arm_pool(json::object& pool) {
  if (pool.contains("autoScaleFormula")) pool["enableAutoScale"] = true;
  json::value* certificates = pool.if_contains("certificateReferences");
  if (certificates == nullptr || !certificates->is_array()) return;
  for (json::value& certificate : certificates->get_array()) {
    if (certificate.is_object() && certificate.get_object().contains("thumbprint"))
      certificate.get_object().emplace("thumbprintAlgorithm", "sha1");
  }
}

std::string to_theirs(const Dialect& dialect, std::string_view pointer) {
  Turn turn = Turn::none;
  return backwards(dialect, pointer, turn);
}

json::array patch_to_theirs(const Dialect& dialect, const json::array& patch,
                            std::string_view base) {
  json::array theirs;
  for (const json::value& step : patch) {
    json::object one = step.as_object();
    Turn turn = Turn::none;
    const std::string pointer =
        backwards(dialect, std::string_view(one.at("path").as_string()), turn);
    if (json::value* value = one.if_contains("value")) *value = turned_back(turn, *value);
    one["path"] = std::string(base) + pointer;
    theirs.push_back(std::move(one));
  }
  return theirs;
}

}  // namespace batchyard::preflight
