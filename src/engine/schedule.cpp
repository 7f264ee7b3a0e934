#include "engine/schedule.h"

#include <algorithm>

#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

enum class Fit { now, later, never };

// Nodes that take tasks, or will without anybody's doing: not those that leave or are beyond help.
std::size_t usable_nodes(const PoolRecord& pool) {
  return static_cast<std::size_t>(std::ranges::count_if(pool.nodes, [](const auto& entry) {
    switch (entry.second.status.state) {
      case NodeState::leavingpool:
      case NodeState::unusable:
      case NodeState::starttaskfailed:
      case NodeState::unknown:
      case NodeState::offline:
        return false;
      default:
        return true;
    }
  }));
}

// Whether the pool could run the task if all of its nodes were free.
bool possible(const PoolRecord& pool, const Task& task) {
  const PoolFacts& facts = pool.status.facts;
  if (task.instances == 0) return task.slots <= facts.task_slots;
  return facts.inter_node && facts.task_slots == 1 &&
         static_cast<std::size_t>(task.instances) <= usable_nodes(pool);
}

NodeRecord* choose(const PoolRecord& pool, std::int32_t slots) {
  if (pool.open.empty()) return nullptr;
  if (!pool.status.facts.spread) {
    const auto found = pool.open.lower_bound({slots, INT64_MIN, nullptr});
    return found == pool.open.end() ? nullptr : std::get<2>(*found);
  }
  // Among the emptiest, the oldest.
  const std::int32_t most = std::get<0>(*pool.open.rbegin());
  return most < slots ? nullptr : std::get<2>(*pool.open.lower_bound({most, INT64_MIN, nullptr}));
}

Fit find_nodes(const PoolRecord& pool, const Task& task, std::vector<NodeRecord*>& nodes) {
  nodes.clear();
  if (!possible(pool, task)) return Fit::never;
  if (task.instances == 0) {
    NodeRecord* node = choose(pool, task.slots);
    if (node == nullptr) return Fit::later;
    nodes.push_back(node);
    return Fit::now;
  }
  if (pool.open.size() < static_cast<std::size_t>(task.instances)) return Fit::later;
  for (const auto& [free, order, node] : pool.open) {
    if (nodes.size() == static_cast<std::size_t>(task.instances)) break;
    nodes.push_back(node);
  }
  return Fit::now;
}

// False when the pool has to wait: nothing further is to be placed.
bool place_job(Turn& turn, PoolRecord& pool, JobRecord& job, std::vector<NodeRecord*>& nodes) {
  const std::int32_t limit = job.status.facts.max_parallel_tasks;
  while (!job.queue.empty() && !pool.open.empty()) {
    const TaskIndex at = job.queue.front();
    Task& task = job.tasks[at];
    if (task.gone) {
      task = Task();
      job.free.push_back(at);
      job.queue.pop_front();
      continue;
    }
    if (limit >= 0 && job.status.counts.running >= limit) return true;
    const Fit fit = find_nodes(pool, task, nodes);
    if (fit == Fit::later) return false;
    job.queue.pop_front();
    if (fit == Fit::never) {
      job.parked.push_back(at);
      continue;
    }
    task.queued = false;
    begin_run(turn, job, at, nodes);
  }
  return !pool.open.empty();
}

}  // namespace

void schedule(Turn& turn, PoolRecord& pool) {
  if (pool.status.state != PoolState::active) return;
  std::vector<NodeRecord*> nodes;
  for (JobRecord* job : pool.jobs) {
    if (job->status.state == JobState::active && !place_job(turn, pool, *job, nodes)) return;
  }
}

}  // namespace batchyard::engine
