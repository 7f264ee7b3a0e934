#include <algorithm>

#include "base/text.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// The year 10000: what is added up of such times stays a time.
constexpr Time latest_start{Duration(253'402'300'800'000)};

std::int64_t slots_of(const Task& task) {
  return std::int64_t{task.slots} * std::max(1, task.instances);
}

// Moves a task from one count to another; `sign` +1 adds.
void count(JobRecord& job, const Task& task, TaskState state, std::int64_t sign,
           bool succeeded = false) {
  TaskCounts& counts = job.status.counts;
  const std::int64_t slots = sign * slots_of(task);
  switch (state) {
    case TaskState::active:
      job.more_instances += sign * std::max(0, task.instances - 1);
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

// It waits for no other task any more, or never will.
void unblock(JobRecord& job, const Task& task, TaskIndex at) {
  if (!job.dependencies.waits(at)) return;
  job.dependencies.forget(at);
  --job.blocked;
  job.blocked_instances -= std::max(1, task.instances);
}

// A task that stands in the queue keeps its place until it is met there.
void leave_memory(JobRecord& job, Task& task) {
  const TaskIndex at = job.place(task);
  if (job.blocked > 0) unblock(job, task, at);
  if (!job.rules.empty()) job.rules.erase(at);
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

TaskDetail& detail_of(Task& task) {
  if (!task.detail) {
    TaskStatus status = status_of(task);
    task.detail = std::make_unique<TaskDetail>();
    task.detail->status = std::move(status);
  }
  return *task.detail;
}

void change_state(Turn& turn, JobRecord& job, Task& task, TaskState state) {
  count(job, task, task.state, -1);
  set_state(turn, detail_of(task).status, state);
  task.state = state;
  count(job, task, state, +1);
  turn.touch_counts(job);
}

void keep_rules(JobRecord& job, TaskIndex at, std::optional<TaskRules> rules) {
  if (rules) job.rules[at] = std::make_unique<TaskRules>(*std::move(rules));
}

// Those that wait for this task and for nothing else may run.
void release_dependents(Turn& turn, JobRecord& job, std::string_view id) {
  for (const TaskIndex at : job.dependencies.satisfy(id)) {
    Task& task = job.tasks[at];
    unblock(job, task, at);
    job.rules_of(at)->depends_on.reset();
    task.queued = true;
    job.queue.push_back(at);
    turn.note(job, task, "TaskReleased");
  }
}

// A completed task that satisfied others goes, or runs again.
void strike_dependency(Turn& turn, JobRecord& job, const ColdTask& cold) {
  if (!cold.status.satisfies) return;
  for (const TaskIndex at : job.dependencies.strike(cold.id)) turn.note(job, job.tasks[at], "");
}

RecentTask recent_of(const JobRecord& job, const Task& task, std::int32_t member, Time now) {
  return {.job = job.id,
          .task = TaskId::trusted(task.id),
          .member = member,
          .state = task.state,
          .start = now};
}

RecentTask* open_recent(NodeRecord& node, const JobRecord& job, const Task& task,
                        std::int32_t member) {
  for (RecentTask& recent : node.status.recent) {
    if (recent.state != TaskState::completed && recent.member == member && recent.job == job.id &&
        folded_equal(recent.task.text(), task.id))
      return &recent;
  }
  return nullptr;
}

}  // namespace

void take_place_in_line(JobRecord& job, TaskIndex at, const SatisfiedIds& satisfied) {
  Task& task = job.tasks[at];
  TaskRules* rules = job.rules_of(at);
  if (rules != nullptr && rules->depends_on) {
    const auto is_satisfied = [&](std::string_view id) { return satisfied.contains(fold(id)); };
    if (job.dependencies.wait(at, *rules->depends_on, is_satisfied)) {
      ++job.blocked;
      job.blocked_instances += std::max(1, task.instances);
      return;
    }
    rules->depends_on.reset();
  }
  task.queued = true;
  job.queue.push_back(at);
}

std::int64_t add_task(Turn& turn, JobRecord& job, NewTask added, const SatisfiedIds& satisfied) {
  const TaskIndex at = take_place(job);
  Task& task = job.tasks[at];
  task.id = added.id.text();
  task.created = turn.now;
  task.slots = added.facts.slots;
  task.instances = added.facts.instances;
  task.retries = added.facts.retries.value_or(Task::job_decides);
  job.index.insert(at);
  keep_rules(job, at, std::move(added.facts.rules));
  take_place_in_line(job, at, satisfied);
  count(job, task, TaskState::active, +1);
  turn.spec({EntityKind::task, job.id.text(), task.id}, std::move(added.spec));
  turn.touch(job, task, "TaskAdded");
  turn.touch_counts(job);
  turn.schedule(job.pool);
  return task.version;
}

void revive_task(Turn& turn, JobRecord& job, const ColdTask& cold, const SatisfiedIds& satisfied) {
  const TaskIndex at = take_place(job);
  Task& task = job.tasks[at];
  const TaskStatus& old = cold.status;
  task.id = cold.id;
  task.created = old.created;
  task.slots = old.facts.slots;
  task.instances = old.facts.instances;
  task.retries = old.facts.retries.value_or(Task::job_decides);
  task.state = TaskState::completed;
  task.told = static_cast<std::int8_t>(task.state);
  job.index.insert(at);
  keep_rules(job, at, old.facts.rules);
  take_place_in_line(job, at, satisfied);
  strike_dependency(turn, job, cold);
  TaskStatus& status = detail_of(task).status;
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

void start_task(Turn& turn, JobRecord& job, TaskIndex at, const std::vector<NodeRecord*>& nodes,
                TaskState state) {
  Task& task = job.tasks[at];
  change_state(turn, job, task, state);
  TaskDetail& detail = *task.detail;
  TaskStatus& status = detail.status;
  // Never given twice, even when a task of the same id is deleted and added again: an agent may
  // still know the old one.
  status.attempt = turn.next_attempt();
  status.pool = nodes.front()->pool->id;
  status.node = nodes.front()->id;
  status.start.reset();
  if (state == TaskState::running) status.start = turn.now;
  status.end.reset();
  status.exit_code.reset();
  status.failure.reset();
  status.result.reset();
  status.subtasks.clear();
  detail.seats.assign(nodes.size(), {});
  detail.application_told = false;
  status.requeue = status.requeue_counted = status.uploading = false;
  status.verdict.reset();
  status.constraints.clear();
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
    if (job.is_exclusive(task)) node.taken_whole = true;
    if (state == TaskState::running) mark_used(turn, job, node.id);
    turn.touch(node, "");
    set_working(turn, node);
    if (member > 0)
      status.subtasks.push_back({.member = member,
                                 .node = node.id,
                                 .ip_address = node.status.ip_address,
                                 .state = state,
                                 .state_since = turn.now,
                                 .start = turn.now});
  }
  turn.note(job, task, state == TaskState::running ? "TaskStarted" : "TaskPreparing");
}

void run_task(Turn& turn, JobRecord& job, Task& task) {
  change_state(turn, job, task, TaskState::running);
  TaskStatus& status = task.detail->status;
  status.start = turn.now;
  for (SubtaskStatus& subtask : status.subtasks) {
    subtask.previous = subtask.state;
    subtask.previous_since = subtask.state_since;
    subtask.state = TaskState::running;
    subtask.state_since = subtask.start = turn.now;
  }
  std::int32_t member = 0;
  for (const Seat& seat : task.detail->seats) {
    if (RecentTask* recent = open_recent(*seat.node, job, task, member++)) {
      recent->state = TaskState::running;
      recent->start = turn.now;
    }
    mark_used(turn, job, seat.id);
    turn.touch(*seat.node, "");
  }
  turn.note(job, task, "TaskStarted");
}

namespace {

// The primary is not among them.
SubtaskStatus* subtask_of(Task& task, std::int32_t member) {
  std::vector<SubtaskStatus>& subtasks = task.detail->status.subtasks;
  if (member < 1 || static_cast<std::size_t>(member) > subtasks.size()) return nullptr;
  return &subtasks[static_cast<std::size_t>(member - 1)];
}

}  // namespace

void note_container(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                    const protocol::ContainerInfo& container) {
  SubtaskStatus* subtask = subtask_of(task, member);
  if (subtask == nullptr) return;
  subtask->container = container;
  turn.note(job, task, "");
}

void leave_seat(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                const protocol::RunEnd& end) {
  Seat& seat = task.detail->seats[static_cast<std::size_t>(member)];
  if (seat.ended) return;
  seat.ended = true;
  seat.end = end;
  if (SubtaskStatus* subtask = subtask_of(task, member)) {
    subtask->previous = subtask->state;
    subtask->previous_since = subtask->state_since;
    subtask->state = TaskState::completed;
    subtask->state_since = turn.now;
    subtask->end = turn.now;
    subtask->exit_code = end.exit_code;
    subtask->failure = end.failure;
    subtask->result = end.failure ? ExecutionResult::failure : ExecutionResult::success;
    if (end.container) subtask->container = end.container;
    turn.note(job, task, "");
  }
  if (seat.node == nullptr) return;
  NodeRecord& node = *std::exchange(seat.node, nullptr);
  std::erase(node.runs, NodeRun{&job, job.place(task), member});
  node.status.running_slots -= task.slots;
  --node.status.running_tasks;
  node.status.tasks_succeeded += end.failure ? 0 : 1;
  node.status.data_until = std::max(node.status.data_until, end.kept_until);
  if (job.is_exclusive(task)) node.taken_whole = false;
  if (RecentTask* recent = open_recent(node, job, task, member)) {
    recent->state = TaskState::completed;
    recent->end = turn.now;
    recent->exit_code = end.exit_code;
    recent->failure = end.failure;
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
  turn.note(job, task, why == Again::retry ? "TaskRetried" : "TaskRequeued");
  turn.schedule(job.pool);
}

void complete_task(Turn& turn, JobRecord& job, Task& task, const protocol::RunEnd& end,
                   bool satisfies) {
  count(job, task, task.state, -1);
  TaskStatus& status = detail_of(task).status;
  set_state(turn, status, TaskState::completed);
  if (end.started != Time())
    // The node's clock has its word, as far as it can be one.
    status.start = std::clamp(end.started, Time(), latest_start);
  else if (status.attempt == 0)
    status.start.reset();
  status.end = turn.now;
  status.exit_code = end.exit_code;
  status.failure = end.failure;
  status.result = end.failure ? ExecutionResult::failure : ExecutionResult::success;
  status.container = end.container;
  status.ending.reset();
  status.verdict.reset();
  status.constraints.clear();
  status.uploading = false;
  status.satisfies = satisfies && job.status.facts.uses_dependencies;
  if (const TaskRules* rules = job.rules.empty() ? nullptr : job.rules_of(job.place(task)))
    status.facts.rules = *rules;
  if (status.start) {
    job.status.usage.wall_clock += turn.now - *status.start;
    job.status.usage.wait += *status.start - status.created;
  }
  job.status.usage.retries += status.retries;
  count(job, task, TaskState::completed, +1, !end.failure);
  turn.touch_counts(job);
  turn.close(job, task, status, "TaskCompleted");
  PoolRecord* pool = job.pool;
  const std::string released_by = status.satisfies ? task.id : std::string();
  leave_memory(job, task);
  if (!released_by.empty()) release_dependents(turn, job, released_by);
  turn.schedule(pool);
}

void update_task(Turn& turn, JobRecord& job, Task& task, std::optional<std::int32_t> retries,
                 std::string spec, std::string constraints) {
  task.retries = retries.value_or(Task::job_decides);
  detail_of(task).status.facts.retries = retries;
  if (task.state == TaskState::running) task.detail->status.constraints = std::move(constraints);
  turn.spec({EntityKind::task, job.id.text(), task.id}, std::move(spec));
  turn.touch(job, task, "TaskChanged");
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
  strike_dependency(turn, job, cold);
  turn.erase({EntityKind::task, job.id.text(), cold.id}, "TaskDeleted");
}

void unpark(JobRecord& job) {
  for (; !job.parked.empty(); job.parked.pop_back()) job.queue.push_front(job.parked.back());
}

}  // namespace batchyard::engine
