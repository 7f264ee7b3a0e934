// Which properties each list can be filtered by (contract: the REST documentation's table of
// filters), and where they lie in a row (model/status.h).
#include "service/filter.h"

namespace batchyard::service {

namespace {

using engine::FieldPlace;

FilterableField text(std::string_view name, FieldPlace place, std::string path = {},
                     bool order = false) {
  return {name, FieldType::text, order, order, {place, std::move(path)}};
}
FilterableField time(std::string_view name, std::string path) {
  return {name, FieldType::time, true, false, {FieldPlace::status, std::move(path)}};
}
FilterableField number(std::string_view name, std::string path) {
  return {name, FieldType::number, true, false, {FieldPlace::status, std::move(path)}};
}
FilterableField flag(std::string_view name, FieldPlace place, std::string path) {
  return {name, FieldType::flag, false, false, {place, std::move(path)}};
}
// The words of the API for it differ from those that are stored (filter.cpp translates).
FilterableField phase(std::string_view name, std::string path) {
  return {name, FieldType::start_task, false, false, {FieldPlace::status, std::move(path)}};
}

}  // namespace

std::span<const FilterableField> pool_fields() {
  static const FilterableField fields[] = {
      text("id", FieldPlace::id, "", true),
      text("displayName", FieldPlace::spec, "displayName", true),
      text("state", FieldPlace::state),
      text("allocationState", FieldPlace::status, "allocation"),
      text("vmSize", FieldPlace::status, "facts.vm_size"),
      time("stateTransitionTime", "state_since"),
      time("creationTime", "created"),
      time("lastModified", "modified"),
      time("allocationStateTransitionTime", "allocation_since"),
      flag("enableAutoScale", FieldPlace::status, "autoscale.on"),
      flag("enableInterNodeCommunication", FieldPlace::status, "facts.inter_node")};
  return fields;
}

std::span<const FilterableField> node_fields() {
  static const FilterableField fields[] = {
      text("id", FieldPlace::id, "", true),
      text("state", FieldPlace::state),
      text("schedulingState", FieldPlace::status, "scheduling"),
      time("stateTransitionTime", "state_since"),
      time("lastBootTime", "booted"),
      time("allocationTime", "allocated"),
      phase("startTaskInfo/state", "start_task.phase"),
      phase("startTaskInfo/result", "start_task.phase"),
      number("startTaskInfo/exitCode", "start_task.end.exit_code"),
      time("startTaskInfo/startTime", "start_task.end.started"),
      time("startTaskInfo/endTime", "start_task.end.ended")};
  return fields;
}

std::span<const FilterableField> certificate_fields() {
  static const FilterableField fields[] = {text("state", FieldPlace::state),
                                           time("stateTransitionTime", "state_since")};
  return fields;
}

std::span<const FilterableField> job_fields() {
  static const FilterableField fields[] = {
      text("id", FieldPlace::id, "", true),
      text("displayName", FieldPlace::spec, "displayName", true),
      text("state", FieldPlace::state),
      time("stateTransitionTime", "state_since"),
      time("creationTime", "created"),
      time("lastModified", "modified"),
      number("priority", "facts.priority"),
      text("executionInfo/poolId", FieldPlace::status, "facts.pool", true),
      time("executionInfo/startTime", "start"),
      time("executionInfo/endTime", "end"),
      text("previousState", FieldPlace::status, "previous"),
      time("previousStateTransitionTime", "previous_since"),
      text("executionInfo/terminateReason", FieldPlace::status, "terminate_reason", true)};
  return fields;
}

std::span<const FilterableField> task_fields() {
  static const FilterableField fields[] = {
      text("id", FieldPlace::id, "", true),
      text("displayName", FieldPlace::spec, "displayName", true),
      text("state", FieldPlace::state),
      time("stateTransitionTime", "state_since"),
      time("creationTime", "created"),
      time("lastModified", "modified"),
      time("lastModifiedTime", "modified"),
      text("previousState", FieldPlace::status, "previous"),
      time("previousStateTransitionTime", "previous_since"),
      number("executionInfo/exitCode", "exit_code"),
      number("executionInfo/retryCount", "retries"),
      number("executionInfo/requeueCount", "requeues"),
      time("executionInfo/startTime", "start"),
      time("executionInfo/endTime", "end"),
      text("executionInfo/result", FieldPlace::status, "result"),
      text("executionInfo/failureInfo/code", FieldPlace::status, "failure.code"),
      text("nodeInfo/nodeId", FieldPlace::status, "node", true),
      text("nodeInfo/poolId", FieldPlace::status, "pool", true)};
  return fields;
}

std::span<const FilterableField> preparation_fields() {
  static const FilterableField fields[] = {
      text("poolId", FieldPlace::status, "pool"),
      text("nodeId", FieldPlace::id),
      phase("jobPreparationTaskExecutionInfo/state", "preparation.phase"),
      phase("jobPreparationTaskExecutionInfo/result", "preparation.phase"),
      time("jobPreparationTaskExecutionInfo/startTime", "preparation.end.started"),
      time("jobPreparationTaskExecutionInfo/endTime", "preparation.end.ended"),
      number("jobPreparationTaskExecutionInfo/exitCode", "preparation.end.exit_code"),
      phase("jobReleaseTaskExecutionInfo/state", "release.phase"),
      phase("jobReleaseTaskExecutionInfo/result", "release.phase"),
      time("jobReleaseTaskExecutionInfo/startTime", "release.end.started"),
      time("jobReleaseTaskExecutionInfo/endTime", "release.end.ended"),
      number("jobReleaseTaskExecutionInfo/exitCode", "release.end.exit_code")};
  return fields;
}

std::span<const FilterableField> schedule_fields() {
  static const FilterableField fields[] = {
      text("id", FieldPlace::id, "", true),
      text("displayName", FieldPlace::spec, "displayName", true),
      text("state", FieldPlace::state),
      time("stateTransitionTime", "state_since"),
      time("creationTime", "created"),
      time("lastModified", "modified"),
      time("executionInfo/endTime", "end"),
      time("schedule/doNotRunUntil", "facts.not_before"),
      time("schedule/doNotRunAfter", "facts.not_after")};
  return fields;
}

std::span<const FilterableField> node_count_fields() {
  static const FilterableField fields[] = {text("poolId", FieldPlace::id)};
  return fields;
}

std::span<const FilterableField> usage_fields() {
  static const FilterableField fields[] = {text("poolId", FieldPlace::id, "", true)};
  return fields;
}

// Of lists that no store keeps: evaluated over the answer itself; the path is the member's name.
std::span<const FilterableField> image_fields() {
  static const FilterableField fields[] = {
      text("osType", FieldPlace::spec, "osType"),
      text("verificationType", FieldPlace::spec, "verificationType"),
      text("nodeAgentSKUId", FieldPlace::spec, "nodeAgentSKUId")};
  return fields;
}

std::span<const FilterableField> file_fields() {
  static const FilterableField fields[] = {
      {"name", FieldType::text, false, true, {FieldPlace::id, {}}}};
  return fields;
}

}  // namespace batchyard::service
