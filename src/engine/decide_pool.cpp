#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

bool leaves(const NodeRecord& node) {
  return node.status.state == NodeState::leavingpool;
}

}  // namespace

Reply reply_of(const PoolRecord& pool) {
  return {.version = pool.version, .modified = pool.status.modified, .items = {}};
}

std::int32_t staying(const PoolRecord& pool, bool dedicated) {
  return static_cast<std::int32_t>(std::ranges::count_if(pool.nodes, [&](const auto& entry) {
    return entry.second.status.dedicated == dedicated && !leaves(entry.second);
  }));
}

namespace {

Result<PoolRecord*> existing(Turn& turn, const PoolId& id,
                             const std::optional<std::int64_t>& if_version) {
  PoolRecord* pool = turn.state.pool(id);
  if (pool == nullptr) return refusal("PoolNotFound", "The specified pool does not exist.");
  TRY(check_version(pool->version, if_version));
  return pool;
}

void set_allocation(Turn& turn, PoolRecord& pool, AllocationState state, std::string_view what) {
  if (pool.status.allocation == state) return;
  pool.status.allocation = state;
  pool.status.allocation_since = turn.now;
  turn.note(pool, what);
}

void vacate(Turn& turn, NodeRecord& node) {
  send_off(turn, node, NodeState::leavingpool, node.pool->status.deallocation, "NodeLeaving");
}

bool runs_a_manager(const NodeRecord& node) {
  return std::ranges::any_of(
      node.runs, [](const NodeRun& run) { return run.job->is_manager(run.job->tasks[run.task]); });
}

// Idle ones first, and of those the youngest; those of job managers last.
std::vector<NodeRecord*> victims(PoolRecord& pool, bool dedicated, std::int32_t count) {
  std::vector<NodeRecord*> nodes;
  for (auto& [id, node] : pool.nodes) {
    if (node.status.dedicated == dedicated && !leaves(node)) nodes.push_back(&node);
  }
  std::ranges::sort(nodes, {}, [](const NodeRecord* node) {
    return std::tuple(node->made, runs_a_manager(*node), node->runs.size(), -node->order);
  });
  nodes.resize(static_cast<std::size_t>(count));
  return nodes;
}

void bring_to(Turn& turn, PoolRecord& pool, bool dedicated, std::int32_t target) {
  const std::int32_t have = staying(pool, dedicated);
  if (std::optional<ResizeError> fault = allocation_fault(pool); fault && have < target) {
    pool.status.resize_errors.push_back(*std::move(fault));
    return;
  }
  const std::int32_t missing = target - have;
  const std::int32_t allowed = nodes_within_quota(turn.state, pool, dedicated, missing);
  for (std::int32_t nodes = allowed; nodes > 0; --nodes)
    want_node(turn, add_node(turn, pool, dedicated));
  if (allowed < missing)
    pool.status.resize_errors.push_back(core_quota_error(turn.state, pool, dedicated));
  if (have > target) {
    for (NodeRecord* node : victims(pool, dedicated, have - target)) vacate(turn, *node);
  }
}

void begin_resize(Turn& turn, PoolRecord& pool) {
  pool.status.removing = false;
  pool.status.resize_errors.clear();
  pool.status.resize_since = turn.now;
  set_allocation(turn, pool, AllocationState::resizing, "PoolResizing");
  pool.status.allocation_since = turn.now;
  turn.touch(pool, "PoolTargets");
}

// Nothing is awaited any more. Nodes that could not be had are among the resize errors.
bool settled(const PoolRecord& pool) {
  return std::ranges::all_of(
      pool.nodes, [](const auto& entry) { return entry.second.made && !leaves(entry.second); });
}

void end_resize(Turn& turn, PoolRecord& pool, std::string code, std::string message) {
  // Nodes that are not there yet are given up; those already made stay.
  std::vector<NodeRecord*> awaited;
  for (auto& [id, node] : pool.nodes) {
    if (!node.made && !leaves(node)) awaited.push_back(&node);
  }
  for (NodeRecord* node : awaited) {
    turn.perform(DropNode{pool.id, node->id});
    remove_node(turn, *node);
  }
  pool.status.resize_errors.push_back({std::move(code), std::move(message), {}});
  set_allocation(turn, pool, AllocationState::steady, "PoolSteady");
  turn.note(pool, "PoolResizeEnded");
}

}  // namespace

std::unexpected<Error> being_resized() {
  return refusal(
      "PoolBeingResized",
      "The specified pool is being resized. Wait until its allocationState is steady, or "
      "stop the resize first.");
}

