#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

std::unexpected<Error> no_task() {
  return fail(Kind::not_found, "TaskNotFound", "The specified task does not exist.");
}

Result<JobRecord*> job_of(Turn& turn, const JobId& id) {
  JobRecord* job = turn.state.job(id);
  if (job == nullptr)
    return fail(Kind::not_found, "JobNotFound", "The specified job does not exist.");
  return job;
}

Result<> check_takes_tasks(const JobRecord& job) {
  switch (job.status.state) {
    case JobState::terminating:
      return fail(Kind::conflict, "JobBeingTerminated", "The specified job is being terminated.");
    case JobState::completed:
      return fail(Kind::conflict, "JobCompleted",
                  "The specified job is already in a completed state.");
    case JobState::deleting:
      return fail(Kind::conflict, "JobBeingDeleted",
                  "The specified job has been marked for deletion and is being garbage collected.");
    default:
      return Done();
  }
}

Result<> add_one(Turn& turn, JobRecord& job, NewTask& task) {
  if (job.find(task.id.text()) != nullptr || TRY(turn.cold_task(job, task.id)))
    return fail(Kind::conflict, "TaskExists", "The specified task already exists.");
  add_task(turn, job, std::move(task));
  return Done();
}

void remove_files(Turn& turn, const PoolId& pool, const NodeId& node, const JobId& job,
                  std::string_view task) {
  if (const NodeRecord* record = turn.state.node(pool, node))
    turn.tell(*record, protocol::RemoveFiles{.job = job, .task = TaskId::trusted(task)});
}

}  // namespace

Result<Reply> decide(Turn& turn, AddTasks& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  TRY(check_takes_tasks(*job));
  Reply reply;
  reply.items.reserve(command.tasks.size());
  for (NewTask& task : command.tasks) {
    reply.items.push_back(add_one(turn, *job, task));
    reply.version = turn.state.last_version;
  }
  reply.modified = turn.now;
  return reply;
}

Result<Reply> decide(Turn& turn, TerminateTask& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  Task* task = job->find(command.id.text());
  if (task == nullptr) {
    if (TRY(turn.cold_task(*job, command.id)))
      return fail(Kind::conflict, "TaskCompleted",
                  "The specified task is already in a completed state.");
    return no_task();
  }
  TRY(check_version(task->version, command.if_version));
  end_task(turn, *job, *task, ended_by("user request"));
  job_step(turn, *job);
  return Reply{.version = turn.state.last_version, .modified = turn.now, .items = {}};
}

Result<Reply> decide(Turn& turn, DeleteTask& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  if (Task* task = job->find(command.id.text())) {
    TRY(check_version(task->version, command.if_version));
    if (task->state == TaskState::active) {
      remove_task(turn, *job, *task);
    } else {
      task->detail->status.deleting = true;
      turn.touch(*job, *task, "TaskDeleting");
      end_task(turn, *job, *task, ended_by("user request"));
    }
    job_step(turn, *job);
    return Reply();
  }
  const std::optional<ColdTask> cold = TRY(turn.cold_task(*job, command.id));
  if (!cold) return no_task();
  TRY(check_version(cold->version, command.if_version));
  const bool succeeded = cold->status.result == ExecutionResult::success;
  turn.perform(ForgetFiles{job->id, TaskId::trusted(cold->id)});
  remove_cold_task(turn, *job, *cold, succeeded);
  remove_files(turn, cold->status.pool, cold->status.node, job->id, cold->id);
  for (const SubtaskStatus& subtask : cold->status.subtasks)
    remove_files(turn, cold->status.pool, subtask.node, job->id, cold->id);
  return Reply();
}

Result<Reply> decide(Turn& turn, ReactivateTask& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  if (Task* task = job->find(command.id.text())) {
    TRY(check_version(task->version, command.if_version));
    return fail(Kind::conflict, "TaskNotCompleted",
                "The specified task is not in a completed state; only a failed, completed task can "
                "be reactivated.");
  }
  const std::optional<ColdTask> cold = TRY(turn.cold_task(*job, command.id));
  if (!cold) return no_task();
  TRY(check_version(cold->version, command.if_version));
  TRY(check_takes_tasks(*job));
  if (cold->status.result == ExecutionResult::success)
    return fail(Kind::conflict, "TaskSucceeded",
                "The specified task has succeeded; only a failed task can be reactivated.");
  revive_task(turn, *job, *cold);
  return Reply{.version = turn.state.last_version, .modified = turn.now, .items = {}};
}

}  // namespace batchyard::engine
