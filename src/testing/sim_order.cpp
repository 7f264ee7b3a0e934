// The checks of what jobs promise: the order of their tasks, and how many run at once.
#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/text.h"
#include "engine/dependencies.h"
#include "engine/state.h"
#include "testing/sim_checks.h"

namespace batchyard::testing {

void SimChecks::task_depends(const JobId& job, const TaskId& task, DependsOn on) {
  depends_on_[{job, task}] = std::move(on);
}

void SimChecks::note_satisfied(const Name& name, const TaskStatus& status) {
  if (!status.satisfies) return;
  satisfied_.insert(name);
  if (const auto number = engine::number_of(name.second.text()))
    satisfied_numbers_.insert({name.first, *number});
}

void SimChecks::check_order(const protocol::RunKey& key) {
  const auto found = depends_on_.find({key.job, key.task});
  if (found == depends_on_.end()) return;
  for (const std::string& id : found->second.ids) {
    if (!satisfied_.contains({key.job, TaskId::trusted(id)}))
      broken(fmt::format("promise 8: {} runs before {} has allowed it", name_of(key), id));
  }
  for (const TaskRange& range : found->second.ranges) {
    for (std::int32_t number = range.first; number <= range.last; ++number) {
      if (!satisfied_numbers_.contains({key.job, number}))
        broken(fmt::format("promise 8: {} runs before task number {} has allowed it", name_of(key),
                           number));
    }
  }
}

void SimChecks::check_job(const std::string& id, const JobStatus& job) {
  if (job.facts.max_parallel_tasks >= 0 && job.counts.running > job.facts.max_parallel_tasks)
    broken(fmt::format("promise 9: job {} runs {} tasks at once; {} are allowed", id,
                       job.counts.running, job.facts.max_parallel_tasks));
  const bool still = job.state == JobState::disabled || job.state == JobState::completed;
  if (still && job.counts.running > 0)
    broken(fmt::format("promise 9: job {} is {} and runs {} tasks", id,
                       boost::describe::enum_to_string(job.state, "?"), job.counts.running));
}

std::string SimChecks::wrongly_blocked(const engine::JobRecord& job) {
  std::int64_t blocked = 0;
  for (engine::TaskIndex at = 0; at < job.tasks.size(); ++at) {
    const engine::Task& task = job.tasks[at];
    if (task.gone || task.id.empty() || !job.waits_for_others(task)) continue;
    ++blocked;
    const DependsOn& on = *job.rules_of(at)->depends_on;
    const auto satisfies = [&](std::string_view id) {
      const auto row = store_.read({engine::EntityKind::task, job.id.text(), std::string(id)});
      return row->has_value() && from_json<TaskStatus>((*row)->status)->satisfies;
    };
    const auto in_store = [&](std::int32_t number) {
      return std::ranges::any_of(satisfied_numbers_, [&](const auto& one) {
        return one.first == job.id && one.second == number && satisfies(std::to_string(number));
      });
    };
    const bool waits = !std::ranges::all_of(on.ids, satisfies) ||
                       !std::ranges::all_of(on.ranges, [&](const TaskRange& range) {
                         return in_store(range.first);
                       });
    if (!waits) return fmt::format("task {}/{} waits for nothing", job.id.text(), task.id);
  }
  if (blocked != job.blocked)
    return fmt::format("job {} counts {} tasks that wait for others, {} do", job.id.text(),
                       job.blocked, blocked);
  return {};
}

}  // namespace batchyard::testing
