// The engine: decides a batch of commands, commits what they changed in one transaction, then
// answers and acts.
#pragma once

#include <utility>
#include <vector>

#include "engine/command.h"
#include "engine/effect.h"
#include "engine/state.h"
#include "engine/store.h"

namespace batchyard::engine {

struct Submission {
  Command command;
  OnDone done;
};

// One thread uses it. The driver (apps/server/driver.*) gives it the commands that wait together,
// and the time.
class Engine {
 public:
  Engine(Store& store, EffectSink& sink) : store_(store), sink_(sink) {}

  // Once, at the start: what the store holds becomes the state; nodes are wanted again, so that the
  // fleet takes over those that live.
  Result<> load(Time now);

  // Empties `batch`. An error means that the commit failed: nothing was answered, and the process
  // must stop, since memory is ahead of the disk.
  Result<> run(std::vector<Submission>& batch, Time now);

  // When to come back with a Tick at the latest; Time::max() for never.
  Time next_deadline() const { return next_deadline_; }

  // Before load(): what the operator has set beside the defaults.
  void use(GateRules gate, std::vector<FaultPlan> fault_plans, const Quotas& quotas = {}) {
    state_.gate = std::move(gate);
    state_.fault_plans = std::move(fault_plans);
    state_.quotas = quotas;
  }

  const State& state() const { return state_; }

 private:
  Store& store_;
  EffectSink& sink_;
  State state_;
  Time next_deadline_ = Time::max();
};

}  // namespace batchyard::engine
