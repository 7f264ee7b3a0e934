// Whatever may be set comes back: every member of every model that a user adds, one at a time, set
// to a legal value in an otherwise minimal body, is shown by a GET. Secrets never come back.
#include <fmt/format.h>

#include <algorithm>

#include "api/operations.h"
#include "api/schema.h"
#include "base/text.h"
#include "service/service_test.h"

namespace batchyard::service {
namespace {

namespace json = boost::json;
using api::Member;

constexpr const char* newest_version = "?api-version=2025-06-01";

// A kind of entity that is added by one model and shown by another.
struct AddedKind {
  api::Model model;
  const char* list;  // POST here, GET below it
  const char* base;  // what every body has
};

constexpr AddedKind added_kinds[] = {
    {api::Model::PoolAddParameter, "/pools",
     R"({"id":"e","vmSize":"standard_nc24r","virtualMachineConfiguration":{"imageReference":{
      "publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":"batch.node.centos 7"}})"},
    {api::Model::JobAddParameter, "/jobs", R"({"id":"e","poolInfo":{"poolId":"p"}})"},
    {api::Model::TaskAddParameter, "/jobs/j/tasks", R"({"id":"e","commandLine":"true"})"},
    {api::Model::JobScheduleAddParameter, "/jobschedules",
     R"({"id":"e","schedule":{},"jobSpecification":{"poolInfo":{"poolId":"p"}}})"}};

// Fills in what members need beside them, wherever they stand.
void complete(json::object& object);

const Member* member_of(const api::ModelSchema& schema, std::string_view name) {
  return schema.find(name);
}

std::string text_for(const std::string& name) {
  const std::string folded = fold(name);
  if (folded.ends_with("url")) return "https://store.example/container";
  if (folded == "autopoolidprefix") return "some";
  if (folded == "filemode") return "0750";
  if (folded == "filepath" || folded == "path") return "some/place";
  return "some-" + folded;
}

// The least legal value of a member.
json::value value_for(const Member& member, int depth);

json::object least(const api::ModelSchema& schema, int depth) {
  json::object object;
  for (const Member& member : schema.members) {
    if ((member.required & api::newest.mask()) != 0)
      object[member.name] = value_for(member, depth + 1);
  }
  return object;
}

json::value value_for(const Member& member, int depth) {
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
      const auto last = std::find_if(choices.rbegin(), choices.rend(), [](const auto& choice) {
        return (choice.in & api::newest.mask()) != 0;
      });
      one = json::string(last->name);
      break;
    }
    case api::Type::model:
      one = least(api::schema_of(static_cast<api::Model>(member.index)), depth);
      break;
  }
  if (member.shape == api::Shape::list) return json::array{one};
  if (member.shape == api::Shape::map) return json::object{{"key", one}};
  return one;
}

class RoundTrip : public ServiceTest {
 protected:
  void SetUp() override {
    add_pool("p", 0);
    add_application("some-applicationid", "some-version");
    add_job("j", "p",
            R"(,"usesTaskDependencies":true,"onTaskFailure":"performexitoptionsjobaction")");
    const Answer containers =
        post("/pools",
             R"({"id":"pc","vmSize":"STANDARD_H16r","virtualMachineConfiguration":{"imageReference":
        {"publisher":"OpenLogic","offer":"CentOS-HPC","sku":"7.4"},"nodeAgentSKUId":
        "batch.node.centos 7","containerConfiguration":{"type":"dockerCompatible"}}})");
    ASSERT_EQ(containers.status, 201) << containers.message();
    add_job("jc", "pc");
  }

  // Every member below `schema`, each with the body that sets it.
  void walk(const AddedKind& kind, const api::ModelSchema& schema, const std::string& path,
            std::vector<std::string>& names);
  void try_member(const AddedKind& kind, const std::vector<std::string>& names,
                  const Member& member);

  std::vector<std::string> refused_, lost_, shown_;
  int held_ = 0;
  int on_purpose_ = 0;
};

