// What a node decides of containers: when images are fetched, what waits for them, and what a
// command in a container sees.
#include "node/node_test.h"

namespace batchyard::node {
namespace {

constexpr const char* in_a_container =
    R"({"commandLine":"","containerSettings":{"imageName":"tiny:1","containerRunOptions":"--init",
        "registry":{"registryServer":"own","username":"me","password":"p"}}})";

class ContainersTest : public NodeTest {
 protected:
  static protocol::SetUpNode wishes() {
    protocol::SetUpNode set_up;
    set_up.containers.emplace();
    set_up.containers->images = {"tiny:1", "other"};
    set_up.containers->registries = {{"of.pool", "u", "s3cret"}};
    return set_up;
  }
  void prepare(std::int32_t code = 0) {
    node_.on_message(wishes(), start);
    node_.on_process_ended("images", exited(code), start);
  }
  static bool has(const ProcessOrder& order, std::string_view variable) {
    return std::ranges::any_of(order.environment, [&](const std::string& one) {
      return one.starts_with(std::string(variable) + "=");
    });
  }
};

TEST_F(ContainersTest, TheStartTaskWaitsForTheImages) {
  node_.on_message(wishes(), start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"a"})"}, start);
  ASSERT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ports_.started[0].container->fetch, (std::vector<std::string>{"tiny:1", "other"}));
  EXPECT_EQ(ports_.count<protocol::ImagesReady>(), 0U);
  node_.on_process_ended("images", exited(0), start);
  EXPECT_EQ(ports_.count<protocol::ImagesReady>(), 1U);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(ports_.started[1].id, "start-task");
  EXPECT_FALSE(ports_.started[1].container);
  // Said again after every Hello, and fetched once.
  node_.on_message(wishes(), start);
  EXPECT_EQ(ports_.count<protocol::ImagesReady>(), 2U);
  EXPECT_EQ(ports_.started.size(), 2U);
}

TEST_F(ContainersTest, AnImageThatCannotBeHadIsAFaultOfTheNode) {
  node_.on_message(wishes(), start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"a"})"}, start);
  ProcessEnd end = exited(125);
  end.container_failure = protocol::Failure{.code = "ContainerInvalidImage",
                                            .message = "The image other could not be fetched.",
                                            .details = {{"Image", "other"}}};
  node_.on_process_ended("images", end, start);
  ASSERT_EQ(ports_.count<protocol::NodeFault>(), 1U);
  const auto& fault = std::get<protocol::NodeFault>(ports_.sent.back());
  EXPECT_EQ(fault.code, "ContainerInvalidImage");
  EXPECT_EQ(fault.details.at(0).value, "other");
  EXPECT_EQ(ports_.started.size(), 1U) << "no start task";
}

TEST_F(ContainersTest, TheNextAgentGoesOnWithTheImages) {
  node_.on_message(wishes(), start);
  Node alive{Identity{}, ports_};
  alive.restore("set-up", ports_.records["set-up"], start);
  alive.resume({"images"}, start);
  EXPECT_EQ(ports_.started.size(), 1U);
  alive.on_process_ended("images", exited(0), start);
  EXPECT_EQ(ports_.count<protocol::ImagesReady>(), 1U);
  Node there{Identity{}, ports_};
  there.restore("set-up", ports_.records["set-up"], start);
  there.resume({}, start);
  there.on_message(wishes(), start);
  EXPECT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ports_.count<protocol::ImagesReady>(), 2U);
}

TEST_F(ContainersTest, ATaskSeesAllOfTheNodesDirectories) {
  prepare();
  node_.on_message(order(in_a_container), start);
  ASSERT_EQ(ports_.started.size(), 2U);
  const ProcessOrder& task = ports_.started[1];
  ASSERT_TRUE(task.container);
  EXPECT_TRUE(task.arguments.empty()) << "the image's own command";
  EXPECT_EQ(task.container->image, "tiny:1");
  EXPECT_EQ(task.container->options, "--init");
  EXPECT_FALSE(task.container->image_directory);
  ASSERT_EQ(task.container->mounts.size(), 1U);
  EXPECT_EQ(task.container->mounts[0].path, "");
  ASSERT_EQ(task.container->registries.size(), 2U);
  EXPECT_EQ(task.container->registries[0].server, "own") << "the task's own comes first";
  EXPECT_TRUE(has(task, "AZ_BATCH_NODE_SHARED_DIR"));
  EXPECT_FALSE(has(task, "PATH")) << "the image has its own";
}

