// The pools that the fleet's loop holds: found again from an earlier service's records, numbered,
// looked up.
#include <set>

#include "edge/fleet/fleet_loop.h"
#include "edge/fleet/limits.h"

namespace batchyard::fleet {

void FleetLoop::find_earlier_nodes() {
  for (NodeRecord& record : directory_.read_all()) {
    const NodeRecord copy = record;
    if (!take_up(std::move(record))) clear(copy);
  }
}

bool FleetLoop::take_up(NodeRecord record) {
  Result<InitProcess> process = recognise(record);
  if (!process) return false;
  PoolInHand& pool = pool_in_hand(record.pool);
  pool.number = record.pool_number;
  NodeInHand node{record, engine::NodeOrder{}, std::move(*process), Up{}};
  bool whole = record.made;
  if (record.isolated && !pool.hub) {
    if (Result<Hub> hub = Hub::held_by(static_cast<pid_t>(record.pid)))
      pool.hub = std::move(*hub);
    else
      whole = false;
  }
  NodeInHand& held = pool.nodes.emplace(record.node, std::move(node)).first->second;
  if (!whole) end(held, {.silent = true});
  return true;
}

FleetLoop::PoolInHand& FleetLoop::pool_in_hand(const PoolId& id) {
  if (const auto found = pools_.find(id); found != pools_.end()) return found->second;
  std::set<std::uint32_t> taken;
  for (const auto& [other_id, other] : pools_) taken.insert(other.number);
  std::uint32_t number = 0;
  while (taken.contains(number)) ++number;
  return pools_
      .emplace(id, PoolInHand{number, std::nullopt, PoolHosts(directory_.hosts_file(id)), {}})
      .first->second;
}

NodeInHand* FleetLoop::find(const PoolId& pool_id, const NodeId& node_id) {
  const auto pool = pools_.find(pool_id);
  if (pool == pools_.end()) return nullptr;
  const auto node = pool->second.nodes.find(node_id);
  return node == pool->second.nodes.end() ? nullptr : &node->second;
}

BuildSite FleetLoop::site_of(PoolInHand& pool) const {
  return {options_, directory_, installation_, pool.hub ? &*pool.hub : nullptr, pool.hosts};
}

std::vector<std::string> FleetLoop::free_gpus(std::int32_t wanted) const {
  std::set<std::string> taken;
  for (const auto& [pool_id, pool] : pools_) {
    for (const auto& [node_id, node] : pool.nodes)
      taken.insert(node.record.gpus.begin(), node.record.gpus.end());
  }
  std::vector<std::string> free;
  for (const std::string& gpu : options_.gpus) {
    if (!taken.contains(gpu) && static_cast<std::int32_t>(free.size()) < wanted)
      free.push_back(gpu);
  }
  if (options_.emulates && static_cast<std::int32_t>(free.size()) < wanted) free.clear();
  return free;
}

Result<std::uint32_t> FleetLoop::free_host_number(const PoolInHand& pool) const {
  std::set<std::uint32_t> taken;
  for (const auto& [id, node] : pool.nodes) taken.insert(node.record.host_number);
  for (std::uint32_t number = first_host; number <= last_host; ++number) {
    if (!taken.contains(number)) return number;
  }
  return fail(Kind::internal, "NodeNotMade",
              "A pool of the local fleet holds at most " +
                  std::to_string(last_host - first_host + 1) + " nodes.");
}

}  // namespace batchyard::fleet
