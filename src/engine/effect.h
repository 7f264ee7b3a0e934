// What the engine wants done in the world after a commit. Effects may be lost (the process may die
// right after the commit): everything they do is asked for again after a restart or a Hello, so
// each can be repeated.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "engine/fleet.h"
#include "model/status.h"
#include "protocol/messages.h"

namespace batchyard::engine {

// The fleet shall have this node, or give it back.
struct WantNode {
  NodeOrder order;
};
struct DropNode {
  PoolId pool;
  NodeId node;
};

// The agent has joined: its Welcome, and its start task when `start_generation` is set. The outbox
// takes the start task from the pool's spec.
struct GreetAgent {
  PoolId pool;
  NodeId node;
  PoolFacts facts;
  bool dedicated = true;
  std::optional<std::int64_t> start_generation;
  std::vector<protocol::Package> packages{};          // of its pool
  std::vector<protocol::ExtensionReport> extended{};  // what became of its extensions so far
};

// Start a run on these nodes; one node for a plain task. The outbox takes the task's spec and the
// job's environment from the store and makes the gang's secret.
struct GangSeat {
  NodeId node;
  std::string ip_address;
  std::string host_name;
  std::string launch_endpoint;
  std::string incarnation{};
};
struct StartRun {
  PoolId pool;
  protocol::RunKey key;
  std::int32_t slots = 1;
  bool gang = false;
  Time job_created;             // with the job's id: which job of that id
  std::vector<GangSeat> seats;  // by member
  std::optional<std::int32_t>
      only;            // tell this member alone (said again after its agent came back)
  TaskId preparation;  // the job's preparation task; empty: it has none
  std::vector<protocol::Package> packages{};
  std::string no_fabric{};  // of a gang: why its members cannot use RDMA with each other
};

// Run the job's preparation or release task on this node. The outbox takes its spec and the job's
// environment from the store.
struct StartJobTask {
  PoolId pool;
  NodeId node;
  JobId job;
  Time job_created;
  protocol::JobTaskKind kind = protocol::JobTaskKind::preparation;
  std::int64_t generation = 0;
  JobHelpers helpers;
};

// Any other message, as it is.
struct TellAgent {
  PoolId pool;
  NodeId node;
  protocol::ToAgent message;
};

// The task is deleted, or the whole job when `task` is empty: what is kept of its files beside its
// node goes, too.
struct ForgetFiles {
  JobId job;
  TaskId task;
};

// The node dies, because that was asked for.
struct LoseNode {
  PoolId pool;
  NodeId node;
};

// Nothing refers to that archive any more.
struct DropContent {
  std::string content;
};

using AnyEffect = std::variant<WantNode, DropNode, GreetAgent, StartRun, TellAgent, StartJobTask,
                               ForgetFiles, DropContent, LoseNode>;

// One of them; what moves and destroys it is compiled once, in effect.cpp.
struct Effect : AnyEffect {
  using AnyEffect::variant;
  Effect(Effect&& other) noexcept;
  Effect& operator=(Effect&& other) noexcept;
  Effect(const Effect&) = delete;
  Effect& operator=(const Effect&) = delete;
  ~Effect();
};

class EffectSink {
 public:
  virtual ~EffectSink() = default;
  virtual void perform(Effect effect) = 0;
};

}  // namespace batchyard::engine
