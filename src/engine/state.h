// What the engine holds in memory: every pool, node and job, and the tasks that are not completed.
// Changed only by engine/evolve.h. All walks are in the order of ids or of creation, so that the
// same commands give the same trace.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "base/id.h"
#include "engine/blocks.h"
#include "engine/dependencies.h"
#include "engine/quota.h"
#include "hardware/gate.h"
#include "model/application_status.h"
#include "model/schedule_status.h"
#include "model/status.h"
#include "protocol/messages.h"

namespace batchyard::engine {

struct PoolRecord;
struct JobRecord;
struct NodeRecord;
struct PoolSamples;  // engine/samples.h

// What the events have said of an entity: the state in the last one, and that one's place in the
// batch under way.
struct Told {
  const char* state = "";
  std::int64_t event = -1;
};

// A node's part in a run. A plain task has one seat, a gang one per member.
struct Seat {
  NodeId id;
  NodeRecord* node = nullptr;  // nothing once the seat is left: the node may go then
  bool ready = false;          // the coordination command has succeeded
  bool ended = false;
  protocol::RunEnd end;
};

// What only tasks that have been started need.
struct TaskDetail {
  TaskStatus status;
  std::vector<Seat> seats;        // while it runs
  bool application_told = false;  // every member was ready; the primary has its order
};

// A waiting task costs this, its id when longer than 15 characters, an index entry and a place in
// the queue.
struct Task {
  std::string id;
  Time created;
  std::int64_t version = 0;
  std::int32_t slots = 1;
  std::int32_t instances = 0;
  std::int32_t retries = job_decides;  // maxTaskRetryCount
  TaskState state = TaskState::active;
  bool gone =
      false;  // completed or deleted while it stood in the queue; freed when it is met there
  bool queued = false;
  bool changed = false;   // in this batch
  std::int8_t told = -1;  // the state in its last event, as a number; -1: there was none
  std::unique_ptr<TaskDetail> detail;

  static constexpr std::int32_t job_decides = INT32_MIN;
};

struct TaskHash {
  using is_transparent = void;
  const Blocks<Task>* tasks;
  std::size_t operator()(TaskIndex at) const { return folded_hash((*tasks)[at].id); }
  std::size_t operator()(std::string_view id) const { return folded_hash(id); }
};
struct TaskEqual {
  using is_transparent = void;
  const Blocks<Task>* tasks;
  bool operator()(TaskIndex a, TaskIndex b) const { return a == b; }
  bool operator()(TaskIndex a, std::string_view id) const {
    return folded_equal((*tasks)[a].id, id);
  }
  bool operator()(std::string_view id, TaskIndex a) const {
    return folded_equal((*tasks)[a].id, id);
  }
};

// What a job's preparation and release tasks do on a node that lives. Dropped from memory with the
// node, or when the job has ended and nothing of it is awaited there; its row stays.
struct Preparation {
  PreparationStatus status;
  NodeRecord* node = nullptr;
  std::int64_t version = 0;
  bool changed = false;
  Told told;
};

struct JobRecord {
  JobId id;
  JobStatus status;
  std::int64_t version = 0;
  std::int64_t order = 0;      // of creation: among jobs of one priority, older ones go first
  PoolRecord* pool = nullptr;  // nothing while no pool of that id exists
  Blocks<Task> tasks;          // slots, reused
  std::vector<TaskIndex> free;
  boost::unordered_flat_set<TaskIndex, TaskHash, TaskEqual> index{0, TaskHash{&tasks},
                                                                  TaskEqual{&tasks}};
  std::deque<TaskIndex> queue;      // active tasks, first come first served
  std::deque<TaskIndex> parked;     // active tasks that the pool as it is can never run
  std::int64_t more_instances = 0;  // of its active tasks: a gang of three counts as two more
  bool changed = false;             // in this batch
  std::map<NodeId, Preparation> preparations;
  std::int32_t blocked_nodes = 0;  // where its preparation failed: they get none of its tasks
  Told told;
  // Of the tasks that have any. Their status holds them only as stored.
  boost::unordered_flat_map<TaskIndex, std::unique_ptr<TaskRules>> rules;
  // Active tasks that wait for others stand in no queue.
  Dependencies dependencies;
  std::int64_t blocked = 0;            // how many of counts.active wait for others…
  std::int64_t blocked_instances = 0;  // …where a gang of three counts as three

  JobRecord() = default;
  JobRecord(const JobRecord&) = delete;
  JobRecord& operator=(const JobRecord&) = delete;

