#include "explain/explanation.h"

#include <algorithm>

#include "base/error_codes.h"
#include "explain/facts.h"

namespace batchyard::explain {

namespace {

using engine::EntityKey;
using engine::EntityKind;

constexpr std::size_t history_shown = 20;

template <class Status, class Explain>
Result<bool> explain_as(const Facts& facts, const EntityKey& key, Explain explain_one,
                        Explanation& to) {
  const std::optional<Status> status = TRY(facts.find<Status>(key.kind, key.parent, key.id));
  if (!status) return false;
  to.state = word(status->state);
  to.since = status->state_since;
  TRY(explain_one(*status));
  return true;
}

Result<bool> explain_living(const Facts& facts, const EntityKey& key, Explanation& to) {
  switch (key.kind) {
    case EntityKind::pool:
      return explain_as<PoolStatus>(
          facts, key,
          [&](const PoolStatus& status) { return explain_pool(facts, key.id, status, to); }, to);
    case EntityKind::node:
      return explain_as<NodeStatus>(
          facts, key,
          [&](const NodeStatus& status) -> Result<> {
            explain_node(key.parent, key.id, status, to);
            return Done();
          },
          to);
    case EntityKind::job:
      return explain_as<JobStatus>(
          facts, key,
          [&](const JobStatus& status) { return explain_job(facts, key.id, status, to); }, to);
    case EntityKind::task:
      return explain_as<TaskStatus>(
          facts, key,
          [&](const TaskStatus& status) {
            return explain_task(facts, key.parent, key.id, status, to);
          },
          to);
    default:
      return explain_as<ScheduleStatus>(
          facts, key,
          [&](const ScheduleStatus& status) { return explain_schedule(facts, key.id, status, to); },
          to);
  }
}

// Of what is gone, as it was at its last event: the end of a task, the errors of a node.
Result<> explain_as_it_was(const Facts& facts, const EntityKey& key, Time then, Explanation& to) {
  const engine::Past past = TRY(facts.store().past(key, then));
  if (!past.kept) return Done();
  Explanation before;
  if (key.kind == EntityKind::node) {
    const NodeStatus status = TRY(from_json<NodeStatus>(past.kept->status));
    explain_node(key.parent, key.id, status, before);
  } else if (key.kind == EntityKind::task) {
    const TaskStatus status = TRY(from_json<TaskStatus>(past.kept->status));
    if (status.state == TaskState::completed)
      TRY(explain_task(facts, key.parent, key.id, status, before));
  } else if (key.kind == EntityKind::pool) {
    const PoolStatus status = TRY(from_json<PoolStatus>(past.kept->status));
    for (const ResizeError& error : status.resize_errors)
      before.reasons.push_back(reason_of(error));
  }
  if (!before.summary.empty()) to.summary += " Before that: " + before.summary;
  to.reasons = std::move(before.reasons);
  return Done();
}

Result<> explain_gone(const Facts& facts, const EntityKey& key, Explanation& to) {
  const engine::EventRecord& last = to.history.front();
  const bool went_alone = last.state.empty();
  to.state = "gone";
  to.since = last.when;
  to.summary = fmt::format(
      "There is no such {} any more: {} {} by {} at {}{}.", word_of(key.kind),
      went_alone ? "its end was" : "it went with what it lay in, and its last event was", last.what,
      last.by, to_iso8601(last.when), last.detail.empty() ? "" : " (" + last.detail + ")");
  return explain_as_it_was(facts, key, went_alone ? last.when - Duration(1) : last.when, to);
}

}  // namespace

Result<Explanation> explain(engine::StoreReader& store, const EntityKey& key, Time now) {
  const Facts facts(store, now);
  Explanation to;
  to.entity = engine::name_of(key);
  to.history = TRY(facts.events(key, history_shown));
  if (TRY(explain_living(facts, key, to))) return to;
  if (to.history.empty())
    return refusal("ResourceNotFound",
                   fmt::format("There is no {}, and no event of one is kept.", to.entity));
  TRY(explain_gone(facts, key, to));
  return to;
}

}  // namespace batchyard::explain
