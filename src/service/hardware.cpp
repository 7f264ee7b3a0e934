// What Batchyard says of hardware beside the API, with the account's signature:
//   GET /batchyard/pools/{poolId}/hardware                  each of its nodes in a few words
//   GET /batchyard/pools/{poolId}/nodes/{nodeId}/hardware   facts, checks, who has which GPU
//   GET /batchyard/jobs/{jobId}/tasks/{taskId}/hardware     what the task was given
//   GET, POST, DELETE /batchyard/pools/{poolId}/faults[/{id}]
#include <fmt/format.h>

#include <boost/describe/enum_to_string.hpp>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "hardware/brief.h"
#include "hardware/gate.h"
#include "service/faults.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::array checks_of(const GateRules& rules, const PoolFacts& facts,
                      const protocol::Probe& probe) {
  json::array checks;
  for (const Check& check : judge(rules,
                                  {.size = facts.vm_size,
                                   .promise = facts.promise,
                                   .containers = facts.containers,
                                   .inter_node = facts.inter_node},
                                  probe))
    checks.push_back({{"check", check.id},
                      {"passed", check.passed},
                      {"measured", check.measured},
                      {"expected", check.expected},
                      {"cure", check.cure}});
  return checks;
}

json::object fault_entity(const PlannedFault& fault) {
  json::object entity{{"id", fault.id},
                      {"kind", boost::describe::enum_to_string(fault.fault.kind, "")},
                      {"node", fault.node},
                      {"gpu", fault.fault.gpu},
                      {"value", fault.fault.value},
                      {"at", to_iso8601(fault.at)},
                      {"state", fault.over    ? "over"
                                : fault.begun ? "active"
                                              : "planned"}};
  if (fault.until != Time::max()) entity["until"] = to_iso8601(fault.until);
  if (!fault.outcome.empty()) entity["outcome"] = fault.outcome;
  return entity;
}

constexpr std::size_t nodes_listed_max = 1'000'000;

std::string part_at(const std::vector<std::string_view>& parts, std::size_t at) {
  return percent_decode(parts[at]).value_or(std::string(parts[at]));
}

}  // namespace

void Service::show_node_hardware(Call call, const std::string& pool_id,
                                 const std::string& node_id) {
  const auto run = [&]() -> Result<> {
    const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", pool_id));
    const engine::Row node = TRY(row_of(engine::EntityKind::node, pool_id, node_id));
    const PoolStatus pool_status = TRY(from_json<PoolStatus>(pool.status));
    const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
    json::object entity{{"id", node_id},
                        {"probe", described::to_value(status.probe)},
                        {"promise", described::to_value(pool_status.facts.promise)},
                        {"checks", checks_of(ports_.gate, pool_status.facts, status.probe)},
                        {"gateFailures", status.gate_failures},
                        {"quarantined", status.quarantined}};
    answer_entity(call, "hardware/@Element", std::move(entity));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_hardware(Call call, const std::string& pool_id) {
  const auto run = [&]() -> Result<> {
    TRY(row_of(engine::EntityKind::pool, "", pool_id));
    const engine::Query nodes{.kind = engine::EntityKind::node,
                              .parent = pool_id,
                              .filter = nullptr,
                              .after = {},
                              .limit = nodes_listed_max};
    json::array values;
    for (const engine::Row& row : TRY(ports_.store->list(nodes)).rows) {
      const NodeStatus status = TRY(from_json<NodeStatus>(row.status));
      values.push_back({{"id", row.key.id}, {"hardware", in_brief(status.probe)}});
    }
    answer_entity(call, "hardware", {{"value", std::move(values)}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::show_task_hardware(Call call, const std::string& job, const std::string& task) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::task, job, task));
    const TaskStatus status = TRY(from_json<TaskStatus>(row.status));
    const protocol::Grant grant = status.grant.value_or(protocol::Grant());
    json::array gpus;
    for (const std::string& gpu : grant.gpus) gpus.emplace_back(gpu);
    answer_entity(call, "hardware/@Element",
                  {{"id", task},
                   {"node", status.node.text()},
                   {"gpus", std::move(gpus)},
                   {"shared", grant.shared},
                   {"emulated", grant.emulated},
                   {"limitedBy", grant.limited},
                   {"fabric", grant.fabric}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_faults(Call call, const std::string& pool_id) {
  const auto run = [&]() -> Result<> {
    const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", pool_id));
    const PoolStatus status = TRY(from_json<PoolStatus>(pool.status));
    json::array faults;
    for (const PlannedFault& fault : status.faults) faults.push_back(fault_entity(fault));
    answer_entity(call, "faults", {{"value", std::move(faults)}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::inject_fault(Call call, const std::string& pool_id) {
  const auto make = [&]() -> Result<engine::InjectFault> {
    const json::value body = TRY(api::parse_body(call.request.body));
    if (!body.is_object()) return bad_property("body", "", R"(Give {"kind": "xid"}.)");
    FaultPlan plan = TRY(read_fault_plan(body.get_object(), FaultPool::in_the_path));
    return engine::InjectFault{.pool = PoolId::trusted(pool_id), .plan = std::move(plan)};
  };
  Result<engine::InjectFault> command = make();
  if (!command) return answer_error(call, command.error());
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(*std::move(command), [kept](Result<engine::Reply> reply) {
    if (!reply) return answer_error(*kept, reply.error());
    answer_entity(*kept, "faults/@Element", {{"id", reply->version}});
  });
}

void Service::operate_hardware(Call call) {
  const std::vector<std::string_view> parts = split(call.raw_path().substr(1), '/');
  const std::string& method = call.request.method;
  const bool of_pool = parts[1] == "pools";
  if (method == "GET" && parts.size() == 6 && parts[5] == "hardware") {
    const std::string parent = part_at(parts, 2);
    const std::string id = part_at(parts, 4);
    return of_pool ? show_node_hardware(std::move(call), parent, id)
                   : show_task_hardware(std::move(call), parent, id);
  }
  if (method == "GET" && of_pool && parts.size() == 4 && parts[3] == "hardware")
    return list_hardware(std::move(call), part_at(parts, 2));
  if (!of_pool || parts.size() < 4 || parts.size() > 5 || parts[3] != "faults")
    return answer_error(
        call, refusal("InvalidUri", fmt::format("The requested URI does not represent any resource "
                                                "on the server: {}. See docs/hardware.md.",
                                                call.raw_path()))
                  .error());
  const std::string pool = part_at(parts, 2);
  if (method == "GET" && parts.size() == 4) return list_faults(std::move(call), pool);
  if (method == "POST" && parts.size() == 4) return inject_fault(std::move(call), pool);
  const std::int64_t id =
      parts.size() == 5 ? parse_integer(parts[4]).value_or(-1) : std::int64_t{0};
  if (method == "DELETE")
    return act(std::move(call), engine::ClearFaults{.pool = PoolId::trusted(pool), .id = id}, 200);
  answer_error(
      call,
      refusal("UnsupportedHttpVerb",
              fmt::format("The resource doesn't support the specified Http Verb: {}.", method))
          .error());
}

}  // namespace batchyard::service
