#include "testing/engine_bench.h"

#include "base/check.h"
#include "base/described_json.h"
#include "hardware/emulate.h"

namespace batchyard::testing {

namespace {

template <class Status>
Status status_of(MemoryStore& store, engine::EntityKind kind, const std::string& parent,
                 const std::string& id) {
  Result<std::optional<engine::Row>> row = store.read({kind, parent, id});
  check(row && row->has_value(), "no such entity: " + id);
  Result<Status> status = from_json<Status>((*row)->status);
  check(status.has_value(), "a malformed status: " + (*row)->status);
  return *std::move(status);
}

}  // namespace

Result<engine::Reply> EngineBench::run(engine::Command command) {
  std::optional<Result<engine::Reply>> answer;
  std::vector<engine::Submission> batch;
  batch.push_back(
      {std::move(command), [&](Result<engine::Reply> reply) { answer = std::move(reply); }});
  TRY(engine_->run(batch, now));
  check(answer.has_value(), "a command was not answered");
  return *std::move(answer);
}

void EngineBench::restart() {
  engine_ = std::make_unique<engine::Engine>(store, *this);
  const Result<> loaded = engine_->load(now);
  check(loaded.has_value(), "the state could not be loaded");
}

std::vector<NodeId> EngineBench::add_pool(const std::string& id, std::int32_t count,
                                          PoolFacts facts) {
  check(run(engine::AddPool{
                .id = PoolId::trusted(id), .facts = facts, .target_dedicated = count, .spec = "{}"})
            .has_value(),
        "add pool");
  std::vector<NodeId> made;
  for (const engine::WantNode& wanted : take<engine::WantNode>()) {
    make(id, wanted.order.node);
    join(id, wanted.order.node);
    made.push_back(wanted.order.node);
  }
  effects.clear();
  return made;
}

void EngineBench::add_job(const std::string& id, const std::string& pool_id, JobFacts facts) {
  facts.pool = PoolId::trusted(pool_id);
  check(run(engine::AddJob{.id = JobId::trusted(id), .facts = facts, .spec = "{}"}).has_value(),
        "add job");
}

Result<> EngineBench::add_task(const std::string& job_id, const std::string& id, TaskFacts facts) {
  engine::AddTasks command{.job = JobId::trusted(job_id), .tasks = {}};
  command.tasks.push_back({TaskId::trusted(id), facts, "{}"});
  engine::Reply reply = TRY(run(std::move(command)));
  if (!reply.items.front()) return std::unexpected(std::move(reply.items.front()).error());
  return Done();
}

protocol::Probe EngineBench::promised(const PoolId& id) const {
  protocol::Probe probe;
  const auto pool = engine_->state().pools.find(id);
  if (pool != engine_->state().pools.end())
    emulate(pool->second.status.facts.promise, "node", probe);
  return probe;
}

void EngineBench::make(const std::string& pool_id, const NodeId& id) {
  run(engine::FleetMade{{.pool = PoolId::trusted(pool_id),
                         .node = id,
                         .ip_address = "10.0.0.4",
                         .host_name = id.text()}});
}

void EngineBench::join(const std::string& pool_id, const NodeId& id,
                       std::vector<protocol::KnownRun> runs, protocol::StartTaskReport start_task,
                       const std::string& incarnation) {
  protocol::Hello hello;
  hello.pool = PoolId::trusted(pool_id);
  hello.node = id;
  hello.incarnation = incarnation;
  hello.launch_endpoint = "127.0.0.1:1";
  hello.start_task = std::move(start_task);
  hello.runs = std::move(runs);
  hello.probe = promised(hello.pool);
  run(engine::AgentSaid{hello.pool, id, hello});
}

void EngineBench::end(const engine::StartRun& started, std::int32_t member,
                      std::int32_t exit_code) {
  protocol::RunEnd end{.exit_code = exit_code, .failure = {}, .started = now, .ended = now};
  if (exit_code != 0)
    end.failure = Failure{.code = "FailureExitCode",
                          .message = "The task exited with an exit code representing a failure"};
  run(engine::AgentSaid{started.pool, started.seats[static_cast<std::size_t>(member)].node,
                        protocol::RunEnded{started.key, member, end}});
}

void EngineBench::ready(const engine::StartRun& started, std::int32_t member) {
  run(engine::AgentSaid{
      started.pool, started.seats[static_cast<std::size_t>(member)].node,
      protocol::MemberReady{
          started.key, member, {.exit_code = 0, .failure = {}, .started = now, .ended = now}}});
}

void EngineBench::report(const engine::StartJobTask& order, protocol::StartTaskPhase phase) {
  protocol::JobTaskReport report{.job = order.job, .kind = order.kind, .report = {}};
  report.report.phase = phase;
  report.report.generation = order.generation;
  report.report.end = {.exit_code = 0, .failure = {}, .started = now, .ended = now};
  if (phase == protocol::StartTaskPhase::failed) {
    report.report.end.exit_code = 1;
    report.report.end.failure =
        Failure{.code = "FailureExitCode",
                .message = "The task exited with an exit code representing a failure"};
  }
  run(engine::AgentSaid{order.pool, order.node, protocol::JobTaskChanged{report}});
}

void EngineBench::join_with(const std::string& pool_id, const NodeId& id,
                            std::vector<protocol::JobTaskReport> job_tasks,
                            const std::string& incarnation) {
  protocol::Hello hello;
  hello.pool = PoolId::trusted(pool_id);
  hello.node = id;
  hello.incarnation = incarnation;
  hello.job_tasks = std::move(job_tasks);
  hello.probe = promised(hello.pool);
  run(engine::AgentSaid{hello.pool, id, hello});
}

PreparationStatus EngineBench::preparation(const std::string& job_id, const NodeId& node) {
  return status_of<PreparationStatus>(store, engine::EntityKind::preparation, job_id, node.text());
}

TaskStatus EngineBench::task(const std::string& job_id, const std::string& id) {
  return status_of<TaskStatus>(store, engine::EntityKind::task, job_id, id);
}
bool EngineBench::has_task(const std::string& job_id, const std::string& id) {
  return store.read({engine::EntityKind::task, job_id, id})->has_value();
}
JobStatus EngineBench::job(const std::string& id) {
  return status_of<JobStatus>(store, engine::EntityKind::job, "", id);
}
PoolStatus EngineBench::pool(const std::string& id) {
  return status_of<PoolStatus>(store, engine::EntityKind::pool, "", id);
}
NodeStatus EngineBench::node(const std::string& pool_id, const NodeId& id) {
  return status_of<NodeStatus>(store, engine::EntityKind::node, pool_id, id.text());
}

std::vector<NodeId> EngineBench::nodes(const std::string& pool_id) {
  std::vector<NodeId> ids;
  const Result<engine::Page> page =
      store.list({.kind = engine::EntityKind::node, .parent = pool_id});
  for (const engine::Row& row : page->rows) ids.push_back(NodeId::trusted(row.key.id));
  return ids;
}

}  // namespace batchyard::testing
