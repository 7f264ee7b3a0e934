#include <map>

#include "explain/facts.h"

namespace batchyard::explain {

namespace {

constexpr std::size_t nodes_looked_at = 10'000;
constexpr std::size_t nodes_named = 10;

std::string sizes_of(const PoolStatus& pool) {
  std::string text = fmt::format("{} of {} dedicated", pool.current_dedicated,
                                 counted(pool.target_dedicated, "node"));
  if (pool.current_low_priority > 0 || pool.target_low_priority > 0)
    text += fmt::format(", {} of {} low-priority", pool.current_low_priority,
                        counted(pool.target_low_priority, "node"));
  return text;
}

void explain_autoscale(const AutoScaleStatus& autoscale, Explanation& to) {
  if (autoscale.run && autoscale.run->error) {
    Reason reason = reason_of(*autoscale.run->error);
    reason.message =
        fmt::format("The autoscale formula failed at {}, and the pool was left as it is: {}",
                    to_iso8601(autoscale.run->at), reason.message);
    reason.cure = "Correct the formula: evaluateautoscale tries one without any effect.";
    to.reasons.push_back(std::move(reason));
  }
  to.next.push_back({autoscale.next, "the autoscale formula runs"});
}

// The broken ones in full, the others as figures.
Result<std::string> explain_nodes(const Facts& facts, const std::string& id, Explanation& to) {
  std::map<std::string, std::int64_t> states;
  std::size_t unnamed = 0;
  for (const auto& node :
       TRY(facts.list<NodeStatus>(engine::EntityKind::node, id, nodes_looked_at))) {
    ++states[word(node.status.state)];
    const std::optional<Hindrance> hindrance = hindrance_of(id, node);
    if (!hindrance || hindrance->passes || hindrance->reason.cure.empty()) continue;
    if (to.reasons.size() < nodes_named)
      to.reasons.push_back(hindrance->reason);
    else
      ++unnamed;
  }
  if (unnamed > 0)
    to.reasons.push_back(
        {"MoreNodes", fmt::format("{} more need somebody.", counted(unnamed, "node")), "", ""});
  std::string text;
  for (const auto& [state, count] : states)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, state);
  return text;
}

}  // namespace

std::vector<Reason> shortage_of(const std::string& id, const PoolStatus& pool) {
  const std::string entity = "pool/" + id;
  std::vector<Reason> reasons;
  if (pool.state == PoolState::deleting) {
    reasons.push_back({"PoolDeleting", fmt::format("Pool {} is being deleted.", id),
                       "Move the job to another pool, or terminate it.", entity});
    return reasons;
  }
  for (const ResizeError& error : pool.resize_errors) {
    reasons.push_back(reason_of(error));
    reasons.back().entity = entity;
  }
  if (pool.allocation == AllocationState::resizing && !pool.removing)
    reasons.push_back({"PoolResizing",
                       fmt::format("Pool {} grows since {}: it has {}.", id,
                                   to_iso8601(pool.allocation_since), sizes_of(pool)),
                       "", entity});
  else if (pool.target_dedicated + pool.target_low_priority == 0)
    reasons.push_back({"PoolIsEmpty", fmt::format("Pool {} is to have no nodes.", id),
                       pool.autoscale ? "Its autoscale formula decides: see its last run."
                                      : "Resize the pool, or enable autoscale.",
                       entity});
  return reasons;
}

Result<> explain_pool(const Facts& facts, const std::string& id, const PoolStatus& pool,
                      Explanation& to) {
  to.reasons = shortage_of(id, pool);
  for (Reason& reason : to.reasons) reason.entity.clear();
  if (pool.autoscale) explain_autoscale(*pool.autoscale, to);
  if (pool.allocation == AllocationState::resizing && pool.state == PoolState::active)
    to.next.push_back({later(pool.allocation_since, pool.resize_timeout),
                       "the resize is given up, if it has not ended"});
  const std::string nodes = TRY(explain_nodes(facts, id, to));
  to.summary = fmt::format(
      "Pool {} is {} since {}: {}{}{}.", id,
      pool.state == PoolState::deleting ? "deleting" : word(pool.allocation),
      to_iso8601(pool.state == PoolState::deleting ? pool.state_since : pool.allocation_since),
      sizes_of(pool), nodes.empty() ? "" : "; nodes: ", nodes);
  return Done();
}

}  // namespace batchyard::explain
