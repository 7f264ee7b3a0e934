#include "service/entities.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/text.h"
#include "service/call.h"
#include "service/entity_parts.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::value default_user(std::string_view scope) {
  return {{"autoUser", {{"scope", scope}, {"elevationLevel", "nonadmin"}}}};
}

}  // namespace

void fill_user(json::object& object) {
  fill(object, "userIdentity", default_user("pool"));
  if (json::value* user = object.if_contains("userIdentity");
      user->is_object() && user->get_object().contains("autoUser")) {
    json::object& automatic = child(user->get_object(), "autoUser");
    fill(automatic, "scope", "pool");
    fill(automatic, "elevationLevel", "nonadmin");
  }
}

namespace {

json::array named_values(const std::vector<NameValue>& values) {
  json::array array;
  for (const NameValue& value : values)
    array.push_back({{"name", value.name}, {"value", value.value}});
  return array;
}

void set_end(json::object& info, const protocol::RunEnd& end) {
  if (end.exit_code) info["exitCode"] = *end.exit_code;
  if (end.failure) info["failureInfo"] = failure_entity(*end.failure);
  if (end.container) info["containerInfo"] = container_entity(*end.container);
}

json::array recent_entities(const NodeStatus& status, const std::string& base_url) {
  json::array array;
  for (const RecentTask& recent : status.recent) {
    json::object info{{"startTime", text_of(recent.start)}};
    if (recent.end) info["endTime"] = text_of(*recent.end);
    if (recent.exit_code) info["exitCode"] = *recent.exit_code;
    if (recent.failure) info["failureInfo"] = failure_entity(*recent.failure);
    info["retryCount"] = 0;
    info["requeueCount"] = 0;
    if (recent.state == TaskState::completed)
      info["result"] = recent.failure ? "failure" : "success";
    json::object one{{"taskUrl", fmt::format("{}/jobs/{}/tasks/{}", base_url, recent.job.text(),
                                             recent.task.text())},
                     {"jobId", recent.job.text()},
                     {"taskId", recent.task.text()},
                     {"taskState", word(recent.state)},
                     {"executionInfo", std::move(info)}};
    if (recent.member > 0) one["subtaskId"] = recent.member;
    array.push_back(std::move(one));
  }
  return array;
}

}  // namespace

json::object start_task_info(const protocol::StartTaskReport& report) {
  json::object info{
      {"state", report.phase == protocol::StartTaskPhase::running ? "running" : "completed"},
      {"startTime", text_of(report.end.started)}};
  if (report.phase != protocol::StartTaskPhase::running) {
    info["endTime"] = text_of(report.end.ended);
    info["result"] = report.phase == protocol::StartTaskPhase::succeeded ? "success" : "failure";
  }
  set_end(info, report.end);
  info["retryCount"] = report.retry_count;
  if (report.last_retry != Time()) info["lastRetryTime"] = text_of(report.last_retry);
  return info;
}

namespace {}  // namespace

std::string certificate_id(std::string_view algorithm, std::string_view thumbprint) {
  std::string id = fold(algorithm) + "-";
  for (const char letter : fold(thumbprint)) {
    if (letter != ' ') id += letter;
  }
  return id;
}

json::object container_entity(const protocol::ContainerInfo& container) {
  json::object entity{{"containerId", container.container_id}, {"state", container.state}};
  if (!container.error.empty()) entity["error"] = container.error;
  return entity;
}

json::object failure_entity(const Failure& failure) {
  json::object entity{
      {"category",
       failure.category == protocol::FailureCategory::usererror ? "UserError" : "ServerError"},
      {"code", failure.code},
      {"message", failure.message}};
  if (!failure.details.empty()) entity["details"] = named_values(failure.details);
  return entity;
}

json::object autoscale_run_entity(const AutoScaleRun& run) {
  json::object entity{{"timestamp", text_of(run.at)}, {"results", run.results}};
  if (run.error) {
    json::object error{{"code", run.error->code}, {"message", run.error->message}};
    if (!run.error->values.empty()) error["values"] = named_values(run.error->values);
    entity["error"] = std::move(error);
  }
  return entity;
}

