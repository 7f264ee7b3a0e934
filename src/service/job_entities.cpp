// Jobs, their schedules and their tasks as entities.
#include <fmt/format.h>

#include "base/described_json.h"
#include "base/text.h"
#include "model/directories.h"
#include "model/schedule_status.h"
#include "service/entities.h"
#include "service/entity_parts.h"
#include "service/job_helpers.h"

namespace batchyard::service {

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
  show_states(schedule, status);
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
  show_states(job, status);
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
  if (status.container) info["containerInfo"] = container_entity(*status.container);
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
    if (subtask.container) one["containerInfo"] = container_entity(*subtask.container);
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
