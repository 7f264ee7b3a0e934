// The promises, as checks that watch a simulated world from outside: every commit, every process
// that starts or ends, every answer given to a user. The first broken promise is kept as one
// sentence.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "engine/store.h"
#include "model/status.h"
#include "protocol/messages.h"
#include "testing/memory_store.h"
#include "testing/sim_schedule_checks.h"

namespace batchyard::engine {
struct JobRecord;
}

namespace batchyard::testing {

// What the size of every pool has; simulated nodes emulate it.
inline const protocol::Promise sim_promise{
    .gpus = 2, .gpu = "T4", .gpu_vendor = "nvidia", .rdma = true};

class SimChecks {
 public:
  explicit SimChecks(MemoryStore& store) : store_(store) {}

  const std::string& violation() const { return violation_; }  // empty: all is well

  // ---- promise 1: what was acknowledged survives ----
  void task_acknowledged(const JobId& job, const TaskId& task);
  void task_deletion_asked(const JobId& job, const TaskId& task);
  void task_reactivation_asked(const JobId& job, const TaskId& task);
  void job_deletion_asked(const JobId& job);
  // Every acknowledged task is in the store, or its deletion was asked for.
  void check_acknowledged();

  std::int64_t completions() const { return completions_; }

  // ---- promise 2: attempts only grow; a completion is recorded once and is one that happened ----
  void process_started(const protocol::RunKey& key, std::int32_t member, const std::string& node);
  void process_ended(const protocol::RunKey& key, std::int32_t member, std::int32_t exit_code);
  void committed(const engine::Batch& batch);
  // Whole, now: nothing that a newer attempt may have written is overwritten.
  void uploaded(const protocol::RunKey& key);

  // ---- promise 3: a gang starts all or nothing ----
  void coordination_ended(const protocol::RunKey& key, std::int32_t member, std::int32_t exit_code);
  void application_started(const protocol::RunKey& key, std::int32_t members);

  // ---- promise 4: counts equal what is listed ----
  void check_counts();

  // ---- promise 5: restarts of server and agent lose no run ----
  void run_disturbed(
      const protocol::RunKey& key);  // its node died, or someone ended it: it may start again
  void run_disturbed_task(const JobId& job, const TaskId& task);
  void node_crashed(const NodeId& node) { crashed_.insert(node); }
  // For so long that the server may give up what runs there.
  void node_silent(const NodeId& node) { silent_.insert(node); }
  void all_disturbed();  // a pool gave up nodes

  // ---- promise 6: no task of a job runs on a node before its preparation succeeded there; its
  // release runs exactly where its tasks ran ----
  void job_prepares(const JobId& job) { preparing_jobs_.insert(job); }
  void task_ran(const JobId& job, const NodeId& node, const std::string& incarnation);
  void preparation_ended(const JobId& job, const std::string& incarnation, std::int32_t exit_code);
  void release_started(const JobId& job, const NodeId& node);
  // The job has ended, and the node lives.
  void check_released(const JobId& job, const NodeId& node);
  // Reimaged, or made again after it was given back: nothing of any job is left there.
  void files_lost(const NodeId& node);

  // ---- promise 7: no state changes without an event, and events follow on each other ----
  void events_committed(const engine::Batch& batch);

  // ---- promise 8: no task runs before those that it depends on have allowed it ----
  void task_depends(const JobId& job, const TaskId& task, DependsOn on);
  // A task that waits for nothing more and still waits; empty: none does.
  std::string wrongly_blocked(const engine::JobRecord& job);

  // ---- promise 9: no job runs more than it may, nor anything while it is disabled: with the
  // counts ----

  // ---- promise 12: no command starts before its packages and its pool's are there ----
  void task_needs_package(const JobId& job, const TaskId& task, const std::string& variable) {
    needed_packages_[{job, task}] = variable;
  }
  // The variable that must name it; empty: the task needs none.
  std::string package_of(const protocol::RunKey& key) const {
    const auto found = needed_packages_.find({key.job, key.task});
    return found == needed_packages_.end() ? std::string() : found->second;
  }
  void package_missing(const std::string& process, const NodeId& node) {
    broken(process + " was started on " + node.text() + " before a package was there");
  }

