// What agents say, nearly right: whatever a node's agent tells of itself and its runs, the engine
// goes on, and what it has written can be read again.
#include <gtest/gtest.h>

#include "protocol/codec.h"
#include "testing/engine_bench.h"
#include "testing/mutator.h"

namespace batchyard::engine {
namespace {

using batchyard::testing::EngineBench;
using batchyard::testing::Mutator;

constexpr std::uint64_t seeds = 40;
constexpr int frames_per_seed = 150;

// A pool of three nodes where a task, a gang and a preparation task are on their way.
struct World {
  EngineBench bench;
  std::vector<NodeId> nodes;
  std::vector<std::string> frames;  // what its agents may say next

  World() {
    PoolFacts facts;
    facts.start_task = true;
    facts.inter_node = true;
    facts.task_slots = 4;
    nodes = bench.add_pool("p", 3, facts);
    protocol::StartTaskReport started;
    started.phase = protocol::StartTaskPhase::succeeded;
    started.generation = bench.pool("p").start_generation;
    for (const NodeId& node : nodes) bench.join("p", node, {}, started);
    bench.add_job("j", "p");
    (void)bench.add_task("j", "t");
    TaskFacts gang;
    gang.instances = 2;
    (void)bench.add_task("j", "g", gang);
    JobFacts prepared;
    prepared.helpers.emplace();
    prepared.helpers->preparation = TaskId::trusted("prepares");
    bench.add_job("k", "p", prepared);
    (void)bench.add_task("k", "t");
    collect(started);
  }

  void collect(const protocol::StartTaskReport& started) {
    const auto frame = [&](protocol::FromAgent message) {
      frames.push_back(protocol::encode(message));
    };
    std::vector<protocol::KnownRun> known;
    for (const Effect& effect : bench.effects) {
      if (const auto* run = std::get_if<StartRun>(&effect)) {
        protocol::RunEnd end{.exit_code = 1, .failure = Failure{}, .started = bench.now};
        end.ended = end.kept_until = bench.now;
        frame(protocol::RunEnded{run->key, 0, end});
        frame(protocol::RunEnded{run->key, 1, end});
        frame(protocol::MemberReady{run->key, 0, end});
        frame(protocol::UploadWanted{run->key, 0});
        known.push_back({.key = run->key});
      }
      if (const auto* task = std::get_if<StartJobTask>(&effect)) {
        protocol::JobTaskReport report{.job = task->job, .kind = task->kind, .report = started};
        report.report.generation = task->generation;
        frame(protocol::JobTaskChanged{report});
      }
    }
    protocol::Hello hello;
    hello.pool = PoolId::trusted("p");
    hello.node = nodes.front();
    hello.incarnation = "boot-1";
    hello.start_task = started;
    hello.runs = known;
    frame(hello);
    frame(protocol::StartTaskChanged{started});
    frame(protocol::NodeFault{});
    frame(protocol::NodeUsage{.cpu = 0.5, .memory = 100});
    frame(protocol::PackagesDeployed());
    frame(protocol::ImagesReady());
  }
};

TEST(AgentFuzz, WhateverIsSaidTheEngineGoesOn) {
  int understood = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    World world;
    ASSERT_GT(world.frames.size(), 10U);
    Mutator mutator(seed, world.frames);
    for (int at = 0; at < frames_per_seed; ++at) {
      Result<protocol::FromAgent> said = protocol::decode_from_agent(
          mutator.random().once_in(5) ? mutator.next() : mutator.next_bent());
      if (!said) continue;
      ++understood;
      const NodeId& node = world.nodes[mutator.random().below(world.nodes.size())];
      (void)world.bench.run(AgentSaid{PoolId::trusted("p"), node, *std::move(said)});
      world.bench.now += std::chrono::seconds(mutator.random().below(30));
      (void)world.bench.run(Tick());
    }
    world.bench.restart();  // what was written is read
    const JobStatus job = world.bench.job("j");
    ASSERT_EQ(job.counts.active + job.counts.running + job.counts.completed, 2) << seed;
  }
  EXPECT_GT(understood, 2'000);
}

}  // namespace
}  // namespace batchyard::engine
