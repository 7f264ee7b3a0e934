#include <algorithm>

#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// Moves a task from one count to another; `sign` +1 adds.
void count(JobRecord& job, const Task& task, TaskState state, std::int64_t sign,
           bool succeeded = false) {
  TaskCounts& counts = job.status.counts;
  const std::int64_t slots = sign * std::int64_t{task.slots} * std::max(1, task.instances);
  switch (state) {
    case TaskState::active:
      counts.active += sign;
      counts.active_slots += slots;
      break;
    case TaskState::preparing:
    case TaskState::running:
      counts.running += sign;
      counts.running_slots += slots;
      break;
    case TaskState::completed:
      counts.completed += sign;
      counts.completed_slots += slots;
      (succeeded ? counts.succeeded : counts.failed) += sign;
      (succeeded ? counts.succeeded_slots : counts.failed_slots) += slots;
      break;
  }
}

TaskIndex take_place(JobRecord& job) {
  if (job.free.empty()) {
    job.tasks.emplace_back();
    return static_cast<TaskIndex>(job.tasks.size() - 1);
  }
  const TaskIndex at = job.free.back();
  job.free.pop_back();
  return at;
}

// A task that stands in the queue keeps its place until it is met there.
void leave_memory(JobRecord& job, Task& task) {
  const TaskIndex at = job.place(task);
  job.index.erase(at);
  task.detail.reset();
  task.changed = false;
  if (task.queued) {
    task.gone = true;
    return;
  }
  task = Task();
  job.free.push_back(at);
}

void set_state(Turn& turn, TaskStatus& status, TaskState state) {
  status.previous = status.state;
  status.previous_since = status.state_since;
  status.state = state;
  status.state_since = turn.now;
}

TaskDetail& detail_of(Task& task, Time now) {
  if (!task.detail) {
    TaskStatus status = status_of(task, now);
    task.detail = std::make_unique<TaskDetail>();
    task.detail->status = std::move(status);
  }
  return *task.detail;
}

void change_state(Turn& turn, JobRecord& job, Task& task, TaskState state) {
  count(job, task, task.state, -1);
  set_state(turn, detail_of(task, turn.now).status, state);
  task.state = state;
  count(job, task, state, +1);
  turn.touch_counts(job);
}

RecentTask recent_of(const JobRecord& job, const Task& task, std::int32_t member, Time now) {
  return {.job = job.id,
          .task = TaskId::trusted(task.id),
          .member = member,
          .state = TaskState::running,
          .start = now};
}

}  // namespace

void add_task(Turn& turn, JobRecord& job, NewTask added) {
  const TaskIndex at = take_place(job);
  Task& task = job.tasks[at];
  task.id = added.id.text();
  task.created = turn.now;
  task.slots = added.facts.slots;
  task.instances = added.facts.instances;
  task.retries = added.facts.retries.value_or(Task::job_decides);
  task.queued = true;
  job.index.insert(at);
  job.queue.push_back(at);
  count(job, task, TaskState::active, +1);
  turn.spec({EntityKind::task, job.id.text(), task.id}, std::move(added.spec));
  turn.touch(job, task, "TaskAdded");
  turn.touch_counts(job);
  turn.schedule(job.pool);
}

void revive_task(Turn& turn, JobRecord& job, const ColdTask& cold) {
  const TaskIndex at = take_place(job);
  Task& task = job.tasks[at];
  const TaskStatus& old = cold.status;
  task.id = cold.id;
  task.created = old.created;
  task.slots = old.facts.slots;
  task.instances = old.facts.instances;
  task.retries = old.facts.retries.value_or(Task::job_decides);
  task.state = TaskState::completed;
  task.queued = true;
  job.index.insert(at);
  job.queue.push_back(at);
  TaskStatus& status = detail_of(task, turn.now).status;
  status.state_since = old.state_since;
  status.attempt = old.attempt;  // attempts never go back
  count(job, task, TaskState::completed, -1, old.result == ExecutionResult::success);
  set_state(turn, status, TaskState::active);
  task.state = TaskState::active;
  count(job, task, TaskState::active, +1);
  turn.touch(job, task, "TaskReactivated");
  turn.touch_counts(job);
  turn.schedule(job.pool);
}

void start_task(Turn& turn, JobRecord& job, TaskIndex at, const std::vector<NodeRecord*>& nodes) {
  Task& task = job.tasks[at];
  change_state(turn, job, task, TaskState::running);
  TaskDetail& detail = *task.detail;
  TaskStatus& status = detail.status;
  // Never given twice, even when a task of the same id is deleted and added again: an agent may
  // still know the old one.
  status.attempt = turn.next_attempt();
  status.pool = nodes.front()->pool->id;
  status.node = nodes.front()->id;
  status.start = turn.now;
  status.end.reset();
  status.exit_code.reset();
  status.failure.reset();
  status.result.reset();
  status.subtasks.clear();
  detail.seats.assign(nodes.size(), {});
  detail.application_told = false;
  status.requeue = status.requeue_counted = status.uploading = false;
  status.verdict.reset();
  status.container.reset();
  for (std::int32_t member = 0; member < static_cast<std::int32_t>(nodes.size()); ++member) {
    NodeRecord& node = *nodes[static_cast<std::size_t>(member)];
    detail.seats[static_cast<std::size_t>(member)].node = &node;
    detail.seats[static_cast<std::size_t>(member)].id = node.id;
    node.runs.push_back({&job, at, member});
    node.status.running_slots += task.slots;
    ++node.status.running_tasks;
    ++node.status.tasks_run;
    node.status.recent.insert(node.status.recent.begin(), recent_of(job, task, member, turn.now));
    if (node.status.recent.size() > 10) node.status.recent.resize(10);
    turn.touch(node, "");
    set_working(turn, node);
    if (member > 0)
      status.subtasks.push_back({.member = member,
                                 .node = node.id,
                                 .ip_address = node.status.ip_address,
                                 .state = TaskState::running,
                                 .state_since = turn.now,
                                 .start = turn.now});
  }
  turn.touch(job, task, "TaskStarted");
}

