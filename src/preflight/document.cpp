#include "preflight/document.h"

#include <fmt/format.h>

#include <functional>

#include "base/text.h"
#include "preflight/expression.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

const char* const plain_form = "data plane";
const char* const template_form = "Batch CLI template";

const json::object* member(const json::object& object,
                           std::initializer_list<std::string_view> path) {
  const json::object* at = &object;
  for (const std::string_view part : path) {
    const json::value* inner = at->if_contains(part);
    at = inner == nullptr ? nullptr : inner->if_object();
    if (at == nullptr) return nullptr;
  }
  return at;
}
// An object alone is asked: a value made of one would be gone with its members.
const json::object* member(const json::value& value,
                           std::initializer_list<std::string_view> path) = delete;

bool looks_like_pool(const json::object& object) {
  return object.contains("vmSize") || object.contains("virtualMachineConfiguration") ||
         object.contains("cloudServiceConfiguration") || object.contains("targetDedicatedNodes") ||
         object.contains("deploymentConfiguration");
}

// A pool that was asked of a service says more than one that is sent to it.
void drop_answers(json::object& pool) {
  for (const char* name :
       {"url", "eTag", "lastModified", "creationTime", "state", "stateTransitionTime",
        "allocationState", "allocationStateTransitionTime", "currentDedicatedNodes",
        "currentLowPriorityNodes", "currentNodeCommunicationMode", "resizeErrors", "autoScaleRun",
        "stats", "identity", "provisioningState", "provisioningStateTransitionTime",
        "resizeOperationStatus", "odata.metadata"})
    pool.erase(name);
}

// Each element of the list at `path`, a JSON pointer.
void each_element(json::object& pool, std::string_view path,
                  const std::function<void(json::object&)>& use) {
  json::value whole(std::move(pool));
  boost::system::error_code error;
  json::value* list = whole.find_pointer(path, error);
  if (list != nullptr && list->is_array()) {
    for (json::value& one : list->get_array()) {
      if (one.is_object()) use(one.get_object());
    }
  }
  pool = std::move(whole.get_object());
}

// Secrets are not in answers: they are there, and nobody knows them.
void add_secrets(json::object& pool) {
  const auto add = [](json::object& owner, const char* name) {
    json::value* value = owner.if_contains(name);
    if (value == nullptr || value->is_null()) owner[name] = "[not shown]";
  };
  each_element(pool, "/userAccounts", [&](json::object& account) { add(account, "password"); });
  each_element(pool, "/virtualMachineConfiguration/containerConfiguration/containerRegistries",
               [&](json::object& registry) {
                 const json::value* name = registry.if_contains("username");
                 if (name != nullptr && !name->is_null()) add(registry, "password");
               });
  each_element(pool, "/mountConfiguration", [&](json::object& mount) {
    for (const auto& [kind, secret] : {std::pair("azureBlobFileSystemConfiguration", "accountKey"),
                                       {"azureFileShareConfiguration", "accountKey"},
                                       {"cifsMountConfiguration", "password"}}) {
      json::value* one = mount.if_contains(kind);
      if (one == nullptr || !one->is_object()) continue;
      const json::value* identity = one->get_object().if_contains("identityReference");
      if (identity == nullptr || identity->is_null()) add(one->get_object(), secret);
    }
  });
}

// What the Batch CLI does with a template before it sends it: packages that a start task of its
// own installs, groups of files, and older words.
void complete_template(FoundPool& found) {
  if (found.pool.erase("packageReferences") > 0) found.left_out.emplace_back("packageReferences");
  json::value* task = found.pool.if_contains("startTask");
  if (task == nullptr || !task->is_object()) return;
  json::value* files = task->get_object().if_contains("resourceFiles");
  if (files == nullptr || !files->is_array()) return;
  for (json::value& one : files->get_array()) {
    json::object* file = one.if_object();
    if (file == nullptr) continue;
    if (const json::value* source = file->if_contains("blobSource")) {
      json::value address = *source;
      file->erase("blobSource");
      file->emplace("httpUrl", std::move(address));
    }
    if (!file->contains("source")) continue;
    found.left_out.emplace_back("startTask.resourceFiles.source");
    // One of a group's files, or many: known when the template is used.
    one = json::object{{"storageContainerUrl", "[source]"}};
  }
}

// Batch Shipyard before version 3 had one count, and the image beside the size.
json::object with_counts(json::object shipyard) {
  json::value* count = shipyard.if_contains("vm_count");
  if (count != nullptr && count->is_int64())
    *count = json::object{{"dedicated", count->get_int64()}};
  return shipyard;
}