Result<json::object> pool_entity(const engine::Row& row, const std::string& base_url) {
  json::object spec = TRY(spec_of(row));
  const PoolStatus status = TRY(from_json<PoolStatus>(row.status));
  json::object pool = start_of(row, fmt::format("{}/pools/{}", base_url, row.key.id));
  pool["lastModified"] = text_of(status.modified);
  pool["creationTime"] = text_of(status.created);
  pool["state"] = word(status.state);
  pool["stateTransitionTime"] = text_of(status.state_since);
  pool["allocationState"] = word(status.allocation);
  pool["allocationStateTransitionTime"] = text_of(status.allocation_since);
  pool["vmSize"] = status.facts.vm_size;
  pool["resizeTimeout"] = to_iso8601(status.resize_timeout);
  if (!status.resize_errors.empty() && status.allocation == AllocationState::steady) {
    json::array errors;
    for (const ResizeError& error : status.resize_errors) {
      json::object one{{"code", error.code}, {"message", error.message}};
      if (!error.values.empty()) one["values"] = named_values(error.values);
      errors.push_back(std::move(one));
    }
    pool["resizeErrors"] = std::move(errors);
  }
  pool["currentDedicatedNodes"] = status.current_dedicated;
  pool["targetDedicatedNodes"] = status.target_dedicated;
  pool["currentLowPriorityNodes"] = status.current_low_priority;
  pool["targetLowPriorityNodes"] = status.target_low_priority;
  pool["enableAutoScale"] = status.autoscale.has_value();
  if (status.autoscale) {
    pool["autoScaleFormula"] = status.autoscale->facts.formula;
    pool["autoScaleEvaluationInterval"] = to_iso8601(status.autoscale->facts.interval);
    if (status.autoscale->run) pool["autoScaleRun"] = autoscale_run_entity(*status.autoscale->run);
  }
  append(pool, std::move(spec));
  fill(pool, "enableInterNodeCommunication", false);
  fill(pool, "taskSlotsPerNode", 1);
  fill(pool, "taskSchedulingPolicy", {{"nodeFillType", "Spread"}});
  if (json::value* start_task = pool.if_contains("startTask")) {
    fill_user(start_task->as_object());
    fill(start_task->as_object(), "maxTaskRetryCount", 0);
    fill(start_task->as_object(), "waitForSuccess", true);
  }
  if (json::value* machine = pool.if_contains("virtualMachineConfiguration")) {
    if (json::value* image = machine->as_object().if_contains("imageReference");
        image != nullptr && image->as_object().contains("publisher"))
      fill(image->as_object(), "version", "latest");
  }
  // Agents dial out only, whatever was wished for; `default` leaves the choice to the service.
  // Nodes are what it is the mode of.
  if (const json::value* mode = pool.if_contains("targetNodeCommunicationMode");
      mode != nullptr && status.current_dedicated + status.current_low_priority > 0)
    fill(pool, "currentNodeCommunicationMode",
         same_folded(std::string_view(mode->get_string()), "default") ? json::value("simplified")
                                                                      : *mode);
  return pool;
}

Result<json::object> node_entity(const engine::Row& row, const engine::Row& pool_row,
                                 const std::string& base_url) {
  const NodeStatus status = TRY(from_json<NodeStatus>(row.status));
  const PoolStatus pool = TRY(from_json<PoolStatus>(pool_row.status));
  const json::object pool_spec = TRY(spec_of(pool_row));
  const std::string url =
      fmt::format("{}/pools/{}/nodes/{}", base_url, pool_row.key.id, row.key.id);
  json::object node{{"id", row.key.id},
                    {"url", url},
                    {"state", word(status.state)},
                    {"schedulingState", word(status.scheduling)},
                    {"stateTransitionTime", text_of(status.state_since)}};
  if (status.booted != Time()) node["lastBootTime"] = text_of(status.booted);
  if (status.allocated != Time()) node["allocationTime"] = text_of(status.allocated);
  if (!status.ip_address.empty()) node["ipAddress"] = status.ip_address;
  node["affinityId"] = "TVM:" + row.key.id;
  node["vmSize"] = pool.facts.vm_size;
  node["totalTasksRun"] = status.tasks_run;
  node["totalTasksSucceeded"] = status.tasks_succeeded;
  node["runningTasksCount"] = status.running_tasks;
  node["runningTaskSlotsCount"] = status.running_slots;
  if (json::array recent = recent_entities(status, base_url); !recent.empty())
    node["recentTasks"] = std::move(recent);
  if (const json::value* start_task = pool_spec.if_contains("startTask")) {
    node["startTask"] = *start_task;
    fill_user(node["startTask"].as_object());
    fill(node["startTask"].as_object(), "maxTaskRetryCount", 0);
    fill(node["startTask"].as_object(), "waitForSuccess", true);
    if (status.start_task.phase != protocol::StartTaskPhase::none)
      node["startTaskInfo"] = start_task_info(status.start_task);
  }
  if (!status.errors.empty()) {
    json::array errors;
    for (const NodeError& error : status.errors) {
      json::object one{{"code", error.code}, {"message", error.message}};
      if (!error.details.empty()) one["errorDetails"] = named_values(error.details);
      errors.push_back(std::move(one));
    }
    node["errors"] = std::move(errors);
  }
  node["isDedicated"] = status.dedicated;
  node["endpointConfiguration"] = {{"inboundEndpoints", json::array()}};
  // Clients walk through it without looking whether it is there.
  if (const json::value* references = pool_spec.if_contains("certificateReferences"))
    node["certificateReferences"] = *references;
  else if (status.booted != Time())
    node["certificateReferences"] = json::array();
  if (!status.agent_version.empty())
    node["nodeAgentInfo"] = {{"version", status.agent_version},
                             {"lastUpdateTime", text_of(status.booted)}};
  if (const json::value* machine = pool_spec.if_contains("virtualMachineConfiguration"))
    node["virtualMachineInfo"] = {{"imageReference", machine->as_object().at("imageReference")}};
  return node;
}

}  // namespace batchyard::service
