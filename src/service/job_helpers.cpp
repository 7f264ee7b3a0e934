#include "service/job_helpers.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/json_parts.h"
#include "service/new_task.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::string_view preparation = "jobPreparationTask";
constexpr std::string_view release = "jobReleaseTask";
constexpr std::string_view manager = "jobManagerTask";
constexpr Duration release_max = std::chrono::minutes(15);

const json::object* member(const json::object& job, std::string_view name) {
  const json::value* value = job.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

bool flag_at(const json::object& object, std::string_view name, bool otherwise) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() ? value->get_bool() : otherwise;
}

std::string preparation_id(const json::object& job) {
  const json::object* task = member(job, preparation);
  return task == nullptr ? std::string() : text_at(*task, "id", "jobpreparation");
}

std::string release_id(const json::object& job) {
  const json::object* task = member(job, release);
  return task == nullptr ? std::string() : text_at(*task, "id", "jobrelease");
}

// Of one of the job's tasks: the property is named as the job has it.
Error of_member(Error error, std::string_view owner) {
  for (Detail& detail : error.details) {
    if (detail.key != "PropertyName") continue;
    const std::string whole = fmt::format("{}.{}", owner, detail.value);
    const std::string quoted = fmt::format("property '{}'", detail.value);
    if (const std::size_t at = error.message.find(quoted); at != std::string::npos)
      error.message.replace(at, quoted.size(), fmt::format("property '{}'", whole));
    detail.value = whole;
  }
  return error;
}

Result<> check_ids(const json::object& job) {
  const std::string prepares = preparation_id(job);
  const std::string releases = release_id(job);
  if (!releases.empty() && same_folded(prepares, releases))
    return bad_property("jobReleaseTask.id", releases,
                        "The job preparation task has this id. Give the two different ids.");
  const json::object* manages = member(job, manager);
  if (manages == nullptr) return Done();
  const std::string id = text_at(*manages, "id", "");
  if (same_folded(id, prepares))
    return refusal("TaskIdSameAsJobPreparationTask",
                   "The specified task has same identifier as the job preparation task: "
                   "jobManagerTask.id. Give it another id.");
  if (same_folded(id, releases))
    return refusal("TaskIdSameAsJobReleaseTask",
                   "The specified task has same identifier as the job release task: "
                   "jobManagerTask.id. Give it another id.");
  return Done();
}

void fill_constraints(json::object& task, std::int32_t retries) {
  json::value& constraints = task["constraints"];
  if (!constraints.is_object()) constraints.emplace_object();
  fill(constraints.get_object(), "maxWallClockTime", json::value(to_iso8601(unlimited)));
  fill(constraints.get_object(), "retentionTime", "P7D");
  fill(constraints.get_object(), "maxTaskRetryCount", retries);
}

}  // namespace

Result<> check_helpers(const json::object& job, const StorageFacts& storage) {
  for (const std::string_view name : {preparation, release}) {
    const json::object* task = member(job, name);
    if (task == nullptr) continue;
    if (Result<> checked = check_task(*task, storage); !checked)
      return std::unexpected(of_member(std::move(checked).error(), name));
  }
  if (const json::object* releases = member(job, release)) {
    if (!job.contains(preparation))
      return bad_property(std::string(release), "",
                          "A job release task needs a job preparation task. Give a "
                          "jobPreparationTask, or leave the jobReleaseTask out.");
    const std::string limit = text_at(*releases, "maxWallClockTime", "PT15M");
    if (parse_duration(limit).value_or(unlimited) > release_max)
      return bad_property("jobReleaseTask.maxWallClockTime", limit,
                          "It must not be longer than 15 minutes (PT15M).");
  }
  return check_ids(job);
}

std::optional<JobHelpers> helpers_of(const json::object& job) {
  JobHelpers helpers;
  helpers.preparation = TaskId::trusted(preparation_id(job));
  helpers.release = TaskId::trusted(release_id(job));
  if (const json::object* task = member(job, preparation)) {
    helpers.preparation_gates = flag_at(*task, "waitForSuccess", true);
    helpers.preparation_reruns = flag_at(*task, "rerunOnNodeRebootAfterSuccess", true);
  }
  if (const json::object* task = member(job, manager)) {
    helpers.manager = TaskId::trusted(text_at(*task, "id", ""));
    helpers.manager_ends_job = flag_at(*task, "killJobOnCompletion", true);
    helpers.manager_exclusive = flag_at(*task, "runExclusive", true);
    helpers.manager_low_priority = flag_at(*task, "allowLowPriorityNode", true);
  }
  if (helpers.preparation.empty() && helpers.manager.empty()) return std::nullopt;
  return helpers;
}

Result<std::optional<engine::NewTask>> manager_of(const json::object& job,
                                                  const StorageFacts& storage) {
  const json::object* given = member(job, manager);
  if (given == nullptr) return std::optional<engine::NewTask>();
  json::object task = *given;
  for (const char* of_the_job : {"killJobOnCompletion", "runExclusive", "allowLowPriorityNode"})
    task.erase(of_the_job);
  Result<engine::NewTask> made = new_task(task, storage);
  if (!made) return std::unexpected(of_member(std::move(made).error(), manager));
  return std::optional(*std::move(made));
}

void fill_helpers(json::object& job, const JobFacts& facts) {
  if (json::value* task = job.if_contains(preparation)) {
    fill(task->as_object(), "id", "jobpreparation");
    fill_constraints(task->as_object(), 0);
    fill_user(task->as_object());
    fill(task->as_object(), "waitForSuccess", true);
    fill(task->as_object(), "rerunOnNodeRebootAfterSuccess", true);
  }
  if (json::value* task = job.if_contains(release)) {
    fill(task->as_object(), "id", "jobrelease");
    fill(task->as_object(), "maxWallClockTime", "PT15M");
    fill(task->as_object(), "retentionTime", "P7D");
    fill_user(task->as_object());
  }
  if (json::value* task = job.if_contains(manager)) {
    fill_constraints(task->as_object(), facts.max_task_retries);
    fill(task->as_object(), "requiredSlots", 1);
    fill_user(task->as_object());
    fill(task->as_object(), "runExclusive", true);
    fill(task->as_object(), "allowLowPriorityNode", true);
    fill(task->as_object(), "killJobOnCompletion", true);
  }
}

}  // namespace batchyard::service