void leave_seat(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                const protocol::RunEnd& end) {
  TaskDetail& detail = *task.detail;
  Seat& seat = detail.seats[static_cast<std::size_t>(member)];
  if (seat.ended) return;
  seat.ended = true;
  seat.end = end;
  if (member > 0 && static_cast<std::size_t>(member) <= detail.status.subtasks.size()) {
    SubtaskStatus& subtask = detail.status.subtasks[static_cast<std::size_t>(member - 1)];
    subtask.previous = subtask.state;
    subtask.previous_since = subtask.state_since;
    subtask.state = TaskState::completed;
    subtask.state_since = turn.now;
    subtask.end = turn.now;
    subtask.exit_code = end.exit_code;
    subtask.failure = end.failure;
    subtask.result = end.failure ? ExecutionResult::failure : ExecutionResult::success;
    turn.touch(job, task, "");
  }
  if (seat.node == nullptr) return;
  NodeRecord& node = *std::exchange(seat.node, nullptr);
  std::erase(node.runs, NodeRun{&job, job.place(task), member});
  node.status.running_slots -= task.slots;
  --node.status.running_tasks;
  node.status.tasks_succeeded += end.failure ? 0 : 1;
  for (RecentTask& recent : node.status.recent) {
    if (recent.state != TaskState::completed && recent.member == member && recent.job == job.id &&
        folded_equal(recent.task.text(), task.id)) {
      recent.state = TaskState::completed;
      recent.end = turn.now;
      recent.exit_code = end.exit_code;
      recent.failure = end.failure;
      break;
    }
  }
  turn.touch(node, "");
  if (node.status.state == NodeState::idle || node.status.state == NodeState::running)
    set_working(turn, node);
}

void wait_again(Turn& turn, JobRecord& job, Task& task, Again why) {
  change_state(turn, job, task, TaskState::active);
  TaskStatus& status = task.detail->status;
  if (why == Again::retry) {
    ++status.retries;
    status.last_retry = turn.now;
  } else if (why == Again::requeue_counted) {
    ++status.requeues;
    status.last_requeue = turn.now;
  }
  status.subtasks.clear();
  status.verdict.reset();
  status.requeue = status.requeue_counted = status.uploading = false;
  task.detail->seats.clear();
  task.queued = true;
  job.queue.push_front(job.place(task));
  turn.touch(job, task, why == Again::retry ? "TaskRetried" : "TaskRequeued");
  turn.schedule(job.pool);
}

void complete_task(Turn& turn, JobRecord& job, Task& task, const protocol::RunEnd& end) {
  count(job, task, task.state, -1);
  TaskStatus& status = detail_of(task, turn.now).status;
  set_state(turn, status, TaskState::completed);
  if (end.started != Time())
    status.start = end.started;
  else if (status.attempt == 0)
    status.start.reset();
  status.end = turn.now;
  status.exit_code = end.exit_code;
  status.failure = end.failure;
  status.result = end.failure ? ExecutionResult::failure : ExecutionResult::success;
  status.container = end.container;
  status.ending.reset();
  status.verdict.reset();
  status.uploading = false;
  status.modified = turn.now;
  count(job, task, TaskState::completed, +1, !end.failure);
  turn.touch_counts(job);
  turn.close(job, task, status, "TaskCompleted");
  PoolRecord* pool = job.pool;
  leave_memory(job, task);
  turn.schedule(pool);
}

void remove_task(Turn& turn, JobRecord& job, Task& task) {
  count(job, task, task.state, -1);
  turn.touch_counts(job);
  turn.erase({EntityKind::task, job.id.text(), task.id}, "TaskDeleted");
  leave_memory(job, task);
}

void remove_cold_task(Turn& turn, JobRecord& job, const ColdTask& cold, bool succeeded) {
  Task counted;
  counted.slots = cold.status.facts.slots;
  counted.instances = cold.status.facts.instances;
  count(job, counted, TaskState::completed, -1, succeeded);
  turn.touch_counts(job);
  turn.erase({EntityKind::task, job.id.text(), cold.id}, "TaskDeleted");
}

void unpark(JobRecord& job) {
  for (; !job.parked.empty(); job.parked.pop_back()) job.queue.push_front(job.parked.back());
}

}  // namespace batchyard::engine
