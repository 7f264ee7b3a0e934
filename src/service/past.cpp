// GET /batchyard/history/KIND/[PARENT/]ID?as-of=TIME: an entity as it was (docs/events.md).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/entities.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;
using engine::EntityKey;
using engine::EntityKind;

Result<EntityKey> key_of(std::string_view path) {
  const std::vector<std::string_view> parts =
      split(path.substr(std::string_view("/batchyard/history/").size()), '/');
  for (const EntityKind kind :
       {EntityKind::pool, EntityKind::node, EntityKind::job, EntityKind::task}) {
    const bool nested = kind == EntityKind::node || kind == EntityKind::task;
    if (parts.front() != engine::word_of(kind) || parts.size() != (nested ? 3 : 2)) continue;
    const std::optional<std::string> id = percent_decode(parts.back());
    const std::optional<std::string> parent = percent_decode(parts[1]);
    if (id && parent) return EntityKey{kind, nested ? *parent : std::string(), *id};
  }
  return refusal("InvalidUri",
                 fmt::format("The requested URI does not represent any resource on the server: {}. "
                             "Give /batchyard/history/ and pool/ID, node/POOL/ID, job/ID or "
                             "task/JOB/ID.",
                             path));
}

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

// When the row's entity came to be; nodes have ids of their own for ever.
Result<Time> born(const engine::Row& row) {
  switch (row.key.kind) {
    case EntityKind::pool:
      return TRY(from_json<PoolStatus>(row.status)).created;
    case EntityKind::job:
      return TRY(from_json<JobStatus>(row.status)).created;
    case EntityKind::task:
      return TRY(from_json<TaskStatus>(row.status)).created;
    default:
      return Time();
  }
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

}  // namespace

void Service::show_past(Call call) {
  const auto answer = [&]() -> Result<> {
    const EntityKey key = TRY(key_of(call.raw_path()));
    const Time at = TRY(time_of(call));
    const engine::Row row = TRY(row_as_of(*ports_.store, key, at));
    json::object entity;
    api::Model model{};
    switch (key.kind) {
      case EntityKind::pool:
        entity = TRY(pool_entity(row, call.base_url()));
        model = api::Model::CloudPool;
        break;
      case EntityKind::node:
        entity = TRY(
            node_entity(row, TRY(row_as_of(*ports_.store, {EntityKind::pool, "", key.parent}, at)),
                        call.base_url()));
        model = api::Model::ComputeNode;
        break;
      case EntityKind::job:
        entity = TRY(job_entity(row, call.base_url()));
        model = api::Model::CloudJob;
        break;
      default: {
        const engine::Row job =
            TRY(row_as_of(*ports_.store, {EntityKind::job, "", key.parent}, at));
        entity =
            TRY(task_entity(row, call.base_url(), TRY(from_json<JobStatus>(job.status)).facts));
        model = api::Model::CloudTask;
      }
    }
    api::view(model, call.version, entity);
    answer_entity(call, fmt::format("{}s/@Element", engine::word_of(key.kind)), std::move(entity),
                  entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = answer(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