Result<PoolRecord*> usable_pool(Turn& turn, const PoolId& id,
                                const std::optional<std::int64_t>& if_version) {
  PoolRecord* pool = TRY(existing(turn, id, if_version));
  if (pool->status.state == PoolState::deleting)
    return refusal("PoolBeingDeleted",
                   "The specified pool has been marked for deletion and is being reclaimed.");
  return pool;
}

void start_resize(Turn& turn, PoolRecord& pool, std::int32_t dedicated, std::int32_t low_priority) {
  pool.status.target_dedicated = dedicated;
  pool.status.target_low_priority = low_priority;
  begin_resize(turn, pool);
  bring_to(turn, pool, true, dedicated);
  bring_to(turn, pool, false, low_priority);
  resize_step(turn, pool);
}

Result<> check_version(std::int64_t current, const std::optional<std::int64_t>& wanted) {
  if (wanted && *wanted != current)
    return refusal("ConditionNotMet",
                   "The condition specified using HTTP conditional header(s) is not met.");
  return Done();
}

void want_node(Turn& turn, NodeRecord& node) {
  node.status.begun = turn.now;
  node.status.made = Time();
  turn.perform(WantNode{order_of(node)});
}

engine::NodeOrder order_of(const NodeRecord& node) {
  const PoolFacts& facts = node.pool->status.facts;
  return {.pool = node.pool->id,
          .node = node.id,
          .token = {},
          .vm_size = facts.vm_size,
          .boots = facts.boots,
          .windows = facts.windows,
          .inter_node_communication = facts.inter_node,
          .life = node.status.life,
          .image = node.status.image,
          .promise = facts.promise};
}

void resize_step(Turn& turn, PoolRecord& pool) {
  for (auto& [id, node] : pool.nodes) {
    if (leaves(node)) departure_step(turn, node);
  }
  if (pool.status.state == PoolState::deleting) {
    if (pool.nodes.empty()) {
      const PoolId id = pool.id;
      for (JobRecord* job : pool.jobs) job->pool = nullptr;
      turn.empty({EntityKind::pool, "", id.text()});
      turn.erase({EntityKind::pool, "", id.text()}, "PoolDeleted");
      turn.state.pools.erase(id);
    }
    return;
  }
  if (pool.status.allocation == AllocationState::resizing && settled(pool))
    set_allocation(turn, pool, AllocationState::steady, "PoolSteady");
  if (pool.status.allocation == AllocationState::stopping)
    end_resize(turn, pool, "ResizeStopped",
               "The pool resize was stopped by the user before its targets were reached.");
}

void pool_deadline(Turn& turn, PoolRecord& pool) {
  if (pool.status.state != PoolState::active ||
      pool.status.allocation != AllocationState::resizing ||
      later(pool.status.allocation_since, pool.status.resize_timeout) > turn.now)
    return;
  if (pool.status.removing)
    return end_resize(
        turn, pool, "RemoveNodesFailed",
        fmt::format("The specified nodes could not be removed within the resize timeout of {}. "
                    "Those that are left go when their tasks have ended.",
                    to_iso8601(pool.status.resize_timeout)));
  end_resize(
      turn, pool, "AllocationTimedOut",
      fmt::format(
          "The desired number of nodes could not be allocated within the resize timeout of {}: {} "
          "of {} dedicated and "
          "{} of {} low-priority nodes are there. Give a longer resizeTimeout or smaller targets.",
          to_iso8601(pool.status.resize_timeout), pool.status.current_dedicated,
          pool.status.target_dedicated, pool.status.current_low_priority,
          pool.status.target_low_priority));
}

Result<Reply> decide(Turn& turn, AddPool& command) {
  if (const PoolRecord* taken = turn.state.pool(command.id)) {
    if (taken->status.state == PoolState::deleting)
      return refusal("PoolBeingDeleted",
                     "The specified pool has been marked for deletion and is being reclaimed.");
    return refusal("PoolExists", "The specified pool already exists.");
  }
  TRY(check_pool_quota(turn.state));
  TRY(check_certificates(turn.state, command.facts));
  TRY(check_packages(turn.state, command.facts.packages));
  return reply_of(make_pool(turn, command));
}

