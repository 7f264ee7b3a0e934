// What users ask of single nodes: to start anew, to stop, to take tasks or not, and who may log in.
#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_to_string.hpp>

#include "base/error_codes.h"
#include "base/text.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// The accounts of a pool have lower numbers.
constexpr std::int64_t first_user_number = 63'000;

std::string word(NodeState state) {
  return boost::describe::enum_to_string(state, "");
}

Result<NodeRecord*> existing(Turn& turn, const PoolId& pool_id, const NodeId& id) {
  const PoolRecord* pool = turn.state.pool(pool_id);
  if (pool == nullptr) return refusal("PoolNotFound", "The specified pool does not exist.");
  NodeRecord* node = turn.state.node(pool_id, id);
  if (node == nullptr) return refusal("NodeNotFound", "The specified node does not exist.");
  return node;
}

// Why a node in this state cannot do what was asked.
std::unexpected<Error> wrong_state(const NodeRecord& node, std::string_view cure) {
  const auto refuse = [&](Code code, std::string_view message) {
    return refusal(code, fmt::format("{} {}", message, cure),
                   {{"Reason", "The state of the node is " + word(node.status.state)}});
  };
  switch (node.status.state) {
    case NodeState::creating:
      return refuse("NodeBeingCreated", "The specified node is being created.");
    case NodeState::starting:
    case NodeState::waitingforstarttask:
      return refuse("NodeBeingStarted", "The specified node is being started.");
    case NodeState::rebooting:
      return refuse("NodeBeingRebooted", "The specified node is being rebooted.");
    case NodeState::reimaging:
      return refuse("NodeBeingReimaged", "The specified node is being reimaged.");
    case NodeState::unusable:
      return refuse("NodeStateUnusable", "The specified node is unusable.");
    default:
      return refuse("OperationInvalidForCurrentState",
                    fmt::format("The specified operation is not valid for the current state of the "
                                "node, which is {}.",
                                word(node.status.state)));
  }
}

// A node that works, or one that is to be cured by the action.
bool may_restart(NodeState state) {
  return state == NodeState::idle || state == NodeState::running || state == NodeState::offline ||
         state == NodeState::starttaskfailed || state == NodeState::unusable;
}

Result<> check_action(const NodeRecord& node, NodeAction action) {
  const NodeState state = node.status.state;
  const auto scheduling = [&](SchedulingState wanted) -> Result<> {
    if (node.status.scheduling == wanted)
      return refusal(
          "NodeAlreadyInTargetSchedulingState",
          fmt::format("The specified node is already in the target scheduling state: its "
                      "schedulingState is {}.",
                      boost::describe::enum_to_string(wanted, "")));
    if (state == NodeState::leavingpool) return wrong_state(node, "It takes no tasks any more.");
    return Done();
  };
  switch (action) {
    case NodeAction::reboot:
    case NodeAction::reimage:
    case NodeAction::deallocate:
      if (!may_restart(state)) return wrong_state(node, "Wait until it is idle or running.");
      return Done();
    case NodeAction::start:
      if (state != NodeState::deallocated)
        return wrong_state(node, "Only a deallocated node can be started.");
      return Done();
    case NodeAction::disable_scheduling:
      return scheduling(SchedulingState::disabled);
    case NodeAction::enable_scheduling:
      return scheduling(SchedulingState::enabled);
  }
  return Done();
}

void set_scheduling(Turn& turn, NodeRecord& node, SchedulingState to) {
  node.status.scheduling = to;
  turn.touch(node, to == SchedulingState::enabled ? "SchedulingEnabled" : "SchedulingDisabled");
}

Reply reply_of(const NodeRecord& node) {
  return {.version = node.version, .modified = node.status.modified, .items = {}};
}

// Names of accounts on Linux are told apart by case.
auto find_user(NodeRecord& node, std::string_view name) {
  return std::ranges::find(node.status.users, name, &protocol::Account::name);
}

Result<NodeRecord*> reachable(Turn& turn, const PoolId& pool, const NodeId& id) {
  NodeRecord* node = TRY(existing(turn, pool, id));
  switch (node->status.state) {
    case NodeState::idle:
    case NodeState::running:
    case NodeState::offline:
    case NodeState::waitingforstarttask:
    case NodeState::starttaskfailed:
      return node;
    default:
      return wrong_state(*node, "Wait until it is idle or running.");
  }
}

void tell_users(Turn& turn, NodeRecord& node) {
  turn.tell(node, protocol::SetUsers{node.status.users});
}

}  // namespace

Result<Reply> decide(Turn& turn, ActOnNode& command) {
  NodeRecord* node = TRY(existing(turn, command.pool, command.node));
  TRY(check_action(*node, command.action));
  switch (command.action) {
    case NodeAction::reboot:
      send_off(turn, *node, NodeState::rebooting, command.option, "NodeRebooting");
      departure_step(turn, *node);
      break;
    case NodeAction::reimage:
      send_off(turn, *node, NodeState::reimaging, command.option, "NodeReimaging");
      departure_step(turn, *node);
      break;
    case NodeAction::deallocate:
      send_off(turn, *node, NodeState::deallocating, command.option, "NodeDeallocating");
      departure_step(turn, *node);
      break;
    case NodeAction::start:
      ++node->status.life;
      set_state(turn, *node, NodeState::starting, "NodeStarting");
      want_node(turn, *node);
      break;
    case NodeAction::disable_scheduling:
      set_scheduling(turn, *node, SchedulingState::disabled);
      refresh_open(*node);
      give_up_runs(turn, *node, command.option);
      break;
    case NodeAction::enable_scheduling:
      set_scheduling(turn, *node, SchedulingState::enabled);
      break;
  }
  const NodeState state = node->status.state;
  if (state == NodeState::idle || state == NodeState::running || state == NodeState::offline)
    set_working(turn, *node);
  return reply_of(*node);
}

Result<Reply> decide(Turn& turn, SetNodeUser& command) {
  NodeRecord* node = TRY(reachable(turn, command.pool, command.node));
  const auto found = find_user(*node, command.account.name);
  const bool there = found != node->status.users.end();
  if (command.add && there)
    return refusal("NodeUserExists",
                   fmt::format("The specified node user already exists: {}. Update it with PUT, or "
                               "choose another name.",
                               command.account.name));
  if (!command.add && !there)
    return refusal("NodeUserNotFound", fmt::format("The specified node user does not exist: {}.",
                                                   command.account.name));
  if (there) {
    command.account.admin = found->admin;
    command.account.uid = command.account.gid = found->uid;
    *found = std::move(command.account);
  } else {
    std::int64_t number = first_user_number;
    for (const protocol::Account& user : node->status.users)
      number = std::max(number, user.uid + 1);
    command.account.uid = command.account.gid = number;
    node->status.users.push_back(std::move(command.account));
  }
  turn.touch(*node, "NodeUserSet");
  tell_users(turn, *node);
  return reply_of(*node);
}

Result<Reply> decide(Turn& turn, RemoveNodeUser& command) {
  NodeRecord* node = TRY(reachable(turn, command.pool, command.node));
  const auto found = find_user(*node, command.name);
  if (found == node->status.users.end())
    return refusal("NodeUserNotFound",
                   fmt::format("The specified node user does not exist: {}.", command.name));
  node->status.users.erase(found);
  turn.touch(*node, "NodeUserRemoved");
  tell_users(turn, *node);
  return reply_of(*node);
}

}  // namespace batchyard::engine
