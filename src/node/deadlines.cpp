// What a node does because the time has come: limits of runs, of uploads without a server, of the
// start task and job tasks, and of kept files.
#include <fmt/format.h>

#include <algorithm>

#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

using protocol::RunPhase;

void Node::tick(Time now) {
  stop_uploads(now);
  for (auto& [key, run] : runs_) {
    if (run->ending || run->phase >= RunPhase::uploading || run->started == Time() ||
        later(run->started, run->spec.wall_clock) > now)
      continue;
    end_run({.key = key,
             .failure =
                 protocol::Failure{
                     protocol::FailureCategory::usererror,
                     "TaskEnded",
                     fmt::format(
                         "The task was ended because it ran longer than its maxWallClockTime of {}",
                         to_iso8601(run->spec.wall_clock)),
                     {}}},
            now);
  }
  end_late_chores(now);
  end_late_extension(now);
  for (const std::string& directory : retention_.take_due(now)) ports_.remove(directory);
}

Time Node::next_deadline() const {
  Time next = std::min(retention_.next_deadline(), extension_deadline());
  for (const auto& [key, chore] : chores_) {
    if (!chore->ending) next = std::min(next, chore->deadline());
  }
  for (const auto& [key, run] : runs_) {
    if (!run->ending && run->phase < RunPhase::uploading && run->started != Time())
      next = std::min(next, later(run->started, run->spec.wall_clock));
    if (run->uploading && !run->upload_stopped && unlinked_since_)
      next = std::min(next, later(*unlinked_since_, upload_alone_max));
  }
  return next;
}

}  // namespace batchyard::node
