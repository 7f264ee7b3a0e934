#include "testing/sim_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/described_json.h"
#include "base/text.h"
#include "hardware/gate.h"

namespace batchyard::testing {

namespace {

bool passes_gate(const protocol::Probe& probe) {
  const Expectation expected{.size = {}, .promise = sim_promise};
  return std::ranges::all_of(judge(GateRules(), expected, probe), &Check::passed);
}

}  // namespace

std::string SimChecks::name_of(const protocol::RunKey& key) {
  return fmt::format("{}/{} attempt {}", key.job.text(), key.task.text(), key.attempt);
}

void SimChecks::broken(std::string sentence) {
  if (violation_.empty()) violation_ = std::move(sentence);
}

void SimChecks::task_acknowledged(const JobId& job, const TaskId& task) {
  acknowledged_.insert({job, task});
}
void SimChecks::task_deletion_asked(const JobId& job, const TaskId& task) {
  deletion_asked_.insert({job, task});
}
void SimChecks::task_reactivation_asked(const JobId& job, const TaskId& task) {
  TaskView& view = tasks_[{job, task}];
  view.reactivated = true;
  view.disturbed = std::max(view.disturbed, view.attempt);
}
void SimChecks::job_deletion_asked(const JobId& job) {
  jobs_deleted_.insert(job);
}

void SimChecks::check_acknowledged() {
  for (const Name& name : acknowledged_) {
    if (deletion_asked_.contains(name) || jobs_deleted_.contains(name.first)) continue;
    if (!store_.read({engine::EntityKind::task, name.first.text(), name.second.text()})
             ->has_value())
      broken(fmt::format("promise 1: task {}/{} was acknowledged and is lost", name.first.text(),
                         name.second.text()));
  }
}

void SimChecks::process_started(const protocol::RunKey& key, std::int32_t member,
                                const std::string& node) {
  TaskView& view = tasks_[{key.job, key.task}];
  if (!started_.emplace(key.job, key.task, key.attempt, member).second)
    broken(fmt::format("promise 2: {} member {} was started twice, now on {}", name_of(key), member,
                       node));
  if (key.attempt > view.attempt && view.attempt > view.disturbed)
    broken(fmt::format("promise 5: {} follows attempt {}, which nothing had disturbed",
                       name_of(key), view.attempt));
  check_order(key);
  view.attempt = std::max(view.attempt, key.attempt);
}

void SimChecks::uploaded(const protocol::RunKey& key) {
  const std::int64_t attempt = tasks_[{key.job, key.task}].attempt;
  if (attempt != key.attempt)
    broken(fmt::format("promise 2: {} has uploaded its files though attempt {} was started",
                       name_of(key), attempt));
}

void SimChecks::run_disturbed_task(const JobId& job, const TaskId& task) {
  TaskView& view = tasks_[{job, task}];
  view.disturbed = std::max(view.disturbed, view.attempt);
}

// Also what is ordered and has not come to its node yet.
void SimChecks::all_disturbed() {
  for (auto& [name, view] : tasks_)
    view.disturbed = std::max({view.disturbed, view.attempt, view.row_attempt});
}

void SimChecks::process_ended(const protocol::RunKey& key, std::int32_t member,
                              std::int32_t exit_code) {
  ends_[{key.job, key.task, key.attempt, member}] = exit_code;
  if (exit_code != 0) run_disturbed(key);  // may be retried
}

void SimChecks::run_disturbed(const protocol::RunKey& key) {
  TaskView& view = tasks_[{key.job, key.task}];
  view.disturbed = std::max(view.disturbed, key.attempt);
}

void SimChecks::coordination_ended(const protocol::RunKey& key, std::int32_t member,
                                   std::int32_t exit_code) {
  if (exit_code == 0) ready_[{key.job, key.task, key.attempt}].insert(member);
}

void SimChecks::application_started(const protocol::RunKey& key, std::int32_t members) {
  const std::size_t ready = ready_[{key.job, key.task, key.attempt}].size();
  if (ready != static_cast<std::size_t>(members))
    broken(fmt::format("promise 3: the application of {} was started with {} of {} members ready",
                       name_of(key), ready, members));
}

void SimChecks::task_put(const engine::Put& put) {
  const Result<TaskStatus> status = from_json<TaskStatus>(put.status);
  if (!status) return broken("a task's status cannot be read: " + put.status);
  const Name name{JobId::trusted(put.key.parent), TaskId::trusted(put.key.id)};
  TaskView& view = tasks_[name];
  // A run may be given up for a node that has really gone.
  for (const NodeId& node : view.nodes) {
    if (crashed_.contains(node)) view.disturbed = std::max(view.disturbed, view.row_attempt);
  }
  // One that has been told to end, for its job's sake or for a more important one, may run again.
  if (status->requeue || status->ending) view.disturbed = std::max(view.disturbed, status->attempt);
  note_satisfied(name, *status);
  check_placement(name, *status, view.row_attempt);
  view.row_attempt = status->attempt;
  view.nodes.assign(1, status->node);
  for (const SubtaskStatus& subtask : status->subtasks) view.nodes.push_back(subtask.node);
  if (status->state == TaskState::running) {
    for (const NodeId& node : view.nodes) ordered_.insert({name.first, node});
  }
  if (status->state != TaskState::completed) {
    view.completed = false;
    return;
  }
  if (view.completed && !view.reactivated)
    broken(fmt::format("promise 2: the completion of {}/{} was recorded twice", put.key.parent,
                       put.key.id));
  view.completed = true;
  ++completions_;
  view.reactivated = false;
  if (!status->exit_code || status->failure.value_or(Failure()).code == "TaskEnded") return;
  // The recorded exit code is one that a process of that very attempt gave.
  const auto at = [&](std::int32_t member) {
    return ends_.find({name.first, name.second, status->attempt, member});
  };
  for (std::int32_t member = 0; member <= static_cast<std::int32_t>(status->subtasks.size());
       ++member) {
    if (const auto found = at(member); found != ends_.end() && found->second == *status->exit_code)
      return;
  }
  broken(fmt::format(
      "promise 2: {}/{} completed with exit code {}, which no process of attempt {} gave",
      put.key.parent, put.key.id, *status->exit_code, status->attempt));
}

void SimChecks::check_placement(const Name& name, const TaskStatus& status,
                                std::int64_t attempt_before) {
  if (status.attempt <= attempt_before) return;
  std::vector<NodeId> nodes{status.node};
  for (const SubtaskStatus& subtask : status.subtasks) nodes.push_back(subtask.node);
  for (const NodeId& node : nodes) {
    if (closed_before_.contains(node) && closed_.contains(node))
      broken(fmt::format("promise 14: {}/{} was placed on {}, which fails its gate",
                         name.first.text(), name.second.text(), node.text()));
  }
}

void SimChecks::node_put(const engine::Put& put) {
  static constexpr std::string_view disturbing[] = {"leavingpool", "rebooting", "reimaging",
                                                    "deallocating", "preempted"};
  const Result<NodeStatus> status = from_json<NodeStatus>(put.status);
  if (!status) return broken("a node's status cannot be read: " + put.status);
  if (std::ranges::find(disturbing, put.state) != std::end(disturbing) ||
      status->scheduling == SchedulingState::disabled)
    all_disturbed();
  const NodeId node = NodeId::trusted(put.key.id);
  if (status->quarantined || !passes_gate(status->probe))
    closed_.insert(node);
  else
    closed_.erase(node);
}

void SimChecks::committed(const engine::Batch& batch) {
  events_committed(batch);
  broken(due_.committed(batch));
  closed_before_ = closed_;
  // Tasks of a node that stops or goes may start again elsewhere.
  for (const engine::Put& put : batch.puts) {
    if (put.key.kind == engine::EntityKind::node) node_put(put);
  }
  for (const engine::Put& put : batch.puts) {
    if (put.key.kind == engine::EntityKind::task) task_put(put);
  }
  for (const engine::EntityKey& key : batch.erased) {
    if (key.kind == engine::EntityKind::task)
      tasks_.erase({JobId::trusted(key.parent), TaskId::trusted(key.id)});
  }
}

void SimChecks::task_ran(const JobId& job, const NodeId& node, const std::string& incarnation) {
  ran_.insert({job, node});
  if (preparing_jobs_.contains(job) && !prepared_.contains({job, incarnation}))
    broken(fmt::format("promise 6: a task of {} runs on {}, which is not prepared", job.text(),
                       node.text()));
  if (releasing_.contains(job))
    broken(fmt::format("promise 6: a task of {} was started after a release of it", job.text()));
}

void SimChecks::preparation_ended(const JobId& job, const std::string& incarnation,
                                  std::int32_t exit_code) {
  if (exit_code == 0) prepared_.insert({job, incarnation});
}

void SimChecks::release_started(const JobId& job, const NodeId& node) {
  // An order that a killed server never sent counts: nobody can know that it did not get there.
  if (!ran_.contains({job, node}) && !ordered_.contains({job, node}))
    broken(fmt::format("promise 6: {} is released on {}, where no task of it ran", job.text(),
                       node.text()));
  released_.insert({job, node});
  releasing_.insert(job);
}

void SimChecks::extension_succeeded(const NodeId& node, const std::string& name) {
  ++extensions_done_;
  std::set<std::string>& done = extended_[node];
  if (name == "last" && !done.contains("restarts"))
    broken("promise 15: extensions ran out of their order on " + node.text());
  done.insert(name);
}

void SimChecks::check_extended(const protocol::RunKey& key, const PoolId& pool,
                               const NodeId& node) {
  if (extending_pools_.contains(pool) && extended_[node].size() < 2)
    broken(fmt::format("promise 15: a command of {} runs on {} before its extensions", name_of(key),
                       node.text()));
}

void SimChecks::files_lost(const NodeId& node) {
  extended_.erase(node);
  std::erase_if(ran_, [&](const auto& entry) { return entry.second == node; });
  std::erase_if(released_, [&](const auto& entry) { return entry.second == node; });
}

void SimChecks::check_released(const JobId& job, const NodeId& node) {
  // Of a node that was silent for too long, the release counts as lost, too.
  if (ran_.contains({job, node}) && !released_.contains({job, node}) && !silent_.contains(node))
    broken(fmt::format("promise 6: {} ended and was not released on {}", job.text(), node.text()));
}

void SimChecks::check_container(const protocol::RunKey& key, bool in_container, bool images_there) {
  const bool wanted = container_jobs_.contains(key.job);
  commands_in_containers_ += in_container ? 1 : 0;
  if (in_container != wanted)
    broken(fmt::format("promise 13: a command of {} runs {} a container", name_of(key),
                       wanted ? "outside" : "inside"));
  if (in_container && !images_there)
    broken(fmt::format("promise 13: a command of {} runs before its node has the images",
                       name_of(key)));
}

void SimChecks::check_counts() {
  const Result<engine::Page> jobs = store_.list({.kind = engine::EntityKind::job});
  for (const engine::Row& row : jobs->rows) {
    const JobStatus job = *from_json<JobStatus>(row.status);
    TaskCounts counted;
    const Result<engine::Page> tasks =
        store_.list({.kind = engine::EntityKind::task, .parent = row.key.id, .limit = 1'000'000});
    for (const engine::Row& task_row : tasks->rows) {
      const TaskStatus task = *from_json<TaskStatus>(task_row.status);
      counted.active += task.state == TaskState::active;
      counted.running += task.state == TaskState::running || task.state == TaskState::preparing;
      counted.completed += task.state == TaskState::completed;
      counted.succeeded += task.result == ExecutionResult::success;
      counted.failed += task.result == ExecutionResult::failure;
    }
    const auto differs = [&](const char* what, std::int64_t told, std::int64_t listed) {
      if (told != listed)
        broken(fmt::format("promise 4: job {} counts {} {} tasks, {} are listed", row.key.id, told,
                           what, listed));
    };
    check_job(row.key.id, job);
    differs("active", job.counts.active, counted.active);
    differs("running", job.counts.running, counted.running);
    differs("completed", job.counts.completed, counted.completed);
    differs("succeeded", job.counts.succeeded, counted.succeeded);
    differs("failed", job.counts.failed, counted.failed);
  }
}

void SimChecks::events_committed(const engine::Batch& batch) {
  for (const engine::EventRecord& event : batch.events) {
    std::string& known = told_[fold(event.entity)];
    const bool same = known.empty() || event.state.empty() || event.state == known;
    if (event.previous != (same ? std::string() : known))
      broken(fmt::format("{} of {} says it left '{}', but the event before told '{}'", event.what,
                         event.entity, event.previous, known));
    known = event.state;
  }
  for (const engine::Put& put : batch.puts) {
    const std::string name = engine::name_of(put.key);
    const auto found = told_.find(fold(name));
    // Several writes of one entity in a batch have an event each.
    const bool by_its_event =
        put.event >= 0 && batch.events[static_cast<std::size_t>(put.event)].state == put.state;
    if (!by_its_event && (found == told_.end() || found->second != put.state))
      broken(fmt::format("{} is written as {}, and no event has told that", name, put.state));
  }
  for (const engine::EntityKey& parent : batch.emptied) {
    for (const engine::EntityKind kind : engine::entity_kinds) {
      if (!engine::lies_in(kind, parent.kind)) continue;
      const std::string start = fold(engine::name_of({kind, parent.id, ""}));
      std::erase_if(told_, [&](const auto& entry) { return entry.first.starts_with(start); });
    }
  }
}

}  // namespace batchyard::testing
