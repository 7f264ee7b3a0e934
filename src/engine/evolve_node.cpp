#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// False: it was in that state already.
template <class Status, class State>
bool change_state(Status& status, State state, Time now) {
  if (status.state == state) return false;
  status.previous = std::exchange(status.state, state);
  status.previous_since = std::exchange(status.state_since, now);
  return true;
}

void note_end(Turn& turn, const JobRecord& job) {
  turn.ended.push_back(
      {job.id, job.status.schedule, job.status.facts.own_pool ? job.status.facts.pool : PoolId()});
}

// Looks like the service's own node ids and is the same on every run: tvmps_<32 hex digits>_d, or
// _p for low priority.
NodeId make_node_id(const PoolRecord& pool, bool dedicated) {
  const std::string seed = fmt::format("{}/{}/{}", pool.id.text(), pool.status.next_node,
                                       pool.status.created.time_since_epoch().count());
  return NodeId::trusted(fmt::format("tvmps_{:016x}{:016x}_{}", folded_hash(seed),
                                     folded_hash(seed + "/"), dedicated ? 'd' : 'p'));
}

bool takes_tasks(const NodeRecord& node) {
  return node.linked && node.status.scheduling == SchedulingState::enabled && !is_closed(node) &&
         (node.status.state == NodeState::idle || node.status.state == NodeState::running);
}

}  // namespace

NodeRecord& add_node(Turn& turn, PoolRecord& pool, bool dedicated) {
  const NodeId id = make_node_id(pool, dedicated);
  ++pool.status.next_node;
  NodeRecord& node = pool.nodes[id];
  node.id = id;
  node.pool = &pool;
  node.order = ++turn.state.last_order;
  node.status.dedicated = dedicated;
  node.status.state_since = turn.now;
  turn.spec({EntityKind::node, pool.id.text(), id.text()}, "{}");
  turn.touch(node, "NodeAllocating");
  turn.note(pool, "PoolGrows");
  return node;
}

void remove_node(Turn& turn, NodeRecord& node) {
  PoolRecord& pool = *node.pool;
  node.status.state = NodeState::leavingpool;
  refresh_open(node);
  const NodeId id = node.id;
  turn.erase({EntityKind::node, pool.id.text(), id.text()}, "NodeRemoved");
  if (node.made && node.status.dedicated)
    pool.status.core_time += (turn.now - node.status.allocated) * pool.status.facts.cores;
  if (node.made)
    --(node.status.dedicated ? pool.status.current_dedicated : pool.status.current_low_priority);
  pool.nodes.erase(id);
  turn.note(pool, "PoolShrinks");
}

void set_state(Turn& turn, NodeRecord& node, NodeState state, std::string_view what) {
  if (node.status.state != state) {
    node.status.state = state;
    node.status.state_since = turn.now;
    turn.touch(node, what);
  }
  const bool was_closed = node.open_slots < 0;
  refresh_open(node);
  // What could not run in the pool as it was is looked at again.
  if (was_closed && node.open_slots >= 0) {
    for (JobRecord* job : node.pool->jobs) unpark(*job);
  }
  turn.schedule(node.pool);
}

void set_working(Turn& turn, NodeRecord& node) {
  const NodeState free =
      node.status.scheduling == SchedulingState::enabled ? NodeState::idle : NodeState::offline;
  if (is_closed(node) && node.status.running_tasks == 0)
    return set_state(turn, node, NodeState::unusable, "NodeFailsItsGate");
  set_state(turn, node, node.status.running_tasks > 0 ? NodeState::running : free, "");
}

void refresh_open(NodeRecord& node) {
  PoolRecord& pool = *node.pool;
  const std::int32_t free =
      node.taken_whole ? 0 : pool.status.facts.task_slots - node.status.running_slots;
  const std::int32_t slots = takes_tasks(node) ? free : -1;
  if (slots == node.open_slots) return;
  if (node.open_slots > 0) pool.open.erase({node.open_slots, node.order, &node});
  if (slots > 0) pool.open.insert({slots, node.order, &node});
  node.open_slots = slots;
}

void set_state(Turn& turn, JobRecord& job, JobState state, std::string_view what) {
  if (!change_state(job.status, state, turn.now)) return;
  if (state == JobState::completed) {
    job.status.end = turn.now;
    note_end(turn, job);
  }
  turn.touch(job, what);
}

void attach(State& state, JobRecord& job) {
  if (job.pool != nullptr) std::erase(job.pool->jobs, &job);
  job.pool = state.pool(job.status.facts.pool);
  if (job.pool == nullptr) return;
  std::vector<JobRecord*>& jobs = job.pool->jobs;
  const auto place =
      std::upper_bound(jobs.begin(), jobs.end(), &job, [](const JobRecord* a, const JobRecord* b) {
        return std::pair(-a->status.facts.priority, a->order) <
               std::pair(-b->status.facts.priority, b->order);
      });
  jobs.insert(place, &job);
  unpark(job);
}

void remove_job(Turn& turn, JobRecord& job) {
  if (job.pool != nullptr) std::erase(job.pool->jobs, &job);
  note_end(turn, job);
  const JobId id = job.id;
  turn.empty({EntityKind::job, "", id.text()});
  turn.erase({EntityKind::job, "", id.text()}, "JobDeleted");
  turn.state.jobs.erase(id);
}

void set_state(Turn& turn, ScheduleRecord& schedule, ScheduleState state, std::string_view what) {
  if (!change_state(schedule.status, state, turn.now)) return;
  if (state == ScheduleState::completed) {
    schedule.status.end = turn.now;
    schedule.status.next.reset();
  }
  turn.touch(schedule, what);
}

void remove_schedule(Turn& turn, ScheduleRecord& schedule) {
  const ScheduleId id = schedule.id;
  turn.erase({EntityKind::schedule, "", id.text()}, "ScheduleDeleted");
  turn.state.schedules.erase(id);
}

}  // namespace batchyard::engine
