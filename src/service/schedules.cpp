// Job schedules.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/filter.h"
#include "service/job_helpers.h"
#include "service/job_rules.h"
#include "service/json_parts.h"
#include "service/service.h"
#include "service/statistics.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr Duration shortest = std::chrono::minutes(1);

Result<Duration> duration_of(const std::string& property, const std::string& text) {
  const Duration duration = *parse_duration(text);  // its form was checked with the body
  if (duration < shortest)
    return bad_property(property, text, "It must be at least 1 minute (PT1M).");
  return duration;
}

Result<> read_times(const json::object& schedule, ScheduleFacts& facts) {
  const std::optional<std::string> until = optional_text(schedule, "doNotRunUntil");
  const std::optional<std::string> after = optional_text(schedule, "doNotRunAfter");
  if (until) facts.not_before = *parse_iso8601(*until);
  if (after) {
    facts.not_after = *parse_iso8601(*after);
    if (*facts.not_after <= facts.not_before)
      return bad_property("schedule.doNotRunAfter", *after,
                          "It must be later than schedule.doNotRunUntil.");
  }
  if (const std::optional<std::string> window = optional_text(schedule, "startWindow"))
    facts.window = TRY(duration_of("schedule.startWindow", *window));
  if (const std::optional<std::string> interval = optional_text(schedule, "recurrenceInterval"))
    facts.interval = TRY(duration_of("schedule.recurrenceInterval", *interval));
  return Done();
}

// What is wrong with the jobs of a schedule is said with the place where it stands.
Error within_specification(Error error) {
  for (Detail& detail : error.details) {
    if (detail.key == "PropertyName") detail.value = "jobSpecification." + detail.value;
  }
  return error;
}

Result<ScheduleFacts> facts_of_schedule(const json::object& spec, const StorageFacts& storage,
                                        const Catalogue& catalogue) {
  ScheduleFacts facts;
  if (const json::value* times = spec.if_contains("schedule"))
    TRY(read_times(times->as_object(), facts));
  const json::value& jobs = spec.at("jobSpecification");
  const auto job = api::read<api::JobAddParameter>(jobs);
  for (const Result<>& checked : {check_job(job), check_helpers(jobs.as_object(), storage),
                                  check_pool_info(job, JobMaker::schedule)}) {
    if (!checked) return std::unexpected(within_specification(checked.error()));
  }
  facts.job = facts_of(job);
  facts.job.helpers = helpers_of(jobs.as_object());
  Result<std::optional<engine::NewTask>> manager = manager_of(jobs.as_object(), storage);
  if (!manager) return std::unexpected(within_specification(manager.error()));
  if (*manager) facts.manager = ManagerPlan{(*manager)->id, (*manager)->facts, (*manager)->spec};
  facts.pool = pool_plan_of(jobs, storage, catalogue);
  return facts;
}

}  // namespace

void Service::add_schedule(Call call) {
  const auto make = [&]() -> Result<engine::AddSchedule> {
    json::value body = TRY(body_of(call));
    json::object& spec = body.as_object();
    engine::AddSchedule command;
    command.id = TRY(ScheduleId::parse(optional_text(spec, "id").value_or(""), "id"));
    command.facts = TRY(facts_of_schedule(spec, ports_.storage, *ports_.catalogue));
    spec.erase("id");
    command.spec = json::serialize(body);
    return command;
  };
  Result<engine::AddSchedule> command = make();
  if (!command) return answer_error(call, command.error());
  std::string location = "/jobschedules/" + command->id.text();
  write(std::move(call), *std::move(command), 201, std::move(location));
}

