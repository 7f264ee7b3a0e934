#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"
#include "engine/schedule.h"
#include "hardware/emulate.h"

namespace batchyard::engine {

namespace {

// A node that dies so often in a row is given up.
constexpr std::int32_t losses_max = 3;

void set_error(NodeRecord& node, std::string code, std::string message,
               std::vector<NameValue> details = {}) {
  std::erase_if(node.status.errors, [&](const NodeError& error) { return error.code == code; });
  node.status.errors.push_back({std::move(code), std::move(message), std::move(details)});
}

void clear_error(NodeRecord& node, std::string_view code) {
  std::erase_if(node.status.errors, [&](const NodeError& error) { return error.code == code; });
}

}  // namespace

void settle_node(Turn& turn, NodeRecord& node) {
  if (departs(node) || is_away(node)) return;
  if (node.status.faulty) return set_state(turn, node, NodeState::unusable, "NodeFaulty");
  if (node.status.awaits_extensions)
    return set_state(turn, node, NodeState::starting, "NodeRunsExtensions");
  // What runs there may end first.
  if (is_closed(node) && node.status.running_tasks == 0)
    return set_state(turn, node, NodeState::unusable, "NodeFailsItsGate");
  if (node.status.deploying) return set_state(turn, node, NodeState::starting, "NodeGetsPackages");
  if (node.status.awaits_images)
    return set_state(turn, node, NodeState::starting, "NodeFetchesImages");
  const PoolFacts& facts = node.pool->status.facts;
  const protocol::StartTaskPhase phase = node.status.start_task.phase;
  const bool failed = phase == protocol::StartTaskPhase::failed;
  if (failed) {
    const std::optional<Failure>& failure = node.status.start_task.end.failure;
    set_error(node, "StartTaskFailed",
              fmt::format("The start task failed ({}). Read startup/stderr.txt of this node, "
                          "correct the start task, and let the node start again.",
                          failure ? failure->message : "no reason given"));
  }
  if (!facts.start_task_gates || !facts.start_task || phase == protocol::StartTaskPhase::succeeded)
    set_working(turn, node);
  else if (failed)
    set_state(turn, node, NodeState::starttaskfailed, "StartTaskFailed");
  else
    set_state(turn, node, NodeState::waitingforstarttask, "NodeWaitsForStartTask");
}

namespace {

// An agent that has just started has not heard of the faults that are to show.
void take_probe(Turn& turn, NodeRecord& node, protocol::Probe probe) {
  if (probe.injected.empty()) apply_faults(faults_on(node), probe);
  node.status.probe = std::move(probe);
  judge_node(turn, node);
}

void probe_changed(Turn& turn, NodeRecord& node, protocol::Probe& probe) {
  node.status.probe = std::move(probe);
  turn.touch(node, "");  // its state may stay
  judge_node(turn, node);
  settle_node(turn, node);
}

void joined(Turn& turn, NodeRecord& node, protocol::Hello& hello) {
  // Of a life that has been ended, and of a node that is to be given back, nothing counts.
  if (hello.incarnation == node.status.past_incarnation || is_away(node)) return;
  node.linked = true;
  if (node.status.incarnation != hello.incarnation) {
    // The node started anew: whatever ran there is gone.
    lose_runs(turn, node, false);
    renew_preparations(turn, node);
    node.status.incarnation = hello.incarnation;
    node.status.booted = turn.now;
    node.status.start_task = {};
    node.status.faulty = false;
    node.status.failing.clear();
    node.status.gate_failures = 0;
    node.status.quarantined = false;
    node.status.certificates = node.pool->status.facts.certificates;
    node.status.packages = node.pool->status.facts.packages;
    node.status.deploying = !node.status.packages.empty();
    node.status.awaits_images = node.pool->status.facts.containers;
    node.status.awaits_extensions = node.pool->status.facts.extensions;
    node.status.extended = node.status.deployed = node.status.has_images = Time();
    if (departs(node) && node.status.state != NodeState::leavingpool && !node.status.draining)
      set_state(turn, node, NodeState::starting, "NodeStarting");
  }
  node.status.agent_version = std::move(hello.agent_version);
  node.status.launch_endpoint = std::move(hello.launch_endpoint);
  if (!hello.ip_address.empty()) node.status.ip_address = std::move(hello.ip_address);
  if (!hello.host_name.empty()) node.status.host_name = std::move(hello.host_name);
  take_probe(turn, node, std::move(hello.probe));
  node.status.start_task = hello.start_task;
  node.status.losses = 0;
  clear_error(node, "AgentLost");
  turn.touch(node, "AgentJoined");

  const PoolStatus& pool = node.pool->status;
  GreetAgent greeting{.pool = node.pool->id,
                      .node = node.id,
                      .facts = pool.facts,
                      .dedicated = node.status.dedicated,
                      .start_generation = {},
                      .packages = packages_of(turn.state, node.status.packages),
                      .extended = node.status.extensions};
  if (pool.facts.start_task && hello.start_task.phase == protocol::StartTaskPhase::none)
    greeting.start_generation = pool.start_generation;
  turn.perform(std::move(greeting));
  if (!node.status.users.empty()) turn.tell(node, protocol::SetUsers{node.status.users});
  // Also when there are none: the agent may know some that are over by now.
  if (const std::vector<protocol::Fault> faults = faults_on(node);
      !faults.empty() || !node.status.probe.injected.empty())
    turn.tell(node, protocol::SetFaults{faults});
  resume_runs(turn, node, hello.runs);
  resume_job_tasks(turn, node, hello.job_tasks);
  settle_node(turn, node);
  departure_step(turn, node);
}

void start_task_changed(Turn& turn, NodeRecord& node, protocol::StartTaskReport& report) {
  node.status.start_task = std::move(report);
  turn.touch(node, "StartTaskChanged");
  if (node.status.start_task.phase == protocol::StartTaskPhase::succeeded)
    clear_error(node, "StartTaskFailed");
  settle_node(turn, node);
}

void node_fault(Turn& turn, NodeRecord& node, protocol::NodeFault& fault) {
  node.status.faulty = true;
  set_error(node, std::move(fault.code), std::move(fault.message), std::move(fault.details));
  turn.touch(node, "NodeFaulty");
  lose_runs(turn, node, false);
  settle_node(turn, node);
}

void packages_deployed(Turn& turn, NodeRecord& node) {
  if (!std::exchange(node.status.deploying, false)) return;
  node.status.deployed = turn.now;
  turn.touch(node, "PackagesDeployed");
  settle_node(turn, node);
}

void images_ready(Turn& turn, NodeRecord& node) {
  if (!std::exchange(node.status.awaits_images, false)) return;
  node.status.has_images = turn.now;
  turn.touch(node, "ImagesFetched");
  settle_node(turn, node);
}

// What a machine can have counted; the sums over a pool stay numbers, whatever an agent says.
protocol::NodeUsage bounded(protocol::NodeUsage usage) {
  constexpr std::int64_t most = std::int64_t{1} << 50;
  for (std::int64_t* counted :
       {&usage.disk_read_bytes, &usage.disk_write_bytes, &usage.disk_read_ops,
        &usage.disk_write_ops, &usage.network_in_bytes, &usage.network_out_bytes})
    *counted = std::clamp<std::int64_t>(*counted, 0, most);
  return usage;
}

struct Said {
  Turn& turn;
  NodeRecord& node;
  void operator()(protocol::Hello& hello) const { joined(turn, node, hello); }
  void operator()(protocol::StartTaskChanged& said) const {
    start_task_changed(turn, node, said.report);
  }
  void operator()(protocol::MemberReady& said) const { member_ready(turn, node, said); }
  void operator()(protocol::RunEnded& said) const {
    member_ended(turn, node, said.key, said.member, said.end);
  }
  void operator()(protocol::FileAnswer&) const {}
  void operator()(protocol::JobTaskChanged& said) const {
    job_task_changed(turn, node, said.report);
    departure_step(turn, node);
  }
  void operator()(protocol::NodeFault& said) const { node_fault(turn, node, said); }
  void operator()(protocol::UploadWanted& said) const {
    upload_wanted(turn, node, said.key, said.member);
  }
  void operator()(protocol::NodeUsage& usage) const { node.usage = bounded(usage); }
  void operator()(protocol::PackagesDeployed&) const { packages_deployed(turn, node); }
  void operator()(protocol::ImagesReady&) const { images_ready(turn, node); }
  void operator()(protocol::ExtensionsChanged& said) const { extensions_changed(turn, node, said); }
  void operator()(protocol::ProbeChanged& said) const { probe_changed(turn, node, said.probe); }
  void operator()(protocol::RunGranted& said) const {
    run_granted(turn, node, said.key, said.member, said.grant);
  }
};

// Its agent should be heard of.
bool should_be_linked(const NodeRecord& node) {
  return node.made && !node.linked && !node.status.incarnation.empty() && !is_away(node);
}

// Silence does not change what is shown of it.
bool keeps_its_state(const NodeRecord& node) {
  return departs(node) || node.status.state == NodeState::unknown ||
         node.status.state == NodeState::unusable;
}

}  // namespace

void agent_gone(Turn& turn, NodeRecord& node) {
  if (!node.linked) return;
  node.linked = false;
  node.usage.reset();
  node.unlinked_since = turn.now;
  refresh_open(node);
}

void node_deadline(Turn& turn, NodeRecord& node) {
  if (node.status.state == NodeState::preempted && !node.dropped && node.status.returns <= turn.now)
    come_back(turn, node);
  if (!node.dropped) departure_step(turn, node);
  if (!should_be_linked(node)) return;
  if (later(node.unlinked_since, unknown_after) <= turn.now && !keeps_its_state(node)) {
    set_error(node, "AgentLost",
              fmt::format("The agent of this node has not been heard of since {}. Its tasks go on "
                          "if the node lives; they are started "
                          "elsewhere after {}. Look at the agent's log on the node.",
                          to_iso8601(node.unlinked_since), to_iso8601(requeue_after)));
    set_state(turn, node, NodeState::unknown, "AgentLost");
  }
  if (later(node.unlinked_since, requeue_after) > turn.now) return;
  if (!node.runs.empty()) lose_runs(turn, node, false);
  if (awaits_job_tasks(node)) lose_job_tasks(turn, node);
  if (!node.dropped) departure_step(turn, node);
}

Result<Reply> decide(Turn& turn, AgentSaid& command) {
  NodeRecord* node = turn.state.node(command.pool, command.node);
  if (node == nullptr) return refusal("NodeNotFound", "The specified node does not exist.");
  std::visit(Said{turn, *node}, command.message);
  return Reply();
}

Result<Reply> decide(Turn& turn, AgentLost& command) {
  NodeRecord* node = turn.state.node(command.pool, command.node);
  if (node == nullptr) return Reply();
  agent_gone(turn, *node);
  if (departs(*node) && !node->dropped) departure_step(turn, *node);
  return Reply();
}

Result<Reply> decide(Turn& turn, FleetMade& command) {
  NodeRecord* node = turn.state.node(command.node.pool, command.node.node);
  if (node == nullptr) {
    turn.perform(DropNode{command.node.pool, command.node.node});
    return Reply();
  }
  node->status.ip_address = command.node.ip_address;
  node->status.host_name = command.node.host_name;
  if (node->status.made == Time()) node->status.made = turn.now;
  if (!std::exchange(node->made, true)) {
    node->status.allocated = turn.now;
    node->unlinked_since = turn.now;
    ++(node->status.dedicated ? node->pool->status.current_dedicated
                              : node->pool->status.current_low_priority);
    turn.note(*node->pool, "PoolGrew");
    turn.touch(*node, "NodeAllocated");
  }
  const NodeState state = node->status.state;
  const bool restarted = (state == NodeState::rebooting || state == NodeState::reimaging) &&
                         !node->status.draining && command.node.life >= node->status.life;
  if (!node->linked && (state == NodeState::creating || state == NodeState::unknown || restarted))
    set_state(turn, *node, NodeState::starting, "NodeStarting");
  resize_step(turn, *node->pool);
  return Reply();
}

namespace {

// Many nodes that cannot be had for one reason are one error.
void tell_once(PoolRecord& pool, const Error& error) {
  const bool told = std::ranges::any_of(pool.status.resize_errors, [&](const ResizeError& one) {
    return one.code == "AllocationFailed" && one.message == error.message;
  });
  if (!told)
    pool.status.resize_errors.push_back({.code = "AllocationFailed",
                                         .message = error.message,
                                         .values = {{"Reason", error.cause}}});
}

}  // namespace

Result<Reply> decide(Turn& turn, FleetFailed& command) {
  NodeRecord* node = turn.state.node(command.pool, command.node);
  if (node == nullptr) return Reply();
  PoolRecord& pool = *node->pool;
  if (!node->made || node->status.state == NodeState::leavingpool) {
    if (!node->made) tell_once(pool, command.error);
    agent_gone(turn, *node);
    lose_runs(turn, *node, false);
    leave_jobs(turn, *node, Leaving::row_stays);
    if (!node->dropped) turn.perform(DropNode{pool.id, node->id});  // its files are left
    remove_node(turn, *node);
    resize_step(turn, pool);
    return Reply();
  }
  agent_gone(turn, *node);
  lose_runs(turn, *node, false);
  // What it was to do next needs none of its processes.
  if (is_away(*node) || node->dropped) return Reply();
  if (node->status.draining) {
    departure_step(turn, *node);
    return Reply();
  }
  set_error(*node, "NodeLost", command.error.message, {{"Cause", command.error.cause}});
  if (++node->status.losses > losses_max) {
    set_state(turn, *node, NodeState::unusable, "NodeUnusable");
    lose_job_tasks(turn, *node);
  } else {
    set_state(turn, *node, NodeState::starting, "NodeLost");
    want_node(turn, *node);
  }
  turn.touch(*node, "NodeLost");
  resize_step(turn, pool);
  return Reply();
}

Result<Reply> decide(Turn& turn, Tick&) {
  std::vector<PoolId> pools;
  for (auto& [id, pool] : turn.state.pools) {
    for (auto& [node_id, node] : pool.nodes) {
      node_deadline(turn, node);
      end_old_runs(turn, node);
    }
    pools.push_back(id);
  }
  for (const PoolId& id : pools) {
    fault_step(turn, *turn.state.pool(id));
    pool_deadline(turn, *turn.state.pool(id));
  }
  for (auto& [id, job] : turn.state.jobs) job_deadline(turn, job);
  for (auto& [id, pool] : turn.state.pools) autoscale_deadline(turn, pool);
  settle_ended_jobs(turn);
  std::vector<ScheduleId> schedules;
  for (const auto& [id, schedule] : turn.state.schedules) schedules.push_back(id);
  for (const ScheduleId& id : schedules) schedule_step(turn, *turn.state.schedule(id));
  return Reply();
}

Time next_deadline(const State& state) {
  Time next = Time::max();
  const auto at = [&](Time time) { next = std::min(next, time); };
  for (const auto& [id, pool] : state.pools) {
    if (pool.status.state == PoolState::active &&
        pool.status.allocation == AllocationState::resizing)
      at(later(pool.status.allocation_since, pool.status.resize_timeout));
    at(next_autoscale(pool));
    at(next_fault(pool));
    for (const auto& [node_id, node] : pool.nodes) {
      for (const NodeRun& run : node.runs) {
        const Task& task = run.job->tasks[run.task];
        if (!task.detail->status.ending) at(later(task.created, task_lifetime));
      }
      if (!node.dropped) {
        at(departure_deadline(node));
        if (node.status.state == NodeState::preempted) at(node.status.returns);
      }
      if (!should_be_linked(node)) continue;
      if (!keeps_its_state(node))
        at(later(node.unlinked_since, unknown_after));
      else if (!node.runs.empty() || awaits_job_tasks(node))
        at(later(node.unlinked_since, requeue_after));
    }
  }
  for (const auto& [id, job] : state.jobs) {
    if (job.status.state != JobState::terminating && job.status.state != JobState::completed &&
        job.status.state != JobState::deleting)
      at(later(job.status.created, job.status.facts.max_wall_clock));
    if (job.status.state == JobState::active && first_task_deadline(job) != Time())
      at(first_task_deadline(job));
  }
  for (const auto& [id, schedule] : state.schedules) at(next_occurrence(state, schedule));
  return next;
}

}  // namespace batchyard::engine
