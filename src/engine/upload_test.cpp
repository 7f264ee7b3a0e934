// Who may upload output files, and that no other attempt starts beside one that does.
#include <gtest/gtest.h>

#include "engine/engine.h"
#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using protocol::EndRun;
using protocol::MayUpload;
using testing::EngineBench;

class UploadTest : public ::testing::Test {
 protected:
  UploadTest() {
    bench_.add_pool("p", 2);
    bench_.add_job("j", "p");
    EXPECT_TRUE(bench_.add_task("j", "t"));
    run_ = bench_.take<StartRun>().at(0);
    node_ = run_.seats.at(0).node;
  }

  void want(const protocol::RunKey& key) {
    bench_.run(AgentSaid{PoolId::trusted("p"), node_, protocol::UploadWanted{key, 0}});
  }
  template <class Message>
  std::size_t told() {
    std::size_t count = 0;
    for (const TellAgent& effect : bench_.take<TellAgent>())
      count += std::holds_alternative<Message>(effect.message) && effect.node == node_ ? 1 : 0;
    return count;
  }
  // Takes all nodes from the pool, at once.
  void empty_pool() {
    ASSERT_TRUE(bench_.run(ResizePool{.id = PoolId::trusted("p"),
                                      .target_dedicated = 0,
                                      .target_low_priority = {},
                                      .deallocation = Deallocation::requeue,
                                      .if_version = {}}));
  }
  bool is_dropped() {
    for (const DropNode& drop : bench_.take<DropNode>()) {
      if (drop.node == node_) return true;
    }
    return false;
  }

  EngineBench bench_;
  StartRun run_;
  NodeId node_;
};

TEST_F(UploadTest, TheCurrentAttemptMayAndThatIsDurable) {
  want(run_.key);
  EXPECT_EQ(told<MayUpload>(), 1U);
  EXPECT_TRUE(bench_.task("j", "t").uploading);
  bench_.end(run_, 0, 0);
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::completed);
  EXPECT_FALSE(bench_.task("j", "t").uploading);
}

TEST_F(UploadTest, AStaleAttemptIsEnded) {
  protocol::RunKey stale = run_.key;
  --stale.attempt;
  want(stale);
  EXPECT_EQ(told<EndRun>(), 1U);
  EXPECT_FALSE(bench_.task("j", "t").uploading);
}

TEST_F(UploadTest, WhatIsBeingEndedMayNot) {
  bench_.run(TerminateTask{JobId::trusted("j"), TaskId::trusted("t"), {}});
  bench_.effects.clear();
  want(run_.key);
  EXPECT_EQ(told<MayUpload>(), 0U);
}

TEST_F(UploadTest, AfterARestartTheAgentIsToldAgain) {
  want(run_.key);
  bench_.restart();
  bench_.effects.clear();
  bench_.join("p", node_,
              {{.key = run_.key, .phase = protocol::RunPhase::uploading, .member = 0, .end = {}}});
  EXPECT_EQ(told<MayUpload>(), 1U);
}

TEST_F(UploadTest, ANodeThatLeavesFirstSaysThatItUploadsNoMore) {
  want(run_.key);
  bench_.effects.clear();
  empty_pool();
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::running);
  EXPECT_FALSE(is_dropped());
  // It was called off: the command has ended, its files have not gone.
  bench_.run(AgentSaid{PoolId::trusted("p"), node_,
                       protocol::RunEnded{run_.key,
                                          0,
                                          {.exit_code = 0,
                                           .failure = Failure{.code = "TaskEnded"},
                                           .started = bench_.now,
                                           .ended = bench_.now}}});
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::active);
  EXPECT_EQ(bench_.task("j", "t").requeues, 1);
  EXPECT_TRUE(is_dropped());
}

TEST_F(UploadTest, FilesThatHadGoneBeforeTheNodeLeftCount) {
  want(run_.key);
  empty_pool();
  bench_.end(run_, 0, 0);
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::completed);
}

TEST_F(UploadTest, WithoutUploadsALeavingNodeIsGivenBackAtOnce) {
  bench_.effects.clear();
  empty_pool();
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::active);
  EXPECT_TRUE(is_dropped());
}

TEST_F(UploadTest, ALeavingNodeThatFallsSilentIsNotAwaited) {
  want(run_.key);
  empty_pool();
  bench_.effects.clear();
  bench_.run(AgentLost{PoolId::trusted("p"), node_});
  EXPECT_TRUE(is_dropped());
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::running);
  bench_.run(FleetUnmade{PoolId::trusted("p"), node_});
  EXPECT_EQ(bench_.task("j", "t").state, TaskState::active);
}

}  // namespace
}  // namespace batchyard::engine
