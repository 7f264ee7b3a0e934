#include "explain/facts.h"

namespace batchyard::explain {

namespace {

Reason state_reason(const std::string& pool, const std::string& id, std::string code,
                    const std::string& message, std::string cure = {}) {
  return {std::move(code), fmt::format("Node {} {}", id, message), std::move(cure),
          fmt::format("node/{}/{}", pool, id)};
}

std::string tries_of(const protocol::StartTaskReport& task) {
  std::string text;
  if (task.retry_count > 0) text += fmt::format(" after {}", counted(task.retry_count, "retry"));
  if (task.end.exit_code) text += fmt::format(", with exit code {}", *task.end.exit_code);
  if (task.end.failure) text += fmt::format(" ({})", task.end.failure->code);
  return text;
}

// The errors say more than the state; without any the state must do.
std::optional<Hindrance> broken(const std::string& pool, const Known<NodeStatus>& node) {
  const NodeStatus& status = node.status;
  Reason reason = state_reason(
      pool, node.id, "NodeUnusable",
      fmt::format("is {} since {}.", word(status.state), to_iso8601(status.state_since)),
      "Reboot or reimage the node.");
  if (status.state == NodeState::starttaskfailed)
    reason = state_reason(
        pool, node.id, "StartTaskFailed",
        fmt::format("is closed to tasks: its start task failed{}.", tries_of(status.start_task)),
        "Read startup/stdout.txt and startup/stderr.txt of the node, correct the pool's start "
        "task, "
        "then reboot the node.");
  else if (!status.errors.empty()) {
    reason = reason_of(status.errors.back(), reason.entity);
    reason.message = fmt::format("Node {} is {}: {}", node.id, word(status.state), reason.message);
  }
  return Hindrance{std::move(reason), false};
}

// Empty: none has begun.
std::string extension_under_way(const NodeStatus& node) {
  for (const protocol::ExtensionReport& report : node.extensions) {
    if (report.state == protocol::ExtensionState::running ||
        report.state == protocol::ExtensionState::restarting)
      return report.name;
  }
  return {};
}

std::optional<Hindrance> on_its_way(const std::string& pool, const Known<NodeStatus>& node) {
  const NodeStatus& status = node.status;
  const std::string since = to_iso8601(status.state_since);
  const auto comes = [&](const char* code, const std::string& message) {
    return Hindrance{state_reason(pool, node.id, code, message), true};
  };
  switch (status.state) {
    case NodeState::creating:
      return comes("NodeCreating", fmt::format("is being made by the fleet since {}.", since));
    case NodeState::starting:
      if (status.awaits_extensions && !status.incarnation.empty()) {
        const std::string name = extension_under_way(status);
        return comes("ExtensionsRun",
                     name.empty() ? fmt::format("is about to run its extensions since {}.", since)
                                  : fmt::format("runs its extension {} since {}.", name, since));
      }
      return comes("NodeStarting",
                   fmt::format("is there; its agent has not joined since {}.", since));
    case NodeState::waitingforstarttask:
      return comes("StartTaskRuns", fmt::format("runs its start task since {}{}.", since,
                                                tries_of(status.start_task)));
    case NodeState::preempted:
      return comes("NodePreempted", fmt::format("was taken by others; it is made again at {}.",
                                                to_iso8601(status.returns)));
    default:
      return comes("NodeRestarts", fmt::format("is {} since {}.", word(status.state), since));
  }
}

}  // namespace

std::optional<Hindrance> hindrance_of(const std::string& pool, const Known<NodeStatus>& node) {
  const NodeStatus& status = node.status;
  const auto lasts = [&](const char* code, const std::string& message, const char* cure) {
    return Hindrance{state_reason(pool, node.id, code, message, cure), false};
  };
  switch (status.state) {
    case NodeState::unusable:
    case NodeState::unknown:
    case NodeState::starttaskfailed:
      return broken(pool, node);
    case NodeState::leavingpool:
    case NodeState::deallocating:
      return lasts(
          "NodeLeaves",
          fmt::format("is {} since {}{}.", word(status.state), to_iso8601(status.state_since),
                      status.draining ? ", once its tasks have ended" : ""),
          "");
    case NodeState::deallocated:
      return lasts("NodeDeallocated",
                   fmt::format("is deallocated since {}.", to_iso8601(status.state_since)),
                   "Start the node.");
    case NodeState::idle:
    case NodeState::running:
    case NodeState::offline:
      break;
    default:
      return on_its_way(pool, node);
  }
  if (status.scheduling == SchedulingState::disabled)
    return lasts("SchedulingDisabled", "takes no tasks: a user disabled scheduling on it.",
                 "Enable scheduling on the node.");
  if (status.deploying)
    return Hindrance{
        state_reason(pool, node.id, "PackagesOnTheirWay", "waits for its application packages."),
        true};
  if (status.awaits_images)
    return Hindrance{
        state_reason(pool, node.id, "ImagesOnTheirWay", "fetches its container images."), true};
  return std::nullopt;
}

// The parts of a node's way, in their order; those that had nothing to wait for are not there.
std::vector<Phase> phases_of(const NodeStatus& node) {
  std::vector<Phase> phases;
  const auto add = [&](const char* what, Time from, Time until) {
    if (from != Time())
      phases.push_back({what, from, until == Time() ? std::optional<Time>() : until});
  };
  add("the fleet makes it", node.begun, node.made);
  if (node.made == Time()) return phases;
  const bool joined = !node.incarnation.empty() && node.booted >= node.made;
  add("its agent joins", node.made, joined ? node.booted : Time());
  if (!joined) return phases;
  if (node.awaits_extensions || node.extended != Time())
    add("its extensions run", node.booted, node.extended);
  const Time extended = node.extended == Time() ? node.booted : node.extended;
  if (node.deploying || node.deployed != Time())
    add("application packages come", extended, node.deployed);
  if (node.awaits_images || node.has_images != Time())
    add("container images come", extended, node.has_images);
  const protocol::StartTaskReport& task = node.start_task;
  const bool over = task.phase == protocol::StartTaskPhase::succeeded ||
                    task.phase == protocol::StartTaskPhase::failed;
  add("the start task runs", task.end.started, over ? task.end.ended : Time());
  return phases;
}

void explain_node(const std::string& pool, const std::string& id, const NodeStatus& node,
                  Explanation& to) {
  if (const std::optional<Hindrance> hindrance = hindrance_of(pool, {id, node})) {
    to.summary = hindrance->reason.message;
    to.reasons.push_back(hindrance->reason);
    to.reasons.back().entity.clear();
  } else if (node.running_tasks > 0) {
    to.summary = fmt::format("Node {} works: {} on {}.", id, counted(node.running_tasks, "task"),
                             counted(node.running_slots, "slot"));
  } else {
    to.summary = fmt::format("Node {} is ready and has nothing to do.", id);
  }
  for (const NodeError& error : node.errors) {
    if (to.reasons.empty() || to.reasons.front().code != error.code)
      to.reasons.push_back(reason_of(error, {}));
  }
  to.phases = phases_of(node);
  if (node.state == NodeState::preempted) to.next.push_back({node.returns, "it is made again"});
}

}  // namespace batchyard::explain