class Search {
 public:
  Search(const json::value& document, const Circumstances& circumstances)
      : document_(document), circumstances_(circumstances) {
    scope_.document = document.if_object();
  }

  std::vector<FoundPool> run() {
    look(document_, "", 0);
    return std::move(found_);
  }

 private:
  void add(const json::object& given, std::string base, const char* form, const Dialect& dialect) {
    FoundPool one{.form = form,
                  .base = std::move(base),
                  .dialect = &dialect,
                  .pool = {},
                  .circumstances = circumstances_};
    json::value plain = resolved(json::value(given), scope_);
    if (dialect.speaker == Speaker::shipyard) plain = with_counts(plain.get_object());
    one.pool = to_ours(dialect, plain.get_object());
    if (dialect.speaker == Speaker::arm) complete_arm(one, given);
    if (dialect.speaker == Speaker::shipyard) complete_shipyard(one, plain.get_object());
    if (one.form == template_form) complete_template(one);
    if (given.contains("allocationState")) add_secrets(one.pool);
    drop_answers(one.pool);
    found_.push_back(std::move(one));
  }

  // The data plane's words, or those in which `az batch pool show` answers.
  void add_plain(const json::object& given, std::string base, const char* form) {
    add(given, std::move(base), form,
        given.contains("allocationState") ? answer_words : data_plane_words);
  }

  static void complete_arm(FoundPool& one, const json::object& given) {
    one.circumstances.form = Form::arm;
    for (const char* path : {"virtualMachineConfiguration", "cloudServiceConfiguration",
                             "targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout",
                             "autoScaleFormula", "enableInterNodeCommunication",
                             "applicationPackageReferences", "certificateReferences"}) {
      if (given.contains(path)) one.circumstances.foreign.emplace_back(path);
    }
    complete_arm_pool(one.pool);
  }

  // What Shipyard adds by itself: the node agent of an image, containers, drivers.
  void complete_shipyard(FoundPool& one, const json::object& theirs) const {
    one.circumstances.form = Form::shipyard;
    one.circumstances.installs_itself = true;
    one.circumstances.original = theirs;
    // It has formulas of its own; then the counts are the least.
    if (theirs.contains("autoscale")) one.pool.erase("resizeTimeout");
    json::value* image = nullptr;
    if (json::value* vm = one.pool.if_contains(machine))
      image = vm->is_object() ? vm->get_object().if_contains("imageReference") : nullptr;
    if (image == nullptr || !image->is_object()) return;
    const auto word = [&](const char* name) {
      const json::value* text = image->get_object().if_contains(name);
      return text != nullptr && text->is_string() ? std::string(text->get_string()) : "";
    };
    const Image* known =
        circumstances_.catalogue->image(word("publisher"), word("offer"), word("sku"));
    if (known != nullptr)
      one.pool[machine].as_object().emplace("nodeAgentSKUId", known->agent);
    else if (!word("publisher").empty())
      one.pool[machine].as_object().emplace("nodeAgentSKUId", "[unknown]");
  }

  void look_at_resource(const json::object& resource, const std::string& base, bool in_account) {
    const json::value* type = resource.if_contains("type");
    const std::string name =
        type != nullptr && type->is_string() ? fold(std::string_view(type->get_string())) : "";
    if (name == "microsoft.batch/batchaccounts/pools" || (in_account && name == "pools")) {
      if (const json::object* pool = member(resource, {"properties"}))
        add_arm(*pool, base + "/properties", resource);
    }
    look_at_resources(resource, base, name == "microsoft.batch/batchaccounts");
    if (const json::object* inner = member(resource, {"properties", "template"}))
      look_at_nested(*inner, base + "/properties/template", *member(resource, {"properties"}));
  }

  void add_arm(const json::object& pool, std::string base, const json::object& resource) {
    add(pool, std::move(base), "ARM", arm_words);
    const json::value* version = resource.if_contains("apiVersion");
    if (version != nullptr && version->is_string())
      found_.back().circumstances.arm_version = std::string(version->get_string());
  }

