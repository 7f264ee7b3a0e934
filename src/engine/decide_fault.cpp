// Faults that a user has asked for, so that programs can be tried against them: what shows on nodes
// is told to their agents, what happens to nodes and pools happens here.
#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "base/error_codes.h"
#include "base/text.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

using protocol::FaultKind;

constexpr std::size_t faults_max = 100;       // of a pool, that are not over
constexpr std::size_t faults_kept_max = 100;  // …and those that are

bool is_of_pool(FaultKind kind) {
  return kind == FaultKind::allocation || kind == FaultKind::quota;
}
// Takes no time.
bool is_stroke(FaultKind kind) {
  return kind == FaultKind::preempt || kind == FaultKind::lost;
}
bool shows_on_nodes(FaultKind kind) {
  return !is_of_pool(kind) && !is_stroke(kind);
}
bool is_active(const PlannedFault& fault) {
  return fault.begun && !fault.over;
}

// Its place among the pool's nodes in the order of creation, counted from 1.
std::int64_t place_of(const NodeRecord& node) {
  return 1 + std::ranges::count_if(node.pool->nodes, [&](const auto& entry) {
           return entry.second.order < node.order;
         });
}

bool is_meant(const PlannedFault& fault, const NodeRecord& node) {
  if (fault.node == "*" || same_folded(fault.node, node.id.text())) return true;
  const std::optional<std::int64_t> number = parse_integer(fault.node);
  return number && *number == place_of(node);
}

std::vector<NodeRecord*> meant_nodes(PoolRecord& pool, const PlannedFault& fault) {
  std::vector<NodeRecord*> nodes;
  for (auto& [id, node] : pool.nodes) {
    if (is_meant(fault, node)) nodes.push_back(&node);
  }
  return nodes;
}

PlannedFault planned(PoolRecord& pool, const FaultPlan& plan, Time now) {
  PlannedFault fault;
  fault.id = ++pool.status.last_fault;
  fault.node = plan.node;
  fault.fault = plan.fault;
  fault.at = std::max(now, plan.at.value_or(later(now, plan.after)));
  if (plan.lasts != unlimited) fault.until = later(fault.at, plan.lasts);
  return fault;
}

void take_away(Turn& turn, const NodeRecord& node, const PlannedFault& fault, std::string& why) {
  PreemptNode command{.pool = node.pool->id, .node = node.id};
  if (fault.until != Time::max()) command.away = fault.until - fault.at;
  if (const Result<Reply> done = decide(turn, command); !done) why = done.error().message;
}

// A stroke falls once. What came of it is kept to be shown.
void strike(Turn& turn, PoolRecord& pool, PlannedFault& fault) {
  std::string why;
  std::size_t count = 0;
  for (NodeRecord* node : meant_nodes(pool, fault)) {
    std::string refused;
    if (fault.fault.kind == FaultKind::preempt)
      take_away(turn, *node, fault, refused);
    else if (node->made && !is_away(*node) && !node->dropped)
      turn.perform(LoseNode{pool.id, node->id});
    else
      refused = "The node is not there.";
    if (refused.empty())
      ++count;
    else
      why = std::move(refused);
  }
  fault.over = true;
  fault.outcome = fmt::format("fell on {} nodes", count);
  if (count == 0 && why.empty()) why = "No node of the pool is meant.";
  if (!why.empty()) fault.outcome += ": " + why;
}

void tell_nodes(Turn& turn, PoolRecord& pool) {
  for (auto& [id, node] : pool.nodes) {
    if (node.linked) turn.tell(node, protocol::SetFaults{faults_on(node)});
  }
}

void drop_old(PoolRecord& pool) {
  auto past = std::ranges::count_if(pool.status.faults, &PlannedFault::over);
  std::erase_if(pool.status.faults, [&](const PlannedFault& fault) {
    return fault.over && past-- > static_cast<std::ptrdiff_t>(faults_kept_max);
  });
}

// The GPUs that nodes of the pool have or will have: what the size has, or what was found.
std::int32_t gpus_of(const PoolRecord& pool) {
  std::int32_t most = pool.status.facts.promise.gpus;
  for (const auto& [id, node] : pool.nodes)
    most = std::max(most, static_cast<std::int32_t>(node.status.probe.gpus.size()));
  return most;
}

bool has_fabric(const PoolRecord& pool) {
  return pool.status.facts.promise.rdma || std::ranges::any_of(pool.nodes, [](const auto& entry) {
           return !entry.second.status.probe.fabrics.empty();
         });
}

// A fault of what no node has would never be seen.
Result<> check_matter(const PoolRecord& pool, const FaultPlan& plan) {
  const FaultKind kind = plan.fault.kind;
  const std::string word(boost::describe::enum_to_string(kind, "?"));
  const std::string& size = pool.status.facts.vm_size;
  const std::int32_t gpus = gpus_of(pool);
  const bool is_of_gpu = kind == FaultKind::xid || kind == FaultKind::ecc;
  if ((is_of_gpu || kind == FaultKind::drivermismatch) && gpus == 0)
    return bad_property("kind", word,
                        fmt::format("The pool's size {} has no GPU. Give a pool of a size with "
                                    "GPUs, or another kind.",
                                    size));
  if (is_of_gpu && plan.fault.gpu >= gpus)
    return bad_property(
        "gpu", std::to_string(plan.fault.gpu),
        fmt::format("Nodes of {} have {}: give 0 to {}.", size,
                    gpus == 1 ? "one GPU" : fmt::format("{} GPUs", gpus), gpus - 1));
  if (kind == FaultKind::linkdown && !has_fabric(pool))
    return bad_property("kind", word,
                        fmt::format("The pool's size {} has no RDMA. Give a pool of a size with "
                                    "RDMA, or another kind.",
                                    size));
  if (kind == FaultKind::starttask && !pool.status.facts.start_task)
    return bad_property("kind", word,
                        "The pool has no start task. Give it one, or another kind of fault.");
  return Done();
}