TEST_F(ContainersTest, VariablesOfWhatIsNotMountedAreNotSet) {
  prepare();
  node_.on_message(order(R"({"commandLine":"a","containerSettings":{"imageName":"tiny:1",
        "workingDirectory":"containerImageDefault","containerHostBatchBindMounts":[
        {"source":"shared","isReadOnly":true},{"source":"JobPrep"}]}})"),
                   start);
  ASSERT_EQ(ports_.started.size(), 2U);
  const ProcessOrder& task = ports_.started[1];
  EXPECT_TRUE(task.container->image_directory);
  ASSERT_EQ(task.container->mounts.size(), 1U) << "the job has no preparation task";
  EXPECT_EQ(task.container->mounts[0].path, "shared");
  EXPECT_TRUE(task.container->mounts[0].read_only);
  EXPECT_TRUE(has(task, "AZ_BATCH_NODE_SHARED_DIR"));
  EXPECT_TRUE(has(task, "AZ_BATCH_JOB_ID"));
  for (const char* gone : {"AZ_BATCH_TASK_DIR", "AZ_BATCH_TASK_WORKING_DIR", "HOME",
                           "AZ_BATCH_NODE_STARTUP_DIR", "AZ_BATCH_NODE_MOUNTS_DIR"})
    EXPECT_FALSE(has(task, gone)) << gone;
}

TEST_F(ContainersTest, ATaskWhoseContainerCannotBeFailsWithItsReason) {
  prepare();
  node_.on_message(order(in_a_container), start);
  ProcessEnd end = exited(125);
  end.exit_code.reset();
  end.container_failure =
      protocol::Failure{.code = "ContainerInvalidImage", .message = "none", .details = {}};
  node_.on_process_ended("run-job-task-1-main", end, start);
  ASSERT_EQ(ends().size(), 1U);
  EXPECT_FALSE(ends()[0].exit_code);
  EXPECT_EQ(last_failure(), "ContainerInvalidImage");
}

TEST_F(ContainersTest, TheContainerIsToldWithTheEnd) {
  prepare();
  node_.on_message(order(in_a_container), start);
  ProcessEnd end = exited(3);
  end.container = protocol::ContainerInfo{"abc", "exited", ""};
  node_.on_process_ended("run-job-task-1-main", end, start);
  ASSERT_EQ(ends().size(), 1U);
  EXPECT_EQ(ends()[0].exit_code, 3);
  EXPECT_EQ(ends()[0].container->container_id, "abc");
}

// The container of a member is its coordination command's: told when it is ready, and at its end.
TEST_F(ContainersTest, AGangsMemberTellsTheContainerOfItsCoordination) {
  prepare();
  node_.on_message(gang_order(R"({"commandLine":"a","containerSettings":{"imageName":"tiny:1"},
        "multiInstanceSettings":{"numberOfInstances":2,"coordinationCommandLine":"b"}})",
                              1),
                   start);
  ProcessEnd end = exited(0);
  end.container = protocol::ContainerInfo{"abc", "exited", ""};
  node_.on_process_ended("run-job-task-1-coordination", end, start);
  ASSERT_EQ(ports_.count<protocol::MemberReady>(), 1U);
  EXPECT_EQ(
      std::get<protocol::MemberReady>(ports_.sent.back()).coordination.container->container_id,
      "abc");
  node_.on_message(protocol::EndRun{.key = order(in_a_container).key, .failure = {}}, start);
  ASSERT_EQ(ends().size(), 1U);
  EXPECT_EQ(ends()[0].container->container_id, "abc");
}

TEST_F(ContainersTest, APoolWithoutContainersRunsNone) {
  node_.on_message(order(in_a_container), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_EQ(last_failure(), "ContainerInvalidSettings");
}

}  // namespace
}  // namespace batchyard::node
