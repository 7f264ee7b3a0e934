#include <algorithm>
#include <charconv>

#include "base/described_json.h"
#include "engine/decide.h"
#include "engine/engine.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

Result<> load_pool(State& state, const LoadedRow& row) {
  PoolRecord& pool = state.pools[PoolId::trusted(row.id)];
  pool.id = PoolId::trusted(row.id);
  pool.version = row.version;
  pool.status = TRY(from_json<PoolStatus>(row.status));
  pool.told.state = boost::describe::enum_to_string(pool.status.state, "");
  return Done();
}

Result<> load_node(State& state, const LoadedRow& row, Time now) {
  PoolRecord* pool = state.pool(PoolId::trusted(row.parent));
  if (pool == nullptr) return Done();
  NodeRecord& node = pool->nodes[NodeId::trusted(row.id)];
  node.id = NodeId::trusted(row.id);
  node.pool = pool;
  node.version = row.version;
  node.order = ++state.last_order;
  node.status = TRY(from_json<NodeStatus>(row.status));
  node.told.state = boost::describe::enum_to_string(node.status.state, "");
  node.made = node.status.allocated != Time();
  node.unlinked_since = now;
  node.status.running_slots = node.status.running_tasks = 0;  // its tasks tell
  return Done();
}

Result<> load_certificate(State& state, const LoadedRow& row) {
  CertificateRecord& certificate = state.certificates[std::string(row.id)];
  certificate.id = row.id;
  certificate.version = row.version;
  certificate.status = TRY(from_json<CertificateStatus>(row.status));
  certificate.told.state = boost::describe::enum_to_string(certificate.status.state, "");
  return Done();
}

Result<> load_job(State& state, const LoadedRow& row) {
  JobRecord& job = state.jobs[JobId::trusted(row.id)];
  job.id = JobId::trusted(row.id);
  job.version = row.version;
  job.order = ++state.last_order;
  job.status = TRY(from_json<JobStatus>(row.status));
  job.told.state = boost::describe::enum_to_string(job.status.state, "");
  job.dependencies.numbers_known = job.status.counts.completed == 0;
  attach(state, job);
  return Done();
}

Result<> load_schedule(State& state, const LoadedRow& row) {
  ScheduleRecord& schedule = state.schedules[ScheduleId::trusted(row.id)];
  schedule.id = ScheduleId::trusted(row.id);
  schedule.version = row.version;
  schedule.status = TRY(from_json<ScheduleStatus>(row.status));
  schedule.told.state = boost::describe::enum_to_string(schedule.status.state, "");
  return Done();
}

Result<> load_application(State& state, const LoadedRow& row) {
  ApplicationRecord& application = state.applications[ApplicationId::trusted(row.id)];
  application.id = ApplicationId::trusted(row.id);
  application.version = row.version;
  application.status = TRY(from_json<ApplicationStatus>(row.status));
  application.told.state = "active";
  return Done();
}

Result<> load_package(State& state, const LoadedRow& row) {
  const auto found = state.applications.find(ApplicationId::trusted(row.parent));
  if (found == state.applications.end()) return Done();
  PackageRecord& package = found->second.packages[PackageVersion::trusted(row.id)];
  package.id = PackageVersion::trusted(row.id);
  package.version = row.version;
  package.status = TRY(from_json<PackageStatus>(row.status));
  package.told.state = boost::describe::enum_to_string(package.status.state, "");
  return Done();
}

void take_seat(State& state, JobRecord& job, TaskIndex at, const NodeId& id, std::int32_t member) {
  Task& task = job.tasks[at];
  Seat& seat = task.detail->seats.emplace_back();
  seat.id = id;
  seat.node = state.node(task.detail->status.pool, id);
  // A node that is away has lost its run, and will not come back to say so.
  if (seat.node == nullptr || is_away(*seat.node)) {
    seat.node = nullptr;
    seat.ended = true;
    return;
  }
  seat.node->runs.push_back({&job, at, member});
  seat.node->status.running_slots += task.slots;
  ++seat.node->status.running_tasks;
  if (job.is_exclusive(task)) seat.node->taken_whole = true;
}