void Service::get_schedule(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::schedule, "", call.parameters[0]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    const std::vector<std::string> names = TRY(
        api::parse_select(api::Model::CloudJobSchedule, call.version, call.query_value("$select")));
    json::object schedule = TRY(schedule_entity(row, call.base_url()));
    if (TRY(expands_stats(call)))
      schedule["stats"] = TRY(schedule_statistics(row, *ports_.store, call));
    api::view(api::Model::CloudJobSchedule, call.version, schedule);
    api::select(names, schedule);
    answer_entity(call, "jobschedules/@Element", std::move(schedule),
                  entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::schedule_exists(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row row = TRY(row_of(engine::EntityKind::schedule, "", call.parameters[0]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    answer_empty(call, 200, entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_schedules(Call call) {
  const std::string filter(call.query_value("$filter"));
  list(
      call, "jobschedules",
      {.kind = engine::EntityKind::schedule, .parent = {}, .filter = nullptr, .after = {}}, filter,
      [&](const engine::Row& row) -> Result<json::object> {
        json::object schedule = TRY(schedule_entity(row, call.base_url()));
        if (TRY(expands_stats(call)))
          schedule["stats"] = TRY(schedule_statistics(row, *ports_.store, call));
        return schedule;
      },
      api::Model::CloudJobSchedule);
}

void Service::list_jobs_of_schedule(Call call) {
  const Result<engine::Row> schedule = row_of(engine::EntityKind::schedule, "", call.parameters[0]);
  if (!schedule) return answer_error(call, schedule.error());
  const engine::FilterNode of_this{.verb = engine::FilterVerb::eq,
                                   .field = {engine::FieldPlace::status, "schedule"},
                                   .literal = schedule->key.id,
                                   .children = {}};
  const std::string filter(call.query_value("$filter"));
  list(
      call, "jobs",
      {.kind = engine::EntityKind::job, .parent = {}, .filter = &of_this, .after = {}}, filter,
      [&](const engine::Row& row) -> Result<json::object> {
        json::object job = TRY(job_entity(row, call.base_url()));
        if (TRY(expands_stats(call))) job["stats"] = TRY(job_statistics(row, call));
        return job;
      },
      api::Model::CloudJob);
}

void Service::patch_schedule(Call call) {
  change_schedule(std::move(call), false);
}
void Service::update_schedule(Call call) {
  change_schedule(std::move(call), true);
}

void Service::change_schedule(Call call, bool replaces) {
  const auto make = [&]() -> Result<engine::ReplaceSchedule> {
    json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::schedule, "", call.parameters[0]));
    TRY(guard(call, row));
    json::value whole = json::parse(row.spec);
    json::object& spec = whole.as_object();
    if (replaces) api::erase_replaced(api::Model::JobScheduleUpdateParameter, call.version, spec);
    for (auto& member : body.as_object()) spec[member.key()] = member.value();
    // The row that was read is the one that is replaced, whether the user asked for it or not.
    engine::ReplaceSchedule command{.id = ScheduleId::trusted(row.key.id),
                                    .new_times = replaces || body.as_object().contains("schedule"),
                                    .spec = json::serialize(whole),
                                    .if_version = row.version};
    command.facts = TRY(facts_of_schedule(spec, ports_.storage, *ports_.catalogue));
    return command;
  };
  Result<engine::ReplaceSchedule> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::steer_schedule(Call call, engine::ScheduleVerb verb, int status) {
  const auto make = [&]() -> Result<engine::SteerSchedule> {
    const engine::Row row = TRY(row_of(engine::EntityKind::schedule, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    const bool force = TRY(forced(call));
    return engine::SteerSchedule{ScheduleId::trusted(row.key.id), verb, version, force};
  };
  Result<engine::SteerSchedule> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), status);
}

void Service::enable_schedule(Call call) {
  steer_schedule(std::move(call), engine::ScheduleVerb::enable, 204);
}
void Service::disable_schedule(Call call) {
  steer_schedule(std::move(call), engine::ScheduleVerb::disable, 204);
}
void Service::terminate_schedule(Call call) {
  steer_schedule(std::move(call), engine::ScheduleVerb::terminate, 202);
}
void Service::delete_schedule(Call call) {
  steer_schedule(std::move(call), engine::ScheduleVerb::remove, 202);
}

}  // namespace batchyard::service
