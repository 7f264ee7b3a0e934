#include <algorithm>

#include "engine/event_detail.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

using protocol::StartTaskPhase;

bool blocks(const JobRecord& job, const Preparation& preparation) {
  return job.helpers().preparation_gates &&
         preparation.status.preparation.phase == StartTaskPhase::failed;
}

}  // namespace

Preparation& preparation_on(JobRecord& job, NodeRecord& node) {
  const auto [place, added] = job.preparations.try_emplace(node.id);
  Preparation& preparation = place->second;
  if (added) {
    preparation.node = &node;
    preparation.status.pool = node.pool->id;
    node.prepared_for.push_back(&job);
  }
  return preparation;
}

void set_preparation(Turn& turn, JobRecord& job, Preparation& preparation,
                     protocol::StartTaskReport report, std::string_view what) {
  if (preparation.status.created == Time()) preparation.status.created = turn.now;
  job.blocked_nodes -= blocks(job, preparation) ? 1 : 0;
  preparation.status.preparation = std::move(report);
  preparation.status.again = false;
  job.blocked_nodes += blocks(job, preparation) ? 1 : 0;
  turn.touch(job, preparation, what);
  turn.schedule(job.pool);
}

void set_release(Turn& turn, JobRecord& job, Preparation& preparation,
                 protocol::StartTaskReport report, std::string_view what) {
  preparation.status.release = std::move(report);
  turn.touch(job, preparation, what);
}

void mark_used(Turn& turn, JobRecord& job, const NodeId& node) {
  const auto found = job.preparations.find(node);
  if (found == job.preparations.end() || std::exchange(found->second.status.used, true)) return;
  turn.touch(job, found->second, "");
}

void run_again(Turn& turn, JobRecord& job, Preparation& preparation) {
  if (std::exchange(preparation.status.again, true)) return;
  turn.touch(job, preparation, "PreparationRunsAgain");
}

void leave_preparation(Turn& turn, JobRecord& job, const NodeId& node, Leaving leaving) {
  const auto found = job.preparations.find(node);
  if (found == job.preparations.end()) return;
  Preparation& preparation = found->second;
  job.blocked_nodes -= blocks(job, preparation) ? 1 : 0;
  std::erase(preparation.node->prepared_for, &job);
  if (leaving == Leaving::row_stays)
    turn.close(job, preparation);
  else
    turn.erase({EntityKind::preparation, job.id.text(), node.text()}, "PreparationWiped");
  job.preparations.erase(found);
  if (job.pool != nullptr) unpark(job);
}

void load_preparation(JobRecord& job, NodeRecord& node, PreparationStatus status,
                      std::int64_t version) {
  Preparation& preparation = preparation_on(job, node);
  preparation.status = std::move(status);
  preparation.version = version;
  preparation.told.state = state_of(preparation.status);
  job.blocked_nodes += blocks(job, preparation) ? 1 : 0;
}

}  // namespace batchyard::engine