  // A template in a template: its names are its own when it says so, and those around it otherwise.
  void look_at_nested(const json::object& inner, const std::string& base,
                      const json::object& deployment) {
    const Scope outer = scope_;
    const json::object* options = member(deployment, {"expressionEvaluationOptions"});
    const json::value* scope = options == nullptr ? nullptr : options->if_contains("scope");
    if (scope != nullptr && scope->is_string() &&
        same_folded(std::string_view(scope->get_string()), "inner"))
      scope_ =
          Scope{.document = &inner, .given = member(deployment, {"parameters"}), .outer = &outer};
    look_at_resources(inner, base, false);
    scope_ = outer;
  }

  void look_at_resources(const json::object& owner, const std::string& base, bool in_account) {
    const json::value* resources = owner.if_contains("resources");
    if (resources == nullptr) return;
    if (resources->is_array()) {
      std::size_t at = 0;
      for (const json::value& one : resources->get_array()) {
        const std::string where = fmt::format("{}/resources/{}", base, at++);
        if (one.is_object()) look_at_resource(one.get_object(), where, in_account);
      }
    } else if (resources->is_object()) {  // with symbolic names
      for (const auto& one : resources->get_object()) {
        if (one.value().is_object())
          look_at_resource(one.value().get_object(), base + "/resources/" + std::string(one.key()),
                           in_account);
      }
    }
  }

  // A job or a schedule may describe a pool of its own.
  void look_at_job(const json::object& job, const std::string& base, const char* form) {
    if (const json::object* pool = member(job, {"poolInfo", "autoPoolSpecification", "pool"}))
      add_plain(*pool, base + "/poolInfo/autoPoolSpecification/pool", form);
    if (const json::object* inner =
            member(job, {"jobSpecification", "poolInfo", "autoPoolSpecification", "pool"}))
      add_plain(*inner, base + "/jobSpecification/poolInfo/autoPoolSpecification/pool", form);
  }

  // Templates of the Batch CLI: the data plane's words below `properties`.
  bool look_at_template(const json::object& object, const std::string& base) {
    if (const json::object* pool = member(object, {"pool", "properties"})) {
      add_plain(*pool, base + "/pool/properties", template_form);
      return true;
    }
    if (const json::object* job = member(object, {"job", "properties"})) {
      look_at_job(*job, base + "/job/properties", template_form);
      return true;
    }
    return false;
  }

  void look(const json::value& value, const std::string& base, int depth) {
    if (value.is_array() && depth < 2) {
      std::size_t at = 0;
      for (const json::value& one : value.get_array())
        look(one, fmt::format("{}/{}", base, at++), depth + 1);
    }
    if (!value.is_object()) return;
    const json::object& object = value.get_object();
    if (const json::object* pool = member(object, {"pool_specification"}))
      return add(*pool, base + "/pool_specification", "Batch Shipyard",
                 pool->contains("publisher") ? old_shipyard_words : shipyard_words);
    if (object.contains("resources")) return look_at_resources(object, base, false);
    if (look_at_template(object, base)) return;
    if (const json::object* pool = member(object, {"pool"});
        pool != nullptr && looks_like_pool(*pool))
      return add_plain(*pool, base + "/pool", plain_form);
    if (const json::object* pool = member(object, {"properties"})) {
      const bool is_template = !pool->contains("deploymentConfiguration") &&
                               !object.contains("name") && pool->contains("id");
      if (looks_like_pool(*pool) || pool->contains("scaleSettings"))
        return is_template ? add_plain(*pool, base + "/properties", template_form)
                           : add_arm(*pool, base + "/properties", object);
    }
    if (const json::value* list = object.if_contains("value"); list != nullptr && list->is_array())
      return look(*list, base + "/value", depth + 1);
    if (looks_like_pool(object)) return add_plain(object, base, plain_form);
    look_at_job(object, base, plain_form);
  }

  const json::value& document_;
  const Circumstances& circumstances_;
  Scope scope_;
  std::vector<FoundPool> found_;
};

}  // namespace

std::string FoundPool::pointer_of(std::string_view path) const {
  return base + to_theirs(*dialect, "/" + std::string(path));
}

json::array FoundPool::patch_of(const Finding& finding, const json::value& document) const {
  boost::system::error_code error;
  const json::value* here = document.find_pointer(base, error);
  if (here == nullptr) return {};
  json::value copy = *here;
  // What an expression stands for is written elsewhere.
  if (!apply(copy, patch_to_theirs(*dialect, finding.patch, ""))) return {};
  return patch_to_theirs(*dialect, finding.patch, base);
}

std::vector<FoundPool> pools_in(const json::value& document, const Circumstances& circumstances) {
  return Search(document, circumstances).run();
}

}  // namespace batchyard::preflight
