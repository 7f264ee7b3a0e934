// The server of a simulated world: the real engine on a store that survives its crashes, with an
// outbox that turns effects into messages and orders for the simulated fleet.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "protocol/messages.h"
#include "testing/memory_store.h"
#include "testing/random.h"
#include "testing/sim_checks.h"
#include "testing/sim_clock.h"
#include "testing/sim_trace.h"

namespace batchyard::testing {

// What goes wrong in a world; each number is "once in so many", 0 for never.
struct SimFaults {
  std::uint64_t crash_before_commit = 0;
  std::uint64_t crash_after_commit = 0;
  std::uint64_t server_kill = 0;  // these four: per second of the world
  std::uint64_t agent_kill = 0;
  std::uint64_t node_crash = 0;
  std::uint64_t link_cut = 0;
  std::uint64_t make_fails = 0;  // per node that is made
  std::uint64_t task_fails = 0;  // per command that ends
  Duration latency_max{20};
};

// Planted bugs, to show that the checks can see.
enum class Canary {
  none,
  lying_disk,
  double_start,
  lost_count,
  skipped_preparation,
  no_order,
  lost_packages,
  no_images,
  no_extensions,
  blind_gate
};

// Of pools that have some: two, the second of which wants its node started anew.
std::vector<protocol::Extension> sim_extensions();

// The outside of the server, as the world gives it.
struct SimServerPorts {
  std::function<void(const engine::NodeOrder&)> make_node;
  std::function<void(const PoolId&, const NodeId&)> unmake_node;
  std::function<void(const PoolId&, const NodeId&)> lose_node;
  std::function<void(const PoolId&, const NodeId&, protocol::ToAgent)> send;
};

class SimServer : public engine::EffectSink, public engine::Inbox {
 public:
  SimServer(SimClock& clock, Random& random, SimTrace& trace, SimFaults& faults, Canary canary,
            SimServerPorts ports);

  MemoryStore store;
  SimChecks checks{store};

  bool up() const { return engine_ != nullptr; }
  // Everything in memory is gone; what was committed stays. It starts again by itself after a
  // while.
  void kill();
  // Called when the server went down or came up: links break, or agents may dial.
  std::function<void(bool up)> on_change;

  void submit(engine::Command command, engine::OnDone done) override;
  void perform(engine::Effect effect) override;
  bool has_work() const { return !waiting_.empty() || !turned_; }
  const engine::State& state() const { return engine_->state(); }

 private:
  class WatchedStore;
  void start();
  void turn();
  void wake(Duration delay);
  void act(engine::Effect& effect);
  void start_run(const engine::StartRun& run);
  void start_job_task(const engine::StartJobTask& task);
  void set_up(const engine::GreetAgent& greet);

  SimClock& clock_;
  Random& random_;
  SimTrace& trace_;
  SimFaults& faults_;
  Canary canary_;
  SimServerPorts ports_;
  std::shared_ptr<WatchedStore> watched_;
  std::unique_ptr<engine::Engine> engine_;
  std::vector<engine::Submission> waiting_;
  bool turned_ = false;       // it has looked at what is due since it came up
  Time armed_ = Time::max();  // the deadline that a wake-up is set for
  std::int64_t life_ = 0;     // counts its starts: what an earlier life left in the air is void
};

}  // namespace batchyard::testing
