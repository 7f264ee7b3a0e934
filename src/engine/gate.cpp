// What follows from the gate: a node whose checks fail gets no tasks, and is unusable once it is
// free. It comes back when they pass; one that fails too often stays out until it starts anew.
#include <fmt/format.h>

#include <algorithm>

#include "engine/decide.h"
#include "engine/evolve.h"
#include "hardware/gate.h"

namespace batchyard::engine {

namespace {

constexpr const char* check_failed = "HardwareCheckFailed";
constexpr const char* node_quarantined = "NodeQuarantined";

NodeError error_of(const Check& check) {
  return {check_failed,
          fmt::format("The node does not have what its pool promises: {} is {}, expected is {}. {}",
                      check.id, check.measured, check.expected, check.cure),
          {{"Check", check.id},
           {"Measured", check.measured},
           {"Expected", check.expected},
           {"Cure", check.cure}}};
}

void put_in_quarantine(NodeRecord& node) {
  node.status.quarantined = true;
  node.status.errors.push_back(
      {node_quarantined,
       fmt::format("The node has failed its checks {} times since it started and gets no more "
                   "tasks, also when they pass. Reboot it, reimage it, or remove it from the pool.",
                   node.status.gate_failures),
       {{"Failures", std::to_string(node.status.gate_failures)}}});
}

}  // namespace

void judge_node(Turn& turn, NodeRecord& node) {
  const PoolFacts& facts = node.pool->status.facts;
  NodeStatus& status = node.status;
  std::erase_if(status.errors, [](const NodeError& error) { return error.code == check_failed; });
  // What is missing may be on its way.
  if (status.awaits_extensions) {
    status.failing.clear();
    return refresh_open(node);
  }
  std::vector<std::string> failing;
  for (const Check& check : judge(turn.state.gate,
                                  {.size = facts.vm_size,
                                   .promise = facts.promise,
                                   .containers = facts.containers,
                                   .inter_node = facts.inter_node},
                                  status.probe)) {
    if (check.passed) continue;
    status.errors.push_back(error_of(check));
    if (std::ranges::find(failing, check.id) == failing.end()) failing.push_back(check.id);
  }
  const bool newly = status.failing.empty() && !failing.empty();
  const bool changed = status.failing != failing;
  status.failing = std::move(failing);
  if (newly && ++status.gate_failures >= turn.state.gate.quarantine_after && !status.quarantined)
    put_in_quarantine(node);
  if (changed) turn.touch(node, is_closed(node) ? "NodeFailsItsGate" : "NodePassesItsGate");
  refresh_open(node);
}

}  // namespace batchyard::engine
