#include "service/entities.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/text.h"
#include "model/directories.h"
#include "model/schedule_status.h"
#include "service/call.h"
#include "service/job_helpers.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

template <class Enum>
std::string word(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

std::string text_of(Time time) {
  return to_iso8601(time);
}

void fill(json::object& object, std::string_view name, json::value value) {
  if (!object.contains(name)) object.emplace(name, std::move(value));
}

json::value default_user(std::string_view scope) {
  return {{"autoUser", {{"scope", scope}, {"elevationLevel", "nonadmin"}}}};
}

json::object& child(json::object& object, std::string_view name) {
  json::value& value = object[name];
  if (!value.is_object()) value.emplace_object();
  return value.get_object();
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

Result<json::object> spec_of(const engine::Row& row) {
  boost::system::error_code error;
  json::value spec = json::parse(row.spec, error);
  if (error || !spec.is_object())
    return fail(Kind::internal, "InternalError",
                "a stored specification is malformed: " + row.key.id);
  return std::move(spec.get_object());
}

json::array named_values(const std::vector<NameValue>& values) {
  json::array array;
  for (const NameValue& value : values)
    array.push_back({{"name", value.name}, {"value", value.value}});
  return array;
}

json::object start_of(const engine::Row& row, const std::string& url) {
  return {{"id", row.key.id}, {"url", url}, {"eTag", etag_of(row.version)}};
}

void append(json::object& to, json::object from) {
  for (auto& member : from) to.emplace(member.key(), std::move(member.value()));
}

void set_end(json::object& info, const protocol::RunEnd& end) {
  if (end.exit_code) info["exitCode"] = *end.exit_code;
  if (end.failure) info["failureInfo"] = failure_entity(*end.failure);
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

namespace {

json::object node_info(const std::string& base_url, const PoolId& pool, const NodeId& node,
                       const std::string& job, const std::string& task) {
  const std::string node_url =
      fmt::format("{}/pools/{}/nodes/{}", base_url, pool.text(), node.text());
  const std::string root = job_directory(JobId::trusted(job)) + "/" + task;
  return {{"affinityId", "TVM:" + node.text()},
          {"nodeUrl", node_url},
          {"poolId", pool.text()},
          {"nodeId", node.text()},
          {"taskRootDirectory", root},
          {"taskRootDirectoryUrl", node_url + "/files/" + root}};
}

}  // namespace

std::string certificate_id(std::string_view algorithm, std::string_view thumbprint) {
  std::string id = fold(algorithm) + "-";
  for (const char letter : fold(thumbprint)) {
    if (letter != ' ') id += letter;
  }
  return id;
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
  if (const json::value* mode = pool.if_contains("targetNodeCommunicationMode"))
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
  if (!status.agent_version.empty())
    node["nodeAgentInfo"] = {{"version", status.agent_version},
                             {"lastUpdateTime", text_of(status.booted)}};
  if (const json::value* machine = pool_spec.if_contains("virtualMachineConfiguration"))
    node["virtualMachineInfo"] = {{"imageReference", machine->as_object().at("imageReference")}};
  return node;
}

namespace {

// What the service fills in of a job, wherever one is shown.
void fill_actions(json::object& job) {
  fill(job, "onAllTasksComplete", "noaction");
  fill(job, "onTaskFailure", "noaction");
}

void fill_job(json::object& job) {
  fill(job, "priority", 0);
  fill(job, "maxParallelTasks", -1);
  fill(job, "usesTaskDependencies", false);
  fill(job, "allowTaskPreemption", false);
  json::object& constraints = child(job, "constraints");
  fill(constraints, "maxWallClockTime", json::value(to_iso8601(unlimited)));
  fill(constraints, "maxTaskRetryCount", 0);
  json::object& pool_info = child(job, "poolInfo");
  json::value* automatic = pool_info.if_contains("autoPoolSpecification");
  if (automatic == nullptr) return;
  fill(automatic->as_object(), "keepAlive", false);
  json::object& pool = child(automatic->as_object(), "pool");
  fill(pool, "taskSlotsPerNode", 1);
  fill(pool, "taskSchedulingPolicy", {{"nodeFillType", "Spread"}});
  fill(pool, "resizeTimeout", "PT15M");
  fill(pool, "enableAutoScale", false);
  fill(pool, "enableInterNodeCommunication", false);
  if (pool.at("enableAutoScale").as_bool()) return;
  fill(pool, "targetDedicatedNodes", 0);
  fill(pool, "targetLowPriorityNodes", 0);
}

}  // namespace

Result<json::object> schedule_entity(const engine::Row& row, const std::string& base_url) {
  json::object spec = TRY(spec_of(row));
  const ScheduleStatus status = TRY(from_json<ScheduleStatus>(row.status));
  json::object schedule = start_of(row, fmt::format("{}/jobschedules/{}", base_url, row.key.id));
  schedule["lastModified"] = text_of(status.modified);
  schedule["creationTime"] = text_of(status.created);
  schedule["state"] = word(status.state);
  schedule["stateTransitionTime"] = text_of(status.state_since);
  if (status.previous) {
    schedule["previousState"] = word(*status.previous);
    schedule["previousStateTransitionTime"] = text_of(status.previous_since);
  }
  append(schedule, std::move(spec));
  fill_job(child(schedule, "jobSpecification"));
  fill_helpers(child(schedule, "jobSpecification"), status.facts.job);
  fill_actions(child(schedule, "jobSpecification"));
  json::object info;
  if (status.next) info["nextRunTime"] = text_of(*status.next);
  if (!status.recent.empty())
    info["recentJob"] = {{"url", fmt::format("{}/jobs/{}", base_url, status.recent.text())},
                         {"id", status.recent.text()}};
  if (status.end) info["endTime"] = text_of(*status.end);
  schedule["executionInfo"] = std::move(info);
  return schedule;
}

Result<json::object> job_entity(const engine::Row& row, const std::string& base_url) {
  json::object spec = TRY(spec_of(row));
  const JobStatus status = TRY(from_json<JobStatus>(row.status));
  json::object job = start_of(row, fmt::format("{}/jobs/{}", base_url, row.key.id));
  job["lastModified"] = text_of(status.modified);
  job["creationTime"] = text_of(status.created);
  job["state"] = word(status.state);
  job["stateTransitionTime"] = text_of(status.state_since);
  if (status.previous) {
    job["previousState"] = word(*status.previous);
    job["previousStateTransitionTime"] = text_of(status.previous_since);
  }
  append(job, std::move(spec));
  fill_job(job);
  fill_helpers(job, status.facts);
  json::object info{{"startTime", text_of(status.start)}};
  if (status.end) info["endTime"] = text_of(*status.end);
  if (!status.facts.pool.empty()) info["poolId"] = status.facts.pool.text();
  if (status.scheduling_error) info["schedulingError"] = failure_entity(*status.scheduling_error);
  if (!status.terminate_reason.empty()) info["terminateReason"] = status.terminate_reason;
  job["executionInfo"] = std::move(info);
  fill_actions(job);
  return job;
}

Result<json::object> task_entity(const engine::Row& row, const std::string& base_url,
                                 const JobFacts& facts) {
  json::object spec = TRY(spec_of(row));
  const TaskStatus status = TRY(from_json<TaskStatus>(row.status));
  json::object task =
      start_of(row, fmt::format("{}/jobs/{}/tasks/{}", base_url, row.key.parent, row.key.id));
  task["creationTime"] = text_of(status.created);
  task["lastModified"] = text_of(status.modified);
  // As the service answers of a job manager that nothing has happened to yet.
  if (facts.helpers && same_folded(facts.helpers->manager.text(), row.key.id) &&
      status.state == TaskState::active && !status.previous)
    task["lastModified"] = "1601-01-01T00:00:00Z";
  task["state"] = word(status.state);
  task["stateTransitionTime"] = text_of(status.state_since);
  if (status.previous) {
    task["previousState"] = word(*status.previous);
    task["previousStateTransitionTime"] = text_of(status.previous_since);
  }
  append(task, std::move(spec));
  fill_user(task);
  json::object& constraints = child(task, "constraints");
  fill(constraints, "maxWallClockTime", json::value(to_iso8601(unlimited)));
  fill(constraints, "retentionTime", "P7D");
  fill(constraints, "maxTaskRetryCount", facts.max_task_retries);
  fill(task, "requiredSlots", 1);
  json::object info;
  if (status.start) info["startTime"] = text_of(*status.start);
  if (status.end) info["endTime"] = text_of(*status.end);
  if (status.exit_code) info["exitCode"] = *status.exit_code;
  if (status.failure) info["failureInfo"] = failure_entity(*status.failure);
  info["retryCount"] = status.retries;
  if (status.last_retry) info["lastRetryTime"] = text_of(*status.last_retry);
  info["requeueCount"] = status.requeues;
  if (status.last_requeue) info["lastRequeueTime"] = text_of(*status.last_requeue);
  if (status.result) info["result"] = word(*status.result);
  task["executionInfo"] = std::move(info);
  if (!status.node.empty())
    task["nodeInfo"] = node_info(base_url, status.pool, status.node, row.key.parent, row.key.id);
  else if (status.state == TaskState::completed)
    task["nodeInfo"] = json::object();
  return task;
}

json::array subtask_entities(const std::string& job, const std::string& task,
                             const TaskStatus& status, const std::string& base_url) {
  json::array array;
  for (const SubtaskStatus& subtask : status.subtasks) {
    json::object one{{"id", subtask.member},
                     {"nodeInfo", node_info(base_url, status.pool, subtask.node, job, task)},
                     {"startTime", text_of(subtask.start)}};
    if (subtask.end) one["endTime"] = text_of(*subtask.end);
    if (subtask.exit_code) one["exitCode"] = *subtask.exit_code;
    if (subtask.failure) one["failureInfo"] = failure_entity(*subtask.failure);
    one["state"] = word(subtask.state);
    one["stateTransitionTime"] = text_of(subtask.state_since);
    if (subtask.previous) {
      one["previousState"] = word(*subtask.previous);
      one["previousStateTransitionTime"] = text_of(subtask.previous_since);
    }
    if (subtask.result) one["result"] = word(*subtask.result);
    array.push_back(std::move(one));
  }
  return array;
}

}  // namespace batchyard::service
