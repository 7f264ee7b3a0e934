#include <algorithm>

#include "base/text.h"
#include "service/round_trip.h"

namespace batchyard::service::round_trip {

using api::Member;

const char* const pool_body =
    R"({"id":"e","vmSize":"standard_nc24r","virtualMachineConfiguration":{"imageReference":{
      "publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"}})";
const char* const thumbprint = "0123456789abcdef0123456789abcdef01234567";

namespace {

std::string text_for(const std::string& name) {
  const std::string folded = fold(name);
  if (folded.ends_with("url")) return "https://store.example/container";
  if (folded == "autopoolidprefix") return "some";
  if (folded == "filemode") return "0750";
  if (folded == "filepath" || folded == "path") return "some/place";
  if (folded == "thumbprint") return thumbprint;
  if (folded == "thumbprintalgorithm") return "sha1";
  return "some-" + folded;
}

json::value one_for(const Member& member, api::Version version, int depth);

json::object least(const api::ModelSchema& schema, api::Version version, int depth) {
  json::object object;
  for (const Member& member : schema.members) {
    if ((member.required & version.mask()) != 0)
      object[member.name] = one_for(member, version, depth + 1);
  }
  return object;
}

json::value one_for(const Member& member, api::Version version, int depth) {
  json::value one;
  switch (member.type) {
    case api::Type::text:
    case api::Type::any:
      one = json::string(text_for(std::string(member.name)));
      break;
    case api::Type::datetime:
      one = "2099-01-01T00:00:00Z";
      break;
    case api::Type::duration:
      one = "PT10M";
      break;
    case api::Type::integer32:
    case api::Type::integer64:
    case api::Type::number:
      one = std::max<std::int64_t>(member.min == api::no_min ? 1 : member.min, 1);
      break;
    case api::Type::boolean:
      one = true;
      break;
    case api::Type::choice: {
      const auto choices = api::enum_schema(member.index).choices;
      const auto last = std::find_if(choices.rbegin(), choices.rend(), [&](const auto& choice) {
        return (choice.in & version.mask()) != 0;
      });
      one = json::string(last->name);
      break;
    }
    case api::Type::model:
      one = least(api::schema_of(static_cast<api::Model>(member.index)), version, depth);
      break;
  }
  if (member.shape == api::Shape::list) return json::array{one};
  if (member.shape == api::Shape::map) return json::object{{"key", one}};
  return one;
}

}  // namespace

std::vector<Spoken> forms() {
  std::vector<Spoken> all;
  for (const api::VersionFacts& facts : api::versions()) {
    const api::Version version{facts.shape, facts.old_slots};
    if (all.empty() || all.back().version.shape != version.shape ||
        all.back().version.old_slots != version.old_slots)
      all.push_back({std::string(facts.text), version});
  }
  return all;
}

json::value value_for(const Member& member, api::Version version) {
  return one_for(member, version, 0);
}

std::vector<json::value> values_for(const Member& member, api::Version version) {
  if (member.shape == api::Shape::one && member.type == api::Type::boolean) return {true, false};
  if (member.shape != api::Shape::one || member.type != api::Type::choice)
    return {value_for(member, version)};
  std::vector<json::value> values;
  for (const api::Choice& choice : api::enum_schema(member.index).choices) {
    if ((choice.in & version.mask()) != 0) values.emplace_back(json::string(choice.name));
  }
  return values;
}

