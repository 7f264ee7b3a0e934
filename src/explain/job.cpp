#include <set>

#include "explain/facts.h"

namespace batchyard::explain {

namespace {

using engine::EntityKind;

std::string counts_of(const TaskCounts& counts) {
  return fmt::format("{} waiting, {} running, {} completed ({} failed)", counts.active,
                     counts.running, counts.completed, counts.failed);
}

// Who brought a state about, from the events; empty when none is kept.
std::string maker_of(const Explanation& to, std::string_view state) {
  for (const engine::EventRecord& event : to.history) {
    if (event.state == state && !event.previous.empty()) return " by " + event.by;
  }
  return {};
}

// What ending is held up by: tasks that still run, and release tasks.
Result<> explain_ending(const Facts& facts, const std::string& id, const JobStatus& job,
                        Explanation& to) {
  if (job.counts.running > 0)
    to.reasons.push_back({"TasksEnd",
                          fmt::format("{} must end first.", counted(job.counts.running, "task")),
                          "", ""});
  for (const auto& one : TRY(facts.list<PreparationStatus>(EntityKind::preparation, id, 1000))) {
    if (one.status.release && one.status.release->phase == protocol::StartTaskPhase::running)
      to.reasons.push_back({"ReleaseTaskRuns",
                            fmt::format("The job's release task runs on node {}.", one.id), "",
                            fmt::format("node/{}/{}", one.status.pool.text(), one.id)});
  }
  return Done();
}

Result<> explain_preparations(const Facts& facts, const std::string& id, const JobStatus& job,
                              Explanation& to) {
  if (!job.facts.helpers || job.facts.helpers->preparation.empty()) return Done();
  for (const auto& one : TRY(facts.list<PreparationStatus>(EntityKind::preparation, id, 1000))) {
    if (one.status.preparation.phase != protocol::StartTaskPhase::failed) continue;
    const std::optional<Failure>& failure = one.status.preparation.end.failure;
    to.reasons.push_back(
        {"PreparationFailed",
         fmt::format(
             "The job's preparation task failed on node {} ({}){}", one.id,
             failure ? failure->message : "no reason given",
             job.facts.helpers->preparation_gates ? ": no task of the job runs there." : "."),
         "Read the preparation task's stdout.txt and stderr.txt on the node. It is tried again "
         "once "
         "the node has been rebooted.",
         fmt::format("node/{}/{}", one.status.pool.text(), one.id)});
  }
  return Done();
}

constexpr std::size_t waiting_looked_at = 20;

// The first of the tasks that wait speaks for the others; of those, what it does not say and what
// is more than their turn.
Result<> explain_waiting(const Facts& facts, const std::string& id, const JobStatus& job,
                         Explanation& to) {
  if (job.counts.active == 0 || job.state != JobState::active) return Done();
  const auto waiting =
      TRY(facts.list<TaskStatus>(EntityKind::task, id, waiting_looked_at, "active"));
  std::set<std::string> told;
  for (const auto& task : waiting) {
    const bool is_first = &task == &waiting.front();
    Explanation one;
    TRY(explain_task(facts, id, task.id, task.status, one));
    std::set<std::string> codes = told;
    for (Reason& reason : one.reasons) {
      codes.insert(reason.code);
      const bool is_turn = reason.code == "OthersGoFirst" || reason.code == "WaitsItsTurn";
      if (!is_first && (is_turn || told.contains(reason.code))) continue;
      reason.message = fmt::format("Task {}: {}", task.id, reason.message);
      if (reason.entity.empty()) reason.entity = fmt::format("task/{}/{}", id, task.id);
      to.reasons.push_back(std::move(reason));
    }
    told = std::move(codes);
  }
  return Done();
}

}  // namespace

std::vector<Reason> brakes_of(const std::string& id, const JobStatus& job) {
  const std::string entity = "job/" + id;
  std::vector<Reason> reasons;
  switch (job.state) {
    case JobState::disabling:
    case JobState::disabled:
      reasons.push_back(
          {"JobDisabled",
           fmt::format("Job {} is {} since {}.", id, word(job.state), to_iso8601(job.state_since)),
           "Enable the job.", entity});
      break;
    case JobState::enabling:
    case JobState::terminating:
    case JobState::deleting:
      reasons.push_back(
          {"JobNotActive", fmt::format("Job {} is {}.", id, word(job.state)), "", entity});
      break;
    default:
      break;
  }
  if (job.scheduling_error) {
    reasons.push_back(reason_of(*job.scheduling_error, entity));
    reasons.back().cure = "Correct the job's autoPoolSpecification in a new job.";
  }
  if (job.facts.max_parallel_tasks >= 0 && job.counts.running >= job.facts.max_parallel_tasks)
    reasons.push_back(
        {"JobIsAtItsLimit",
         fmt::format("Job {} runs {}, and its maxParallelTasks is {}.", id,
                     counted(job.counts.running, "task"), job.facts.max_parallel_tasks),
         "Raise maxParallelTasks of the job.", entity});
  return reasons;
}

Result<> explain_job(const Facts& facts, const std::string& id, const JobStatus& job,
                     Explanation& to) {
  to.reasons = brakes_of(id, job);
  for (Reason& reason : to.reasons) reason.entity.clear();
  if (job.state == JobState::completed) {
    to.summary =
        fmt::format("Job {} is completed since {}{}: {}.", id, to_iso8601(job.state_since),
                    job.terminate_reason.empty() ? "" : fmt::format(" ({})", job.terminate_reason),
                    counts_of(job.counts));
    if (!to.reasons.empty()) to.reasons.clear();
    if (job.scheduling_error) to.reasons.push_back(reason_of(*job.scheduling_error));
    return Done();
  }
  to.summary =
      fmt::format("Job {} is {} since {}{}: {}.", id, word(job.state), to_iso8601(job.state_since),
                  maker_of(to, word(job.state)), counts_of(job.counts));
  if (job.state != JobState::active && job.state != JobState::disabled)
    TRY(explain_ending(facts, id, job, to));
  TRY(explain_preparations(facts, id, job, to));
  TRY(explain_waiting(facts, id, job, to));
  if (job.state == JobState::active && job.counts.active + job.counts.running == 0 &&
      !job.facts.terminate_when_done)
    to.reasons.push_back({"NothingToDo",
                          "All of its tasks are completed; it stays active for more.",
                          "Terminate the job, or set onAllTasksComplete to terminatejob.", ""});
  if (job.state == JobState::active && job.facts.terminate_when_done &&
      job.counts.active + job.counts.running + job.counts.completed == 0)
    to.next.push_back({later(job.created, first_task_pause),
                       "the job ends unless it has a task by then: onAllTasksComplete is "
                       "terminatejob"});
  if (job.facts.max_wall_clock != unlimited)
    to.next.push_back({later(job.created, job.facts.max_wall_clock),
                       "the job is terminated: constraints.maxWallClockTime"});
  return Done();
}

}  // namespace batchyard::explain
