#include "engine/schedule.h"

#include <algorithm>

#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

enum class Fit { now, later, never };

// Takes tasks, or will without anybody's doing: does not leave, and is not beyond help.
bool is_usable(const NodeRecord& node) {
  if (node.status.scheduling == SchedulingState::disabled) return false;
  switch (node.status.state) {
    case NodeState::leavingpool:
    case NodeState::unusable:
    case NodeState::starttaskfailed:
    case NodeState::unknown:
    case NodeState::offline:
    case NodeState::deallocating:
    case NodeState::deallocated:
      return false;
    default:
      return true;
  }
}

// Whether some nodes are not for this task: those where its job's preparation failed, and those
// that a job manager's settings rule out.
bool is_choosy(const JobRecord& job, const Task& task) {
  return job.blocked_nodes > 0 || job.is_manager(task);
}

}  // namespace

bool may_have(const NodeRecord& node, const JobRecord& job, const Task& task) {
  const auto found = job.preparations.find(node.id);
  if (found != job.preparations.end() && job.helpers().preparation_gates &&
      found->second.status.preparation.phase == protocol::StartTaskPhase::failed)
    return false;
  return node.status.dedicated || !job.is_manager(task) || job.helpers().manager_low_priority;
}

namespace {

bool may_have_now(const NodeRecord& node, const JobRecord& job, const Task& task) {
  return may_have(node, job, task) && (node.runs.empty() || !job.is_exclusive(task));
}

std::int64_t usable_nodes(const PoolRecord& pool, const JobRecord& job, const Task& task) {
  return std::ranges::count_if(pool.nodes, [&](const auto& entry) {
    return is_usable(entry.second) && may_have(entry.second, job, task);
  });
}

}  // namespace

bool possible(const PoolRecord& pool, const JobRecord& job, const Task& task) {
  const PoolFacts& facts = pool.status.facts;
  if (task.instances == 0)
    return task.slots <= facts.task_slots &&
           (!is_choosy(job, task) || usable_nodes(pool, job, task) > 0);
  return facts.inter_node && facts.task_slots == 1 &&
         task.instances <= usable_nodes(pool, job, task);
}

namespace {

// Soft: the node that the task asks for, when it has room.
NodeRecord* preferred(PoolRecord& pool, const JobRecord& job, TaskIndex at) {
  const TaskRules* rules = job.rules.empty() ? nullptr : job.rules_of(at);
  if (rules == nullptr || rules->affinity.empty()) return nullptr;
  const auto found = pool.nodes.find(NodeId::trusted(rules->affinity));
  if (found == pool.nodes.end() || found->second.open_slots < job.tasks[at].slots ||
      !may_have_now(found->second, job, job.tasks[at]))
    return nullptr;
  return &found->second;
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

// The same order among those that the job's task can have.
NodeRecord* choose(const PoolRecord& pool, const JobRecord& job, const Task& task) {
  if (!is_choosy(job, task)) return choose(pool, task.slots);
  NodeRecord* best = nullptr;
  for (const auto& [free, order, node] : pool.open) {
    if (free < task.slots || !may_have_now(*node, job, task)) continue;
    if (!pool.status.facts.spread) return node;
    if (best == nullptr || free > best->open_slots) best = node;
  }
  return best;
}

Fit find_nodes(const Turn& turn, PoolRecord& pool, const JobRecord& job, TaskIndex at,
               std::vector<NodeRecord*>& nodes) {
  const Task& task = job.tasks[at];
  nodes.clear();
  if (!possible(pool, job, task) || later(task.created, task_lifetime) <= turn.now)
    return Fit::never;
  NodeRecord* wished = preferred(pool, job, at);
  if (task.instances == 0) {
    NodeRecord* node = wished != nullptr ? wished : choose(pool, job, task);
    if (node == nullptr) return Fit::later;
    nodes.push_back(node);
    return Fit::now;
  }
  if (pool.open.size() < static_cast<std::size_t>(task.instances)) return Fit::later;
  if (wished != nullptr) nodes.push_back(wished);
  for (const auto& [free, order, node] : pool.open) {
    if (nodes.size() == static_cast<std::size_t>(task.instances)) break;
    if (node != wished && may_have(*node, job, task)) nodes.push_back(node);
  }
  return nodes.size() == static_cast<std::size_t>(task.instances) ? Fit::now : Fit::later;
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
    const Fit fit = find_nodes(turn, pool, job, at, nodes);
    // Nodes that this job alone cannot have are not kept from the others.
    if (fit == Fit::later)
      return job.blocked_nodes > 0 || (job.is_manager(task) && !job.helpers().manager_low_priority);
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
    if (job->status.state == JobState::active && !place_job(turn, pool, *job, nodes)) break;
  }
  preempt(turn, pool);
}

}  // namespace batchyard::engine