  Task* find(std::string_view task) {
    const auto found = index.find(task);
    return found == index.end() ? nullptr : &tasks[*found];
  }
  TaskIndex place(const Task& task) const { return *index.find(std::string_view(task.id)); }

  const JobHelpers& helpers() const {
    static const JobHelpers none;
    return status.facts.helpers ? *status.facts.helpers : none;
  }
  bool is_manager(const Task& task) const {
    return status.facts.helpers && folded_equal(helpers().manager.text(), task.id);
  }
  // A node that runs the task runs no other.
  bool is_exclusive(const Task& task) const {
    return is_manager(task) && helpers().manager_exclusive;
  }
  TaskRules* rules_of(TaskIndex at) const {
    const auto found = rules.find(at);
    return found == rules.end() ? nullptr : found->second.get();
  }
  bool waits_for_others(const Task& task) const {
    return blocked > 0 && task.state == TaskState::active && !task.queued &&
           dependencies.waits(place(task));
  }
};

// A run that a node takes part in.
struct NodeRun {
  JobRecord* job = nullptr;
  TaskIndex task = 0;
  std::int32_t member = 0;
  bool operator==(const NodeRun&) const = default;
};

struct NodeRecord {
  NodeId id;
  PoolRecord* pool = nullptr;
  NodeStatus status;
  std::int64_t version = 0;
  std::int64_t order = 0;
  bool made = false;     // the fleet has it, or had it when the service ended
  bool dropped = false;  // the fleet was told to take it back, and has not said that it did
  bool linked = false;   // its agent is connected
  Time unlinked_since;
  std::vector<NodeRun> runs;
  bool taken_whole = false;              // by a run that tolerates no other
  std::vector<JobRecord*> prepared_for;  // jobs with an entry for it among their preparations
  std::int32_t open_slots = -1;          // its entry in PoolRecord::open; -1: not open
  bool changed = false;
  Told told;
  std::optional<protocol::NodeUsage> usage;  // the last report, while its agent is linked
};

struct PoolRecord {
  PoolId id;
  PoolStatus status;
  std::int64_t version = 0;
  std::map<NodeId, NodeRecord> nodes;
  std::set<std::tuple<std::int32_t, std::int64_t, NodeRecord*>>
      open;                      // nodes that take tasks: (free slots, order, node)
  std::vector<JobRecord*> jobs;  // by priority, then by age
  bool changed = false;
  bool to_schedule = false;
  Told told;
  std::unique_ptr<PoolSamples> samples;  // while autoscale is on

  PoolRecord();
  ~PoolRecord();
};

struct ScheduleRecord {
  ScheduleId id;
  ScheduleStatus status;
  std::int64_t version = 0;
  bool changed = false;
  Told told;
};

struct CertificateRecord {
  std::string id;  // "<algorithm>-<thumbprint>", lower case
  CertificateStatus status;
  std::int64_t version = 0;
  Told told;
};

struct PackageRecord {
  PackageVersion id;
  PackageStatus status;
  std::int64_t version = 0;
  Told told;
};

struct ApplicationRecord {
  ApplicationId id;
  ApplicationStatus status;
  std::int64_t version = 0;
  Told told;
  std::map<PackageVersion, PackageRecord> packages;
};

struct State {
  std::map<PoolId, PoolRecord> pools;
  std::map<JobId, JobRecord> jobs;
  std::map<std::string, CertificateRecord> certificates;
  std::map<ScheduleId, ScheduleRecord> schedules;
  std::map<ApplicationId, ApplicationRecord> applications;
  std::int64_t last_version = 0;
  std::int64_t last_order = 0;
  GateRules gate;                      // what nodes must have
  std::vector<FaultPlan> fault_plans;  // of pools that are made from now on
  Quotas quotas;

  PoolRecord* pool(const PoolId& id) {
    const auto found = pools.find(id);
    return found == pools.end() ? nullptr : &found->second;
  }
  JobRecord* job(const JobId& id) {
    const auto found = jobs.find(id);
    return found == jobs.end() ? nullptr : &found->second;
  }
  ScheduleRecord* schedule(const ScheduleId& id) {
    const auto found = schedules.find(id);
    return found == schedules.end() ? nullptr : &found->second;
  }
  NodeRecord* node(const PoolId& pool_id, const NodeId& id) {
    PoolRecord* owner = pool(pool_id);
    if (owner == nullptr) return nullptr;
    const auto found = owner->nodes.find(id);
    return found == owner->nodes.end() ? nullptr : &found->second;
  }
};

}  // namespace batchyard::engine
