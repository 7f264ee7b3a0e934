#include "testing/sim_schedule_checks.h"

#include <fmt/format.h>

#include "base/described_json.h"
#include "model/schedule_status.h"

namespace batchyard::testing {

namespace {

constexpr Duration slack = std::chrono::seconds(1);

}  // namespace

std::string ScheduleChecks::job_put(const engine::Put& put) {
  const Result<JobStatus> status = from_json<JobStatus>(put.status);
  if (!status) return "a job's status cannot be read: " + put.status;
  if (status->schedule.empty()) return {};
  std::set<JobId>& active = active_[status->schedule];
  const JobId id = JobId::trusted(put.key.id);
  if (status->state == JobState::completed) {
    active.erase(id);
    return {};
  }
  active.insert(id);
  return active.size() <= 1 ? std::string()
                            : fmt::format("promise 10: schedule {} has {} active jobs",
                                          status->schedule.text(), active.size());
}

// Each job is of an occurrence of its own, of one that is on the schedule's grid, and was made
// while the occurrence was good.
std::string ScheduleChecks::schedule_put(const engine::Put& put, Time when) {
  const Result<ScheduleStatus> read = from_json<ScheduleStatus>(put.status);
  if (!read) return "a schedule's status cannot be read: " + put.status;
  const ScheduleStatus& status = *read;
  const auto [found, added] = schedules_.try_emplace(ScheduleId::trusted(put.key.id));
  View& view = found->second;
  if (added) view.first = std::max(status.created, status.facts.not_before);
  if (status.jobs_made == view.jobs) return {};
  ++jobs_made_;
  const auto broken = [&](const std::string& how) {
    return fmt::format("promise 10: schedule {}, job {}: {}", put.key.id, status.jobs_made, how);
  };
  if (status.jobs_made != view.jobs + 1) return broken("a number was left out");
  if (!status.last || (view.last && *status.last <= *view.last))
    return broken("its occurrence has had a job already");
  if ((*status.last - view.first) % *status.facts.interval != Duration(0))
    return broken("its occurrence is none of the schedule's");
  if (when < *status.last || when > later(*status.last, status.facts.window))
    return broken(fmt::format("made at {} of the occurrence of {}", to_iso8601(when),
                              to_iso8601(*status.last)));
  view.jobs = status.jobs_made;
  view.last = status.last;
  return {};
}

// The targets are those of the last run that did not fail.
std::string ScheduleChecks::pool_put(const engine::Put& put) {
  const Result<PoolStatus> status = from_json<PoolStatus>(put.status);
  if (!status) return "a pool's status cannot be read: " + put.status;
  if (!status->autoscale || !status->autoscale->run || status->state != PoolState::active)
    return {};
  const std::string wanted = fmt::format("$TargetDedicatedNodes={};$TargetLowPriorityNodes={};",
                                         status->target_dedicated, status->target_low_priority);
  if (status->autoscale->run->results.starts_with(wanted)) return {};
  return fmt::format("promise 11: pool {} has other targets than its formula wants: {}", put.key.id,
                     status->autoscale->run->results);
}

std::string ScheduleChecks::committed(const engine::Batch& batch) {
  for (const engine::EntityKey& key : batch.erased) {
    if (key.kind != engine::EntityKind::job) continue;
    for (auto& [schedule, jobs] : active_) jobs.erase(JobId::trusted(key.id));
  }
  for (const engine::Put& put : batch.puts) {
    std::string broken;
    if (put.key.kind == engine::EntityKind::job) broken = job_put(put);
    if (put.key.kind == engine::EntityKind::schedule)
      broken = schedule_put(put, batch.events[static_cast<std::size_t>(put.event)].when);
    if (put.key.kind == engine::EntityKind::pool) broken = pool_put(put);
    if (!broken.empty()) return broken;
  }
  return {};
}

std::string ScheduleChecks::at_end(const engine::State& state, Time now) const {
  for (const auto& [id, schedule] : state.schedules) {
    const auto job = state.jobs.find(schedule.status.recent);
    const bool busy = job != state.jobs.end() && job->second.status.state != JobState::completed;
    if (schedule.status.state == ScheduleState::active && !busy && schedule.status.next &&
        *schedule.status.next + slack < now)
      return fmt::format("promise 10: the occurrence {} of schedule {} has had no job",
                         to_iso8601(*schedule.status.next), id.text());
  }
  for (const auto& [id, pool] : state.pools) {
    if (pool.status.autoscale && pool.status.state == PoolState::active &&
        pool.status.autoscale->next + slack < now)
      return fmt::format("promise 11: the formula of pool {} has not run since {}", id.text(),
                         to_iso8601(pool.status.autoscale->next));
  }
  return {};
}

}  // namespace batchyard::testing
