#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/job_helpers.h"
#include "service/job_rules.h"
#include "service/json_parts.h"
#include "service/service.h"
#include "service/statistics.h"

namespace batchyard::service {

namespace json = boost::json;

// What belongs to jobs and is not served yet is refused, rather than taken and never done.
Result<> check_job(const api::JobAddParameter& job) {
  if (job.maxParallelTasks == 0)
    return bad_property("maxParallelTasks", "0", "It must be greater than 0, or -1 for no limit.");
  return Done();
}

JobFacts facts_of(const api::JobAddParameter& job) {
  JobFacts facts;
  if (job.poolInfo->poolId) facts.pool = PoolId::trusted(*job.poolInfo->poolId);
  facts.priority = job.priority.value_or(0);
  facts.max_parallel_tasks = job.maxParallelTasks.value_or(-1);
  facts.terminate_when_done = same_folded(job.onAllTasksComplete.value_or(""), "terminatejob");
  facts.act_on_failure = same_folded(job.onTaskFailure.value_or(""), "performexitoptionsjobaction");
  facts.uses_dependencies = job.usesTaskDependencies.value_or(false);
  facts.preemptible = job.allowTaskPreemption.value_or(false);
  if (job.constraints) {
    facts.max_wall_clock =
        parse_duration(job.constraints->maxWallClockTime.value_or("")).value_or(unlimited);
    facts.max_task_retries = job.constraints->maxTaskRetryCount.value_or(0);
  }
  return facts;
}

namespace {

constexpr std::string_view auto_pool = "autoPoolSpecification";

// Whether all that was given is there; what a user is not shown need not be given.
bool is_part_of(const json::value& given, const json::value& whole) {
  if (given.is_object() && whole.is_object())
    return std::ranges::all_of(given.get_object(), [&](const auto& member) {
      const json::value* there = whole.get_object().if_contains(member.key());
      return there != nullptr && is_part_of(member.value(), *there);
    });
  if (given.is_array() && whole.is_array())
    return std::ranges::equal(given.get_array(), whole.get_array(), is_part_of);
  return given == whole;
}

// Of the description of a job's own pool nothing can be changed but keepAlive; the rest stays,
// whether it was given again or left out. All are the job's poolInfo: as it is kept, as it is
// shown, and as it is given.
Result<> keep_auto_pool(const json::object& kept, const json::object& shown, json::object& given) {
  json::value* wanted = given.if_contains(auto_pool);
  if (wanted == nullptr) return Done();
  const std::string path = fmt::format("poolInfo.{}", auto_pool);
  const json::value* had = kept.if_contains(auto_pool);
  if (had == nullptr)
    return bad_property(path, "",
                        "A job is given a pool of its own only when it is added. Give the poolId "
                        "of another pool.");
  json::object merged = had->get_object();
  for (const auto& [name, value] : wanted->get_object()) {
    if (name != "keepAlive") {
      const json::value* had_this = shown.at(auto_pool).as_object().if_contains(name);
      if (had_this == nullptr || !is_part_of(value, *had_this))
        return bad_property(fmt::format("{}.{}", path, std::string_view(name)), "",
                            "Only keepAlive of it can be changed. Leave the others out, or give "
                            "them as the job has them.");
      continue;
    }
    if (!same_folded(text_at(merged, "poolLifetimeOption"), "job"))
      return bad_property(path + ".keepAlive", json::serialize(value),
                          "It can be changed only when the poolLifetimeOption is job.");
    merged[name] = value;
  }
  *wanted = std::move(merged);
  return Done();
}

Result<> check_change(const json::object& before, const json::object& after, JobState state) {
  if (same_folded(text_at(before, "onAllTasksComplete"), "terminatejob") &&
      !same_folded(text_at(after, "onAllTasksComplete"), "terminatejob"))
    return bad_property("onAllTasksComplete", std::string(text_at(after, "onAllTasksComplete")),
                        "Once it is terminatejob it cannot be changed back to noaction, which is "
                        "also what it means to leave it out of a PUT.");
  const json::object& old_pool = before.at("poolInfo").get_object();
  const json::object& new_pool = after.at("poolInfo").get_object();
  if (state == JobState::disabled || old_pool == new_pool ||
      (new_pool.contains("poolId") &&
       same_folded(text_at(old_pool, "poolId"), text_at(new_pool, "poolId"))))
    return Done();
  return refusal(
      "OperationInvalidForCurrentState",
      "The pool of a job can be changed only while the job is disabled. Disable it first.",
      {{"PropertyName", "poolInfo"}});
}

// A job keeps the pool that it has made for itself; whether it outlives the job can be changed.
Result<JobFacts> changed_facts(const api::JobAddParameter& before, const api::JobAddParameter& job,
                               const JobStatus& status) {
  JobFacts facts = facts_of(job);
  const auto& automatic = before.poolInfo->autoPoolSpecification;
  if (!automatic) return facts;
  if (!job.poolInfo->autoPoolSpecification)
    return refusal("OperationInvalidForCurrentState",
                   "The job has made a pool for itself (autoPoolSpecification); it cannot be given "
                   "another one.",
                   {{"PropertyName", "poolInfo"}});
  facts.pool = status.facts.pool;
  facts.own_pool = same_folded(automatic->poolLifetimeOption.value_or(""), "job") &&
                   !job.poolInfo->autoPoolSpecification->keepAlive.value_or(false);
  return facts;
}

}  // namespace

void Service::add_job(Call call) {
  const auto make = [&]() -> Result<engine::AddJob> {
    json::value body = TRY(body_of(call));
    const auto job = api::read<api::JobAddParameter>(body);
    TRY(check_job(job));
    TRY(check_helpers(body.as_object(), ports_.storage));
    TRY(check_pool_info(job, JobMaker::user));
    engine::AddJob command{.facts = facts_of(job),
                           .spec = {},
                           .pool = pool_plan_of(body, ports_.storage, *ports_.catalogue)};
    command.id = TRY(JobId::parse(job.id.value_or(""), "id"));
    command.manager = TRY(manager_of(body.as_object(), ports_.storage));
    command.facts.helpers = helpers_of(body.as_object());
    body.as_object().erase("id");
    command.spec = json::serialize(body);
    return command;
  };
  Result<engine::AddJob> command = make();
  if (!command) return answer_error(call, command.error());
  std::string location = "/jobs/" + command->id.text();
  write(std::move(call), *std::move(command), 201, std::move(location));
}

void Service::get_job(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::CloudJob, call.version, call.query_value("$select")));
    json::object job = TRY(job_entity(row, call.base_url()));
    if (TRY(expands_stats(call))) job["stats"] = TRY(job_statistics(row, call));
    api::view(api::Model::CloudJob, call.version, job);
    api::select(names, job);
    answer_entity(call, "jobs/@Element", std::move(job), entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_jobs(Call call) {
  const std::string filter(call.query_value("$filter"));
  list(
      call, "jobs", {.kind = engine::EntityKind::job, .parent = {}, .filter = nullptr, .after = {}},
      filter,
      [&](const engine::Row& row) -> Result<json::object> {
        json::object job = TRY(job_entity(row, call.base_url()));
        if (TRY(expands_stats(call))) job["stats"] = TRY(job_statistics(row, call));
        return job;
      },
      api::Model::CloudJob);
}

void Service::patch_job(Call call) {
  change_job(std::move(call), false);
}

void Service::update_job(Call call) {
  change_job(std::move(call), true);
}

void Service::change_job(Call call, bool replaces) {
  const auto make = [&]() -> Result<engine::ReplaceJob> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    TRY(guard(call, row));
    const json::value before = json::parse(row.spec);
    json::value spec = before;
    if (replaces)
      api::erase_replaced(api::Model::JobUpdateParameter, call.version, spec.as_object());
    for (auto& member : body.as_object()) spec.as_object()[member.key()] = member.value();
    const json::object shown = TRY(job_entity(row, call.base_url()));
    TRY(keep_auto_pool(before.at("poolInfo").as_object(), shown.at("poolInfo").as_object(),
                       spec.at("poolInfo").as_object()));
    const auto job = api::read<api::JobAddParameter>(spec);
    TRY(check_job(job));
    TRY(check_pool_info(job, JobMaker::schedule));
    const JobStatus status = TRY(from_json<JobStatus>(row.status));
    TRY(check_change(before.get_object(), spec.get_object(), status.state));
    JobFacts facts = TRY(changed_facts(api::read<api::JobAddParameter>(before), job, status));
    facts.helpers = helpers_of(spec.as_object());
    return engine::ReplaceJob{.id = JobId::trusted(row.key.id),
                              .facts = std::move(facts),
                              .spec = json::serialize(spec),
                              .if_version = row.version};
  };
  Result<engine::ReplaceJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::disable_job(Call call) {
  const auto make = [&]() -> Result<engine::DisableJob> {
    const json::value body = TRY(body_of(call));
    const std::string_view option = body.at("disableTasks").get_string();
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    return engine::DisableJob{JobId::trusted(row.key.id),
                              same_folded(option, "wait")        ? engine::DisableTasks::wait
                              : same_folded(option, "terminate") ? engine::DisableTasks::terminate
                                                                 : engine::DisableTasks::requeue,
                              version};
  };
  Result<engine::DisableJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::enable_job(Call call) {
  const auto make = [&]() -> Result<engine::EnableJob> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    return engine::EnableJob{JobId::trusted(row.key.id), version};
  };
  Result<engine::EnableJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::terminate_job(Call call) {
  const auto make = [&]() -> Result<engine::TerminateJob> {
    const auto body = api::read<api::JobTerminateParameter>(TRY(body_of(call)));
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    const bool force = TRY(forced(call));
    return engine::TerminateJob{JobId::trusted(row.key.id),
                                body.terminateReason.value_or("UserTerminate"), version, force};
  };
  Result<engine::TerminateJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::delete_job(Call call) {
  const auto make = [&]() -> Result<engine::DeleteJob> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    const bool force = TRY(forced(call));
    return engine::DeleteJob{JobId::trusted(row.key.id), version, force};
  };
  Result<engine::DeleteJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::task_counts(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const TaskCounts counts = TRY(from_json<JobStatus>(row.status)).counts;
    answer_entity(call, "taskcountsresult/@Element",
                  {{"taskCounts",
                    {{"active", counts.active},
                     {"running", counts.running},
                     {"completed", counts.completed},
                     {"succeeded", counts.succeeded},
                     {"failed", counts.failed}}},
                   {"taskSlotCounts",
                    {{"active", counts.active_slots},
                     {"running", counts.running_slots},
                     {"completed", counts.completed_slots},
                     {"succeeded", counts.succeeded_slots},
                     {"failed", counts.failed_slots}}}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
