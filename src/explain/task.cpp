#include <algorithm>

#include "base/text.h"
#include "explain/facts.h"

namespace batchyard::explain {

namespace {

using engine::EntityKind;

constexpr std::size_t nodes_tried = 10'000;
constexpr std::size_t dependencies_looked_at = 1'000;
constexpr std::size_t reasons_of_a_kind = 5;
constexpr int signal_codes = 128;

std::string meaning_of(std::int32_t exit_code) {
  switch (exit_code) {
    case 126:
      return " (a shell's word for a program that cannot be started)";
    case 127:
      return " (a shell's word for a program that is not there)";
    default:
      return exit_code > signal_codes && exit_code < signal_codes + 65
                 ? fmt::format(" (ended by signal {})", exit_code - signal_codes)
                 : "";
  }
}

// ---- what a waiting task waits for

Result<> explain_dependency(const Facts& facts, const std::string& job, const std::string& id,
                            Explanation& to) {
  const std::optional<TaskStatus> other = TRY(facts.find<TaskStatus>(EntityKind::task, job, id));
  const std::string entity = fmt::format("task/{}/{}", job, id);
  if (!other)
    to.reasons.push_back({"DependencyMissing",
                          fmt::format("It depends on task {}, which is not there.", id),
                          "Add that task.", entity});
  else if (other->state != TaskState::completed)
    to.reasons.push_back(
        {"DependencyNotDone",
         fmt::format("It depends on task {}, which is {}.", id, word(other->state)), "", entity});
  else if (!other->satisfies)
    to.reasons.push_back({"DependencyFailed",
                          fmt::format("It depends on task {}, which failed, and whose end does not "
                                      "satisfy what depends on it: it waits for ever.",
                                      id),
                          "Reactivate that task, or give it exitConditions with dependencyAction "
                          "satisfy in a new job.",
                          entity});
  return Done();
}

Result<> explain_dependencies(const Facts& facts, const std::string& job, const TaskStatus& task,
                              Explanation& to) {
  if (!task.facts.rules || !task.facts.rules->depends_on) return Done();
  const DependsOn& wanted = *task.facts.rules->depends_on;
  std::size_t looked_at = 0;
  const auto look = [&](const std::string& id) -> Result<bool> {
    if (to.reasons.size() >= reasons_of_a_kind || ++looked_at > dependencies_looked_at)
      return false;
    TRY(explain_dependency(facts, job, id, to));
    return true;
  };
  for (const std::string& id : wanted.ids) {
    if (!TRY(look(id))) return Done();
  }
  for (const TaskRange& range : wanted.ranges) {
    for (std::int64_t number = range.first; number <= range.last; ++number) {
      if (!TRY(look(std::to_string(number)))) return Done();
    }
  }
  return Done();
}

// What no node of the pool can ever change.
void explain_misfit(const std::string& id, const PoolStatus& pool, const TaskStatus& task,
                    Explanation& to) {
  const std::string entity = "pool/" + id;
  const PoolFacts& facts = pool.facts;
  if (task.facts.slots > facts.task_slots)
    to.reasons.push_back({"TooManySlots",
                          fmt::format("It requires {}, and nodes of pool {} have {}.",
                                      counted(task.facts.slots, "slot"), id, facts.task_slots),
                          "Lower requiredSlots, or use a pool with a higher taskSlotsPerNode.",
                          entity});
  if (task.facts.instances == 0) return;
  if (!facts.inter_node)
    to.reasons.push_back(
        {"NoInterNodeCommunication",
         fmt::format("A multi-instance task needs nodes that may talk to each other, "
                     "and pool {} does not let them.",
                     id),
         "Use a pool with enableInterNodeCommunication.", entity});
  if (facts.task_slots != 1)
    to.reasons.push_back(
        {"GangNeedsWholeNodes",
         fmt::format("A multi-instance task takes whole nodes, and pool {} has {} per "
                     "node.",
                     id, counted(facts.task_slots, "slot")),
         "Use a pool with one task slot per node.", entity});
}

struct Room {
  std::int64_t usable = 0;  // nodes that take tasks, or will by themselves
  std::int64_t ready = 0;   // that take tasks now, and have the slots for this one
  std::vector<Reason> hindrances;
};

Result<Room> room_in(const Facts& facts, const std::string& pool, const PoolStatus& status,
                     const TaskStatus& task) {
  Room room;
  for (const auto& node : TRY(facts.list<NodeStatus>(EntityKind::node, pool, nodes_tried))) {
    std::optional<Hindrance> hindrance = hindrance_of(pool, node);
    room.usable += !hindrance || hindrance->passes;
    room.ready +=
        !hindrance && status.facts.task_slots - node.status.running_slots >= task.facts.slots;
    if (hindrance && room.hindrances.size() < reasons_of_a_kind)
      room.hindrances.push_back(std::move(hindrance->reason));
  }
  return room;
}

void explain_room(const std::string& pool, const PoolStatus& status, const TaskStatus& task,
                  Room room, Explanation& to) {
  const std::int64_t wanted = std::max(task.facts.instances, 1);
  const std::string entity = "pool/" + pool;
  if (room.ready >= wanted) return;
  const bool for_itself = room.usable >= wanted;
  std::string message;
  if (task.facts.instances > 0)
    message =
        fmt::format("It needs {} at once; pool {} has {} that could take it, {} of them free.",
                    counted(wanted, "node"), pool, room.usable, room.ready);
  else if (room.usable == 0)
    message = fmt::format("Pool {} has no node that takes tasks.", pool);
  else
    message = fmt::format("No node of pool {} has {} free; {} of {} each could take it.", pool,
                          counted(task.facts.slots, "slot"), counted(room.usable, "node"),
                          counted(status.facts.task_slots, "slot"));
  to.reasons.push_back({for_itself ? "WaitsForSlots" : "NotEnoughNodes", std::move(message),
                        for_itself ? "" : "Resize the pool, or mend its nodes.", entity});
  for (Reason& reason : shortage_of(pool, status)) to.reasons.push_back(std::move(reason));
  for (Reason& reason : room.hindrances) to.reasons.push_back(std::move(reason));
}

// Tasks of a pool start in one order: a task that must wait holds up those behind it.
Result<> explain_queue(const Facts& facts, const std::string& job, const JobStatus& status,
                       Explanation& to) {
  for (const auto& other :
       TRY(facts.list<JobStatus>(EntityKind::job, std::nullopt, 1000, "active"))) {
    if (other.status.counts.active == 0 || same_folded(other.id, job) ||
        !(other.status.facts.pool == status.facts.pool))
      continue;
    const bool before = other.status.facts.priority > status.facts.priority ||
                        (other.status.facts.priority == status.facts.priority &&
                         other.status.created < status.created);
    if (before && to.reasons.size() < reasons_of_a_kind)
      to.reasons.push_back(
          {"OthersGoFirst",
           fmt::format("Job {} goes first in pool {}: {} of it {}, priority {}.", other.id,
                       status.facts.pool.text(), counted(other.status.counts.active, "task"),
                       other.status.counts.active == 1 ? "waits" : "wait",
                       other.status.facts.priority),
           "Raise the job's priority.", "job/" + other.id});
  }
  const auto waiting = TRY(facts.list<TaskStatus>(EntityKind::task, job, 2, "active"));
  if (to.reasons.empty() && waiting.size() > 1)
    to.reasons.push_back(
        {"WaitsItsTurn",
         fmt::format("{} of the job wait; they start in the order in which they were "
                     "added.",
                     counted(status.counts.active, "task")),
         "", "job/" + job});
  return Done();
}

Result<> explain_waiting(const Facts& facts, const std::string& job, const TaskStatus& task,
                         Explanation& to) {
  const std::optional<JobStatus> its_job = TRY(facts.find<JobStatus>(EntityKind::job, "", job));
  if (!its_job) return Done();
  to.reasons = brakes_of(job, *its_job);
  TRY(explain_dependencies(facts, job, task, to));
  const std::string pool = its_job->facts.pool.text();
  const std::optional<PoolStatus> its_pool =
      TRY(facts.find<PoolStatus>(EntityKind::pool, "", pool));
  if (!its_pool) {
    to.reasons.push_back(
        {"NoPool", fmt::format("There is no pool {} for job {}.", pool, job),
         "Make the pool, or give the job another one (disable it, then patch poolInfo).",
         "job/" + job});
  } else if (to.reasons.empty()) {
    explain_misfit(pool, *its_pool, task, to);
    // What can never start waits for nobody.
    if (to.reasons.empty()) {
      explain_room(pool, *its_pool, task, TRY(room_in(facts, pool, *its_pool, task)), to);
      TRY(explain_queue(facts, job, *its_job, to));
    }
  }
  if (task.failure)
    to.reasons.push_back(
        {"LastRunFailed",
         fmt::format("Its last run failed ({}); it is tried again.", task.failure->message), "",
         ""});
  return Done();
}

// ---- what it does, and how it ended

void explain_run(const TaskStatus& task, Explanation& to) {
  for (const SubtaskStatus& subtask : task.subtasks)
    to.reasons.push_back(
        {subtask.state == TaskState::completed ? "SubtaskEnded" : "SubtaskRuns",
         fmt::format("Subtask {} on node {} is {} since {}.", subtask.member, subtask.node.text(),
                     word(subtask.state), to_iso8601(subtask.state_since)),
         "", fmt::format("node/{}/{}", task.pool.text(), subtask.node.text())});
  if (task.state == TaskState::preparing)
    to.reasons.push_back({"CoordinationRuns",
                          "The coordination command must succeed on every node before the "
                          "application command starts.",
                          "", ""});
  if (task.ending) to.reasons.push_back(reason_of(*task.ending));
}

std::string how_often(const TaskStatus& task) {
  std::string text;
  if (task.retries > 0)
    text += fmt::format(", after {} {}", task.retries, task.retries == 1 ? "retry" : "retries");
  if (task.requeues > 0) text += fmt::format(", requeued {}", counted(task.requeues, "time"));
  return text;
}

}  // namespace

Result<> explain_task(const Facts& facts, const std::string& job, const std::string& id,
                      const TaskStatus& task, Explanation& to) {
  const std::string since = to_iso8601(task.state_since);
  switch (task.state) {
    case TaskState::active:
      TRY(explain_waiting(facts, job, task, to));
      to.summary = fmt::format("Task {} waits since {}{}: {}", id, since, how_often(task),
                               to.reasons.empty() ? "nothing is in its way, it starts next."
                                                  : to.reasons.front().message);
      break;
    case TaskState::completed:
      if (task.failure) to.reasons.push_back(reason_of(*task.failure));
      to.summary = fmt::format(
          "Task {} is completed since {}{}{}: {}.", id, since,
          task.node.empty()
              ? ""
              : fmt::format(" on node {} of pool {}", task.node.text(), task.pool.text()),
          how_often(task),
          task.exit_code
              ? fmt::format("exit code {}{}", *task.exit_code, meaning_of(*task.exit_code))
              : "without an exit code");
      break;
    default:
      explain_run(task, to);
      to.summary = fmt::format("Task {} is {} since {} on node {} of pool {}, attempt {}{}.", id,
                               word(task.state), since, task.node.text(), task.pool.text(),
                               task.attempt, how_often(task));
  }
  return Done();
}

}  // namespace batchyard::explain
