// The node's core against ports that only remember: orders in, orders out, and no clock but ours.
#include "node/node_test.h"

namespace batchyard::node {
namespace {

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

TEST_F(NodeTest, AnOrderForAnEarlierIncarnationIsNotFollowed) {
  protocol::RunTask late = order(simple);
  late.incarnation = "the one before";
  node_.on_message(late, start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_TRUE(ends().empty());
  late.incarnation = node_.hello().incarnation;
  node_.on_message(late, start);
  EXPECT_EQ(ports_.started.size(), 1U);
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
  EXPECT_THAT(ports_.started[1].environment, ::testing::Contains("LAUNCHER=ours"));
  node_.on_process_ended(ports_.started[1].id, exited(0), start);
  EXPECT_EQ(ends().size(), 1U);
  EXPECT_TRUE(ports_.gangs.empty());
  EXPECT_EQ(ports_.trees.size(), 1U);
}

TEST_F(NodeTest, EveryMemberOfAGangKnowsTheOthers) {
  for (const std::int32_t member : {0, 1}) {
    protocol::RunTask wanted = gang_order(gang, member);
    wanted.key.attempt += member;
    wanted.gang->members[0].ip_address = "10.0.0.4";
    wanted.gang->members[1].ip_address = "10.0.0.5";
    node_.on_message(wanted, start);
    const std::vector<std::string> seen = ports_.started.back().environment;
    EXPECT_THAT(
        seen,
        ::testing::IsSupersetOf(
            {"AZ_BATCH_HOST_LIST=10.0.0.4,10.0.0.5", "AZ_BATCH_NODE_LIST=10.0.0.4;10.0.0.5",
             "CCP_NODES=2 10.0.0.4 1 10.0.0.5 1", "AZ_BATCH_MASTER_NODE=10.0.0.4:6000",
             "AZ_BATCH_MASTER_PORT=6105", "AZ_BATCH_TASK_SHARED_DIR=/workitems/job/job-1/task"}));
    EXPECT_THAT(seen, ::testing::Contains(std::string("AZ_BATCH_IS_CURRENT_NODE_MASTER=") +
                                          (member == 0 ? "true" : "false")));
  }
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
  EXPECT_EQ(ports_.records.size(), 1U) << "how long its files stay";
  EXPECT_TRUE(Retention::owns(ports_.records.begin()->first));
  EXPECT_TRUE(node_.hello().runs.empty());
}

protocol::SetUpNode wishes() {
  protocol::SetUpNode set_up;
  set_up.accounts = {{.name = "ann"}, {.name = "bob", .uid = 7, .gid = 8}};
  set_up.certificates = {{.name = "sha1-01",
                          .format = "pfx",
                          .data_base64 = "AQID",
                          .password = "p",
                          .for_start_task = false}};
  set_up.mounts = "[]";
  return set_up;
}

TEST_F(NodeTest, ATaskRunsUnderAnAccountOfItsPool) {
  node_.on_message(wishes(), start);
  EXPECT_EQ(ports_.accounts.size(), 2U);
  node_.on_message(order(R"({"commandLine":"a","userIdentity":{"username":"bob"}})"), start);
  ASSERT_EQ(ports_.started.size(), 1U);
  EXPECT_EQ(ports_.started[0].user.uid, 7);
  EXPECT_EQ(ports_.started[0].user.gid, 8);
  EXPECT_EQ(ports_.secrets["workitems/job/job-1/task/certs/sha1-01.pfx"], "\x01\x02\x03");
  EXPECT_EQ(ports_.secrets["workitems/job/job-1/task/certs/sha1-01.pfx.pw"], "p");
}

TEST_F(NodeTest, AnAccountThatIsNotThereIsNamed) {
  node_.on_message(wishes(), start);
  node_.on_message(order(R"({"commandLine":"a","userIdentity":{"username":"eve"}})"), start);
  EXPECT_TRUE(ports_.started.empty());
  EXPECT_EQ(last_failure(), "CommandLaunchFailed");
  EXPECT_NE(ends().back().failure->details.at(0).value.find("eve"), std::string::npos);
}

TEST_F(NodeTest, ANodeThatCannotBeSetUpSaysSoAndRunsNoStartTask) {
  ports_.no_mounts = true;
  node_.on_message(wishes(), start);
  node_.on_message(protocol::RunStartTask{1, R"({"commandLine":"a"})"}, start);
  ASSERT_EQ(ports_.sent.size(), 1U);
  EXPECT_EQ(std::get<protocol::NodeFault>(ports_.sent[0]).code, "MountConfigurationError");
  EXPECT_TRUE(ports_.started.empty());
  // Said again after every Hello, and tried once only.
  node_.on_message(wishes(), start);
  EXPECT_EQ(ports_.mounted.size(), 1U);
  EXPECT_EQ(ports_.sent.size(), 2U);
  // The next agent knows it, too.
  Node next{Identity{}, ports_};
  next.restore("set-up", ports_.records["set-up"], start);
  next.on_message(wishes(), start);
  EXPECT_EQ(ports_.mounted.size(), 1U);
  EXPECT_EQ(ports_.sent.size(), 3U);
}

TEST_F(NodeTest, AccountsOfUsersStandBesideThePools) {
  node_.on_message(wishes(), start);
  node_.on_message(protocol::SetUsers{{{.name = "carl", .uid = 63000, .gid = 63000}}}, start);
  ASSERT_EQ(ports_.accounts.size(), 3U);
  EXPECT_EQ(ports_.accounts[0].uid, 62000);
  EXPECT_EQ(ports_.accounts[2].name, "carl");
  EXPECT_TRUE(ports_.secrets.contains("volatile/home/carl/certs/sha1-01.pfx"));
  node_.on_message(protocol::SetUsers{}, start);
  EXPECT_EQ(ports_.accounts.size(), 2U);
}

}  // namespace
}  // namespace batchyard::node
