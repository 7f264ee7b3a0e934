#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

std::unexpected<Error> no_task() {
  return refusal("TaskNotFound", "The specified task does not exist.");
}

Result<JobRecord*> job_of(Turn& turn, const JobId& id) {
  JobRecord* job = turn.state.job(id);
  if (job == nullptr) return refusal("JobNotFound", "The specified job does not exist.");
  return job;
}

Result<> check_name(const JobRecord& job, const TaskId& id) {
  if (id == job.helpers().preparation && !id.empty())
    return refusal(
        "TaskIdSameAsJobPreparationTask",
        "The specified task has same identifier as the job preparation task. Give the task "
        "another id.");
  if (id == job.helpers().release && !id.empty())
    return refusal("TaskIdSameAsJobReleaseTask",
                   "The specified task has same identifier as the job release task. Give the task "
                   "another id.");
  return Done();
}

bool has_job_action(const ExitRules& exits) {
  const auto acts = [](const std::optional<ExitOptions>& options) {
    return options && options->job_action;
  };
  return acts(exits.pre_processing) || acts(exits.file_upload) || acts(exits.otherwise) ||
         std::ranges::any_of(exits.codes, [](const ExitCodes& codes) {
           return codes.options.job_action.has_value();
         });
}

// What a task may ask for only when its job allows it, or when it is there.
Result<> check_rules(const State& state, const JobRecord& job, const TaskFacts& facts) {
  if (!facts.rules) return Done();
  TRY(check_packages(state, facts.rules->packages));
  if (facts.rules->depends_on && !job.status.facts.uses_dependencies)
    return refusal("TaskDependenciesNotSpecifiedOnJob",
                   "The task has dependencies, but its job does not use them. Set "
                   "usesTaskDependencies to true when you add the job, or leave dependsOn out.",
                   {{"PropertyName", "dependsOn"}});
  if (facts.rules->exits && has_job_action(*facts.rules->exits) && !job.status.facts.act_on_failure)
    return bad_property(
        "exitConditions.jobAction", "",
        "The job's onTaskFailure is noaction. Set it to "
        "performexitoptionsjobaction when you add the job, or leave jobAction out.");
  return Done();
}

// A pool whose nodes run containers runs nothing else, and others run none.
Result<> check_container(const JobRecord& job, const NewTask& task) {
  if (job.pool == nullptr || job.pool->status.facts.containers == task.container) return Done();
  return bad_property(
      "containerSettings", task.container ? "given" : "absent",
      task.container
          ? fmt::format("The pool {} has no containerConfiguration. Leave containerSettings out, "
                        "or use a pool with virtualMachineConfiguration.containerConfiguration.",
                        job.pool->id.text())
          : fmt::format("The pool {} has a containerConfiguration, so its tasks run in "
                        "containers. Give the task containerSettings with an imageName.",
                        job.pool->id.text()));
}

Result<std::int64_t> add_one(Turn& turn, JobRecord& job, NewTask& task) {
  TRY(check_name(job, task.id));
  if (job.find(task.id.text()) != nullptr || TRY(turn.cold_task(job, task.id)))
    return refusal("TaskExists", "The specified task already exists.");
  TRY(check_rules(turn.state, job, task.facts));
  TRY(check_container(job, task));
  const SatisfiedIds satisfied = TRY(turn.satisfied_ids(job, task.facts));
  return add_task(turn, job, std::move(task), satisfied);
}

void remove_files(Turn& turn, const PoolId& pool, const NodeId& node, const JobId& job,
                  std::string_view task) {
  if (const NodeRecord* record = turn.state.node(pool, node))
    turn.tell(*record, protocol::RemoveFiles{.job = job, .task = TaskId::trusted(task)});
}

}  // namespace

Result<Reply> decide(Turn& turn, AddTasks& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  TRY(check_open(*job));
  Reply reply;
  reply.items.reserve(command.tasks.size());
  for (NewTask& task : command.tasks) {
    reply.items.push_back(add_one(turn, *job, task));
  }
  reply.modified = turn.now;
  return reply;
}

Result<Reply> decide(Turn& turn, TerminateTask& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  Task* task = job->find(command.id.text());
  if (task == nullptr) {
    if (TRY(turn.cold_task(*job, command.id)))
      return refusal("TaskCompleted", "The specified task is already in a completed state.");
    return no_task();
  }
  TRY(check_version(task->version, command.if_version));
  Reply reply{.version = task->version, .modified = status_of(*task).modified, .items = {}};
  end_task(turn, *job, *task, ended_by("user request"));
  job_step(turn, *job);
  return reply;
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
    return refusal(
        "TaskNotCompleted",
        "The specified task is not in a completed state; only a failed, completed task can "
        "be reactivated.");
  }
  const std::optional<ColdTask> cold = TRY(turn.cold_task(*job, command.id));
  if (!cold) return no_task();
  TRY(check_version(cold->version, command.if_version));
  TRY(check_open(*job));
  if (cold->status.result == ExecutionResult::success)
    return refusal("TaskSucceeded",
                   "The specified task has succeeded; only a failed task can be reactivated.");
  const SatisfiedIds satisfied = TRY(turn.satisfied_ids(*job, cold->status.facts));
  revive_task(turn, *job, *cold, satisfied);
  return Reply{.version = job->find(cold->id)->version, .modified = turn.now, .items = {}};
}

Result<Reply> decide(Turn& turn, UpdateTask& command) {
  JobRecord* job = TRY(job_of(turn, command.job));
  Task* task = job->find(command.id.text());
  if (task == nullptr) {
    const std::optional<ColdTask> cold = TRY(turn.cold_task(*job, command.id));
    if (!cold || cold->status.created != command.created) return no_task();
    return refusal(
        "TaskCompleted",
        "The specified task is already in a completed state; its constraints have no use "
        "any more.");
  }
  if (task->created != command.created) return no_task();
  TRY(check_version(task->version, command.if_version));
  update_task(turn, *job, *task, command.retries, std::move(command.spec),
              std::move(command.constraints));
  tell_constraints(turn, *job, *task);
  return Reply{.version = task->version, .modified = turn.now, .items = {}};
}

}  // namespace batchyard::engine
