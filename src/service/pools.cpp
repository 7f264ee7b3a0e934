#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/text.h"
#include "model/catalogue.h"
#include "service/entities.h"
#include "service/pool_rules.h"
#include "service/service.h"

namespace batchyard::service {

namespace json = boost::json;

Result<> check_pool(const api::PoolAddParameter& pool) {
  const Size* size = find_size(pool.vmSize.value_or(""));
  if (size == nullptr && pool.virtualMachineConfiguration)
    return bad_property("vmSize", pool.vmSize.value_or(""),
                        "It names no known machine size. Similar ones are: " +
                            similar_sizes(pool.vmSize.value_or("")) + ".");
  if (!pool.virtualMachineConfiguration && !pool.cloudServiceConfiguration)
    return fail(
        Kind::invalid, "MissingRequiredProperty",
        "A required property was not specified in the request body: virtualMachineConfiguration. "
        "Give the image (imageReference) and the node agent (nodeAgentSKUId).",
        {{"PropertyName", "virtualMachineConfiguration"}});
  if (pool.cloudServiceConfiguration)
    return bad_property(
        "cloudServiceConfiguration", "",
        "Cloud Services pools were retired. Give a virtualMachineConfiguration instead.");
  const auto unserved = [](const char* property) {
    return bad_property(property, "", "This version of Batchyard does not serve it. Leave it out.");
  };
  if (!pool.applicationPackageReferences.empty()) return unserved("applicationPackageReferences");
  if (!pool.mountConfiguration.empty()) return unserved("mountConfiguration");
  if (pool.virtualMachineConfiguration->containerConfiguration)
    return unserved("virtualMachineConfiguration.containerConfiguration");
  if (pool.startTask && pool.startTask->containerSettings)
    return unserved("startTask.containerSettings");
  const std::int32_t slots = pool.taskSlotsPerNode.value_or(1);
  if (size != nullptr && slots > std::min(4 * size->cores, 256))
    return bad_property(
        "taskSlotsPerNode", std::to_string(slots),
        fmt::format("{} has {} cores; at most {} slots (4 for each core, 256 in all) are possible.",
                    size->name, size->cores, std::min(4 * size->cores, 256)));
  const auto& machine = *pool.virtualMachineConfiguration;
  if (!machine.imageReference) return Done();
  const auto& image = *machine.imageReference;
  if (image.virtualMachineImageId || !image.publisher)
    return Done();  // a custom image: what it holds is the user's matter
  const Image* known =
      find_image(image.publisher.value_or(""), image.offer.value_or(""), image.sku.value_or(""));
  const std::string name = fmt::format("{}/{}/{}", image.publisher.value_or(""),
                                       image.offer.value_or(""), image.sku.value_or(""));
  if (known == nullptr)
    return bad_property("virtualMachineConfiguration.imageReference", name,
                        "No such image is supported. Similar ones are: " +
                            similar_images(image.publisher.value_or(""), image.offer.value_or("")) +
                            ". GET /supportedimages lists all.");
  if (!same_folded(machine.nodeAgentSKUId.value_or(""), known->agent))
    return bad_property("virtualMachineConfiguration.nodeAgentSKUId",
                        machine.nodeAgentSKUId.value_or(""),
                        fmt::format("The image {} needs the node agent '{}'.", name, known->agent));
  return Done();
}

PoolFacts facts_of(const api::PoolAddParameter& pool) {
  const Size* size = find_size(pool.vmSize.value_or(""));
  PoolFacts facts;
  facts.vm_size = fold(pool.vmSize.value_or(""));
  facts.cores = size == nullptr ? 1 : size->cores;
  facts.task_slots = pool.taskSlotsPerNode.value_or(1);
  facts.spread = !pool.taskSchedulingPolicy ||
                 !same_folded(pool.taskSchedulingPolicy->nodeFillType.value_or("spread"), "pack");
  facts.inter_node = pool.enableInterNodeCommunication.value_or(false);
  facts.start_task = pool.startTask.has_value();
  facts.start_task_gates = !pool.startTask || pool.startTask->waitForSuccess.value_or(true);
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

namespace {

Deallocation deallocation_of(const std::optional<std::string>& text) {
  Deallocation value = Deallocation::requeue;
  boost::describe::enum_from_string(fold(text.value_or("requeue")).c_str(), value);
  return value;
}

}  // namespace

void Service::add_pool(Call call) {
  const auto make = [&]() -> Result<engine::AddPool> {
    json::value body = TRY(body_of(call));
    const auto pool = api::read<api::PoolAddParameter>(body);
    TRY(check_pool(pool));
    engine::AddPool command{.id = TRY(PoolId::parse(pool.id.value_or(""), "id")),
                            .facts = facts_of(pool),
                            .target_dedicated = pool.targetDedicatedNodes.value_or(0),
                            .target_low_priority = pool.targetLowPriorityNodes.value_or(0),
                            .resize_timeout = TRY(resize_timeout_of(pool.resizeTimeout)),
                            .spec = {},
                            .autoscale = TRY(autoscale_of(pool))};
    erase_kept_by_status(body.as_object());
    command.spec = json::serialize(body);
    return command;
  };
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
      [&](const engine::Row& row) { return pool_entity(row, call.base_url()); },
      api::Model::CloudPool);
}

void Service::patch_pool(Call call) {
  const auto make = [&]() -> Result<engine::ReplacePool> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    TRY(guard(call, row));
    json::value spec = json::parse(row.spec);
    for (auto& member : body.as_object()) spec.as_object()[member.key()] = member.value();
    const PoolStatus status = TRY(from_json<PoolStatus>(row.status));
    json::value whole = spec;
    whole.as_object()["id"] = row.key.id;
    if (!whole.as_object().contains("vmSize")) whole.as_object()["vmSize"] = status.facts.vm_size;
    const auto pool = api::read<api::PoolAddParameter>(whole);
    TRY(check_pool(pool));
    // The row that was read is the one that is replaced, whether the user asked for it or not.
    return engine::ReplacePool{.id = PoolId::trusted(row.key.id),
                               .facts = facts_of(pool),
                               .new_start_task = body.as_object().contains("startTask"),
                               .spec = json::serialize(spec),
                               .if_version = row.version};
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
      return fail(Kind::invalid, "MissingRequiredProperty",
                  "A required property was not specified in the request body: give "
                  "targetDedicatedNodes, targetLowPriorityNodes, or both.",
                  {{"PropertyName", "targetDedicatedNodes"}});
    return engine::ResizePool{.id = PoolId::trusted(call.parameters[0]),
                              .target_dedicated = body.targetDedicatedNodes,
                              .target_low_priority = body.targetLowPriorityNodes,
                              .resize_timeout = TRY(resize_timeout_of(body.resizeTimeout)),
                              .deallocation = deallocation_of(body.nodeDeallocationOption),
                              .if_version = TRY(guard(call, row))};
  };
  Result<engine::ResizePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::stop_resize(Call call) {
  const auto make = [&]() -> Result<engine::StopResize> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    return engine::StopResize{PoolId::trusted(call.parameters[0]), TRY(guard(call, row))};
  };
  Result<engine::StopResize> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::delete_pool(Call call) {
  const auto make = [&]() -> Result<engine::DeletePool> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    return engine::DeletePool{PoolId::trusted(call.parameters[0]), TRY(guard(call, row))};
  };
  Result<engine::DeletePool> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::list_nodes(Call call) {
  const Result<engine::Row> pool = row_of(engine::EntityKind::pool, "", call.parameters[0]);
  if (!pool) return answer_error(call, pool.error());
  const std::string filter(call.query_value("$filter"));
  list(
      call, "nodes",
      {.kind = engine::EntityKind::node,
       .parent = call.parameters[0],
       .filter = nullptr,
       .after = {}},
      filter, [&](const engine::Row& row) { return node_entity(row, *pool, call.base_url()); },
      api::Model::ComputeNode);
}

void Service::get_node(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::ComputeNode, call.version, call.query_value("$select")));
    json::object node = TRY(node_entity(row, pool, call.base_url()));
    api::view(api::Model::ComputeNode, call.version, node);
    api::select(names, node);
    answer_entity(call, "nodes/@Element", std::move(node));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
