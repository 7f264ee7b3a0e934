#include <fmt/format.h>

#include <algorithm>
#include <boost/describe.hpp>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

Result<> check_open(const JobRecord& job) {
  switch (job.status.state) {
    case JobState::terminating:
      return refusal("JobBeingTerminated", "The specified job is being terminated.");
    case JobState::completed:
      return refusal("JobCompleted", "The specified job is already in a completed state.");
    case JobState::deleting:
      return refusal(
          "JobBeingDeleted",
          "The specified job has been marked for deletion and is being garbage collected.");
    default:
      return Done();
  }
}

namespace {

Result<JobRecord*> existing(Turn& turn, const JobId& id,
                            const std::optional<std::int64_t>& if_version) {
  JobRecord* job = turn.state.job(id);
  if (job == nullptr) return refusal("JobNotFound", "The specified job does not exist.");
  TRY(check_version(job->version, if_version));
  return job;
}

Reply reply_of(const JobRecord& job) {
  return {.version = job.version, .modified = job.status.modified, .items = {}};
}

bool has_runs(const JobRecord& job) {
  return job.status.counts.running > 0;
}

bool is_leaving(const JobRecord& job) {
  return !check_open(job);
}

// The places of the running tasks.
std::vector<TaskIndex> runs_of(const JobRecord& job) {
  std::vector<TaskIndex> places;
  for (TaskIndex at = 0; has_runs(job) && at < job.tasks.size(); ++at) {
    const Task& task = job.tasks[at];
    if (!task.gone && (task.state == TaskState::running || task.state == TaskState::preparing))
      places.push_back(at);
  }
  return places;
}

void end_runs(Turn& turn, JobRecord& job, std::string_view who) {
  for (const TaskIndex at : runs_of(job)) {
    Task& task = job.tasks[at];
    if (!task.detail->status.ending) end_task(turn, job, task, ended_by(who));
  }
}

void remove_files(Turn& turn, const JobRecord& job) {
  turn.perform(ForgetFiles{job.id, {}});
  if (job.pool == nullptr) return;
  for (const auto& [id, node] : job.pool->nodes)
    turn.tell(node, protocol::RemoveFiles{.job = job.id, .task = {}});
}

// A job on its way out, of which nothing more is awaited.
void close_job(Turn& turn, JobRecord& job) {
  forget_preparations(turn, job);
  if (job.status.state == JobState::terminating) {
    set_state(turn, job, JobState::completed, "JobCompleted");
  } else {
    remove_files(turn, job);
    remove_job(turn, job);
  }
}

}  // namespace

void terminate_job(Turn& turn, JobRecord& job, std::string reason) {
  if (is_leaving(job)) return;
  job.status.terminate_reason = std::move(reason);
  set_state(turn, job, JobState::terminating, "JobTerminating");
  end_runs(turn, job, "the termination of its job");
  end_preparations(turn, job);
  job_step(turn, job);
}

void delete_job(Turn& turn, JobRecord& job, bool force) {
  set_state(turn, job, JobState::deleting, "JobDeleting");
  end_runs(turn, job, "the deletion of its job");
  end_preparations(turn, job);
  force ? abandon_job(turn, job) : job_step(turn, job);
}

void disable_job(Turn& turn, JobRecord& job, DisableTasks tasks) {
  if (is_leaving(job) || job.status.state == JobState::disabled) return;
  set_state(turn, job, JobState::disabling, "JobDisabling");
  static constexpr std::string_view who = "the disabling of its job";
  if (tasks == DisableTasks::terminate) end_runs(turn, job, who);
  if (tasks == DisableTasks::requeue) {
    for (const TaskIndex at : runs_of(job)) requeue_run(turn, job, job.tasks[at], who, true);
  }
  job_step(turn, job);
}

void job_step(Turn& turn, JobRecord& job) {
  if (job.status.state == JobState::active && job.status.facts.terminate_when_done &&
      job.status.counts.active == 0 && !has_runs(job)) {
    if (first_task_deadline(job) <= turn.now) return terminate_job(turn, job, "AllTasksComplete");
    turn.deadline_set = true;
  }
  if (has_runs(job)) return;
  if (job.status.state == JobState::disabling) {
    set_state(turn, job, JobState::disabled, "JobDisabled");
    return;
  }
  if (!releases(job)) return;
  const bool released = release_nodes(turn, job);
  if (job.status.state == JobState::completed)
    forget_preparations(turn, job);  // it has not waited for all of them
  else if (released)
    close_job(turn, job);
}

void abandon_job(Turn& turn, JobRecord& job) {
  if (!is_leaving(job) || job.status.state == JobState::completed) return;
  for (const TaskIndex at : runs_of(job)) abandon_run(turn, job, job.tasks[at]);
  if (job.status.state == JobState::terminating) abandon_preparations(turn, job);
  close_job(turn, job);
}

void job_deadline(Turn& turn, JobRecord& job) {
  if (!is_leaving(job) && later(job.status.created, job.status.facts.max_wall_clock) <= turn.now)
    terminate_job(turn, job, "MaxWallClockTimeExpiry");
  if (job.status.state == JobState::active && first_task_deadline(job) != Time())
    job_step(turn, job);
}