Result<> load_task(State& state, const LoadedRow& row) {
  JobRecord* job = state.job(JobId::trusted(row.parent));
  if (job == nullptr) return Done();
  TaskStatus status = TRY(from_json<TaskStatus>(row.status));
  const auto at = static_cast<TaskIndex>(job->tasks.size());
  Task& task = job->tasks.emplace_back();
  task.id = row.id;
  task.created = status.created;
  task.version = row.version;
  task.slots = status.facts.slots;
  task.instances = status.facts.instances;
  task.retries = status.facts.retries.value_or(Task::job_decides);
  task.state = status.state;
  task.told = static_cast<std::int8_t>(task.state);
  job->index.insert(at);
  if (std::optional<TaskRules> rules = std::exchange(status.facts.rules, {}))
    job->rules[at] = std::make_unique<TaskRules>(*std::move(rules));
  if (status.attempt > 0 || status.previous || status.modified != status.created) {
    task.detail = std::make_unique<TaskDetail>();
    task.detail->status = std::move(status);
  }
  if (task.state == TaskState::active) {
    job->more_instances += std::max(0, task.instances - 1);
    return Done();  // takes its place when all are known
  }
  const TaskStatus& running = task.detail->status;
  take_seat(state, *job, at, running.node, 0);
  for (const SubtaskStatus& subtask : running.subtasks)
    take_seat(state, *job, at, subtask.node, subtask.member);
  return Done();
}

Result<> load_preparation(State& state, const LoadedRow& row) {
  JobRecord* job = state.job(JobId::trusted(row.parent));
  if (job == nullptr) return Done();
  PreparationStatus status = TRY(from_json<PreparationStatus>(row.status));
  if (NodeRecord* node = state.node(status.pool, NodeId::trusted(row.id)))
    load_preparation(*job, *node, std::move(status), row.version);
  return Done();
}

// Waiting tasks stand in the order of their rows. What others have satisfied while they waited is
// looked up among the completed tasks, once for every id that is waited for.
Result<> line_up(Turn& turn, JobRecord& job) {
  for (TaskIndex at = 0; at < job.tasks.size(); ++at) {
    if (job.tasks[at].state != TaskState::active) continue;
    TaskFacts facts;
    if (const TaskRules* rules = job.rules_of(at); rules != nullptr && rules->depends_on)
      facts.rules.emplace().depends_on = rules->depends_on;
    take_place_in_line(job, at, TRY(turn.satisfied_ids(job, facts)));
  }
  return Done();
}

}  // namespace

Result<> Engine::load(Time now) {
  Result<> outcome = Done();
  state_.last_version = TRY(store_.last_version());
  TRY(store_.load([&](const LoadedRow& row) {
    if (!outcome) return;
    switch (row.kind) {
      case EntityKind::pool:
        outcome = load_pool(state_, row);
        break;
      case EntityKind::node:
        outcome = load_node(state_, row, now);
        break;
      case EntityKind::job:
        outcome = load_job(state_, row);
        break;
      case EntityKind::task:
        outcome = load_task(state_, row);
        break;
      case EntityKind::schedule:
        outcome = load_schedule(state_, row);
        break;
      case EntityKind::certificate:
        outcome = load_certificate(state_, row);
        break;
      case EntityKind::preparation:
        outcome = load_preparation(state_, row);
        break;
      case EntityKind::application:
        outcome = load_application(state_, row);
        break;
      case EntityKind::package:
        outcome = load_package(state_, row);
        break;
    }
  }));
  TRY(std::move(outcome));
  Turn turn(state_, store_, now);
  for (auto& [id, job] : state_.jobs) TRY(line_up(turn, job));
  for (auto& [id, pool] : state_.pools) {
    for (auto& [node_id, node] : pool.nodes) {
      const NodeState state = node.status.state;
      // Away, and perhaps not given back yet. A node that departs is looked at when its deadline
      // comes, at once if nothing is awaited.
      node.dropped = state == NodeState::preempted ||
                     ((state == NodeState::leavingpool || state == NodeState::deallocating) &&
                      departure_deadline(node) <= now);
      if (node.dropped)
        sink_.perform(DropNode{id, node_id});
      else if (state != NodeState::deallocated)
        sink_.perform(WantNode{order_of(node)});
    }
  }
  next_deadline_ = engine::next_deadline(state_);
  return Done();
}

}  // namespace batchyard::engine