  // ---- promise 13: on a pool with containers, a task's commands run in one each, and not before
  // the node has the pool's images; elsewhere none does ----
  void job_runs_in_containers(const JobId& job) { container_jobs_.insert(job); }
  void check_container(const protocol::RunKey& key, bool in_container, bool images_there);
  std::int64_t commands_in_containers() const { return commands_in_containers_; }
  // ---- promise 15: on a pool with extensions, no command of a task runs before all of them have
  // succeeded on the node's disk, in their order ----
  void pool_extends(const PoolId& pool) { extending_pools_.insert(pool); }
  void extension_succeeded(const NodeId& node, const std::string& name);
  void check_extended(const protocol::RunKey& key, const PoolId& pool, const NodeId& node);
  std::int64_t extensions_done() const { return extensions_done_; }
  // ---- promise 14: no task is placed on a node that fails its gate, by what its agent has told
  // before and after, or that is in quarantine ----

  // ---- promises 10 and 11: schedules and formulas do what is due, and nothing else ----
  void check_due(const engine::State& state, Time now) { broken(due_.at_end(state, now)); }
  std::int64_t jobs_of_schedules() const { return due_.jobs_made(); }

 private:
  using Name = std::pair<JobId, TaskId>;
  struct TaskView {
    std::int64_t attempt = 0;      // the highest that was started
    std::int64_t disturbed = 0;    // the highest attempt that may be followed by another
    std::int64_t row_attempt = 0;  // as last committed, and where it runs
    std::vector<NodeId> nodes;
    bool completed = false;
    bool reactivated = false;
  };
  void broken(std::string sentence);
  void task_put(const engine::Put& put);
  void note_satisfied(const Name& name, const TaskStatus& status);
  void check_order(const protocol::RunKey& key);
  void check_job(const std::string& id, const JobStatus& job);
  void node_put(const engine::Put& put);
  void check_placement(const Name& name, const TaskStatus& status, std::int64_t attempt_before);
  static std::string name_of(const protocol::RunKey& key);

  MemoryStore& store_;
  ScheduleChecks due_;
  std::string violation_;
  std::int64_t completions_ = 0;
  std::set<NodeId> crashed_;
  std::set<NodeId> silent_;
  std::set<std::tuple<JobId, TaskId, std::int64_t, std::int32_t>> started_;
  std::map<Name, TaskView> tasks_;
  std::set<JobId> preparing_jobs_;                    // whose tasks wait for their preparation
  std::set<std::pair<JobId, std::string>> prepared_;  // in this life of a node
  std::set<std::pair<JobId, NodeId>> ran_, released_;
  std::set<std::pair<JobId, NodeId>> ordered_;  // a task was started there, in the server's words
  std::set<JobId> releasing_;
  std::map<Name, DependsOn> depends_on_;
  std::set<Name> satisfied_;  // ever
  std::set<std::pair<JobId, std::int32_t>> satisfied_numbers_;
  std::set<Name> acknowledged_;
  std::set<Name> deletion_asked_;
  std::set<JobId> jobs_deleted_;
  std::map<std::tuple<JobId, TaskId, std::int64_t>, std::set<std::int32_t>> ready_;
  std::map<std::tuple<JobId, TaskId, std::int64_t, std::int32_t>, std::int32_t>
      ends_;  // exit codes of members' commands
  std::map<Name, std::string> needed_packages_;
  std::set<JobId> container_jobs_;
  std::int64_t commands_in_containers_ = 0;
  std::set<PoolId> extending_pools_;
  std::map<NodeId, std::set<std::string>> extended_;
  std::int64_t extensions_done_ = 0;
  std::set<NodeId> closed_before_, closed_;  // by their gate, in the rows
  std::map<std::string, std::string> told_;  // by entity: the state that its last event told
};

}  // namespace batchyard::testing
