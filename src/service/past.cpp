// GET /batchyard/history/KIND/[PARENT/]ID?as-of=TIME: an entity as it was (docs/events.md).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/entity_path.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;
using engine::EntityKey;
using engine::EntityKind;

// An instant, or a duration: so long ago.
Result<Time> time_of(const Call& call) {
  const std::string_view text = call.query_value("as-of");
  if (const std::optional<Time> time = parse_iso8601(text)) return *time;
  if (const std::optional<Duration> ago = parse_duration(text); ago && *ago != unlimited)
    return call.now - *ago;
  return refusal(
      "InvalidQueryParameterValue",
      fmt::format("The value specified for one of the query parameters is invalid: as-of "
                  "is '{}'. Give an instant (2026-11-23T09:15:02Z), or a duration for so "
                  "long ago (PT10M).",
                  text),
      {{"QueryParameterName", "as-of"}, {"QueryParameterValue", std::string(text)}});
}

std::unexpected<Error> was_not_there(const EntityKey& key, Time at, const engine::Past& past) {
  if (past.trimmed && at < past.oldest)
    return refusal("HistoryTrimmed",
                   fmt::format("What {} was at {} is not kept any more: the oldest event is of {}.",
                               engine::name_of(key), to_iso8601(at), to_iso8601(past.oldest)));
  return refusal("EntityNotFoundThen",
                 fmt::format("There was no {} at {}.", engine::name_of(key), to_iso8601(at)));
}

template <class Status>
Result<Time> created(const engine::Row& row) {
  return TRY(from_json<Status>(row.status)).created;
}

// When the row's entity came to be; nodes have ids of their own for ever.
Result<Time> born(const engine::Row& row) {
  switch (row.key.kind) {
    case EntityKind::pool:
      return created<PoolStatus>(row);
    case EntityKind::job:
      return created<JobStatus>(row);
    case EntityKind::task:
      return created<TaskStatus>(row);
    case EntityKind::schedule:
      return created<ScheduleStatus>(row);
    case EntityKind::certificate:
      return created<CertificateStatus>(row);
    case EntityKind::preparation:
      return created<PreparationStatus>(row);
    case EntityKind::application:
      return created<ApplicationStatus>(row);
    case EntityKind::package:
      return created<PackageStatus>(row);
    case EntityKind::node:
      break;
  }
  return Time();
}

// A task that has only waited: no event keeps that, since it follows from the row.
std::string waiting_status(const TaskStatus& later_status) {
  TaskStatus status;
  status.facts = later_status.facts;
  status.state_since = status.created = status.modified = later_status.created;
  return to_json(status);
}

Result<engine::Row> row_as_of(engine::StoreReader& store, const EntityKey& key, Time at) {
  engine::Past past = TRY(store.past(key, at));
  if (!past.row || TRY(born(*past.row)) > at) return was_not_there(key, at, past);
  engine::Row row = *std::move(past.row);
  if (past.kept && past.kept->when >= TRY(born(row))) {
    row.status = std::move(past.kept->status);
    row.version = past.kept->version;
    row.modified = past.kept->when;
    return row;
  }
  if (key.kind != EntityKind::task) return was_not_there(key, at, past);
  const TaskStatus status = TRY(from_json<TaskStatus>(row.status));
  if (past.trimmed && status.created < past.oldest && (status.attempt > 0 || status.previous))
    return was_not_there(key, at, past);
  row.status = waiting_status(status);
  row.modified = status.created;
  return row;
}

// What is shown of each kind: the set that its metadata names, and the contract's model; ours alone
// have none. Nor has a certificate: its past is shown in versions, too, that know none any more.
struct Shape {
  std::string_view set;
  std::optional<api::Model> model;
};

Shape shape_of(EntityKind kind) {
  switch (kind) {
    case EntityKind::pool:
      return {"pools", api::Model::CloudPool};
    case EntityKind::node:
      return {"nodes", api::Model::ComputeNode};
    case EntityKind::job:
      return {"jobs", api::Model::CloudJob};
    case EntityKind::task:
      return {"tasks", api::Model::CloudTask};
    case EntityKind::schedule:
      return {"jobschedules", api::Model::CloudJobSchedule};
    case EntityKind::preparation:
      return {"jobpreparationandreleasetaskstatuslist",
              api::Model::JobPreparationAndReleaseTaskExecutionInformation};
    case EntityKind::certificate:
      return {"certificates", std::nullopt};
    case EntityKind::application:
      return {"applications", std::nullopt};
    case EntityKind::package:
      break;
  }
  return {"packages", std::nullopt};
}

// Entities at one instant, with what they lie in at that instant.
class PastReader {
 public:
  PastReader(engine::StoreReader& store, Time at, std::string base_url)
      : store_(store), at_(at), url_(std::move(base_url)) {}

  Result<engine::Row> row(const EntityKey& key) { return row_as_of(store_, key, at_); }

  Result<json::object> entity(const engine::Row& row) {
    switch (row.key.kind) {
      case EntityKind::pool:
        return pool_entity(row, url_);
      case EntityKind::node:
        return node_entity(row, TRY(parent_of(row, EntityKind::pool)), url_);
      case EntityKind::job:
        return job_entity(row, url_);
      case EntityKind::task:
        return task_entity(row, url_, TRY(job_of(row)));
      case EntityKind::preparation:
        return preparation_entity(row, TRY(job_of(row)).helpers.value_or(JobHelpers()), url_);
      case EntityKind::schedule:
        return schedule_entity(row, url_);
      case EntityKind::certificate:
        return certificate_entity(row, url_);
      case EntityKind::application:
        return application_entity(row);
      case EntityKind::package:
        break;
    }
    return package_entity(row);
  }

 private:
  Result<engine::Row> parent_of(const engine::Row& row, EntityKind kind) {
    return row_as_of(store_, {kind, "", row.key.parent}, at_);
  }
  Result<JobFacts> job_of(const engine::Row& row) {
    const engine::Row job = TRY(parent_of(row, EntityKind::job));
    return TRY(from_json<JobStatus>(job.status)).facts;
  }

  engine::StoreReader& store_;
  Time at_;
  std::string url_;
};

}  // namespace

void Service::show_past(Call call) {
  const auto answer = [&]() -> Result<> {
    const EntityKey key =
        TRY(key_of_path(call.raw_path(), "/batchyard/history/", engine::entity_kinds));
    PastReader past(*ports_.store, TRY(time_of(call)), call.base_url());
    const engine::Row row = TRY(past.row(key));
    json::object entity = TRY(past.entity(row));
    const Shape shape = shape_of(key.kind);
    if (shape.model) api::view(*shape.model, call.version, entity);
    answer_entity(call, fmt::format("{}/@Element", shape.set), std::move(entity),
                  entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = answer(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
