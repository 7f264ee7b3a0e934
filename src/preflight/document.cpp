#include "preflight/document.h"

#include <fmt/format.h>

#include "base/text.h"

namespace batchyard::preflight {

namespace json = boost::json;

namespace {

constexpr int depth_max = 32;

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

// "[parameters('size')]" is what the template says it is without another word.
json::value resolved(const json::value& value, const json::value& document, int depth) {
  if (depth > depth_max) return value;
  if (value.is_object()) {
    json::object object;
    for (const auto& one : value.get_object())
      object[one.key()] = resolved(one.value(), document, depth + 1);
    return object;
  }
  if (value.is_array()) {
    json::array array;
    for (const json::value& one : value.get_array())
      array.push_back(resolved(one, document, depth + 1));
    return array;
  }
  if (!is_expression(value)) return value;
  std::string_view text = value.get_string();
  text = text.substr(1, text.size() - 2);
  for (const auto& [call, list] :
       {std::pair<std::string_view, const char*>{"parameters('", "parameters"},
        {"variables('", "variables"}}) {
    if (!text.starts_with(call) || !text.ends_with("')")) continue;
    const std::string_view name = text.substr(call.size(), text.size() - call.size() - 2);
    const json::object* known =
        document.is_object() ? member(document.get_object(), {list}) : nullptr;
    const json::value* found = known == nullptr ? nullptr : known->if_contains(name);
    if (found != nullptr && list == std::string_view("parameters"))
      found = found->is_object() ? found->get_object().if_contains("defaultValue") : nullptr;
    if (found != nullptr && !found->is_null()) return resolved(*found, document, depth + 1);
  }
  return value;
}

class Search {
 public:
  Search(const json::value& document, const Circumstances& circumstances)
      : document_(document), circumstances_(circumstances) {}

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
    const json::value plain = resolved(json::value(given), document_, 0);
    one.pool = to_ours(dialect, plain.get_object());
    if (&dialect == &arm_words) {
      one.circumstances.form = Form::arm;
      for (const char* path : {"virtualMachineConfiguration", "cloudServiceConfiguration",
                               "targetDedicatedNodes", "targetLowPriorityNodes", "resizeTimeout",
                               "autoScaleFormula", "enableInterNodeCommunication",
                               "applicationPackageReferences", "certificateReferences"}) {
        if (given.contains(path)) one.circumstances.foreign.emplace_back(path);
      }
      if (one.pool.contains("autoScaleFormula")) one.pool["enableAutoScale"] = true;
    }
    if (&dialect == &shipyard_words) complete_shipyard(one, plain.get_object());
    drop_answers(one.pool);
    found_.push_back(std::move(one));
  }

  // A pool that was asked of a service says more than one that is sent to it.
  static void drop_answers(json::object& pool) {
    for (const char* name :
         {"url", "eTag", "lastModified", "creationTime", "state", "stateTransitionTime",
          "allocationState", "allocationStateTransitionTime", "currentDedicatedNodes",
          "currentLowPriorityNodes", "currentNodeCommunicationMode", "resizeErrors", "autoScaleRun",
          "stats", "identity", "provisioningState", "provisioningStateTransitionTime",
          "resizeOperationStatus"})
      pool.erase(name);
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
        add(*pool, base + "/properties", "ARM", arm_words);
    }
    look_at_resources(resource, base, name == "microsoft.batch/batchaccounts");
    if (const json::object* inner = member(resource, {"properties", "template"}))
      look_at_resources(*inner, base + "/properties/template", false);
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
      add(*pool, base + "/poolInfo/autoPoolSpecification/pool", form, data_plane_words);
    if (const json::object* inner =
            member(job, {"jobSpecification", "poolInfo", "autoPoolSpecification", "pool"}))
      add(*inner, base + "/jobSpecification/poolInfo/autoPoolSpecification/pool", form,
          data_plane_words);
  }

  // Templates of the Batch CLI: the data plane's words below `properties`.
  bool look_at_template(const json::object& object, const std::string& base) {
    const char* const form = "Batch CLI template";
    if (const json::object* pool = member(object, {"pool", "properties"})) {
      add(*pool, base + "/pool/properties", form, data_plane_words);
      return true;
    }
    if (const json::object* job = member(object, {"job", "properties"})) {
      look_at_job(*job, base + "/job/properties", form);
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
      return add(*pool, base + "/pool_specification", "Batch Shipyard", shipyard_words);
    if (object.contains("resources")) return look_at_resources(object, base, false);
    if (look_at_template(object, base)) return;
    if (const json::object* pool = member(object, {"pool"});
        pool != nullptr && looks_like_pool(*pool))
      return add(*pool, base + "/pool", "data plane", data_plane_words);
    if (const json::object* pool = member(object, {"properties"})) {
      const bool is_template = !pool->contains("deploymentConfiguration") &&
                               !object.contains("name") && pool->contains("id");
      if (looks_like_pool(*pool) || pool->contains("scaleSettings"))
        return add(*pool, base + "/properties", is_template ? "Batch CLI template" : "ARM",
                   is_template ? data_plane_words : arm_words);
    }
    if (const json::value* list = object.if_contains("value"); list != nullptr && list->is_array())
      return look(*list, base + "/value", depth + 1);
    if (looks_like_pool(object)) return add(object, base, "data plane", data_plane_words);
    look_at_job(object, base, "data plane");
  }

  const json::value& document_;
  const Circumstances& circumstances_;
  std::vector<FoundPool> found_;
};

}  // namespace

std::string FoundPool::pointer_of(std::string_view path) const {
  return base + to_theirs(*dialect, "/" + std::string(path));
}

json::array FoundPool::patch_of(const Finding& finding) const {
  return patch_to_theirs(*dialect, finding.patch, base);
}

std::vector<FoundPool> pools_in(const json::value& document, const Circumstances& circumstances) {
  return Search(document, circumstances).run();
}

}  // namespace batchyard::preflight
