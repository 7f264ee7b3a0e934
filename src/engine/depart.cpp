// How a node stops working: its tasks end as the user's option says, then what its state says is
// done. The state is shown from the first moment on; `draining` tells that the tasks come first.
#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// What was known of the life that ends now is void. Its agent may be heard of a little longer.
void end_life(Turn& turn, NodeRecord& node) {
  agent_gone(turn, node);
  lose_runs(turn, node, false);  // uploads that were called off and not heard of again
  NodeStatus& status = node.status;
  status.draining = false;
  if (!status.incarnation.empty())
    status.past_incarnation = std::exchange(status.incarnation, std::string());
  status.start_task = {};
  status.errors.clear();
  status.certificates.clear();
  status.faulty = false;
  status.failing.clear();
  status.gate_failures = 0;
  status.quarantined = false;
  status.awaits_extensions = false;
  status.losses = 0;
  turn.touch(node, "");
}

// Its disk is a new one, too.
void lose_files(Turn& turn, NodeRecord& node) {
  leave_jobs(turn, node, Leaving::row_goes);
  ++node.status.image;
  node.status.data_until = Time();
  node.status.users.clear();
  node.status.extensions.clear();
}

// All that is awaited from it is the end of uploads that were called off, and its agent is gone.
bool is_silent(const NodeRecord& node) {
  return !node.linked && std::ranges::all_of(node.runs, [](const NodeRun& run) {
    const TaskStatus& status = run.job->tasks[run.task].detail->status;
    return status.uploading && status.requeue;
  });
}

void release(Turn& turn, NodeRecord& node) {
  if (!std::exchange(node.dropped, true)) turn.perform(DropNode{node.pool->id, node.id});
}

}  // namespace

bool departs(const NodeRecord& node) {
  switch (node.status.state) {
    case NodeState::leavingpool:
    case NodeState::rebooting:
    case NodeState::reimaging:
    case NodeState::deallocating:
      return true;
    default:
      return false;
  }
}

bool is_away(const NodeRecord& node) {
  return node.status.state == NodeState::deallocated || node.status.state == NodeState::preempted;
}

void give_up_runs(Turn& turn, NodeRecord& node, Deallocation option) {
  switch (option) {
    case Deallocation::requeue:
      lose_runs(turn, node, true);
      break;
    case Deallocation::terminate:
      for (const NodeRun& run : std::vector<NodeRun>(node.runs)) {
        // With a job manager, others may have ended.
        if (std::ranges::find(node.runs, run) == node.runs.end()) continue;
        end_task(turn, *run.job, run.job->tasks[run.task], ended_by("the removal of its node"));
        job_step(turn, *run.job);
      }
      break;
    case Deallocation::taskcompletion:
    case Deallocation::retaineddata:
      break;
  }
}

void send_off(Turn& turn, NodeRecord& node, NodeState to, Deallocation option,
              std::string_view what) {
  node.status.draining = true;
  node.status.option = option;
  set_state(turn, node, to, what);
  give_up_runs(turn, node, option);
}

Time departure_deadline(const NodeRecord& node) {
  const bool waits =
      departs(node) && (node.status.draining || node.status.state == NodeState::leavingpool);
  if (!waits || !(node.runs.empty() || is_silent(node))) return Time::max();
  return node.status.option == Deallocation::retaineddata ? node.status.data_until : Time();
}

void departure_step(Turn& turn, NodeRecord& node) {
  if (const Time due = departure_deadline(node); due > turn.now) {
    turn.deadline_set = turn.deadline_set || due < Time::max();
    return;
  }
  switch (node.status.state) {
    case NodeState::reimaging:
      lose_files(turn, node);
      [[fallthrough]];
    case NodeState::rebooting:
      ++node.status.life;
      end_life(turn, node);
      want_node(turn, node);
      break;
    default:
      release(turn, node);
  }
}

void come_back(Turn& turn, NodeRecord& node) {
  ++node.status.life;
  node.status.returns = Time();
  set_state(turn, node, NodeState::creating, "NodeComesBack");
  want_node(turn, node);
}

Result<Reply> decide(Turn& turn, PreemptNode& command) {
  NodeRecord* node = turn.state.node(command.pool, command.node);
  if (node == nullptr) return refusal("NodeNotFound", "The specified node does not exist.");
  if (node->status.dedicated)
    return refusal("OperationNotValidOnNode",
                   "The specified operation is not valid on the node. Only low-priority nodes are "
                   "preempted; isDedicated of this one is true.");
  if (!node->made || departs(*node) || is_away(*node))
    return refusal(
        "OperationInvalidForCurrentState",
        "The specified operation is not valid for the current state of the node: it is " +
            std::string(boost::describe::enum_to_string(node->status.state, "")) +
            ". Wait until it is idle or running.");
  lose_runs(turn, *node, false);
  end_life(turn, *node);
  lose_files(turn, *node);
  node->status.returns = later(turn.now, command.away);
  set_state(turn, *node, NodeState::preempted, "NodePreempted");
  release(turn, *node);
  return Reply{.version = node->version, .modified = node->status.modified, .items = {}};
}

Result<Reply> decide(Turn& turn, FleetUnmade& command) {
  NodeRecord* node = turn.state.node(command.pool, command.node);
  if (node == nullptr || !std::exchange(node->dropped, false)) return Reply();
  PoolRecord& pool = *node->pool;
  switch (node->status.state) {
    case NodeState::preempted:
      if (node->status.returns <= turn.now) come_back(turn, *node);
      break;
    case NodeState::deallocating:
      end_life(turn, *node);
      lose_files(turn, *node);
      set_state(turn, *node, NodeState::deallocated, "NodeDeallocated");
      break;
    default:
      agent_gone(turn, *node);
      lose_runs(turn, *node, false);
      leave_jobs(turn, *node, Leaving::row_stays);
      remove_node(turn, *node);
      resize_step(turn, pool);
  }
  return Reply();
}

}  // namespace batchyard::engine
