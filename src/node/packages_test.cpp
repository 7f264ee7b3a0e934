// Application packages on a node: who waits for them, what is said of them, how tasks find them.
#include "node/node_test.h"

namespace batchyard::node {
namespace {

constexpr const char* plain = R"({"commandLine":"a"})";

protocol::Package package(const std::string& version, const std::string& content = "c") {
  return {.application = "GPUDriver",
          .version = version,
          .content = content,
          .sha256 = "0123456789abcdef",
          .size = 7};
}

class Packages : public NodeTest {
 protected:
  protocol::RunTask task_with(std::vector<protocol::Package> packages, std::int64_t attempt = 1) {
    protocol::RunTask task = order(plain, attempt);
    task.packages = std::move(packages);
    return task;
  }
  std::string value(const std::string& name) const {
    for (const std::string& variable : ports_.started.back().environment) {
      if (variable.starts_with(name + "=")) return variable.substr(name.size() + 1);
    }
    return "(absent)";
  }
  Result<> failed() const { return fail(Kind::busy, "PackageNotFetched", "no answer"); }
};

TEST_F(Packages, TheStartTaskWaitsForThePools) {
  node_.on_message(protocol::DeployPackages{{package("411.82"), package("2-b")}}, start);
  node_.on_message(protocol::RunStartTask{1, plain}, start);
  ASSERT_EQ(ports_.deployments.size(), 2U);
  EXPECT_EQ(ports_.deployments[0].directory, "applications/gpudriver/411.82/0123456789ab");
  EXPECT_EQ(ports_.deployments[0].sha256, "0123456789abcdef");
  node_.on_deployed(ports_.deployments[0].directory, Done(), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_TRUE(ports_.sent.empty());
  node_.on_deployed(ports_.deployments[1].directory, Done(), start);
  EXPECT_EQ(ports_.count<protocol::PackagesDeployed>(), 1U);
  ASSERT_EQ(ports_.started.size(), 1U);
  const std::string place = "/applications/gpudriver/411.82/0123456789ab";
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver#411.82"), place);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver_411_82"), place);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_gpudriver_411_82"), place);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver_2_b"),
            "/applications/gpudriver/2-b/0123456789ab");
  // Said again after every Hello; nothing is fetched again, whatever the pool refers to by then.
  node_.on_message(protocol::DeployPackages{{package("3")}}, start);
  EXPECT_EQ(ports_.count<protocol::PackagesDeployed>(), 2U);
  EXPECT_EQ(ports_.deployments.size(), 2U);
}

TEST_F(Packages, WithoutOneOfThePoolsTheNodeIsNotUsable) {
  node_.on_message(protocol::DeployPackages{{package("1")}}, start);
  node_.on_message(protocol::RunStartTask{1, plain}, start);
  node_.on_deployed(ports_.deployments.at(0).directory, failed(), start);
  ASSERT_EQ(ports_.sent.size(), 1U);
  EXPECT_EQ(std::get<protocol::NodeFault>(ports_.sent[0]).code, "ApplicationPackageError");
  EXPECT_TRUE(ports_.started.empty());
  // The next agent says it, too, and tries nothing before the node starts anew.
  Node next{Identity{}, ports_};
  next.restore("packages", ports_.records["packages"], start);
  next.resume({}, start);
  next.on_message(protocol::DeployPackages{{package("1")}}, start);
  next.on_message(protocol::RunStartTask{1, plain}, start);
  EXPECT_EQ(ports_.sent.size(), 2U);
  EXPECT_EQ(ports_.deployments.size(), 1U);
  EXPECT_TRUE(ports_.started.empty());
}

TEST_F(Packages, OneThatIsGoneIsAFault) {
  node_.on_message(protocol::DeployPackages{{package("1", "")}}, start);
  ASSERT_EQ(ports_.sent.size(), 1U);
  const auto& fault = std::get<protocol::NodeFault>(ports_.sent[0]);
  EXPECT_NE(fault.message.find("GPUDriver 1"), std::string::npos);
  EXPECT_TRUE(ports_.deployments.empty());
}

TEST_F(Packages, TheNextAgentGoesOnWithThePools) {
  node_.on_message(protocol::DeployPackages{{package("1")}}, start);
  RememberedPorts ports;
  Node next{Identity{}, ports};
  next.restore("packages", ports_.records["packages"], start);
  next.resume({}, start);
  ASSERT_EQ(ports.deployments.size(), 1U);
  next.on_deployed(ports.deployments[0].directory, Done(), start);
  EXPECT_EQ(ports.count<protocol::PackagesDeployed>(), 1U);
}

TEST_F(Packages, AReleaseThatIsOrderedEarlyWaitsForThePools) {
  node_.on_message(protocol::DeployPackages{{package("1")}}, start);
  protocol::RunJobTask early{.generation = 5,
                             .job = JobId::trusted("j"),
                             .kind = protocol::JobTaskKind::release,
                             .task = TaskId::trusted("jobrelease"),
                             .spec = plain};
  node_.on_message(early, start);
  EXPECT_TRUE(ports_.started.empty());
  node_.on_deployed(ports_.deployments.at(0).directory, Done(), start);
  ASSERT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver_1"), "/applications/gpudriver/1/0123456789ab");
}

TEST_F(Packages, TasksThatNeedTheSameWaitForItTogether) {
  node_.on_message(task_with({package("1")}), start);
  protocol::RunTask other = task_with({package("1")});
  other.key.task = TaskId::trusted("other");
  node_.on_message(other, start);
  ASSERT_EQ(ports_.deployments.size(), 1U);
  EXPECT_TRUE(ports_.started.empty());
  node_.on_deployed(ports_.deployments[0].directory, Done(), start);
  EXPECT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver_1"), "/applications/gpudriver/1/0123456789ab");
  // Later ones ask again: it is there or not, which is the disk's to say.
  protocol::RunTask third = task_with({package("1")});
  third.key.task = TaskId::trusted("third");
  node_.on_message(third, start);
  EXPECT_EQ(ports_.deployments.size(), 2U);
}

TEST_F(Packages, ATaskWithoutItsPackageFailsBeforeItRuns) {
  node_.on_message(task_with({package("1")}), start);
  node_.on_deployed(ports_.deployments.at(0).directory, failed(), start);
  EXPECT_EQ(last_failure(), "ApplicationPackageError");
  EXPECT_FALSE(ends().back().exit_code);
  node_.on_message(task_with({package("2", "")}, 2), start);
  EXPECT_EQ(last_failure(), "ApplicationPackageError");
  EXPECT_EQ(ends().back().failure->category, protocol::FailureCategory::usererror);
  EXPECT_TRUE(ports_.started.empty());
}

TEST_F(Packages, ATaskThatIsEndedWaitsForNone) {
  node_.on_message(task_with({package("1")}), start);
  node_.on_message(
      protocol::EndRun{.key = order(plain).key, .failure = protocol::Failure{.code = "TaskEnded"}},
      start);
  EXPECT_EQ(last_failure(), "TaskEnded");
  node_.on_deployed(ports_.deployments.at(0).directory, Done(), start);
  EXPECT_EQ(ends().size(), 1U);
  EXPECT_TRUE(ports_.started.empty());
}

TEST_F(Packages, WithoutAVersionTheNameHasNone) {
  protocol::Package by_default = package("2.8");
  by_default.by_default = true;
  node_.on_message(task_with({by_default}), start);
  node_.on_deployed(ports_.deployments.at(0).directory, Done(), start);
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver"), "/applications/gpudriver/2.8/0123456789ab");
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_gpudriver"), "/applications/gpudriver/2.8/0123456789ab");
  EXPECT_EQ(value("AZ_BATCH_APP_PACKAGE_GPUDriver#2.8"), "(absent)");
}

}  // namespace
}  // namespace batchyard::node
