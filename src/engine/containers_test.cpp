// Pools whose tasks run in containers: when a node of one is ready, and which tasks it takes.
#include <gtest/gtest.h>

#include "testing/engine_bench.h"

namespace batchyard::engine {
namespace {

using testing::EngineBench;

const PoolId container_pool = PoolId::trusted("p");

TEST(Containers, ANodeStartsUntilItHasTheImages) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1, {.set_up = true, .containers = true}).at(0);
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
  bench.restart();
  bench.join("p", node);
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
  EXPECT_TRUE(bench.take<GreetAgent>().back().facts.containers);
  bench.run(AgentSaid{container_pool, node, protocol::ImagesReady()});
  EXPECT_EQ(bench.node("p", node).state, NodeState::idle);
  // The same life knows its images, the next one asks again.
  bench.join("p", node);
  EXPECT_EQ(bench.node("p", node).state, NodeState::idle);
  bench.join("p", node, {}, {}, "boot-2");
  EXPECT_EQ(bench.node("p", node).state, NodeState::starting);
}

TEST(Containers, ANodeThatCannotHaveThemIsUnusable) {
  EngineBench bench;
  const NodeId node = bench.add_pool("p", 1, {.set_up = true, .containers = true}).at(0);
  bench.run(AgentSaid{container_pool, node,
                      protocol::NodeFault{"ContainerInvalidImage", "no such image", {}}});
  EXPECT_EQ(bench.node("p", node).state, NodeState::unusable);
  EXPECT_EQ(bench.node("p", node).errors.at(0).code, "ContainerInvalidImage");
}

TEST(Containers, OfAGangsMembersAreKnownFromTheirCoordinationOn) {
  EngineBench bench;
  bench.add_pool("p", 2, {.inter_node = true});
  bench.add_job("j", "p");
  bench.add_task("j", "t", {.instances = 2});
  const StartRun run = bench.take<StartRun>().at(0);
  const auto container = [&] { return bench.task("j", "t").subtasks.at(0).container; };
  EXPECT_FALSE(container());
  protocol::RunEnd end{.exit_code = 0, .failure = {}, .started = bench.now, .ended = bench.now};
  end.container = protocol::ContainerInfo{"abc", "exited", ""};
  bench.run(AgentSaid{run.pool, run.seats[1].node, protocol::MemberReady{run.key, 1, end}});
  EXPECT_EQ(container()->container_id, "abc");
  bench.ready(run, 0);
  bench.end(run, 0, 0);
  bench.end(run, 1, 0);  // a word without it takes nothing back
  EXPECT_EQ(bench.task("j", "t").state, TaskState::completed);
  EXPECT_EQ(container()->container_id, "abc");
}

TEST(Containers, OfAGangsMemberThatFailsIsKnown) {
  EngineBench bench;
  bench.add_pool("p", 2, {.inter_node = true});
  bench.add_job("j", "p");
  bench.add_task("j", "t", {.instances = 2});
  const StartRun run = bench.take<StartRun>().at(0);
  protocol::RunEnd end{.exit_code = 1, .failure = {}, .started = bench.now, .ended = bench.now};
  end.failure = Failure{.code = "FailureExitCode", .message = "1", .details = {}};
  end.container = protocol::ContainerInfo{"abc", "exited", "out of memory"};
  bench.run(AgentSaid{run.pool, run.seats[1].node, protocol::RunEnded{run.key, 1, end}});
  EXPECT_EQ(bench.task("j", "t").subtasks.at(0).container->error, "out of memory");
}

TEST(Containers, TasksAndPoolsAgreeOnThem) {
  EngineBench bench;
  bench.add_pool("p", 0, {.set_up = true, .containers = true});
  bench.add_pool("plain", 0);
  const auto add = [&](const std::string& job, bool container) {
    NewTask task{.id = TaskId::trusted("t"), .facts = {}, .spec = "{}", .container = container};
    AddTasks command{.job = JobId::trusted(job), .tasks = {}};
    command.tasks.push_back(std::move(task));
    const Result<Reply> reply = bench.run(std::move(command));
    return reply->items.at(0) ? std::string() : reply->items.at(0).error().message;
  };
  bench.add_job("in", "p");
  bench.add_job("out", "plain");
  EXPECT_TRUE(add("in", false).contains("has a containerConfiguration"));
  EXPECT_TRUE(add("out", true).contains("has no containerConfiguration"));
  EXPECT_EQ(add("in", true), "");
  EXPECT_EQ(add("out", false), "");
}

}  // namespace
}  // namespace batchyard::engine
