#include "engine/turn.h"

#include <algorithm>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "engine/event_detail.h"

namespace batchyard::engine {

namespace {

std::string spec_key(EntityKind kind, std::string_view parent, std::string_view id) {
  std::string key(1, static_cast<char>('0' + static_cast<int>(kind)));
  key += fold(parent);
  key += '/';
  key += fold(id);
  return key;
}

template <class Enum>
const char* name_of_value(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

template <class Enum>
std::string word(Enum value) {
  return name_of_value(value);
}

}  // namespace

TaskStatus status_of(const Task& task) {
  if (task.detail) return task.detail->status;
  TaskStatus status;
  status.facts = {.slots = task.slots, .instances = task.instances, .retries = std::nullopt};
  if (task.retries != Task::job_decides) status.facts.retries = task.retries;
  status.state = task.state;
  status.state_since = task.created;
  status.created = task.created;
  status.modified = task.created;  // what was changed later has a detail
  return status;
}

Result<std::optional<ColdTask>> Turn::cold_task(JobRecord& job, const TaskId& id) {
  if (const auto found = cold_.find({job.id, id}); found != cold_.end()) return found->second;
  if (job.status.counts.completed == 0) return std::optional<ColdTask>();
  std::optional<Row> row = TRY(store_.read({EntityKind::task, job.id.text(), id.text()}));
  if (!row) return std::optional<ColdTask>();
  TaskStatus status = TRY(from_json<TaskStatus>(row->status));
  return std::optional<ColdTask>(ColdTask{row->key.id, std::move(status), row->version});
}

Result<> Turn::learn_numbers(JobRecord& job) {
  Dependencies& dependencies = job.dependencies;
  Query query{.kind = EntityKind::task, .parent = job.id.text()};
  std::vector<std::string> found;
  while (true) {
    const Page page = TRY(store_.list(query));
    for (const Row& row : page.rows) {
      // What is live again, or was closed in this batch, is another matter than its row.
      if (!number_of(row.key.id) || job.find(row.key.id) != nullptr ||
          cold_.contains({job.id, TaskId::trusted(row.key.id)}))
        continue;
      if (TRY(from_json<TaskStatus>(row.status)).satisfies) found.push_back(row.key.id);
    }
    if (!page.next) break;
    query.after = *page.next;
  }
  dependencies.numbers_known = true;
  for (const std::string& id : found) dependencies.learn(id);
  for (const auto& [key, cold] : cold_) {
    if (key.job == job.id && cold && cold->status.satisfies) dependencies.learn(cold->id);
  }
  return Done();
}

Result<SatisfiedIds> Turn::satisfied_ids(JobRecord& job, const TaskFacts& facts) {
  SatisfiedIds satisfied;
  if (!facts.rules || !facts.rules->depends_on) return satisfied;
  const DependsOn& on = *facts.rules->depends_on;
  if (!on.ranges.empty() && !job.dependencies.numbers_known) TRY(learn_numbers(job));
  for (const std::string& id : on.ids) {
    if (job.dependencies.knows(id) || job.find(id) != nullptr) continue;
    const std::optional<ColdTask> cold = TRY(cold_task(job, TaskId::trusted(id)));
    if (cold && cold->status.satisfies) satisfied.insert(fold(id));
  }
  return satisfied;
}

void Turn::record(std::string entity, std::string_view what) {
  EventRecord event{now, std::move(entity), std::string(what), {}};
  event.by = by;
  batch_.events.push_back(std::move(event));
}

// The event says which state it left when that is another one than the last event said.
void Turn::record(Told& told, const char* entered, EventRecord event) {
  event.when = now;
  event.by = by;
  event.state = entered;
  if (event.state != told.state) event.previous = std::exchange(told.state, entered);
  told.event = static_cast<std::int64_t>(batch_.events.size());
  batch_.events.push_back(std::move(event));
}

void Turn::touch(PoolRecord& pool, std::string_view what) {
  pool.version = next_version();
  pool.status.modified = now;
  note(pool, what);
}

void Turn::note(PoolRecord& pool, std::string_view what) {
  record(pool.told, name_of_value(pool.status.state),
         {.entity = "pool/" + pool.id.text(),
          .what = std::string(what),
          .detail = detail_of(pool.status),
          .version = pool.version});
  if (!std::exchange(pool.changed, true)) pools_.push_back(&pool);
}

void Turn::touch(NodeRecord& node, std::string_view what) {
  node.version = next_version();
  node.status.modified = now;
  if (!what.empty()) {
    record(node.told, name_of_value(node.status.state),
           {.entity = "node/" + node.pool->id.text() + "/" + node.id.text(),
            .what = std::string(what),
            .detail = detail_of(node.status),
            .version = node.version});
  }
  if (!std::exchange(node.changed, true)) nodes_.push_back(&node);
}

void Turn::touch(ScheduleRecord& schedule, std::string_view what) {
  schedule.version = next_version();
  schedule.status.modified = now;
  note(schedule, what);
}

void Turn::note(ScheduleRecord& schedule, std::string_view what) {
  record(schedule.told, name_of_value(schedule.status.state),
         {.entity = "schedule/" + schedule.id.text(),
          .what = std::string(what),
          .detail = detail_of(schedule.status),
          .version = schedule.version});
  if (!std::exchange(schedule.changed, true)) schedules_.push_back(&schedule);
}

void Turn::touch_counts(JobRecord& job) {
  if (!std::exchange(job.changed, true)) jobs_.push_back(&job);
}

void Turn::touch(JobRecord& job, std::string_view what) {
  job.version = next_version();
  job.status.modified = now;
  record(job.told, name_of_value(job.status.state),
         {.entity = "job/" + job.id.text(),
          .what = std::string(what),
          .detail = detail_of(job.status),
          .version = job.version});
  touch_counts(job);
}

void Turn::touch(JobRecord& job, Task& task, std::string_view what) {
  task.version = next_version();
  if (task.detail) task.detail->status.modified = now;
  note(job, task, what);
}

void Turn::note(JobRecord& job, Task& task, std::string_view what) {
  Told told;
  if (!what.empty()) {
    if (task.told >= 0) told.state = name_of_value(static_cast<TaskState>(task.told));
    record(told, name_of_value(task.state),
           {.entity = "task/" + job.id.text() + "/" + task.id,
            .what = std::string(what),
            .detail = task.detail ? detail_of(task.detail->status) : std::string(),
            .version = task.version});
    task.told = static_cast<std::int8_t>(task.state);
  }
  cold_.erase({job.id, TaskId::trusted(task.id)});
  if (!std::exchange(task.changed, true))
    tasks_.push_back({&job, job.place(task), static_cast<std::int32_t>(told.event)});
}

void Turn::spec(const EntityKey& key, std::string text) {
  specs_[spec_key(key.kind, key.parent, key.id)] = std::move(text);
}

Result<std::string> Turn::read_spec(const EntityKey& key) {
  const auto found = specs_.find(spec_key(key.kind, key.parent, key.id));
  if (found != specs_.end()) return found->second;
  std::optional<Row> row = TRY(store_.read(key));
  if (!row) return refusal("InternalError", "no stored specification of " + key.id);
  return std::move(row->spec);
}

std::optional<std::string> Turn::take_spec(EntityKind kind, std::string_view parent,
                                           std::string_view id) {
  if (specs_.empty()) return std::nullopt;
  const auto found = specs_.find(spec_key(kind, parent, id));
  if (found == specs_.end()) return std::nullopt;
  std::string text = std::move(found->second);
  specs_.erase(found);
  return text;
}

void Turn::close(JobRecord& job, const Task& task, const TaskStatus& status,
                 std::string_view what) {
  Told told;
  if (task.told >= 0) told.state = name_of_value(static_cast<TaskState>(task.told));
  record(told, name_of_value(status.state),
         {.entity = "task/" + job.id.text() + "/" + task.id,
          .what = std::string(what),
          .detail = detail_of(status),
          .version = task.version});
  const TaskId id = TaskId::trusted(task.id);
  cold_[{job.id, id}] = ColdTask{task.id, status, task.version};
  batch_.puts.push_back({.key = {EntityKind::task, job.id.text(), task.id},
                         .version = task.version,
                         .modified = status.modified,
                         .spec = take_spec(EntityKind::task, job.id.text(), task.id),
                         .status = to_json(status),
                         .state = word(status.state),
                         .live = false,
                         .event = told.event});
}

void Turn::erase(EntityKey key, std::string_view what) {
  record(name_of(key), what);
  take_spec(key.kind, key.parent, key.id);
  if (key.kind == EntityKind::task)
    cold_[{JobId::trusted(key.parent), TaskId::trusted(key.id)}] = std::nullopt;
  // What was to be written of it in this batch is void.
  std::erase_if(batch_.puts, [&](const Put& put) {
    return put.key.kind == key.kind && same_folded(put.key.id, key.id) &&
           same_folded(put.key.parent, key.parent);
  });
  const auto forget = [](auto& list, const auto& gone) { std::erase_if(list, gone); };
  forget(pools_, [&](const PoolRecord* pool) {
    return key.kind == EntityKind::pool && same_folded(pool->id.text(), key.id);
  });
  forget(to_schedule_, [&](const PoolRecord* pool) {
    return key.kind == EntityKind::pool && same_folded(pool->id.text(), key.id);
  });
  forget(nodes_, [&](const NodeRecord* node) {
    return (key.kind == EntityKind::node && same_folded(node->id.text(), key.id) &&
            same_folded(node->pool->id.text(), key.parent)) ||
           (key.kind == EntityKind::pool && same_folded(node->pool->id.text(), key.id));
  });
  forget(jobs_, [&](const JobRecord* job) {
    return key.kind == EntityKind::job && same_folded(job->id.text(), key.id);
  });
  forget(schedules_, [&](const ScheduleRecord* schedule) {
    return key.kind == EntityKind::schedule && same_folded(schedule->id.text(), key.id);
  });
  forget(tasks_, [&](const DirtyTask& task) {
    return (key.kind == EntityKind::job && same_folded(task.job->id.text(), key.id)) ||
           (key.kind == EntityKind::task && same_folded(task.job->id.text(), key.parent) &&
            same_folded(task.job->tasks[task.at].id, key.id));
  });
  std::erase_if(preparations_, [&](const auto& one) {
    return key.kind == EntityKind::job && same_folded(one.first->id.text(), key.id);
  });
  batch_.erased.push_back(std::move(key));
}

void Turn::empty(EntityKey parent) {
  std::erase_if(batch_.puts, [&](const Put& put) {
    return lies_in(put.key.kind, parent.kind) && same_folded(put.key.parent, parent.id);
  });
  std::erase_if(cold_,
                [&](const auto& entry) { return same_folded(entry.first.job.text(), parent.id); });
  batch_.emptied.push_back(std::move(parent));
}

void Turn::schedule(PoolRecord* pool) {
  if (pool != nullptr && !std::exchange(pool->to_schedule, true)) to_schedule_.push_back(pool);
}

std::vector<PoolRecord*> Turn::take_pools_to_schedule() {
  std::vector<PoolRecord*> pools = std::exchange(to_schedule_, {});
  for (PoolRecord* pool : pools) pool->to_schedule = false;
  return pools;
}

// A task that was touched in silence first may have been named later on; one that was not is named
// now: no change goes without an event.
std::int64_t Turn::event_of(const JobRecord& job, const Task& task, const DirtyTask& dirty) {
  if (dirty.event >= 0) return dirty.event;
  const std::string entity = "task/" + job.id.text() + "/" + task.id;
  for (std::size_t at = batch_.events.size(); at-- > 0;) {
    if (batch_.events[at].entity == entity) return static_cast<std::int64_t>(at);
  }
  Told told{.state = name_of_value(task.state)};
  record(told, told.state,
         {.entity = entity,
          .what = "TaskChanged",
          .detail = task.detail ? detail_of(task.detail->status) : std::string(),
          .version = task.version});
  return told.event;
}

Batch Turn::take_batch() {
  // A node that went to work or came to rest without a word of its own.
  for (NodeRecord* node : nodes_) {
    if (node->told.state == std::string_view(name_of_value(node->status.state))) continue;
    record(node->told, name_of_value(node->status.state),
           {.entity = "node/" + node->pool->id.text() + "/" + node->id.text(),
            .what = node->status.state == NodeState::idle      ? "NodeIdle"
                    : node->status.state == NodeState::running ? "NodeRunning"
                                                               : "NodeChanged",
            .detail = detail_of(node->status),
            .version = node->version});
  }
  Batch& batch = batch_;
  const auto put = [&](EntityKind kind, const std::string& parent, const std::string& id,
                       std::int64_t version, Time modified, std::string status,
                       std::string word_of_state, bool live) {
    batch.puts.push_back({{kind, parent, id},
                          version,
                          modified,
                          take_spec(kind, parent, id),
                          std::move(status),
                          std::move(word_of_state),
                          live});
  };
  for (PoolRecord* pool : std::exchange(pools_, {})) {
    pool->changed = false;
    put(EntityKind::pool, "", pool->id.text(), pool->version, pool->status.modified,
        to_json(pool->status), word(pool->status.state), true);
    batch.puts.back().event = std::exchange(pool->told.event, -1);
  }
  for (NodeRecord* node : std::exchange(nodes_, {})) {
    node->changed = false;
    put(EntityKind::node, node->pool->id.text(), node->id.text(), node->version,
        node->status.modified, to_json(node->status), word(node->status.state), true);
    batch.puts.back().event = std::exchange(node->told.event, -1);
  }
  for (JobRecord* job : std::exchange(jobs_, {})) {
    job->changed = false;
    put(EntityKind::job, "", job->id.text(), job->version, job->status.modified,
        to_json(job->status), word(job->status.state), true);
    batch.puts.back().event = std::exchange(job->told.event, -1);
  }
  for (ScheduleRecord* schedule : std::exchange(schedules_, {})) {
    schedule->changed = false;
    put(EntityKind::schedule, "", schedule->id.text(), schedule->version, schedule->status.modified,
        to_json(schedule->status), word(schedule->status.state), true);
    batch.puts.back().event = std::exchange(schedule->told.event, -1);
  }
  for (const DirtyTask& dirty : std::exchange(tasks_, {})) {
    Task& task = dirty.job->tasks[dirty.at];
    if (!std::exchange(task.changed, false)) continue;
    TaskStatus status = status_of(task);
    if (const TaskRules* rules = dirty.job->rules_of(dirty.at)) status.facts.rules = *rules;
    put(EntityKind::task, dirty.job->id.text(), task.id, task.version, status.modified,
        to_json(status), word(task.state), true);
    // What a task is that has only waited follows from its row: its event keeps no status.
    const std::int64_t event = event_of(*dirty.job, task, dirty);
    if (task.detail) batch.puts.back().event = event;
  }
  put_preparations();
  cold_.clear();
  specs_.clear();
  batch.last_version = state.last_version;
  return std::exchange(batch_, {});
}

}  // namespace batchyard::engine
