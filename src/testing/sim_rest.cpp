#include "testing/sim_rest.h"

#include <fmt/format.h>

#include <boost/describe.hpp>

namespace batchyard::testing {

namespace {

// A state that may last.
bool is_restful(const engine::NodeRecord& node, const SimNode* there) {
  switch (node.status.state) {
    case NodeState::deallocated:
      return there == nullptr;
    case NodeState::unusable:
      return true;
    case NodeState::idle:
    case NodeState::offline:
      return there != nullptr && there->life == node.status.life && !node.status.draining &&
             (node.status.state == NodeState::idle) ==
                 (node.status.scheduling == SchedulingState::enabled);
    default:
      return false;
  }
}

std::string unrest_of_pool(const engine::PoolRecord& pool, const FindNode& find) {
  if (pool.status.allocation != AllocationState::steady)
    return fmt::format("pool {} is not steady", pool.id.text());
  for (const auto& [id, node] : pool.nodes) {
    if (!node.runs.empty() || node.status.running_slots != 0)
      return fmt::format("node {} has {} runs and {} slots taken", id.text(), node.runs.size(),
                         node.status.running_slots);
    if (!is_restful(node, find(pool.id, id)))
      return fmt::format("node {} is {}", id.text(),
                         boost::describe::enum_to_string(node.status.state, "?"));
  }
  return {};
}

bool is_still(JobState state) {
  return state == JobState::active || state == JobState::completed;
}

// The first of a job's queue that its pool could run.
std::string waiting_in_vain(const engine::JobRecord& job) {
  const bool served = job.pool != nullptr && !job.pool->open.empty();
  if (job.status.state != JobState::active || !served ||
      job.status.counts.active <= static_cast<std::int64_t>(job.parked.size()))
    return {};
  for (const engine::TaskIndex at : job.queue) {
    const engine::Task& task = job.tasks[at];
    // A node that its preparation or its manager rules out is as good as none.
    if (job.blocked_nodes > 0 || job.is_manager(task)) return {};
    if (task.gone) continue;
    const bool fits =
        task.instances == 0 || (job.pool->status.facts.inter_node &&
                                static_cast<std::size_t>(task.instances) <= job.pool->open.size());
    return fits ? fmt::format("task {}/{} waits though it could run", job.id.text(), task.id)
                : std::string();  // nothing overtakes it
  }
  return {};
}

std::string unrest_of_job(const engine::JobRecord& job) {
  if (job.status.counts.running > 0 || !is_still(job.status.state))
    return fmt::format("job {} is {} and has {} running tasks", job.id.text(),
                       boost::describe::enum_to_string(job.status.state, "?"),
                       job.status.counts.running);
  if (job.status.state == JobState::completed && !job.preparations.empty())
    return fmt::format("job {} is completed and awaits {} releases", job.id.text(),
                       job.preparations.size());
  return waiting_in_vain(job);
}

}  // namespace

std::string unrest_of(SimServer& server, const FindNode& find) {
  if (!server.up()) return "the server is down";
  if (server.has_work()) return "the server has work";
  for (const auto& [id, pool] : server.state().pools) {
    if (std::string unrest = unrest_of_pool(pool, find); !unrest.empty()) return unrest;
  }
  for (const auto& [id, job] : server.state().jobs) {
    std::string unrest = unrest_of_job(job);
    if (unrest.empty()) unrest = server.checks.wrongly_blocked(job);
    if (!unrest.empty()) return unrest;
  }
  return {};
}

}  // namespace batchyard::testing
