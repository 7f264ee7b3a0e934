// The engine's thread: takes the commands that wait together, gives them to the engine with the
// time, and comes back when a deadline passes.
#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/clock/clock.h"
#include "edge/clock/load.h"
#include "engine/engine.h"

namespace batchyard::server {

class Driver : public engine::Inbox, public engine::FleetListener {
 public:
  // `on_broken` is called once, from the engine's thread, when a commit has failed: the process
  // must end; `on_commit` after every batch.
  Driver(engine::Store& store, engine::EffectSink& sink, edge::Clock& clock, edge::Load& load,
         std::function<void(Error)> on_broken, std::function<void()> on_commit);
  ~Driver() override;

  // Before start(): what the operator has set.
  void use(GateRules gate, std::vector<FaultPlan> faults, const engine::Quotas& quotas) {
    engine_.use(std::move(gate), std::move(faults), quotas);
  }
  // Loads the state and starts the thread.
  Result<> start();
  // Decides what was submitted until now, then ends the thread. Later commands are answered
  // ServerBusy.
  void stop();

  // When the engine has something to do by itself; Time::max() for never.
  Time next_deadline() const { return next_deadline_; }

  void submit(engine::Command command, engine::OnDone done) override;

  void made(engine::NodeMade node) override;
  void failed(PoolId pool, NodeId node, Error error) override;
  void unmade(PoolId pool, NodeId node) override;

 private:
  void run();
  bool wait_for_work(std::vector<engine::Submission>& batch);

  engine::Engine engine_;
  edge::Clock& clock_;
  edge::Load& load_;
  std::atomic<Time> next_deadline_{Time::max()};
  std::function<void(Error)> on_broken_;
  std::function<void()> on_commit_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::vector<engine::Submission> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