// The place that `names` lead to in a body; lists are entered at their first item.
json::value* place_of(json::value& body, const std::vector<std::string>& names) {
  json::value* at = &body;
  for (const std::string& name : names) {
    if (at->is_array()) at = at->get_array().empty() ? nullptr : &at->get_array().front();
    if (at == nullptr || !at->is_object()) return nullptr;
    at = at->get_object().if_contains(name);
    if (at == nullptr) return nullptr;
  }
  return at;
}

// Sets the member, and what is required on the way to it.
void put(json::value& body, const api::ModelSchema& top, const std::vector<std::string>& names,
         json::value value) {
  json::value* at = &body;
  const api::ModelSchema* schema = &top;
  for (std::size_t depth = 0; depth < names.size(); ++depth) {
    if (at->is_array()) at = &at->get_array().front();
    const Member& member = *member_of(*schema, names[depth]);
    json::object& object = at->as_object();
    if (depth + 1 == names.size()) {
      // A value that is there already is a legal one: names of images and sizes, for example.
      if (!object.contains(names[depth])) object[names[depth]] = std::move(value);
      return;
    }
    if (!object.contains(names[depth])) object[names[depth]] = value_for(member, 0);
    at = &object[names[depth]];
    schema = &api::schema_of(static_cast<api::Model>(member.index));
  }
}

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

void complete_pool(json::object& pool) {
  const json::value base = json::parse(added_kinds[0].base);
  for (const char* name : {"vmSize", "virtualMachineConfiguration"}) {
    if (!pool.contains(name)) pool[name] = base.at(name);
  }
  json::object& machine = part(pool, "virtualMachineConfiguration");
  const json::value& good = base.at("virtualMachineConfiguration");
  machine["nodeAgentSKUId"] = good.at("nodeAgentSKUId");
  json::object& image = part(machine, "imageReference");
  if (!image.contains("virtualMachineImageId") && !image.contains("sharedGalleryImageId") &&
      !image.contains("communityGalleryImageId")) {
    for (const auto& [name, value] : good.at("imageReference").as_object()) image[name] = value;
  }
  pool["vmSize"] = base.at("vmSize");
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
  if (const json::value* start = object.if_contains("startTask");
      start != nullptr && start->as_object().contains("containerSettings"))
    part(part(object, "virtualMachineConfiguration"), "containerConfiguration")["type"] =
        "dockerCompatible";
}

void complete(json::object& object) {
  complete_containers(object);
  for (auto& [name, value] : object) {
    if (value.is_object()) complete(value.get_object());
    if (!value.is_array()) continue;
    for (json::value& item : value.get_array()) {
      if (!item.is_object()) continue;
      json::object& one = item.get_object();
      complete(one);
      if (name.ends_with("esourceFiles")) complete_file(one);
      if (name == "mountConfiguration" && one.empty())
        one["nfsMountConfiguration"] = {{"source", "10.0.0.9:/data"},
                                        {"relativeMountPath", "data"}};
      if (name == "outputFiles")
        part(part(one, "destination"), "container")
            .emplace("containerUrl", "https://store.example/container");
    }
  }
  for (const char* id : {"uid", "gid"}) {
    if (object.contains("uid") || object.contains("gid")) object.emplace(id, 5000);
  }
  if (object.contains("jobReleaseTask"))
    object.emplace("jobPreparationTask", json::object{{"commandLine", "true"}});
  if (object.contains("autoScaleFormula") || object.contains("autoScaleEvaluationInterval") ||
      object.contains("enableAutoScale")) {
    object["enableAutoScale"] = true;
    object["autoScaleFormula"] = "$TargetDedicatedNodes=0;";
  }
  if (object.contains("autoPoolSpecification")) {
    object.erase("poolId");
    json::object& automatic = object.at("autoPoolSpecification").as_object();
    automatic["poolLifetimeOption"] = "job";
    complete_pool(part(automatic, "pool"));
  }
}