Time first_task_deadline(const JobRecord& job) {
  const TaskCounts& counts = job.status.counts;
  const bool awaits = job.status.facts.terminate_when_done &&
                      counts.active + counts.running + counts.completed == 0;
  return awaits ? later(job.status.created, first_task_pause) : Time();
}

Result<> check_new_job(Turn& turn, const JobId& id) {
  if (const JobRecord* taken = turn.state.job(id)) {
    if (taken->status.state == JobState::deleting) TRY(check_open(*taken));
    return refusal("JobExists", "The specified job already exists.");
  }
  if (turn.state.schedule(ScheduleId::trusted(id.text())) != nullptr)
    return refusal(
        "JobScheduleWithSameIdExists",
        "A job schedule with the specified id exists; jobs and schedules need ids of their "
        "own.");
  return Done();
}

Result<Reply> decide(Turn& turn, AddJob& command) {
  TRY(check_new_job(turn, command.id));
  TRY(check_job_quota(turn.state));
  const PoolRecord* pool = turn.state.pool(command.facts.pool);
  if (pool != nullptr && pool->status.state == PoolState::deleting)
    return refusal("PoolBeingDeleted",
                   "The specified pool has been marked for deletion and is being reclaimed.");
  if (command.manager && command.manager->facts.rules)
    TRY(check_packages(turn.state, command.manager->facts.rules->packages));
  return reply_of(make_job(turn, command, ScheduleId()));
}

JobRecord& make_job(Turn& turn, AddJob& command, const ScheduleId& schedule) {
  JobRecord& job = turn.state.jobs[command.id];
  job.id = command.id;
  job.order = ++turn.state.last_order;
  job.status.facts = std::move(command.facts);
  job.status.schedule = schedule;
  job.status.created = job.status.state_since = job.status.start = turn.now;
  if (command.pool) job.status.scheduling_error = auto_pool_error(turn.state, *command.pool);
  if (command.pool && !job.status.scheduling_error) {
    job.status.facts.pool = make_auto_pool(turn, *command.pool, job.id.text());
    job.status.facts.own_pool = !command.pool->keep_alive;
  }
  attach(turn.state, job);
  turn.spec({EntityKind::job, "", job.id.text()}, std::move(command.spec));
  turn.touch(job, "JobAdded");
  turn.deadline_set = true;
  if (job.status.scheduling_error) {
    set_state(turn, job, JobState::completed, "JobCompleted");
    return job;
  }
  if (command.manager) add_task(turn, job, *std::move(command.manager), {});
  job_step(turn, job);
  return job;
}

Result<Reply> decide(Turn& turn, ReplaceJob& command) {
  JobRecord* job = TRY(existing(turn, command.id, command.if_version));
  TRY(check_open(*job));
  job->status.facts = command.facts;
  attach(turn.state, *job);
  turn.spec({EntityKind::job, "", job->id.text()}, std::move(command.spec));
  turn.touch(*job, "JobChanged");
  const Reply reply = reply_of(*job);
  turn.schedule(job->pool);
  job_step(turn, *job);
  return reply;
}

Result<Reply> decide(Turn& turn, TerminateJob& command) {
  JobRecord* job = TRY(existing(turn, command.id, command.if_version));
  const bool again = command.force && job->status.state == JobState::terminating;
  if (!again) TRY(check_open(*job));
  terminate_job(turn, *job, std::move(command.reason));
  if (command.force) abandon_job(turn, *job);
  return reply_of(*job);
}

Result<Reply> decide(Turn& turn, DeleteJob& command) {
  JobRecord* job = TRY(existing(turn, command.id, command.if_version));
  const bool again = command.force && job->status.state == JobState::deleting;
  if (job->status.state == JobState::deleting && !again) TRY(check_open(*job));
  delete_job(turn, *job, command.force);
  return Reply{.version = turn.state.last_version, .modified = turn.now};
}

Result<Reply> decide(Turn& turn, DisableJob& command) {
  JobRecord* job = TRY(existing(turn, command.id, command.if_version));
  TRY(check_open(*job));
  disable_job(turn, *job, command.tasks);
  return reply_of(*job);
}

Result<Reply> decide(Turn& turn, EnableJob& command) {
  JobRecord* job = TRY(existing(turn, command.id, command.if_version));
  TRY(check_open(*job));
  if (job->status.state != JobState::disabled)
    return refusal("OperationInvalidForCurrentState",
                   fmt::format("The specified operation is not valid for the current state of the "
                               "resource: the job is {}; only a disabled job can be enabled.",
                               boost::describe::enum_to_string(job->status.state, "")));
  set_state(turn, *job, JobState::enabling, "JobEnabling");
  set_state(turn, *job, JobState::active, "JobEnabled");
  const Reply reply = reply_of(*job);
  turn.schedule(job->pool);
  job_step(turn, *job);
  return reply;
}

}  // namespace batchyard::engine
