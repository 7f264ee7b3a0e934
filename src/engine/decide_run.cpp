#include <fmt/format.h>

#include <algorithm>

#include "engine/decide.h"
#include "engine/evolve.h"
#include "engine/exit_rules.h"
#include "engine/schedule.h"
#include "hardware/fabric.h"

namespace batchyard::engine {

namespace {

protocol::RunKey key_of(const JobRecord& job, const Task& task) {
  return {.job = job.id, .task = TaskId::trusted(task.id), .attempt = task.detail->status.attempt};
}

// All of its members must have it.
std::string why_gang_has_no_fabric(const TaskDetail& detail) {
  for (const Seat& seat : detail.seats) {
    if (seat.node == nullptr) continue;
    if (std::string why = why_no_fabric(seat.node->status.probe); !why.empty())
      return detail.seats.size() == 1 ? why : fmt::format("on {}, {}", seat.node->id.text(), why);
  }
  return {};
}

StartRun start_effect(const State& state, const JobRecord& job, const Task& task,
                      std::optional<std::int32_t> only) {
  const TaskDetail& detail = *task.detail;
  StartRun effect{.pool = detail.status.pool,
                  .key = key_of(job, task),
                  .slots = task.slots,
                  .gang = task.instances > 0,
                  .job_created = job.status.created,
                  .seats = {},
                  .only = only,
                  .preparation = job.helpers().preparation};
  if (const TaskRules* rules = job.rules.empty() ? nullptr : job.rules_of(job.place(task)))
    effect.packages = packages_of(state, rules->packages);
  if (effect.gang) effect.no_fabric = why_gang_has_no_fabric(detail);
  for (const Seat& seat : detail.seats) {
    if (seat.node == nullptr)
      effect.seats.emplace_back();
    else
      effect.seats.push_back({seat.node->id, seat.node->status.ip_address,
                              seat.node->status.host_name, seat.node->status.launch_endpoint,
                              seat.node->status.incarnation});
  }
  return effect;
}

// The running task of that attempt with a seat for `member` on this node; nothing for a stale or
// unknown run.
struct Found {
  JobRecord* job = nullptr;
  Task* task = nullptr;
};
Found find_run(Turn& turn, const NodeRecord& node, const protocol::RunKey& key,
               std::int32_t member) {
  JobRecord* job = turn.state.job(key.job);
  Task* task = job == nullptr ? nullptr : job->find(key.task.text());
  if (task == nullptr || task->state != TaskState::running ||
      task->detail->status.attempt != key.attempt)
    return {};
  const std::vector<Seat>& seats = task->detail->seats;
  if (member < 0 || static_cast<std::size_t>(member) >= seats.size() ||
      seats[static_cast<std::size_t>(member)].id != node.id)
    return {};
  return {job, task};
}

void tell_others(Turn& turn, const JobRecord& job, const Task& task,
                 const std::optional<Failure>& failure) {
  for (const Seat& seat : task.detail->seats) {
    if (!seat.ended && seat.node != nullptr)
      turn.tell(*seat.node, protocol::EndRun{.key = key_of(job, task), .failure = failure});
  }
}

bool may_retry(const JobRecord& job, const Task& task) {
  const std::int32_t limit =
      task.retries == Task::job_decides ? job.status.facts.max_task_retries : task.retries;
  const bool ends = job.status.state == JobState::terminating ||
                    job.status.state == JobState::completed ||
                    job.status.state == JobState::deleting;
  return !ends && (limit < 0 || task.detail->status.retries < limit);
}

// The task's last end: what follows for those that depend on it, and for its job.
void settle(Turn& turn, JobRecord& job, Task& task, const protocol::RunEnd& end) {
  const TaskRules* rules = job.rules.empty() ? nullptr : job.rules_of(job.place(task));
  const Outcome outcome = outcome_of(rules, end);
  // Who disables the job so that its tasks are ended does not ask for more.
  const bool ended_by_disabling =
      job.status.state == JobState::disabling && task.detail && task.detail->status.ending;
  const bool ends_job = job.is_manager(task) && job.helpers().manager_ends_job;
  complete_task(turn, job, task, end, outcome.satisfies);
  if (ended_by_disabling) return;
  if (ends_job) terminate_job(turn, job, "JMComplete");
  if (!job.status.facts.act_on_failure) return;
  if (outcome.job_action == JobAction::terminate)
    terminate_job(turn, job, "TaskFailed");
  else if (outcome.job_action == JobAction::disable)
    disable_job(turn, job, DisableTasks::requeue);
}

// Every seat is empty: what becomes of the task? The job's own step is the caller's to take.
void close_run(Turn& turn, JobRecord& job, Task& task) {
  TaskDetail& detail = *task.detail;
  const protocol::RunKey key = key_of(job, task);
  for (const Seat& seat : detail.seats) {
    if (const NodeRecord* node = turn.state.node(detail.status.pool, seat.id))
      turn.tell(*node, protocol::Forget{key});
  }
  protocol::RunEnd end = detail.status.verdict.value_or(protocol::RunEnd());
  if (detail.status.ending) end.failure = detail.status.ending;
  if (detail.status.deleting) {
    for (const Seat& seat : detail.seats) {
      if (const NodeRecord* node = turn.state.node(detail.status.pool, seat.id))
        turn.tell(*node, protocol::RemoveFiles{.job = job.id, .task = TaskId::trusted(task.id)});
    }
    remove_task(turn, job, task);
  } else if (detail.status.ending) {
    settle(turn, job, task, end);
  } else if (detail.status.requeue) {
    wait_again(turn, job, task,
               detail.status.requeue_counted ? Again::requeue_counted : Again::requeue);
  } else if (end.failure && end.exit_code && end.failure->code == "FailureExitCode" &&
             may_retry(job, task)) {
    wait_again(turn, job, task, Again::retry);
  } else {
    settle(turn, job, task, end);
  }
}

void finish(Turn& turn, JobRecord& job, Task& task) {
  close_run(turn, job, task);
  job_step(turn, job);
}

// No agent has been told of the run: nothing has to be awaited.
void abandon(Turn& turn, JobRecord& job, Task& task, const Failure& why) {
  const protocol::RunEnd end{
      .exit_code = std::nullopt, .failure = why, .started = {}, .ended = turn.now};
  const auto members = static_cast<std::int32_t>(task.detail->seats.size());
  for (std::int32_t member = 0; member < members; ++member)
    leave_seat(turn, job, task, member, end);
  close_run(turn, job, task);
}

Failure node_lost() {
  return {.category = protocol::FailureCategory::servererror,
          .code = "TaskEnded",
          .message = "The node that ran the task is gone; the task is started again.",
          .details = {}};
}

bool still_runs(const NodeRecord& node, const NodeRun& run) {
  return std::ranges::find(node.runs, run) != node.runs.end();
}

bool lost_a_node(const TaskDetail& detail) {
  return std::ranges::any_of(detail.seats, [](const Seat& seat) {
    return seat.ended && (!seat.end.failure ? !seat.end.exit_code
                                            : seat.end.failure->message == node_lost().message);
  });
}

void seat_ended(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                const protocol::RunEnd& end) {
  TaskDetail& detail = *task.detail;
  // It had succeeded before it could be told to wait again.
  if (detail.status.requeue && member == 0 && !end.failure && end.exit_code == 0 &&
      !lost_a_node(detail))
    detail.status.requeue = detail.status.requeue_counted = false;
  PoolRecord* pool = turn.state.pool(detail.status.pool);
  NodeRecord* node = detail.seats[static_cast<std::size_t>(member)].node;
  leave_seat(turn, job, task, member, end);
  // The primary's end decides for the gang; so does the first failure of any other member.
  if (!detail.status.verdict && !detail.status.requeue && (member == 0 || end.failure)) {
    detail.status.verdict = end;
    turn.note(job, task, "");
    tell_others(turn, job, task, member == 0 && !end.failure ? std::nullopt : end.failure);
  }
  if (std::ranges::all_of(detail.seats, &Seat::ended)) finish(turn, job, task);
  if (pool != nullptr) {
    turn.schedule(pool);
    const bool leaving = node != nullptr && departs(*node);
    if (leaving) departure_step(turn, *node);
    if (leaving || pool->status.allocation != AllocationState::steady ||
        pool->status.state == PoolState::deleting)
      resize_step(turn, *pool);
  }
}

void start_application_when_ready(Turn& turn, JobRecord& job, Task& task) {
  TaskDetail& detail = *task.detail;
  if (detail.status.verdict || detail.status.requeue || detail.status.ending ||
      !std::ranges::all_of(detail.seats,
                           [](const Seat& seat) { return seat.ready && !seat.ended; }))
    return;
  detail.application_told = true;
  turn.tell(*detail.seats.front().node, protocol::RunApplication{key_of(job, task)});
}

}  // namespace

Failure ended_by(std::string_view who) {
  return {
      .category = protocol::FailureCategory::usererror,
      .code = "TaskEnded",
      .message = "Task Was Ended by " + std::string(who == "user request" ? "User Request" : who),
      .details = {}};
}

void begin_run(Turn& turn, JobRecord& job, TaskIndex at, const std::vector<NodeRecord*>& nodes) {
  const bool prepared = prepare_nodes(turn, job, nodes);
  start_task(turn, job, at, nodes, prepared ? TaskState::running : TaskState::preparing);
  if (prepared) turn.perform(start_effect(turn.state, job, job.tasks[at], std::nullopt));
}

void run_prepared(Turn& turn, JobRecord& job, TaskIndex at) {
  run_task(turn, job, job.tasks[at]);
  turn.perform(start_effect(turn.state, job, job.tasks[at], std::nullopt));
  // From now on it can be ended for a more important job.
  if (job.status.facts.preemptible) turn.schedule(job.pool);
}

void requeue_prepared(Turn& turn, JobRecord& job, TaskIndex at) {
  Task& task = job.tasks[at];
  task.detail->status.requeue = true;
  abandon(turn, job, task,
          {.category = protocol::FailureCategory::usererror,
           .code = "JobPreparationTaskFailed",
           .message = "The job preparation task failed on the node; the task may run elsewhere.",
           .details = {}});
}

void member_ready(Turn& turn, NodeRecord& node, const protocol::MemberReady& said) {
  const Found found = find_run(turn, node, said.key, said.member);
  if (found.task == nullptr) {
    turn.tell(node, protocol::EndRun{.key = said.key, .failure = ended_by("a newer attempt")});
    return;
  }
  found.task->detail->seats[static_cast<std::size_t>(said.member)].ready = true;
  if (said.coordination.container)
    note_container(turn, *found.job, *found.task, said.member, *said.coordination.container);
  start_application_when_ready(turn, *found.job, *found.task);
}

void member_ended(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member,
                  const protocol::RunEnd& end) {
  const Found found = find_run(turn, node, key, member);
  if (found.task == nullptr) {
    turn.tell(node, protocol::Forget{key});  // a stale attempt, or one whose end is durable already
    return;
  }
  if (!found.task->detail->seats[static_cast<std::size_t>(member)].ended)
    seat_ended(turn, *found.job, *found.task, member, end);
}

// Of a gang what its primary says is the task's.
void run_granted(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member,
                 const protocol::Grant& grant) {
  const Found found = find_run(turn, node, key, member);
  if (found.task == nullptr || member != 0) return;
  std::optional<protocol::Grant>& known = found.task->detail->status.grant;
  if (known == grant) return;
  known = grant;
  turn.note(*found.job, *found.task, "");
}

void upload_wanted(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member) {
  const Found found = find_run(turn, node, key, member);
  if (found.task == nullptr) {
    turn.tell(node, protocol::EndRun{.key = key, .failure = ended_by("a newer attempt")});
    return;
  }
  TaskStatus& status = found.task->detail->status;
  if (status.ending || status.verdict || status.requeue) {
    turn.tell(node, protocol::EndRun{.key = key, .failure = status.ending});
    return;
  }
  if (!std::exchange(status.uploading, true)) turn.note(*found.job, *found.task, "");
  turn.tell(node, protocol::MayUpload{key});
}

void lose_runs(Turn& turn, NodeRecord& node, bool counted) {
  const std::vector<NodeRun> runs = node.runs;
  for (const NodeRun& run : runs) {
    JobRecord& job = *run.job;
    Task& task = job.tasks[run.task];
    if (!still_runs(node, run)) continue;  // ended together with one before it
    TaskDetail& detail = *task.detail;
    const protocol::RunEnd lost{
        .exit_code = std::nullopt, .failure = node_lost(), .started = {}, .ended = turn.now};
    if (task.state == TaskState::preparing) {
      detail.status.requeue = true;
      detail.status.requeue_counted = counted;
      abandon(turn, job, task, node_lost());
      job_step(turn, job);
      continue;
    }
    turn.tell(node, protocol::EndRun{.key = key_of(job, task), .failure = lost.failure});
    // What it uploads must not overwrite what another attempt writes: its end is awaited.
    const bool awaited = counted && node.linked && run.member == 0 && detail.status.uploading;
    const bool decided = detail.status.verdict || detail.status.requeue;
    if (!decided) {
      detail.status.requeue = true;
      detail.status.requeue_counted = counted;
      turn.note(job, task, "TaskNodeLost");
    }
    if (!awaited) leave_seat(turn, job, task, run.member, lost);
    if (!decided) tell_others(turn, job, task, lost.failure);
    if (std::ranges::all_of(detail.seats, &Seat::ended)) finish(turn, job, task);
  }
}

void end_task(Turn& turn, JobRecord& job, Task& task, const Failure& why) {
  if (task.state == TaskState::active) {
    settle(turn, job, task,
           protocol::RunEnd{
               .exit_code = std::nullopt, .failure = why, .started = {}, .ended = turn.now});
    return;
  }
  if (!task.detail->status.ending) {
    task.detail->status.ending = why;
    turn.note(job, task, "TaskEnding");
  }
  if (task.state == TaskState::preparing) return abandon(turn, job, task, why);
  tell_others(turn, job, task, why);
}

void requeue_run(Turn& turn, JobRecord& job, Task& task, std::string_view why, bool counted) {
  TaskStatus& status = task.detail->status;
  if (status.ending || status.verdict || status.requeue) return;
  status.requeue = true;
  status.requeue_counted = counted;
  if (task.state == TaskState::preparing) return abandon(turn, job, task, ended_by(why));
  turn.note(job, task, "TaskRequeuing");
  tell_others(turn, job, task, ended_by(why));
}

void abandon_run(Turn& turn, JobRecord& job, Task& task) {
  abandon(turn, job, task, task.detail->status.ending.value_or(ended_by("its job")));
}

void end_old_runs(Turn& turn, NodeRecord& node) {
  for (const NodeRun& run : std::vector<NodeRun>(node.runs)) {
    Task& task = run.job->tasks[run.task];
    if (task.detail->status.ending || later(task.created, task_lifetime) > turn.now) continue;
    end_task(turn, *run.job, task, ended_by("the service: it was added 180 days ago"));
  }
}

void tell_constraints(Turn& turn, const JobRecord& job, const Task& task) {
  if (task.state != TaskState::running || task.detail->status.constraints.empty()) return;
  for (const Seat& seat : task.detail->seats) {
    if (!seat.ended && seat.node != nullptr)
      turn.tell(*seat.node, protocol::ChangeRun{.key = key_of(job, task),
                                                .constraints = task.detail->status.constraints});
  }
}

void resume_runs(Turn& turn, NodeRecord& node, const std::vector<protocol::KnownRun>& known) {
  for (const protocol::KnownRun& run : known) {
    if (run.phase == protocol::RunPhase::ended) {
      member_ended(turn, node, run.key, run.member, run.end);
      continue;
    }
    const Found found = find_run(turn, node, run.key, run.member);
    if (found.task == nullptr) {
      turn.tell(node, protocol::EndRun{.key = run.key, .failure = ended_by("a newer attempt")});
      continue;
    }
    TaskDetail& detail = *found.task->detail;
    if (!detail.status.constraints.empty())
      turn.tell(node, protocol::ChangeRun{run.key, detail.status.constraints});
    if (detail.status.ending || detail.status.verdict || detail.status.requeue)
      turn.tell(node, protocol::EndRun{.key = run.key, .failure = detail.status.ending});
    else if (run.phase == protocol::RunPhase::uploading)
      upload_wanted(turn, node, run.key, run.member);
    else if (found.task->instances > 0 && run.phase >= protocol::RunPhase::ready)
      member_ready(turn, node, {.key = run.key, .member = run.member, .coordination = run.end});
  }
  // Orders that the agent never got are said again, under the same attempt.
  for (const NodeRun& run : std::vector<NodeRun>(node.runs)) {
    Task& task = run.job->tasks[run.task];
    // What waits for a preparation has no order yet.
    if (!still_runs(node, run) || task.state == TaskState::preparing) continue;
    const protocol::RunKey key = key_of(*run.job, task);
    if (std::ranges::any_of(known, [&](const protocol::KnownRun& told) { return told.key == key; }))
      continue;
    if (task.detail->status.ending || task.detail->status.verdict || task.detail->status.requeue)
      seat_ended(turn, *run.job, task, run.member,
                 protocol::RunEnd{.exit_code = std::nullopt,
                                  .failure = task.detail->status.ending,
                                  .started = {},
                                  .ended = turn.now});
    else
      turn.perform(start_effect(turn.state, *run.job, task, run.member));
  }
}

}  // namespace batchyard::engine