json::value* place_of(json::value& body, const Names& names) {
  json::value* at = &body;
  for (const std::string& name : names) {
    if (at->is_array()) at = at->get_array().empty() ? nullptr : &at->get_array().front();
    if (at == nullptr || !at->is_object()) return nullptr;
    at = at->get_object().if_contains(name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

namespace {

// A list without items says nothing of what its items may be.
bool has_value(const json::object& object, std::string_view name) {
  const json::value* there = object.if_contains(name);
  return there != nullptr && !(there->is_array() && there->get_array().empty());
}

}  // namespace

void put(json::value& body, const api::ModelSchema& top, api::Version version, const Names& names,
         json::value value) {
  json::value* at = &body;
  const api::ModelSchema* schema = &top;
  for (std::size_t depth = 0; depth < names.size(); ++depth) {
    if (at->is_array()) at = &at->get_array().front();
    const Member& member = *schema->find(names[depth]);
    json::object& object = at->as_object();
    if (depth + 1 == names.size()) {
      if (!has_value(object, names[depth])) object[names[depth]] = std::move(value);
      return;
    }
    if (!has_value(object, names[depth])) object[names[depth]] = value_for(member, version);
    at = &object[names[depth]];
    schema = &api::schema_of(static_cast<api::Model>(member.index));
  }
}

namespace {

json::object& part(json::object& of, std::string_view name) {
  json::value& value = of[name];
  if (!value.is_object()) value.emplace_object();
  return value.get_object();
}

void complete_file(json::object& file) {
  if (!file.contains("storageContainerUrl") && !file.contains("autoStorageContainerName") &&
      !file.contains("httpUrl"))
    file[file.contains("blobPrefix") ? "storageContainerUrl" : "httpUrl"] =
        "https://store.example/container";
  if (file.contains("httpUrl") && !file.contains("filePath")) file["filePath"] = "some/file";
}

void complete_machine(json::object& machine) {
  const json::value good = json::parse(pool_body).at("virtualMachineConfiguration");
  machine["nodeAgentSKUId"] = good.at("nodeAgentSKUId");
  json::object& image = part(machine, "imageReference");
  if (image.contains("virtualMachineImageId") || image.contains("sharedGalleryImageId") ||
      image.contains("communityGalleryImageId")) {
    for (const char* of_marketplace : {"publisher", "offer", "sku", "version"})
      image.erase(of_marketplace);
    return;
  }
  for (const auto& [name, value] : good.at("imageReference").as_object()) image[name] = value;
  if (machine.contains("licenseType")) machine["licenseType"] = "Windows_Server";
  if (!machine.contains("windowsConfiguration")) return;
  machine["nodeAgentSKUId"] = "batch.node.windows amd64";
  image["publisher"] = "MicrosoftWindowsServer";
  image["offer"] = "WindowsServer";
  image["sku"] = "2016-Datacenter";
}

// What members of a network and of its file systems need to be legal.
void complete_network(json::object& object) {
  if (object.contains("subnetId"))
    object["subnetId"] =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/a";
  if (json::value* addresses = object.if_contains("publicIPAddressConfiguration")) {
    json::object& own = addresses->as_object();
    if (own.contains("ipAddressIds")) own["provision"] = "UserManaged";
    if (own.contains("provision") &&
        same_folded(std::string_view(own.at("provision").get_string()), "userManaged"))
      own.emplace("ipAddressIds", json::array{"/some/address"});
  }
  if (json::value* blobs = object.if_contains("azureBlobFileSystemConfiguration")) {
    json::object& mount = blobs->as_object();
    if (!mount.contains("sasKey") && !mount.contains("identityReference"))
      mount.emplace("accountKey", "some-key");
  }
}

void complete_services(json::object& pool) {
  if (pool.contains("applicationLicenses")) pool["applicationLicenses"] = {"maya"};
  if (!pool.contains("cloudServiceConfiguration")) return;
  pool.erase("virtualMachineConfiguration");
  pool["vmSize"] = "standard_a8";
  part(pool, "cloudServiceConfiguration")["osFamily"] = "5";
}

void complete_pool(json::object& pool) {
  complete_machine(part(pool, "virtualMachineConfiguration"));
  pool["vmSize"] = json::parse(pool_body).at("vmSize");
}

void complete_containers(json::object& object) {
  if (json::value* settings = object.if_contains("containerSettings")) {
    json::object& container = settings->as_object();
    container["imageName"] = "ubuntu:22.04";
    if (container.contains("containerRunOptions")) container["containerRunOptions"] = "--init";
    if (json::value* mounts = container.if_contains("containerHostBatchBindMounts")) {
      container["workingDirectory"] = "containerImageDefault";
      for (json::value& mount : mounts->as_array()) mount.as_object().emplace("source", "Shared");
    }
  }
  if (object.contains("containerImageNames")) object["containerImageNames"] = {"ubuntu:22.04"};
}

// What the start task of a pool needs of the pool.
void complete_for_start_task(json::object& pool) {
  const json::value* start = pool.if_contains("startTask");
  if (start == nullptr) return;
  if (start->as_object().contains("containerSettings"))
    part(part(pool, "virtualMachineConfiguration"), "containerConfiguration")["type"] =
        "dockerCompatible";
  const json::value* user = start->as_object().if_contains("userIdentity");
  if (user != nullptr && user->as_object().contains("username"))
    pool["userAccounts"] = {{{"name", "some-username"}, {"password", "some-password"}}};
}

void complete_job(json::object& job) {
  if (job.contains("jobReleaseTask"))
    job.emplace("jobPreparationTask", json::object{{"commandLine", "true"}});
  json::value* info = job.if_contains("poolInfo");
  if (info == nullptr) return;
  if (!info->as_object().contains("autoPoolSpecification"))
    info->as_object().emplace("poolId", "p");
}

void complete_item(std::string_view list, json::object& item) {
  if (list.ends_with("esourceFiles")) complete_file(item);
  if (list == "mountConfiguration" && item.empty())
    item["nfsMountConfiguration"] = {{"source", "10.0.0.9:/data"}, {"relativeMountPath", "data"}};
  if (list == "inboundNATPools") {
    item["backendPort"] = 8080;
    item["frontendPortRangeStart"] = 60000;
    item["frontendPortRangeEnd"] = 60099;
  }
  if (list == "networkSecurityGroupRules") item["priority"] = 150;
  if (list == "containerRegistries" && (item.contains("username") || item.contains("password"))) {
    item.emplace("username", "some-username");
    item.emplace("password", "some-password");
  }
  if (list == "outputFiles")
    part(part(item, "destination"), "container")
        .emplace("containerUrl", "https://store.example/container");
}

// One that waits waits for another one.
void complete_extensions(json::object& machine) {
  json::value* list = machine.if_contains("extensions");
  if (list == nullptr || !list->is_array() || list->get_array().empty() ||
      !list->get_array().front().as_object().contains("provisionAfterExtensions"))
    return;
  list->get_array().front().as_object()["provisionAfterExtensions"] = json::array{"first"};
  list->get_array().push_back({{"name", "first"}, {"publisher", "p"}, {"type", "First"}});
}

}  // namespace

void complete(json::object& object) {
  complete_extensions(object);
  complete_containers(object);
  complete_for_start_task(object);
  complete_job(object);
  for (auto& [name, value] : object) {
    if (value.is_object()) complete(value.get_object());
    if (!value.is_array()) continue;
    for (json::value& item : value.get_array()) {
      if (!item.is_object()) continue;
      complete(item.get_object());
      complete_item(name, item.get_object());
    }
  }
  for (const char* id : {"uid", "gid"}) {
    if (object.contains("uid") || object.contains("gid")) object.emplace(id, 5000);
  }
  if (object.contains("vmSize")) object["vmSize"] = json::parse(pool_body).at("vmSize");
  if (json::value* machine = object.if_contains("virtualMachineConfiguration"))
    complete_machine(machine->as_object());
  if (object.contains("autoScaleFormula") || object.contains("autoScaleEvaluationInterval") ||
      object.contains("enableAutoScale")) {
    const bool off = object.contains("enableAutoScale") && object["enableAutoScale"] == false;
    object["enableAutoScale"] = !off;
    if (!off) object["autoScaleFormula"] = "$TargetDedicatedNodes=0;";
  }
  if (object.contains("autoPoolSpecification")) {
    object.erase("poolId");
    json::object& automatic = object.at("autoPoolSpecification").as_object();
    automatic["poolLifetimeOption"] = "job";
    complete_pool(part(automatic, "pool"));
    complete_services(automatic.at("pool").as_object());
  }
  complete_network(object);
  complete_services(object);
}

bool same(const json::value& sent, const json::value& shown) {
  if (sent.is_string() && shown.is_string())
    return same_folded(std::string_view(sent.get_string()), std::string_view(shown.get_string()));
  if (sent.is_object() && shown.is_object()) {
    return std::ranges::all_of(sent.get_object(), [&](const auto& member) {
      const json::value* there = shown.get_object().if_contains(member.key());
      return there != nullptr && same(member.value(), *there);
    });
  }
  if (sent.is_array() && shown.is_array()) {
    return sent.get_array().size() == shown.get_array().size() &&
           std::ranges::equal(sent.get_array(), shown.get_array(), same);
  }
  if (sent.is_number() && shown.is_number())
    return sent.to_number<double>() == shown.to_number<double>();
  return sent == shown;
}

}  // namespace batchyard::service::round_trip