PoolRecord& make_pool(Turn& turn, AddPool& command) {
  PoolRecord& pool = turn.state.pools[command.id];
  pool.id = command.id;
  pool.status.facts = command.facts;
  pool.status.created = pool.status.state_since = pool.status.allocation_since = turn.now;
  pool.status.resize_timeout = command.resize_timeout;
  pool.status.start_generation = command.facts.start_task ? 1 : 0;
  turn.spec({EntityKind::pool, "", pool.id.text()}, std::move(command.spec));
  turn.touch(pool, "PoolAdded");
  plan_faults(turn, pool);
  for (auto& [id, job] : turn.state.jobs) {
    if (job.status.facts.pool == pool.id) attach(turn.state, job);
  }
  if (command.autoscale)
    begin_autoscale(turn, pool, *std::move(command.autoscale));
  else
    start_resize(turn, pool, command.target_dedicated, command.target_low_priority);
  turn.deadline_set = true;
  return pool;
}

Result<Reply> decide(Turn& turn, ReplacePool& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  if (!command.only_when_empty.empty() && !pool->nodes.empty())
    return refusal("OperationInvalidForCurrentState",
                   fmt::format("The specified operation is not valid for the current state of the "
                               "pool: {} can be changed only when the pool is empty, and it has {} "
                               "nodes. Resize it to 0 first.",
                               command.only_when_empty, pool->nodes.size()),
                   {{"PropertyName", command.only_when_empty}});
  TRY(check_certificates(turn.state, command.facts));
  TRY(check_packages(turn.state, command.facts.packages, pool->status.facts.packages));
  if (command.scale) TRY(check_rescale(turn, *pool, *command.scale));
  pool->status.facts = command.facts;
  if (command.new_start_task) ++pool->status.start_generation;
  turn.spec({EntityKind::pool, "", pool->id.text()}, std::move(command.spec));
  turn.touch(*pool, "PoolChanged");
  for (JobRecord* job : pool->jobs) unpark(*job);
  for (auto& [id, node] : pool->nodes) refresh_open(node);
  turn.schedule(pool);
  if (command.scale) rescale(turn, *pool, *std::move(command.scale));
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, ResizePool& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  if (pool->status.autoscale)
    return refusal(
        "OperationNotValidOnPool",
        "The specified pool is sized by its autoscale formula. Disable autoscale before you "
        "resize it, or change the formula.");
  if (pool->status.allocation != AllocationState::steady) return being_resized();
  pool->status.resize_timeout = command.resize_timeout;
  pool->status.deallocation = command.deallocation;
  const std::int32_t dedicated = command.target_dedicated.value_or(pool->status.target_dedicated);
  const std::int32_t low_priority =
      command.target_low_priority.value_or(pool->status.target_low_priority);
  for (JobRecord* job : pool->jobs) unpark(*job);
  turn.schedule(pool);
  start_resize(turn, *pool, dedicated, low_priority);
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, RemoveNodes& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  if (pool->status.allocation != AllocationState::steady) return being_resized();
  for (const NodeId& id : command.nodes) {
    if (!pool->nodes.contains(id))
      return refusal(
          "NodeNotFound",
          fmt::format("The specified node does not exist: {}. List the pool's nodes.", id.text()),
          {{"PropertyName", "nodeList"}, {"PropertyValue", id.text()}});
  }
  pool->status.resize_timeout = command.resize_timeout;
  begin_resize(turn, *pool);
  pool->status.removing = true;
  for (const NodeId& id : command.nodes) {
    NodeRecord& node = pool->nodes.at(id);
    if (leaves(node)) continue;
    std::int32_t& target =
        node.status.dedicated ? pool->status.target_dedicated : pool->status.target_low_priority;
    target = std::max(0, target - 1);
    send_off(turn, node, NodeState::leavingpool, command.deallocation, "NodeLeaving");
  }
  resize_step(turn, *pool);
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, StopResize& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  if (pool->status.allocation == AllocationState::resizing) {
    set_allocation(turn, *pool, AllocationState::stopping, "PoolStopping");
    resize_step(turn, *pool);
  }
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, DeletePool& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  delete_pool(turn, *pool);
  pool = turn.state.pool(command.id);
  return pool == nullptr ? Reply{.version = turn.state.last_version, .modified = turn.now}
                         : reply_of(*pool);
}

void delete_pool(Turn& turn, PoolRecord& pool) {
  pool.status.state = PoolState::deleting;
  pool.status.state_since = turn.now;
  pool.status.allocation = AllocationState::resizing;
  pool.status.allocation_since = turn.now;
  pool.status.target_dedicated = pool.status.target_low_priority = 0;
  pool.status.deallocation = Deallocation::requeue;
  turn.touch(pool, "PoolDeleting");
  for (auto& [id, node] : pool.nodes) {
    if (!leaves(node)) vacate(turn, node);
  }
  resize_step(turn, pool);
}

}  // namespace batchyard::engine
