// One batch of commands being decided: the state they change, what of it must be written, what
// shall be done afterwards.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/effect.h"
#include "engine/state.h"
#include "engine/store.h"

namespace batchyard::engine {

// A task that is in the store but not in memory, because it is completed.
struct ColdTask {
  std::string id;  // as first written
  TaskStatus status;
  std::int64_t version = 0;
};

// Ids of tasks, folded.
using SatisfiedIds = std::set<std::string, std::less<>>;

struct TaskKey {
  JobId job;
  TaskId task;
  auto operator<=>(const TaskKey&) const = default;
};

// A job that has come to its end in this command: a schedule, or a pool of its own, may wait for
// that.
struct EndedJob {
  JobId id;
  ScheduleId schedule;
  PoolId own_pool;  // empty when the pool is not the job's
};

class Turn {
 public:
  Turn(State& whole, StoreReader& store, Time time) : state(whole), now(time), store_(store) {}

  State& state;
  Time now;                      // of the command being decided
  const char* by = "scheduler";  // who brings about what is decided: EventRecord::by
  std::vector<Effect> effects;
  std::vector<EndedJob> ended;
  bool deadline_set = false;  // by a command that usually sets none

  void perform(Effect effect) { effects.push_back(std::move(effect)); }
  void tell(const NodeRecord& node, protocol::ToAgent message) {
    if (node.linked) perform(TellAgent{node.pool->id, node.id, std::move(message)});
  }

  // The completed task of that id, if there is one: from this batch, or from the store.
  Result<std::optional<ColdTask>> cold_task(JobRecord& job, const TaskId& id);

  // Which of the ids that a new task depends on are satisfied by a completed task, of those that
  // the job's dependencies do not know. Learns the job's numbers when its ranges need them.
  Result<SatisfiedIds> satisfied_ids(JobRecord& job, const TaskFacts& facts);

  // Larger than any before, over all tasks and restarts.
  std::int64_t next_attempt() { return next_version(); }

  // ---- for evolve: what changed ----
  // `touch`: what it is, so it has another ETag and lastModified from now on. `note`: what became
  // of it (its states, its nodes, its runs); those stay, so that who has read it may still change
  // it.
  void touch(PoolRecord& pool, std::string_view what);
  void note(PoolRecord& pool, std::string_view what);
  void touch(NodeRecord& node, std::string_view what);
  void touch(JobRecord& job, std::string_view what);
  void touch_counts(
      JobRecord& job);  // its tasks changed, not the job: version and lastModified stay
  void touch(JobRecord& job, Task& task, std::string_view what);
  void note(JobRecord& job, Task& task, std::string_view what);
  void touch(JobRecord& job, Preparation& preparation, std::string_view what);
  void touch(CertificateRecord& certificate, std::string_view what);
  void touch(ScheduleRecord& schedule, std::string_view what);
  void note(ScheduleRecord& schedule, std::string_view what);
  void touch(ApplicationRecord& application, std::string_view what);
  void touch(const ApplicationRecord& application, PackageRecord& package, std::string_view what);
  void spec(const EntityKey& key, std::string text);
  // What was written last, in this batch or before.
  Result<std::string> read_spec(const EntityKey& key);
  void close(JobRecord& job, const Task& task, const TaskStatus& status,
             std::string_view what);  // to the cold side
  // Of a job's preparation on a node: memory needs it no more, its row stays.
  void close(const JobRecord& job, Preparation& preparation);
  void erase(EntityKey key, std::string_view what);
  void empty(EntityKey parent);
  void schedule(PoolRecord* pool);

  bool has_erased() const { return !batch_.erased.empty(); }

  // Ends the turn: everything that was touched, as it is now.
  Batch take_batch();
  std::vector<PoolRecord*> take_pools_to_schedule();

 private:
  struct DirtyTask {
    JobRecord* job;
    TaskIndex at;
    std::int32_t event;  // that was recorded when it was touched first; -1: none
  };
  void record(std::string entity, std::string_view what);
  void put_now(Told& told, EventRecord event, EntityKey key, std::string status,
               const char* word_of_state);
  void put_preparations();
  void record(Told& told, const char* entered, EventRecord event);
  std::int64_t event_of(const JobRecord& job, const Task& task, const DirtyTask& dirty);
  Result<> learn_numbers(JobRecord& job);
  std::int64_t next_version() { return ++state.last_version; }
  std::optional<std::string> take_spec(EntityKind kind, std::string_view parent,
                                       std::string_view id);

  StoreReader& store_;
  std::vector<PoolRecord*> pools_;
  std::vector<NodeRecord*> nodes_;
  std::vector<JobRecord*> jobs_;
  std::vector<ScheduleRecord*> schedules_;
  std::vector<PoolRecord*> to_schedule_;
  std::vector<DirtyTask>
      tasks_;  // a closed task's place may be taken by another one: Task::changed tells
  std::vector<std::pair<JobRecord*, NodeId>> preparations_;  // may have been closed since
  std::map<std::string, std::string> specs_;
  std::map<TaskKey, std::optional<ColdTask>> cold_;  // completed (or erased: nothing) in this batch
  Batch batch_;
};

// The status of a task in memory, without its rules (JobRecord::rules).
TaskStatus status_of(const Task& task);

}  // namespace batchyard::engine
