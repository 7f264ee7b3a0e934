// An engine on a memory store with a clock that the test moves and agents that the test plays: for
// tests of the engine.
#pragma once

#include <string>
#include <vector>

#include "engine/engine.h"
#include "testing/memory_store.h"

namespace batchyard::testing {

class EngineBench : public engine::EffectSink {
 public:
  EngineBench() { restart(); }

  MemoryStore store;
  Time now{std::chrono::hours(24 * 365 * 56)};
  std::vector<engine::Effect> effects;  // since the last take()

  void perform(engine::Effect effect) override { effects.push_back(std::move(effect)); }

  // Decides one command; the answer, whose error is the test's to look at.
  Result<engine::Reply> run(engine::Command command);
  // The same as in a new process: what the store holds is all there is.
  void restart();

  // Every effect of that kind, and the others are forgotten.
  template <class Kind>
  std::vector<Kind> take() {
    std::vector<Kind> found;
    for (engine::Effect& effect : effects) {
      if (auto* match = std::get_if<Kind>(&effect)) found.push_back(std::move(*match));
    }
    effects.clear();
    return found;
  }

  // ---- a pool whose nodes are all there and linked ----
  std::vector<NodeId> add_pool(const std::string& id, std::int32_t nodes, PoolFacts facts = {});
  void add_job(const std::string& id, const std::string& pool, JobFacts facts = {});
  Result<> add_task(const std::string& job, const std::string& task, TaskFacts facts = {});

  void make(const std::string& pool, const NodeId& node);
  void join(const std::string& pool, const NodeId& node, std::vector<protocol::KnownRun> runs = {},
            protocol::StartTaskReport start_task = {}, const std::string& incarnation = "boot-1");
  void end(const engine::StartRun& run, std::int32_t member, std::int32_t exit_code);
  void ready(const engine::StartRun& run, std::int32_t member);

  // The node's agent says how the preparation or release came out.
  void report(const engine::StartJobTask& order, protocol::StartTaskPhase phase);
  void join_with(const std::string& pool, const NodeId& node,
                 std::vector<protocol::JobTaskReport> job_tasks,
                 const std::string& incarnation = "boot-1");

  PreparationStatus preparation(const std::string& job, const NodeId& node);
  TaskStatus task(const std::string& job, const std::string& id);
  bool has_task(const std::string& job, const std::string& id);
  JobStatus job(const std::string& id);
  PoolStatus pool(const std::string& id);
  NodeStatus node(const std::string& pool, const NodeId& id);
  std::vector<NodeId> nodes(const std::string& pool);

  const engine::Engine& engine() const { return *engine_; }
  void allow(const engine::Quotas& quotas) { engine_->use({}, {}, quotas); }

 private:
  // What the pool's size has: agents find it, or emulate it.
  protocol::Probe promised(const PoolId& id) const;

  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace batchyard::testing
