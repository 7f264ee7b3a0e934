// The node's core against ports that only remember: orders in, orders out, and no clock but ours.
#include "node/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "node/ports_test.h"

namespace batchyard::node {
namespace {

using namespace std::chrono_literals;

class NodeTest : public testing::Test {
 protected:
  NodeTest() : node_(Identity{}, ports_) {}

  std::vector<protocol::RunEnd> ends() const { return ports_.ends(); }
  std::size_t members_ready() const {
    return static_cast<std::size_t>(std::ranges::count_if(ports_.sent, [](const auto& message) {
      return std::holds_alternative<protocol::MemberReady>(message);
    }));
  }
  std::string last_failure() const {
    const std::vector<protocol::RunEnd> all = ends();
    return all.empty() || !all.back().failure ? "" : all.back().failure->code;
  }

  RememberedPorts ports_;
  Node node_;
};

constexpr const char* simple = R"({"commandLine":"program 'two words'"})";
constexpr const char* gang =
    R"({"commandLine":"mpirun a","multiInstanceSettings":{"coordinationCommandLine":"prepare"}})";

TEST_F(NodeTest, ATaskRunsInItsDirectoryAndItsEndIsTold) {
  node_.on_message(order(simple), start);
  ASSERT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ports_.started[0].arguments, (std::vector<std::string>{"program", "two words"}));
  EXPECT_EQ(ports_.started[0].directory, "workitems/job/job-1/task/wd");
  EXPECT_EQ(ports_.started[0].out, "workitems/job/job-1/task/stdout.txt");
  node_.on_process_ended(ports_.started[0].id, exited(0), start + 1s);
  ASSERT_EQ(ends().size(), 1U);
  EXPECT_EQ(ends()[0].exit_code, 0);
  EXPECT_FALSE(ends()[0].failure);
}

TEST_F(NodeTest, AnExitCodeOtherThanZeroIsAFailure) {
  node_.on_message(order(simple), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(3), start);
  EXPECT_EQ(ends().at(0).exit_code, 3);
  EXPECT_EQ(last_failure(), "FailureExitCode");
}

TEST_F(NodeTest, AMissingProgramIsToldApart) {
  node_.on_message(order(simple), start);
  ProcessEnd end;
  end.error = 2;
  end.not_found = true;
  node_.on_process_ended(ports_.started.at(0).id, end, start);
  EXPECT_EQ(last_failure(), "CommandProgramNotFound");
}

TEST_F(NodeTest, AnOpenQuoteStartsNothing) {
  node_.on_message(order(R"({"commandLine":"program 'open"})"), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_EQ(last_failure(), "CommandLaunchFailed");
}

TEST_F(NodeTest, AFullDiskIsSaid) {
  ports_.full = true;
  node_.on_message(order(simple), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_EQ(last_failure(), "DiskFull");
}

TEST_F(NodeTest, AnOrderThatComesTwiceRunsOnce) {
  node_.on_message(order(simple), start);
  node_.on_message(order(simple), start);
  EXPECT_EQ(ports_.started.size(), 1U);
  node_.on_process_ended(ports_.started[0].id, exited(0), start);
  node_.on_message(order(simple), start);
  EXPECT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ends().size(), 2U);
}

TEST_F(NodeTest, ANewAttemptEndsTheOlder) {
  node_.on_message(order(simple, 1), start);
  node_.on_message(order(simple, 2), start);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(ports_.ended, std::vector<std::string>{ports_.started[0].id});
}

TEST_F(NodeTest, TheCommandWaitsForItsFiles) {
  const char* with_files =
      R"({"commandLine":"a","resourceFiles":[{"httpUrl":"http://h/1","filePath":"1"},)"
      R"({"httpUrl":"http://h/2","filePath":"2"}]})";
  node_.on_message(order(with_files), start);
  ASSERT_EQ(ports_.fetches.size(), 2U);
  EXPECT_EQ(ports_.fetches[0].path, "workitems/job/job-1/task/wd/1");
  node_.on_fetched(ports_.fetches[1].id, Done(), start);
  EXPECT_TRUE(ports_.started.empty());
  node_.on_fetched(ports_.fetches[0].id, Done(), start);
  EXPECT_EQ(ports_.started.size(), 1U);
}

TEST_F(NodeTest, AFileThatCannotBeHadEndsTheTask) {
  node_.on_message(
      order(R"({"commandLine":"a","resourceFiles":[{"httpUrl":"http://h/1","filePath":"1"}]})"),
      start);
  node_.on_fetched(ports_.fetches.at(0).id, fail(Kind::not_found, "NotFound", "gone"), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_NE(last_failure(), "");
}

TEST_F(NodeTest, ATaskThatRunsTooLongIsEnded) {
  node_.on_message(order(R"({"commandLine":"a","constraints":{"maxWallClockTime":"PT10S"}})"),
                   start);
  EXPECT_EQ(node_.next_deadline(), start + 10s);
  node_.tick(start + 9s);
  EXPECT_TRUE(ports_.ended.empty());
  node_.tick(start + 10s);
  EXPECT_EQ(ports_.ended.size(), 1U);
  ProcessEnd killed;
  killed.signal = 15;
  node_.on_process_ended(ports_.started.at(0).id, killed, start + 10s);
  EXPECT_EQ(last_failure(), "TaskEnded");
}

TEST_F(NodeTest, AnUnknownRunIsEndedAtOnce) {
  node_.on_message(protocol::EndRun{.key = order(simple).key, .failure = {}}, start);
  EXPECT_EQ(ends().size(), 1U);
}

TEST_F(NodeTest, FilesGoAfterTheirRetention) {
  node_.on_message(order(R"({"commandLine":"a","constraints":{"retentionTime":"PT1H"}})"), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  node_.tick(start + 59min);
  EXPECT_TRUE(ports_.removed.empty());
  node_.tick(start + 1h);
  EXPECT_EQ(ports_.removed, std::vector<std::string>{"workitems/job/job-1/task"});
}

TEST_F(NodeTest, AGangsPrimaryStartsTheApplicationWhenOrdered) {
  node_.on_message(gang_order(gang, 0), start);
  ASSERT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ports_.started[0].arguments, std::vector<std::string>{"prepare"});
  EXPECT_TRUE(ports_.started[0].keep_tree);
  node_.on_process_ended(ports_.started[0].id, exited(0), start);
  EXPECT_EQ(members_ready(), 1U);
  EXPECT_EQ(ports_.started.size(), 1U);
  node_.on_message(protocol::RunApplication{order(simple).key}, start);
  ASSERT_EQ(ports_.started.size(), 2U);
  EXPECT_EQ(ports_.started[1].arguments, (std::vector<std::string>{"mpirun", "a"}));
  EXPECT_THAT(ports_.started[1].environment, testing::Contains("LAUNCHER=ours"));
  node_.on_process_ended(ports_.started[1].id, exited(0), start);
  EXPECT_EQ(ends().size(), 1U);
  EXPECT_TRUE(ports_.gangs.empty());
  EXPECT_EQ(ports_.trees.size(), 1U);
}

TEST_F(NodeTest, AnotherMemberOnlyWaitsUntilItIsReleased) {
  node_.on_message(gang_order(gang, 1), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(0), start);
  node_.on_message(protocol::RunApplication{order(simple).key}, start);
  EXPECT_EQ(ports_.started.size(), 1U);
  node_.on_message(protocol::EndRun{.key = order(simple).key, .failure = {}}, start);
  ASSERT_EQ(ends().size(), 1U);
  EXPECT_FALSE(ends()[0].failure);
  EXPECT_EQ(ports_.trees.size(), 1U);
}

TEST_F(NodeTest, AFailedCoordinationEndsTheMember) {
  node_.on_message(gang_order(gang, 1), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(1), start);
  EXPECT_EQ(members_ready(), 0U);
  EXPECT_EQ(last_failure(), "FailureExitCode");
}

TEST_F(NodeTest, TheNextAgentGoesOnWithARunningProcess) {
  node_.on_message(order(simple), start);
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  next.resume({ports_.started.at(0).id}, start);
  EXPECT_TRUE(ports.started.empty());
  ASSERT_EQ(next.hello().runs.size(), 1U);
  EXPECT_EQ(next.hello().runs[0].phase, protocol::RunPhase::running);
  next.on_process_ended(ports_.started[0].id, exited(0), start);
  EXPECT_EQ(ports.sent.size(), 1U);
}

TEST_F(NodeTest, AnEndIsKeptUntilItMayBeForgotten) {
  node_.on_message(order(simple), start);
  node_.on_process_ended(ports_.started.at(0).id, exited(5), start);
  RememberedPorts ports;
  Node next(Identity{}, ports);
  for (const auto& [name, text] : ports_.records) next.restore(name, text, start);
  ASSERT_EQ(next.hello().runs.size(), 1U);
  EXPECT_EQ(next.hello().runs[0].end.exit_code, 5);
  node_.on_message(protocol::Forget{order(simple).key}, start);
  EXPECT_TRUE(ports_.records.empty());
  EXPECT_TRUE(node_.hello().runs.empty());
}

}  // namespace
}  // namespace batchyard::node
