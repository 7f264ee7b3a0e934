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

namespace batchyard::testing {

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
  void all_disturbed();  // a pool gave up nodes

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
  static std::string name_of(const protocol::RunKey& key);

  MemoryStore& store_;
  std::string violation_;
  std::int64_t completions_ = 0;
  std::set<NodeId> crashed_;
  std::set<std::tuple<JobId, TaskId, std::int64_t, std::int32_t>> started_;
  std::map<Name, TaskView> tasks_;
  std::set<Name> acknowledged_;
  std::set<Name> deletion_asked_;
  std::set<JobId> jobs_deleted_;
  std::map<std::tuple<JobId, TaskId, std::int64_t>, std::set<std::int32_t>> ready_;
  std::map<std::tuple<JobId, TaskId, std::int64_t, std::int32_t>, std::int32_t>
      ends_;  // exit codes of members' commands
};

}  // namespace batchyard::testing
