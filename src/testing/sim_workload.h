// What the users of a simulated world ask of jobs and tasks: tasks with dependencies, exit
// conditions, retries and gangs; jobs of all priorities that are disabled and enabled again.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "engine/command.h"
#include "testing/random.h"
#include "testing/sim_checks.h"

namespace batchyard::testing {

class SimWorkload {
 public:
  SimWorkload(Random& random, SimChecks& checks) : random_(random), checks_(checks) {}

  engine::AddJob job(const JobId& id, const PoolId& pool);
  engine::AddTasks tasks(const JobId& job);
  // The tasks of its jobs run in containers from now on.
  void pool_runs_containers(const PoolId& pool) { container_pools_.insert(pool); }
  // The members of its spec, with what the pool of its job needs beside them.
  void set_command(engine::NewTask& task, const PoolId& pool, const std::string& members) const;
  // Any task that was ever added, whichever job it lies in.
  TaskId some_task();
  engine::DisableJob disable(const JobId& job);

 private:
  TaskRules rules(const JobId& job, const TaskId& task);
  DependsOn dependencies(const JobId& job);
  ExitRules exits(bool may_act);

  Random& random_;
  SimChecks& checks_;
  std::int64_t last_task_ = 0;
  std::map<JobId, std::vector<std::int64_t>> numbers_;  // of the tasks of each job
  std::map<JobId, JobFacts> jobs_;
  std::set<PoolId> container_pools_;
};

}  // namespace batchyard::testing