// Refused on purpose, with the reason in docs/use.md.
bool refused_on_purpose(const std::string& message) {
  constexpr std::string_view reasons[] = {"Batchyard does not serve it",
                                          "has no managed identities",
                                          "This account has no storage", "has no userAccounts"};
  return std::ranges::any_of(reasons,
                             [&](std::string_view reason) { return message.contains(reason); });
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

void RoundTrip::try_member(const AddedKind& kind, const std::vector<std::string>& names,
                           const Member& member) {
  const std::string path = join(names, ".");
  json::value body = json::parse(kind.base);
  json::value value = value_for(member, 0);
  put(body, api::schema_of(kind.model), names, value);
  complete(body.get_object());
  const json::value* sent = place_of(body, names);
  const std::string where = fmt::format("{}: {}", kind.list, path);
  ASSERT_NE(sent, nullptr) << where;
  // Tasks in containers need a pool for them.
  std::string list(kind.list);
  if (list.starts_with("/jobs/j/") && body.as_object().contains("containerSettings"))
    list.replace(0, 8, "/jobs/jc/");
  const Answer added = post(list + newest_version, json::serialize(body));
  if (added.status == 400 && refused_on_purpose(added.message())) {
    ++on_purpose_;
    return;
  }
  if (added.status != 201) {
    refused_.push_back(where + " → " + added.code() + " " + added.message());
    return;
  }
  Answer got = get(list + "/e" + newest_version);
  const json::value* shown = place_of(got.body, names);
  if ((member.flags & Member::secret) != 0) {
    if (shown != nullptr) shown_.push_back(where);
  } else if (shown == nullptr || !same(*sent, *shown)) {
    // Secrets inside a part do not come back, the part does.
    const bool only_secrets = shown != nullptr && member.type == api::Type::model;
    if (!only_secrets)
      lost_.push_back(where + " was " + json::serialize(*sent) + ", is " +
                      (shown == nullptr ? "absent" : json::serialize(*shown)));
  } else {
    ++held_;
  }
  EXPECT_EQ(send("DELETE", list + "/e").status / 100, 2) << where;
  for (const engine::DropNode& dropped : bench_.take<engine::DropNode>())
    (void)bench_.run(engine::FleetUnmade{dropped.pool, dropped.node});
}

void RoundTrip::walk(const AddedKind& kind, const api::ModelSchema& schema, const std::string& path,
                     std::vector<std::string>& names) {
  for (const Member& member : schema.members) {
    if ((member.in & api::newest.mask()) == 0 || (member.flags & Member::read_only) != 0) continue;
    if (std::ranges::find(names, member.name) != names.end()) continue;  // a model inside itself
    if (names.empty() && member.name == "id") continue;
    names.emplace_back(member.name);
    try_member(kind, names, member);
    if (member.type == api::Type::model && member.shape != api::Shape::map)
      walk(kind, api::schema_of(static_cast<api::Model>(member.index)), path, names);
    names.pop_back();
  }
}

TEST_F(RoundTrip, EveryMemberThatIsSetComesBack) {
  for (const AddedKind& kind : added_kinds) {
    std::vector<std::string> names;
    walk(kind, api::schema_of(kind.model), "", names);
  }
  EXPECT_TRUE(refused_.empty()) << refused_.size() << " refused:\n" << join(refused_, "\n");
  EXPECT_TRUE(lost_.empty()) << lost_.size() << " lost:\n" << join(lost_, "\n");
  EXPECT_TRUE(shown_.empty()) << "secrets shown:\n" << join(shown_, "\n");
  EXPECT_GT(held_, 500);
  EXPECT_GT(held_, 3 * on_purpose_) << on_purpose_ << " are refused on purpose";
}

}  // namespace
}  // namespace batchyard::service
