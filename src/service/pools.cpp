#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "catalogue/catalogue.h"
#include "model/image.h"
#include "preflight/preflight.h"
#include "service/container_rules.h"
#include "service/entities.h"
#include "service/extension_rules.h"
#include "service/json_parts.h"
#include "service/pool_rules.h"
#include "service/service.h"
#include "service/statistics.h"

namespace batchyard::service {

namespace json = boost::json;

// What Azure refuses is refused in its words. What it takes and what will not do is taken: a
// finding that GET /batchyard/pools/ID/findings shows.
Result<> check_pool(const json::object& pool, const Catalogue& catalogue) {
  const preflight::Definition definition(pool, {.catalogue = &catalogue, .shape_is_known = true});
  for (const preflight::Finding& finding : preflight::findings_of(definition)) {
    // What a formula is refused for, autoscale_of says.
    const bool of_formula = finding.code.find("AutoScaling") != std::string::npos;
    if (finding.rule->severity == preflight::Severity::error && !of_formula)
      return std::unexpected(finding.refusal());
  }
  return check_containers(api::read<api::PoolAddParameter>(json::value(pool)));
}

Result<> check_start_task(const json::object& pool, const StorageFacts& storage) {
  const json::value* task = pool.if_contains("startTask");
  if (task == nullptr || !task->is_object()) return Done();
  TRY(check_container_task(task->get_object(), "startTask."));
  return check_resource_files(task->get_object(), "resourceFiles", storage);
}

namespace {

bool is_windows(const api::PoolAddParameter& pool, const Catalogue& catalogue) {
  if (!pool.virtualMachineConfiguration) return pool.cloudServiceConfiguration.has_value();
  const Agent* agent =
      catalogue.agent(pool.virtualMachineConfiguration->nodeAgentSKUId.value_or(""));
  return agent != nullptr && agent->os == "windows";
}

}  // namespace

// The image that its nodes boot: publisher/offer/sku/version, or the id of an own one.
std::string image_of(const api::PoolAddParameter& pool) {
  if (!pool.virtualMachineConfiguration || !pool.virtualMachineConfiguration->imageReference)
    return {};
  const api::ImageReference& image = *pool.virtualMachineConfiguration->imageReference;
  for (const auto* id : {&image.virtualMachineImageId, &image.sharedGalleryImageId,
                         &image.communityGalleryImageId}) {
    if (*id && !(*id)->empty()) return **id;
  }
  return fmt::format("{}/{}/{}/{}", image.publisher.value_or(""), image.offer.value_or(""),
                     image.sku.value_or(""), image.version.value_or("latest"));
}

// What its nodes are held to.
protocol::Promise promise_of(const Size& size, const Catalogue& catalogue) {
  constexpr double gib = 1024.0 * 1024 * 1024;
  return {.cores = size.cores,
          .memory = static_cast<std::int64_t>(size.memory_gib * gib),
          .gpus = size.gpus,
          .gpu = size.gpu,
          .gpu_memory = static_cast<std::int64_t>(size.gpu_memory_gib * gib),
          .gpu_vendor = fold(size.gpu_vendor),
          .rdma = !size.rdma.empty(),
          .rdma_gigabits = size.gbps,
          .driver = catalogue.driver_of(size),
          .rdma_kind = size.rdma};
}

PoolFacts facts_of(const api::PoolAddParameter& pool, const Catalogue& catalogue) {
  const Size* size = catalogue.size(pool.vmSize.value_or(""));
  PoolFacts facts;
  facts.vm_size = fold(pool.vmSize.value_or(""));
  facts.cores = size == nullptr ? 1 : size->cores;
  if (size != nullptr) facts.promise = promise_of(*size, catalogue);
  facts.task_slots = pool.taskSlotsPerNode.value_or(1);
  facts.spread = !pool.taskSchedulingPolicy ||
                 !same_folded(pool.taskSchedulingPolicy->nodeFillType.value_or("spread"), "pack");
  facts.inter_node = pool.enableInterNodeCommunication.value_or(false);
  facts.start_task = pool.startTask.has_value();
  facts.start_task_gates = !pool.startTask || pool.startTask->waitForSuccess.value_or(true);
  for (const api::CertificateReference& reference : pool.certificateReferences)
    facts.certificates.push_back(certificate_id(reference.thumbprintAlgorithm.value_or(""),
                                                reference.thumbprint.value_or("")));
  for (const api::ApplicationPackageReference& reference : pool.applicationPackageReferences)
    facts.packages.push_back({ApplicationId::trusted(reference.applicationId.value_or("")),
                              PackageVersion::trusted(reference.version.value_or(""))});
  facts.windows = is_windows(pool, catalogue);
  facts.boots = image_of(pool);
  facts.containers = pool.virtualMachineConfiguration &&
                     pool.virtualMachineConfiguration->containerConfiguration.has_value();
  if (catalogue.installs_drivers()) facts.drivers = drivers_of(pool, catalogue);
  facts.extensions =
      !facts.drivers.empty() ||
      (pool.virtualMachineConfiguration && !pool.virtualMachineConfiguration->extensions.empty());
  facts.set_up = !pool.certificateReferences.empty() || !pool.userAccounts.empty() ||
                 !pool.mountConfiguration.empty() || facts.containers || facts.extensions;
  return facts;
}

Result<Duration> resize_timeout_of(const std::optional<std::string>& text) {
  if (!text) return std::chrono::minutes(15);
  const Duration timeout = *parse_duration(*text);
  if (timeout < std::chrono::minutes(5))
    return bad_property("resizeTimeout", *text, "It must be at least 5 minutes (PT5M).");
  return timeout;
}

void erase_kept_by_status(json::object& spec) {
  for (const char* name :
       {"id", "vmSize", "resizeTimeout", "targetDedicatedNodes", "targetLowPriorityNodes",
        "enableAutoScale", "autoScaleFormula", "autoScaleEvaluationInterval"})
    spec.erase(name);
}

Deallocation deallocation_of(const std::optional<std::string>& text) {
  Deallocation value = Deallocation::requeue;
  boost::describe::enum_from_string(fold(text.value_or("requeue")).c_str(), value);
  return value;
}

namespace {

constexpr std::size_t nodes_removed_max = 100;

// What is said and what goes without saying are one: clients send back what they were shown.
json::object said_in_full(json::object spec) {
  fill(spec, "taskSlotsPerNode", 1);
  fill(spec, "enableInterNodeCommunication", false);
  for (const char* name : {"userAccounts", "mountConfiguration"}) {
    const json::value* list = spec.if_contains(name);
    if (list != nullptr && list->is_array() && list->get_array().empty()) spec.erase(name);
  }
  json::value* machine = spec.if_contains("virtualMachineConfiguration");
  if (machine != nullptr && machine->is_object()) {
    json::object& image = child(machine->get_object(), "imageReference");
    if (image.contains("publisher")) fill(image, "version", "latest");
  }
  return spec;
}

// The name of a changed property that cannot follow while there are nodes: they were made by it.
std::string needs_empty(const json::object& was, const json::object& becomes,
                        const std::string& vm_size) {
  const json::object before = said_in_full(was);
  const json::object after = said_in_full(becomes);
  for (const char* name :
       {"taskSlotsPerNode", "enableInterNodeCommunication", "virtualMachineConfiguration",
        "networkConfiguration", "userAccounts", "mountConfiguration"}) {
    const json::value* old_value = before.if_contains(name);
    const json::value* new_value = after.if_contains(name);
    if ((old_value == nullptr) != (new_value == nullptr) ||
        (old_value != nullptr && *old_value != *new_value))
      return name;
  }
  const json::value* size = after.if_contains("vmSize");
  return size != nullptr && !same_folded(std::string_view(size->get_string()), vm_size) ? "vmSize"
                                                                                        : "";
}

}  // namespace

// The row that was read is the one that is replaced, whether the user asked for it or not.
Result<engine::ReplacePool> change_of(const engine::Row& row, const json::object& before,
                                      json::object spec, const Catalogue& catalogue) {
  const PoolStatus status = TRY(from_json<PoolStatus>(row.status));
  engine::ReplacePool command{.id = PoolId::trusted(row.key.id), .facts = {}};
  command.only_when_empty = needs_empty(before, spec, status.facts.vm_size);
  json::value whole = spec;
  whole.as_object()["id"] = row.key.id;
  if (!spec.contains("vmSize")) whole.as_object()["vmSize"] = status.facts.vm_size;
  const auto pool = api::read<api::PoolAddParameter>(whole);
  TRY(check_pool(whole.as_object(), catalogue));
  command.facts = facts_of(pool, catalogue);
  const json::value* old_task = before.if_contains("startTask");
  const json::value* new_task = spec.if_contains("startTask");
  command.new_start_task = new_task != nullptr && (old_task == nullptr || *old_task != *new_task);
  spec.erase("vmSize");
  command.spec = json::serialize(spec);
  command.if_version = row.version;
  return command;
}

Result<engine::AddPool> Service::addition_of(json::value body) const {
  const auto pool = api::read<api::PoolAddParameter>(body);
  TRY(check_pool(body.as_object(), *ports_.catalogue));
  TRY(check_start_task(body.as_object(), ports_.storage));
  engine::AddPool command{.facts = facts_of(pool, *ports_.catalogue),
                          .target_dedicated = pool.targetDedicatedNodes.value_or(0),
                          .target_low_priority = pool.targetLowPriorityNodes.value_or(0),
                          .spec = {}};
  TRY(check_boots(command.facts, body.as_object()));
  command.id = TRY(PoolId::parse(pool.id.value_or(""), "id"));
  command.resize_timeout = TRY(resize_timeout_of(pool.resizeTimeout));
  command.autoscale = TRY(autoscale_of(pool));
  erase_kept_by_status(body.as_object());
  command.spec = json::serialize(body);
  return command;
}

void Service::add_pool(Call call) {
  const auto make = [&]() -> Result<engine::AddPool> { return addition_of(TRY(body_of(call))); };
  Result<engine::AddPool> command = make();
  if (!command) return answer_error(call, command.error());
  std::string location = "/pools/" + command->id.text();
  write(std::move(call), *std::move(command), 201, std::move(location));
}

void Service::get_pool(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::CloudPool, call.version, call.query_value("$select")));
    json::object pool = TRY(pool_entity(row, call.base_url()));
    if (TRY(expands_stats(call))) pool["stats"] = TRY(pool_statistics(row, *ports_.store, call));
    api::view(api::Model::CloudPool, call.version, pool);
    api::select(names, pool);
    answer_entity(call, "pools/@Element", std::move(pool),
                  entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::pool_exists(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    answer_empty(call, 200, entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_pools(Call call) {
  const std::string filter(call.query_value("$filter"));
  list(
      call, "pools",
      {.kind = engine::EntityKind::pool, .parent = {}, .filter = nullptr, .after = {}}, filter,
      [&](const engine::Row& row) -> Result<json::object> {
        json::object pool = TRY(pool_entity(row, call.base_url()));
        if (TRY(expands_stats(call)))
          pool["stats"] = TRY(pool_statistics(row, *ports_.store, call));
        return pool;
      },
      api::Model::CloudPool);
}

void Service::patch_pool(Call call) {
  const auto make = [&]() -> Result<engine::ReplacePool> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(guard(call, row));
    json::object spec = json::parse(row.spec).as_object();
    const json::object before = spec;
    for (auto& member : body.as_object()) spec[member.key()] = member.value();
    TRY(check_start_task(spec, ports_.storage));
    engine::ReplacePool command = TRY(change_of(row, before, std::move(spec), *ports_.catalogue));
    TRY(check_boots(command.facts, json::parse(command.spec).as_object()));
    return command;
  };
  Result<engine::ReplacePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::resize_pool(Call call) {
  const auto make = [&]() -> Result<engine::ResizePool> {
    const auto body = api::read<api::PoolResizeParameter>(TRY(body_of(call)));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    if (!body.targetDedicatedNodes && !body.targetLowPriorityNodes)
      return refusal("MissingRequiredProperty",
                     "A required property was not specified in the request body: give "
                     "targetDedicatedNodes, targetLowPriorityNodes, or both.",
                     {{"PropertyName", "targetDedicatedNodes"}});
    engine::ResizePool command{.id = PoolId::trusted(call.parameters[0]),
                               .target_dedicated = body.targetDedicatedNodes,
                               .target_low_priority = body.targetLowPriorityNodes,
                               .deallocation = deallocation_of(body.nodeDeallocationOption)};
    command.resize_timeout = TRY(resize_timeout_of(body.resizeTimeout));
    command.if_version = TRY(guard(call, row));
    return command;
  };
  Result<engine::ResizePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::stop_resize(Call call) {
  const auto make = [&]() -> Result<engine::StopResize> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    return engine::StopResize{PoolId::trusted(call.parameters[0]), version};
  };
  Result<engine::StopResize> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::delete_pool(Call call) {
  const auto make = [&]() -> Result<engine::DeletePool> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    return engine::DeletePool{PoolId::trusted(call.parameters[0]), version};
  };
  Result<engine::DeletePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::update_pool_properties(Call call) {
  const auto make = [&]() -> Result<engine::ReplacePool> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    json::object spec = json::parse(row.spec).as_object();
    const json::object before = spec;
    api::erase_replaced(api::Model::PoolUpdatePropertiesParameter, call.version, spec);
    for (auto& member : body.as_object()) spec[member.key()] = member.value();
    TRY(check_start_task(spec, ports_.storage));
    engine::ReplacePool command = TRY(change_of(row, before, std::move(spec), *ports_.catalogue));
    TRY(check_boots(command.facts, json::parse(command.spec).as_object()));
    return command;
  };
  Result<engine::ReplacePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 204);
}

void Service::remove_nodes(Call call) {
  const auto make = [&]() -> Result<engine::RemoveNodes> {
    const json::value body = TRY(body_of(call));
    const json::array& nodes = body.at("nodeList").as_array();
    const auto text = [&](const char* name) -> std::optional<std::string> {
      const json::value* value = body.as_object().if_contains(name);
      if (value == nullptr) return std::nullopt;
      return std::string(value->get_string());
    };
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    if (nodes.empty() || nodes.size() > nodes_removed_max)
      return bad_property("nodeList", fmt::format("{} ids", nodes.size()),
                          "Give 1 to 100 ids of nodes.");
    engine::RemoveNodes command{.id = PoolId::trusted(call.parameters[0]),
                                .nodes = {},
                                .deallocation = deallocation_of(text("nodeDeallocationOption"))};
    command.resize_timeout = TRY(resize_timeout_of(text("resizeTimeout")));
    command.if_version = TRY(guard(call, row));
    for (const json::value& id : nodes)
      command.nodes.push_back(NodeId::trusted(std::string_view(id.as_string())));
    return command;
  };
  Result<engine::RemoveNodes> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

}  // namespace batchyard::service