Result<> check_target(const PoolRecord& pool, const FaultPlan& plan) {
  const bool known = plan.node == "*" || pool.nodes.contains(NodeId::trusted(plan.node)) ||
                     parse_integer(plan.node).value_or(0) > 0;
  if (!known)
    return refusal(
        "NodeNotFound",
        fmt::format("The specified node does not exist: {}. Name a node of the pool, its "
                    "number in the order of creation, or *.",
                    plan.node));
  if (is_of_pool(plan.fault.kind) && plan.node != "*")
    return bad_property("node", plan.node,
                        "This fault is of the whole pool. Give *, or leave it out.");
  const auto found = pool.nodes.find(NodeId::trusted(plan.node));
  if (plan.fault.kind == FaultKind::preempt && found != pool.nodes.end() &&
      found->second.status.dedicated)
    return refusal("OperationNotValidOnNode",
                   "The specified operation is not valid on the node. Only low-priority nodes are "
                   "preempted; isDedicated of this one is true.");
  return Done();
}

}  // namespace

std::vector<protocol::Fault> faults_on(const NodeRecord& node) {
  std::vector<protocol::Fault> faults;
  for (const PlannedFault& fault : node.pool->status.faults) {
    if (is_active(fault) && shows_on_nodes(fault.fault.kind) && is_meant(fault, node))
      faults.push_back(fault.fault);
  }
  return faults;
}

std::optional<ResizeError> allocation_fault(const PoolRecord& pool) {
  for (const PlannedFault& fault : pool.status.faults) {
    if (!is_active(fault) || !is_of_pool(fault.fault.kind)) continue;
    const bool quota = fault.fault.kind == FaultKind::quota;
    return ResizeError{
        quota ? "AccountCoreQuotaReached" : "AllocationFailed",
        fmt::format("{} Fault {} of the pool was asked for; `batchyard fault clear` ends it.",
                    quota ? "The account's cores are used up."
                          : "The machines that are asked for cannot be had.",
                    fault.id),
        {{"Injected", std::to_string(fault.id)}}};
  }
  return std::nullopt;
}

void plan_faults(Turn& turn, PoolRecord& pool) {
  for (const FaultPlan& plan : turn.state.fault_plans) {
    if (plan.pool == "*" || same_folded(plan.pool, pool.id.text()))
      pool.status.faults.push_back(planned(pool, plan, turn.now));
  }
  fault_step(turn, pool);
}

void fault_step(Turn& turn, PoolRecord& pool) {
  bool shown_changed = false;
  bool changed = false;
  // By number: what a stroke leads to may not move the list, but reads better so.
  for (std::size_t at = 0; at < pool.status.faults.size(); ++at) {
    PlannedFault& fault = pool.status.faults[at];
    const bool begins = !fault.begun && !fault.over && fault.at <= turn.now;
    if (begins) {
      fault.begun = true;
      if (is_stroke(fault.fault.kind)) strike(turn, pool, fault);
    }
    const bool ends = is_active(fault) && fault.until <= turn.now;
    if (ends) fault.over = true;
    changed = changed || begins || ends;
    shown_changed = shown_changed || ((begins || ends) && shows_on_nodes(fault.fault.kind));
  }
  if (!changed) return;
  drop_old(pool);
  turn.note(pool, "PoolFaults");
  turn.deadline_set = true;
  if (shown_changed) tell_nodes(turn, pool);
}

Time next_fault(const PoolRecord& pool) {
  Time next = Time::max();
  for (const PlannedFault& fault : pool.status.faults) {
    if (!fault.over) next = std::min(next, fault.begun ? fault.until : fault.at);
  }
  return next;
}

Result<Reply> decide(Turn& turn, InjectFault& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.pool, std::nullopt));
  TRY(check_target(*pool, command.plan));
  TRY(check_matter(*pool, command.plan));
  if (std::ranges::count(pool->status.faults, false, &PlannedFault::over) >=
      static_cast<std::ptrdiff_t>(faults_max))
    return refusal(
        "OperationInvalidForCurrentState",
        fmt::format("The pool has {} faults that are not over. Clear some first.", faults_max));
  pool->status.faults.push_back(planned(*pool, command.plan, turn.now));
  turn.note(*pool, "PoolFaults");
  turn.deadline_set = true;
  const std::int64_t id = pool->status.last_fault;
  fault_step(turn, *pool);
  return Reply{.version = id, .modified = turn.now, .items = {}};
}

Result<Reply> decide(Turn& turn, ClearFaults& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.pool, std::nullopt));
  bool found = command.id == 0;
  for (PlannedFault& fault : pool->status.faults) {
    if (command.id != 0 && fault.id != command.id) continue;
    found = true;
    fault.until = std::min(fault.until, turn.now);
    fault.over = true;
  }
  if (!found)
    return refusal("ResourceNotFound",
                   fmt::format("The specified resource does not exist: the pool has no fault {}.",
                               command.id));
  turn.note(*pool, "PoolFaults");
  tell_nodes(turn, *pool);
  return reply_of(*pool);
}

}  // namespace batchyard::engine
