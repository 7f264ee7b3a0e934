#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/job_helpers.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// What belongs to jobs and is not served yet is refused, rather than taken and never done.
Result<> check_job(const api::JobAddParameter& job) {
  const auto unserved = [](const char* property) {
    return bad_property(property, "", "This version of Batchyard does not serve it. Leave it out.");
  };
  if (job.usesTaskDependencies.value_or(false)) return unserved("usesTaskDependencies");
  if (same_folded(job.onTaskFailure.value_or(""), "performexitoptionsjobaction"))
    return unserved("onTaskFailure");
  if (!job.poolInfo || !job.poolInfo->poolId) {
    if (job.poolInfo && job.poolInfo->autoPoolSpecification)
      return unserved("poolInfo.autoPoolSpecification");
    return fail(Kind::invalid, "MissingRequiredProperty",
                "A required property was not specified in the request body: poolInfo.poolId. Give "
                "the pool that runs the job's tasks.",
                {{"PropertyName", "poolInfo.poolId"}});
  }
  TRY(check_id(*job.poolInfo->poolId, "poolInfo.poolId"));
  return Done();
}

JobFacts facts_of(const api::JobAddParameter& job) {
  JobFacts facts;
  facts.pool = PoolId::trusted(job.poolInfo->poolId.value_or(""));
  facts.priority = job.priority.value_or(0);
  facts.max_parallel_tasks = job.maxParallelTasks.value_or(-1);
  facts.terminate_when_done = same_folded(job.onAllTasksComplete.value_or(""), "terminatejob");
  if (job.constraints) {
    facts.max_wall_clock =
        parse_duration(job.constraints->maxWallClockTime.value_or("")).value_or(unlimited);
    facts.max_task_retries = job.constraints->maxTaskRetryCount.value_or(0);
  }
  return facts;
}

}  // namespace

void Service::add_job(Call call) {
  const auto make = [&]() -> Result<engine::AddJob> {
    json::value body = TRY(body_of(call));
    const auto job = api::read<api::JobAddParameter>(body);
    TRY(check_job(job));
    TRY(check_helpers(body.as_object()));
    engine::AddJob command{.id = TRY(JobId::parse(job.id.value_or(""), "id")),
                           .facts = facts_of(job),
                           .spec = {},
                           .manager = TRY(manager_of(body.as_object()))};
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
      filter, [&](const engine::Row& row) { return job_entity(row, call.base_url()); },
      api::Model::CloudJob);
}

void Service::patch_job(Call call) {
  const auto make = [&]() -> Result<engine::ReplaceJob> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    TRY(guard(call, row));
    json::value spec = json::parse(row.spec);
    const auto before = api::read<api::JobAddParameter>(spec);
    for (auto& member : body.as_object()) spec.as_object()[member.key()] = member.value();
    const auto job = api::read<api::JobAddParameter>(spec);
    TRY(check_job(job));
    if (same_folded(before.onAllTasksComplete.value_or(""), "terminatejob") &&
        !same_folded(job.onAllTasksComplete.value_or(""), "terminatejob"))
      return bad_property("onAllTasksComplete", job.onAllTasksComplete.value_or("noaction"),
                          "Once it is terminatejob it cannot be changed back to noaction.");
    if (!same_folded(before.poolInfo->poolId.value_or(""), job.poolInfo->poolId.value_or("")))
      return fail(Kind::conflict, "JobNotDisabled",
                  "The pool of a job can be changed only while the job is disabled.",
                  {{"PropertyName", "poolInfo.poolId"}});
    JobFacts facts = facts_of(job);
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

void Service::terminate_job(Call call) {
  const auto make = [&]() -> Result<engine::TerminateJob> {
    const auto body = api::read<api::JobTerminateParameter>(TRY(body_of(call)));
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    return engine::TerminateJob{JobId::trusted(row.key.id),
                                body.terminateReason.value_or("UserTerminate"),
                                TRY(guard(call, row))};
  };
  Result<engine::TerminateJob> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 202);
}

void Service::delete_job(Call call) {
  const auto make = [&]() -> Result<engine::DeleteJob> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    return engine::DeleteJob{JobId::trusted(row.key.id), TRY(guard(call, row))};
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
