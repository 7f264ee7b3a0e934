// The shape of a file: properties that nobody knows, words of another tool.
#include <fmt/format.h>

#include <algorithm>

#include "api/canonical.h"
#include "api/schema.h"
#include "base/text.h"
#include "preflight/rule.h"

namespace batchyard::preflight {

namespace {

namespace json = boost::json;

enum class Fault { unknown, value, missing };

constexpr int faults_max = 20;
constexpr std::size_t id_max = 64;
constexpr std::string_view slots_since = "2020-09-01";

// Words of ARM, and what the data plane says.
struct ForeignWord {
  const char* theirs;
  const char* ours;
};
constexpr ForeignWord of_arm[] = {
    {"deploymentConfiguration/virtualMachineConfiguration", "virtualMachineConfiguration"},
    {"deploymentConfiguration/cloudServiceConfiguration", "cloudServiceConfiguration"},
    {"scaleSettings/fixedScale/targetDedicatedNodes", "targetDedicatedNodes"},
    {"scaleSettings/fixedScale/targetLowPriorityNodes", "targetLowPriorityNodes"},
    {"scaleSettings/fixedScale/resizeTimeout", "resizeTimeout"},
    {"scaleSettings/autoScale/formula", "autoScaleFormula"},
    {"scaleSettings/autoScale/evaluationInterval", "autoScaleEvaluationInterval"},
    {"virtualMachineConfiguration/nodeAgentSkuId", "virtualMachineConfiguration/nodeAgentSKUId"},
    {"virtualMachineConfiguration/imageReference/id",
     "virtualMachineConfiguration/imageReference/virtualMachineImageId"},
};

void find_words_of_arm(const Definition& pool, Report& report) {
  if (pool.circumstances().form != Form::data_plane) return;
  for (const std::string top : {"deploymentConfiguration", "scaleSettings"}) {
    if (!pool.given(top)) continue;
    Finding& finding =
        report.at(top, "It is ARM's word. The data plane has what is in it at the pool itself.");
    for (const auto& [theirs, ours] : of_arm) {
      const json::value* value = pool.at(theirs);
      if (value != nullptr && std::string_view(theirs).starts_with(top + "/"))
        finding.set(ours, *value);
    }
    if (pool.given("scaleSettings/autoScale") && top == "scaleSettings")
      finding.set("enableAutoScale", true);
    finding.remove(top);
  }
  for (const auto& [theirs, ours] : of_arm) {
    const json::value* value = pool.at(theirs);
    if (value != nullptr && std::string_view(theirs).starts_with(machine))
      report.at(theirs, fmt::format("It is ARM's word. The data plane says {}.", property_of(ours)))
          .set(ours, *value)
          .remove(theirs);
  }
  const std::string between = pool.text("interNodeCommunication");
  if (!between.empty())
    report
        .at("interNodeCommunication",
            "It is ARM's word. The data plane says enableInterNodeCommunication: true.")
        .set("enableInterNodeCommunication", same_folded(between, "enabled"))
        .remove("interNodeCommunication");
}

// What ARM puts elsewhere, or says otherwise.
void find_words_of_data_plane(const Definition& pool, Report& report) {
  if (pool.circumstances().form != Form::arm) return;
  for (const std::string& path : pool.circumstances().foreign) {
    const char* meant = "";
    for (const auto& [theirs, ours] : of_arm) {
      if (path == ours) meant = theirs;
    }
    if (path == "enableInterNodeCommunication") meant = "interNodeCommunication";
    if (path == "applicationPackageReferences") meant = "applicationPackages";
    if (path == "certificateReferences") meant = "certificates";
    report.at(path, fmt::format("It is the data plane's word. ARM says {}.", property_of(meant)));
  }
}

// That of an ARM resource is written in it; members that came later tell, too.
bool speaks_newer_version(const Definition& pool) {
  if (pool.circumstances().arm_version >= slots_since) return true;
  for (const char* later :
       {"taskSlotsPerNode", "targetNodeCommunicationMode", "upgradePolicy", "resourceTags"}) {
    if (pool.given(later)) return true;
  }
  for (const char* later : {"/osDisk", "/securityProfile", "/nodePlacementConfiguration",
                            "/extensions", "/serviceArtifactReference"}) {
    if (pool.given(machine + later)) return true;
  }
  return false;
}

void find_max_tasks(const Definition& pool, Report& report) {
  const json::value* old = pool.at("maxTasksPerNode");
  if (old == nullptr) return;
  Finding& finding =
      report.at("maxTasksPerNode", "Newer versions refuse it: write taskSlotsPerNode.");
  if (!pool.given("taskSlotsPerNode")) finding.set("taskSlotsPerNode", *old);
  finding.remove("maxTasksPerNode");
}

void find_old_words(const Definition& pool, Report& report) {
  if (const json::value* target = pool.at("targetDedicated")) {
    Finding& finding = report.at("targetDedicated", "It is called targetDedicatedNodes now.");
    if (!pool.given("targetDedicatedNodes")) finding.set("targetDedicatedNodes", *target);
    finding.remove("targetDedicated");
  }
  const std::string elevated = "startTask/runElevated";
  if (!pool.given(elevated)) return;
  Finding& finding = report.at(
      elevated, "It is written userIdentity.autoUser.elevationLevel now: admin or nonadmin.");
  if (!pool.given("startTask/userIdentity"))
    finding.set("startTask/userIdentity",
                json::object{{"autoUser",
                              {{"scope", "pool"},
                               {"elevationLevel",
                                pool.flag(elevated).value_or(false) ? "admin" : "nonadmin"}}}});
  finding.remove(elevated);
}

// A name in other letters than the API's: "VmSize". Empty: no name is like it.
std::string meant_by(const std::string& reason) {
  constexpr std::string_view sign = "did you mean ";
  const std::size_t at = reason.find(sign);
  const std::size_t end = at == std::string::npos ? at : reason.find('?', at);
  return end == std::string::npos ? "" : reason.substr(at + sign.size(), end - at - sign.size());
}

void tell(const Definition& pool, Report& report, const std::string& path, Fault kind,
          const std::string& reason) {
  Finding& finding = report.at(path, kind == Fault::missing ? "It must be given." : reason);
  const std::string name = kind == Fault::unknown ? meant_by(reason) : "";
  if (kind == Fault::missing && path == container_at + "/type")
    finding.set(path, "dockerCompatible");
  const std::size_t slash = path.rfind('/');
  const std::string right = (slash == std::string::npos ? "" : path.substr(0, slash + 1)) + name;
  const json::value* value = pool.at(path);
  if (name.empty() || value == nullptr || pool.given(right)) return;
  finding.set(right, *value).remove(path);
}

std::string path_of(std::string property) {
  std::string path;
  for (const char letter : property) {
    if (letter == '.' || letter == '[')
      path += '/';
    else if (letter != ']')
      path += letter;
  }
  return path;
}

json::object* owner_in(json::object& pool, std::string_view path, std::string& last) {
  const std::vector<std::string_view> parts = split(path, '/');
  json::value whole;
  json::object* object = &pool;
  json::value* at = nullptr;
  for (std::size_t number = 0; number + 1 < parts.size(); ++number) {
    if (at != nullptr && at->is_array()) {
      at = at->get_array().if_contains(
          static_cast<std::size_t>(parse_integer(parts[number]).value_or(-1)));
    } else {
      at = object == nullptr ? nullptr : object->if_contains(parts[number]);
    }
    if (at == nullptr) return nullptr;
    object = at->if_object();
  }
  last = std::string(parts.back());
  return object;
}

// Expressions of a template are of any type: they are taken out before the shape is looked at.
void drop_expressions(json::value& value) {
  if (value.is_object()) {
    std::vector<std::string> names;
    for (auto& member : value.get_object()) {
      if (is_expression(member.value()))
        names.emplace_back(member.key());
      else
        drop_expressions(member.value());
    }
    for (const std::string& name : names) value.get_object().erase(name);
  } else if (value.is_array()) {
    for (json::value& one : value.get_array()) drop_expressions(one);
  }
}

Fault kind_of(const Error& error) {
  return error.code == "InvalidRequestBody"        ? Fault::unknown
         : error.code == "MissingRequiredProperty" ? Fault::missing
                                                   : Fault::value;
}

// Members that other rules speak of.
bool is_told_elsewhere(const Definition& pool, const std::string& path) {
  for (const auto& [theirs, ours] : of_arm) {
    if (path == theirs ? pool.given(path) : path == ours && pool.at(theirs) != nullptr) return true;
  }
  return path == "deploymentConfiguration" || path == "scaleSettings" ||
         path == "targetDedicated" || path == "startTask/runElevated" ||
         path == "interNodeCommunication" || path == "maxTasksPerNode";
}

// Rules of their own look at these, when they are what they should be.
bool is_looked_at(const Definition& pool, const std::string& path) {
  static const std::string texts[] = {"vmSize", machine + "/nodeAgentSKUId", "id",
                                      "cloudServiceConfiguration/osFamily",
                                      "startTask/commandLine"};
  const json::value* value = pool.at(path);
  if (path == image_at) return value == nullptr || value->is_object();
  return std::ranges::find(texts, path) != std::end(texts) &&
         (value == nullptr || value->is_string());
}

// Another version than the one that is asked has it: older ones had more, newer ones have others.
bool is_of_some_version(std::string_view path) {
  const api::ModelSchema* model = &api::schema_of(api::Model::PoolAddParameter);
  for (const std::string_view part : split(path, '/')) {
    if (parse_integer(part)) continue;
    const api::Member* member = model == nullptr ? nullptr : model->find(part);
    if (member == nullptr) return false;
    model = member->type == api::Type::model
                ? &api::schema_of(static_cast<api::Model>(member->index))
                : nullptr;
  }
  return true;
}

// All faults of one kind: each is taken out, and the rest looked at again.
void find_faults(const Definition& pool, Report& report, Fault kind) {
  if (pool.circumstances().shape_is_known) return;
  json::value copy = pool.pool();
  drop_expressions(copy);
  // The order in which faults are found depends on nothing but the pool.
  const auto version = api::parse_version("2024-07-01.20.0");
  for (int number = 0; number < faults_max; ++number) {
    const Result<> good = api::canonicalize(api::Model::PoolAddParameter, *version, copy);
    if (good) return;
    std::string property;
    std::string reason = good.error().message;
    for (const Detail& detail : good.error().details) {
      if (detail.key == "PropertyName") property = detail.value;
      if (detail.key == "Reason") reason = detail.value;
    }
    const std::string path = path_of(property);
    std::string last;
    json::object* owner = owner_in(copy.as_object(), path, last);
    const Fault found = kind_of(good.error());
    if (found == kind && !is_told_elsewhere(pool, path) && !is_looked_at(pool, path) &&
        !(kind == Fault::missing && pool.given(path)) &&
        !(kind == Fault::unknown && is_of_some_version(path)))
      tell(pool, report, path, kind, reason);
    // An element of a list takes the list with it: the numbers of the others stay what they are.
    if (owner == nullptr) owner = owner_in(copy.as_object(), path.substr(0, path.rfind('/')), last);
    if (owner == nullptr) return;
    if (found == Fault::missing) {
      // What holds the object together is told once; the object itself is of no more use.
      const std::size_t slash = path.rfind('/');
      if (slash == std::string::npos) {
        (*owner)[last] = "any";
        continue;
      }
      std::string above;
      json::object* holder = owner_in(copy.as_object(), path.substr(0, slash), above);
      if (holder == nullptr) return;
      holder->erase(above);
    } else {
      owner->erase(last);
    }
  }
}

}  // namespace

std::vector<Rule> shape_rules() {
  using enum Severity;
  return {
      {"shape-words-of-arm", error, "Azure/Batch issue 162",
       "The data plane and ARM have different words for the same pool.", find_words_of_arm,
       "InvalidRequestBody"},
      {"shape-words-of-data-plane", error, "Azure/Batch issue 162",
       "The data plane and ARM have different words for the same pool.", find_words_of_data_plane,
       "InvalidRequestBody"},
      {"pool-id", error, "BatchService.json", "An id has 1 to 64 letters, digits, '-' and '_'.",
       [](const Definition& pool, Report& report) {
         const std::string id = pool.text("id");
         constexpr std::string_view letters =
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
         if (!id.empty() &&
             (id.size() > id_max || id.find_first_not_of(letters) != std::string::npos))
           report.at("id", "Give 1 to 64 letters, digits, '-' and '_'.");
       }},
      {"shape-max-tasks", error, "batch-parallel-node-tasks.md",
       "maxTasksPerNode is called taskSlotsPerNode since API version 2020-09-01.",
       [](const Definition& pool, Report& report) {
         if (speaks_newer_version(pool)) find_max_tasks(pool, report);
       },
       "InvalidRequestBody"},
      {"shape-older-version", note, "batch-parallel-node-tasks.md",
       "maxTasksPerNode is called taskSlotsPerNode since API version 2020-09-01.",
       [](const Definition& pool, Report& report) {
         if (!speaks_newer_version(pool)) find_max_tasks(pool, report);
       }},
      {"shape-words-of-old", error, "Batch API 2017-05-01",
       "targetDedicated and runElevated went with API version 2017-05-01.", find_old_words,
       "InvalidRequestBody"},
      {"shape-unknown-property", error, "BatchService.json",
       "A property that the service does not know is refused.",
       [](const Definition& pool, Report& report) { find_faults(pool, report, Fault::unknown); },
       "InvalidRequestBody"},
      {"shape-value", error, "BatchService.json", "Each property has a type and a range.",
       [](const Definition& pool, Report& report) { find_faults(pool, report, Fault::value); }},
      {"shape-missing", error, "BatchService.json", "Some properties have no default.",
       [](const Definition& pool, Report& report) { find_faults(pool, report, Fault::missing); },
       "MissingRequiredProperty"},
      {"shipyard-driver-source", warning, "batch-shipyard issue 348",
       "Shipyard runs the driver as NVIDIA's .run installer.",
       [](const Definition& pool, Report& report) {
         const json::object& theirs = pool.circumstances().original;
         const json::value* gpu = theirs.if_contains("gpu");
         boost::system::error_code error;
         const json::value* source =
             gpu == nullptr ? nullptr : gpu->find_pointer("/nvidia_driver/source", error);
         if (source != nullptr && source->is_string() &&
             !fold(std::string_view(source->get_string())).ends_with(".run"))
           report
               .at("vmSize",
                   "gpu.nvidia_driver.source is no .run installer: the start task "
                   "fails. Give NVIDIA-Linux-x86_64-VERSION.run.")
               .value = shown(source);
       }},
      {"shipyard-suse", warning, "docs/99-current-limitations.md",
       "Shipyard does not prepare nodes of SUSE.",
       [](const Definition& pool, Report& report) {
         if (pool.circumstances().form == Form::shipyard &&
             same_folded(pool.text(image_at + "/publisher"), "SUSE"))
           report.at(image_at + "/publisher",
                     "Give an Ubuntu or a CentOS image: SUSE's is not supported.");
       }},
      {"shipyard-windows", warning, "docs/25-batch-shipyard-platform-image-support.md",
       "On Windows Shipyard works in native mode, on images with containers.",
       [](const Definition& pool, Report& report) {
         if (pool.circumstances().form == Form::shipyard && pool.on_windows() &&
             pool.image() != nullptr && !pool.image_has("docker"))
           report.at(image_at + "/sku", "Give a SKU with -with-Containers and native: true.");
       }},
  };
}

}  // namespace batchyard::preflight
