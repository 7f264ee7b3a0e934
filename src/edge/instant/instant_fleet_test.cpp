// The simulated fleet: nodes, runs, gangs, limits and files, on a clock that the test moves.
#include "edge/instant/instant_fleet.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>

#include "base/text.h"

namespace batchyard::instant {
namespace {

using namespace std::chrono_literals;
using protocol::FromAgent;

class InstantFleetTest : public ::testing::Test, private engine::FleetListener {
 protected:
  const PoolId pool_ = PoolId::trusted("p");
  const NodeId node_ = NodeId::trusted("n1");
  edge::Clock clock_{edge::ClockMode::frozen, Time(std::chrono::hours(24 * 365 * 57))};
  edge::Load load_;
  std::vector<std::string> fleet_said_;
  std::vector<FromAgent> said_;  // by all nodes, since the last take()
  InstantFleet fleet_{clock_, load_, *this,
                      [this](const PoolId&, const NodeId&, FromAgent message) {
                        said_.push_back(std::move(message));
                      }};

  void rest() { ASSERT_TRUE(load_.wait_for_rest(std::chrono::steady_clock::now() + 30s)); }
  template <class Kind>
  std::vector<Kind> take() {
    rest();
    std::vector<Kind> found;
    for (FromAgent& message : std::exchange(said_, {})) {
      if (auto* match = std::get_if<Kind>(&message)) found.push_back(std::move(*match));
    }
    return found;
  }
  void advance(Duration time) {
    clock_.move_to(clock_.now() + time);
    fleet_.clock_moved();
    rest();
  }
  void make(const NodeId& node) {
    engine::NodeOrder order;
    order.pool = pool_;
    order.node = node;
    fleet_.make(order);
    rest();
    fleet_.tell(pool_, node, protocol::Welcome{});
  }
  protocol::RunTask task(const std::string& id, std::int64_t attempt,
                         const std::vector<std::pair<std::string, std::string>>& variables = {},
                         const std::string& more = {}) {
    std::string settings;
    for (const auto& [name, value] : variables)
      settings += fmt::format(R"({}{{"name":"{}","value":"{}"}})", settings.empty() ? "" : ",",
                              name, value);
    protocol::RunTask run;
    run.key = {JobId::trusted("j"), TaskId::trusted(id), attempt};
    run.spec =
        fmt::format(R"({{"id":"{}","commandLine":"work hard","environmentSettings":[{}]{}}})", id,
                    settings, more);
    return run;
  }
  // Runs it to its end, which must come at once.
  protocol::RunEnd end_of(const protocol::RunTask& run) {
    EXPECT_TRUE(fleet_.tell(pool_, node_, run));
    const std::vector<protocol::RunEnded> ended = take<protocol::RunEnded>();
    EXPECT_EQ(ended.size(), 1U);
    return ended.empty() ? protocol::RunEnd() : ended.front().end;
  }
  protocol::FileAnswer ask(protocol::FileRequest request) {
    protocol::FileAnswer answer;
    request.job = JobId::trusted("j");
    fleet_.ask(pool_, node_, request,
               [&](Result<protocol::FileAnswer> given) { answer = given.value(); });
    rest();
    return answer;
  }
  // Of a run whose node is gone.
  std::string kept_text_of(const std::string& id, std::int64_t attempt) {
    protocol::FileAnswer answer;
    fleet_.ask_kept({JobId::trusted("J"), TaskId::trusted(id), attempt},
                    {.verb = protocol::FileVerb::read, .path = "stdout.txt", .length = 1 << 20},
                    [&](Result<protocol::FileAnswer> given) { answer = given.value(); });
    rest();
    return answer.error_code.empty() ? base64_decode(answer.data_base64).value()
                                     : answer.error_code;
  }
  std::string text_of(const std::string& id, const std::string& path) {
    const protocol::FileAnswer answer = ask({.verb = protocol::FileVerb::read,
                                             .task = TaskId::trusted(id),
                                             .path = path,
                                             .length = 1 << 20});
    return answer.error_code.empty() ? base64_decode(answer.data_base64).value()
                                     : answer.error_code;
  }

 private:
  void made(engine::NodeMade node) override { fleet_said_.push_back("made " + node.ip_address); }
  void failed(PoolId, NodeId, Error) override { fleet_said_.push_back("failed"); }
  void unmade(PoolId, NodeId node) override { fleet_said_.push_back("unmade " + node.text()); }
};

TEST_F(InstantFleetTest, ExtensionsAreActedOut) {
  make(node_);
  protocol::SetUpNode order;
  order.extensions = {{.name = "e", .publisher = "p", .type = "t", .script = "true"}};
  fleet_.tell(pool_, node_, order);
  const std::vector<protocol::ExtensionsChanged> said = take<protocol::ExtensionsChanged>();
  ASSERT_FALSE(said.empty());
  EXPECT_EQ(said.back().phase, protocol::ExtensionsPhase::done);
  EXPECT_EQ(said.back().reports[0].state, protocol::ExtensionState::succeeded);

  const NodeId other = NodeId::trusted("n2");
  make(other);
  order.extensions[0].settings =
      R"({"BATCHYARD_SIM_EXIT_CODE":"3","BATCHYARD_SIM_STDERR":"no licence","colour":"blue"})";
  fleet_.tell(pool_, other, order);
  const std::vector<protocol::NodeFault> faults = take<protocol::NodeFault>();
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_NE(faults[0].message.find("exit code 3. It said: no licence"), std::string::npos)
      << faults[0].message;
}

TEST_F(InstantFleetTest, ANodeOfWindowsTakesACommandLineAsItIs) {
  engine::NodeOrder order;
  order.pool = pool_;
  order.node = node_;
  order.windows = true;
  order.life = 2;
  fleet_.make(order);
  rest();
  fleet_.tell(pool_, node_, protocol::Welcome{});
  protocol::RunTask run = task("driver", 1);
  run.spec = R"({"id":"driver","commandLine":"cmd /c \"%D#411.82%\\\\Setup.exe /s\" & echo it's"})";
  EXPECT_EQ(end_of(run).exit_code, 0);
  EXPECT_EQ(text_of("driver", "stdout.txt"), "cmd /c \"%D#411.82%\\\\Setup.exe /s\" & echo it's\n");
}

TEST_F(InstantFleetTest, ANodeOfANewLifeKeepsItsFilesUnlessTheyAreToGo) {
  const auto make_life = [&](std::int64_t life, std::int64_t image) {
    engine::NodeOrder order;
    order.pool = pool_;
    order.node = node_;
    order.life = life;
    order.image = image;
    fleet_.make(order);
    const std::vector<protocol::Hello> hellos = take<protocol::Hello>();
    fleet_.tell(pool_, node_, protocol::Welcome{});
    return hellos.empty() ? "" : hellos.back().incarnation;
  };
  const std::string first = make_life(0, 0);
  EXPECT_FALSE(end_of(task("t", 1)).failure);
  const auto has_files = [&] {
    return ask({.verb = protocol::FileVerb::properties,
                .task = TaskId::trusted("t"),
                .path = "stdout.txt"})
        .error_code.empty();
  };
  EXPECT_TRUE(has_files());
  EXPECT_EQ(make_life(0, 0), first);
  const std::string second = make_life(1, 0);
  EXPECT_NE(second, first);
  EXPECT_TRUE(has_files());
  EXPECT_EQ(fleet_said_.size(), 2U);
  EXPECT_NE(make_life(2, 1), second);
  EXPECT_FALSE(has_files());
}

TEST_F(InstantFleetTest, ANodeIsThereAtOnceAndGivenBack) {
  make(node_);
  EXPECT_EQ(fleet_said_, std::vector<std::string>{"made 10.64.0.1"});
  const std::vector<protocol::Hello> hellos = take<protocol::Hello>();
  ASSERT_EQ(hellos.size(), 1U);
  EXPECT_EQ(hellos.front().node, node_);
  EXPECT_FALSE(hellos.front().incarnation.empty());
  fleet_.unmake(pool_, node_);
  fleet_.unmake(pool_, NodeId::trusted("unknown"));
  rest();
  EXPECT_EQ(fleet_said_.back(), "unmade unknown");
  EXPECT_FALSE(fleet_.tell(pool_, node_, protocol::Welcome{}));
}

TEST_F(InstantFleetTest, ATaskSucceedsAtOnceAndEchoesItsCommandLine) {
  make(node_);
  const protocol::RunEnd end = end_of(task("t", 1));
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_FALSE(end.failure);
  EXPECT_EQ(end.started, clock_.now());
  EXPECT_EQ(text_of("t", "stdout.txt"), "work hard\n");
  EXPECT_EQ(text_of("t", "stderr.txt"), "");
  EXPECT_EQ(text_of("t", "wd/none"), "FileNotFound");
  EXPECT_EQ(text_of("other", "stdout.txt"), "TaskFilesCleanedup");
}

TEST_F(InstantFleetTest, ATaskActsAsItIsTold) {
  make(node_);
  fleet_.tell(pool_, node_,
              task("t", 1,
                   {{"BATCHYARD_SIM_DURATION", "PT5S"},
                    {"BATCHYARD_SIM_EXIT_CODE", "3"},
                    {"BATCHYARD_SIM_STDOUT", "out"},
                    {"BATCHYARD_SIM_STDERR", "err"},
                    {"BATCHYARD_SIM_FILES", R"({\"a/out.txt\":\"42\"})"}}));
  EXPECT_TRUE(take<protocol::RunEnded>().empty());
  EXPECT_EQ(fleet_.next_deadline(), clock_.now() + 5s);
  EXPECT_EQ(text_of("t", "stdout.txt"), "out");
  EXPECT_EQ(text_of("t", "wd/a/out.txt"), "FileNotFound");
  advance(5s);
  const std::vector<protocol::RunEnded> ended = take<protocol::RunEnded>();
  ASSERT_EQ(ended.size(), 1U);
  EXPECT_EQ(ended.front().end.exit_code, 3);
  EXPECT_EQ(ended.front().end.failure->code, "FailureExitCode");
  EXPECT_EQ(ended.front().end.ended - ended.front().end.started, 5s);
  EXPECT_EQ(text_of("t", "wd/a/out.txt"), "42");
  EXPECT_EQ(text_of("t", "stderr.txt"), "err");
}

TEST_F(InstantFleetTest, EachRunTakesItsOwnValueOfAList) {
  make(node_);
  std::vector<std::optional<std::int32_t>> codes;
  for (int attempt = 1; attempt <= 4; ++attempt)
    codes.push_back(end_of(task("t", attempt, {{"BATCHYARD_SIM_EXIT_CODE", "7, 8, 0"}})).exit_code);
  EXPECT_EQ(codes, (std::vector<std::optional<std::int32_t>>{7, 8, 0, 0}));
  // A task that was deleted and is added again begins anew.
  fleet_.tell(pool_, node_, protocol::RemoveFiles{JobId::trusted("j"), TaskId::trusted("t")});
  EXPECT_EQ(end_of(task("t", 9, {{"BATCHYARD_SIM_EXIT_CODE", "7,8,0"}})).exit_code, 7);
}

TEST_F(InstantFleetTest, ACommandMayNotStart) {
  make(node_);
  const protocol::RunEnd missing =
      end_of(task("t", 1, {{"BATCHYARD_SIM_START_FAILURE", "notfound"}}));
  EXPECT_EQ(missing.failure->code, "CommandProgramNotFound");
  EXPECT_EQ(missing.exit_code, std::nullopt);
  const protocol::RunEnd wrong = end_of(task("t2", 1, {{"BATCHYARD_SIM_DURATION", "long"}}));
  EXPECT_EQ(wrong.failure->code, "CommandLaunchFailed");
  EXPECT_NE(text_of("t2", "stderr.txt").find("BATCHYARD_SIM_DURATION is 'long'"),
            std::string::npos);
}

TEST_F(InstantFleetTest, ResourceFilesAreThereUnlessTheirHostIsInvalid) {
  make(node_);
  end_of(task("t", 1, {},
              R"(,"resourceFiles":[{"httpUrl":"https://store.example/a","filePath":"in/a"}])"));
  EXPECT_EQ(text_of("t", "wd/in/a"), "simulated: https://store.example/a\n");
  const protocol::RunEnd end = end_of(task(
      "t2", 1, {}, R"(,"resourceFiles":[{"httpUrl":"https://gone.invalid/a","filePath":"a"}])"));
  EXPECT_EQ(end.failure->code, "BlobNotFound");
}

TEST_F(InstantFleetTest, LimitsAndEndsComeOnTheClock) {
  make(node_);
  fleet_.tell(pool_, node_,
              task("t", 1, {{"BATCHYARD_SIM_DURATION", "P1D"}},
                   R"(,"constraints":{"maxWallClockTime":"PT1M"})"));
  rest();
  advance(59s);
  EXPECT_TRUE(take<protocol::RunEnded>().empty());
  advance(1s);
  const std::vector<protocol::RunEnded> limited = take<protocol::RunEnded>();
  ASSERT_EQ(limited.size(), 1U);
  EXPECT_EQ(limited.front().end.failure->code, "TaskEnded");

  fleet_.tell(pool_, node_, task("t2", 1, {{"BATCHYARD_SIM_DURATION", "P1D"}}));
  fleet_.tell(pool_, node_,
              protocol::EndRun{{JobId::trusted("j"), TaskId::trusted("t2"), 1},
                               protocol::Failure{.code = "TaskEnded", .message = "Asked for."}});
  const std::vector<protocol::RunEnded> asked = take<protocol::RunEnded>();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked.front().end.failure->message, "Asked for.");
}

TEST_F(InstantFleetTest, FilesGoWhenTheirTimeHasCome) {
  make(node_);
  end_of(task("t", 1, {}, R"(,"constraints":{"retentionTime":"PT1H"})"));
  advance(59min);
  EXPECT_EQ(text_of("t", "stdout.txt"), "work hard\n");
  advance(1min);
  EXPECT_EQ(text_of("t", "stdout.txt"), "TaskFilesCleanedup");
}

TEST_F(InstantFleetTest, FilesAreKeptWhenTheirNodeGoesUntilTheirTimeHasCome) {
  make(node_);
  end_of(task("short", 1, {}, R"(,"constraints":{"retentionTime":"PT1H"})"));
  end_of(task("t", 2, {{"BATCHYARD_SIM_STDOUT", "first"}}));
  end_of(task("u", 3));
  fleet_.tell(pool_, node_, task("runs", 4, {{"BATCHYARD_SIM_DURATION", "PT2H"}}));
  EXPECT_EQ(kept_text_of("t", 2), "TaskFilesUnavailable") << "its node is there";
  fleet_.unmake(pool_, node_);
  EXPECT_EQ(kept_text_of("short", 1), "work hard\n");
  EXPECT_EQ(kept_text_of("t", 2), "first");
  EXPECT_EQ(kept_text_of("t", 1), "TaskFilesUnavailable") << "another attempt";
  EXPECT_EQ(kept_text_of("runs", 4), "TaskFilesUnavailable");
  fleet_.forget_kept(JobId::trusted("j"), TaskId::trusted("u"));
  EXPECT_EQ(kept_text_of("u", 3), "TaskFilesUnavailable");
  advance(1h);
  EXPECT_EQ(kept_text_of("short", 1), "TaskFilesUnavailable");
  EXPECT_EQ(kept_text_of("t", 2), "first");
  EXPECT_EQ(fleet_.next_deadline(), clock_.now() + 167h);
  advance(167h);
  EXPECT_EQ(kept_text_of("t", 2), "TaskFilesUnavailable");
  EXPECT_EQ(fleet_.next_deadline(), Time::max());
}

TEST_F(InstantFleetTest, AGangCoordinatesBeforeItsApplication) {
  const NodeId other = NodeId::trusted("n2");
  make(node_);
  make(other);
  protocol::RunTask run = task("t", 1, {{"BATCHYARD_SIM_COORDINATION_DURATION", "PT2S"}},
                               R"(,"multiInstanceSettings":{"coordinationCommandLine":"prepare"})");
  run.gang =
      protocol::Gang{.member = 0,
                     .secret = "s",
                     .members = {{.member = 0, .node = node_}, {.member = 1, .node = other}}};
  fleet_.tell(pool_, node_, run);
  run.gang->member = 1;
  fleet_.tell(pool_, other, run);
  EXPECT_TRUE(take<protocol::MemberReady>().empty());
  advance(2s);
  EXPECT_EQ(take<protocol::MemberReady>().size(), 2U);
  fleet_.tell(pool_, node_, protocol::RunApplication{run.key});
  const std::vector<protocol::RunEnded> primary = take<protocol::RunEnded>();
  ASSERT_EQ(primary.size(), 1U);
  EXPECT_EQ(primary.front().member, 0);
  fleet_.tell(pool_, other, protocol::EndRun{run.key, {}});
  EXPECT_EQ(take<protocol::RunEnded>().size(), 1U);
}

TEST_F(InstantFleetTest, AStartTaskIsTriedAgain) {
  make(node_);
  fleet_.tell(pool_, node_,
              protocol::RunStartTask{1, R"({"commandLine":"prepare","maxTaskRetryCount":-1,
                "environmentSettings":[{"name":"BATCHYARD_SIM_EXIT_CODE","value":"1,1,0"}]})"});
  rest();
  advance(1s);
  advance(1s);
  const std::vector<protocol::StartTaskChanged> changes = take<protocol::StartTaskChanged>();
  ASSERT_FALSE(changes.empty());
  EXPECT_EQ(changes.back().report.phase, protocol::StartTaskPhase::succeeded);
  EXPECT_EQ(changes.back().report.retry_count, 2);
}

TEST_F(InstantFleetTest, FilesAreListedAndDeletedAsOnARealNode) {
  make(node_);
  end_of(task("t", 1, {{"BATCHYARD_SIM_FILES", R"({\"d/x\":\"1\",\"y\":\"22\"})"}}));
  const auto names = [&](bool recursive) {
    std::vector<std::string> found;
    for (const protocol::FileEntry& entry : ask({.verb = protocol::FileVerb::list,
                                                 .task = TaskId::trusted("t"),
                                                 .recursive = recursive})
                                                .entries)
      found.push_back(entry.name + (entry.directory ? "/" : ""));
    return found;
  };
  EXPECT_EQ(names(false), (std::vector<std::string>{"stderr.txt", "stdout.txt", "wd/"}));
  EXPECT_EQ(names(true), (std::vector<std::string>{"stderr.txt", "stdout.txt", "wd/", "wd/d/",
                                                   "wd/d/x", "wd/y"}));
  const auto remove = [&](bool recursive) {
    return ask({.verb = protocol::FileVerb::remove,
                .task = TaskId::trusted("t"),
                .path = "wd/d",
                .recursive = recursive})
        .error_code;
  };
  EXPECT_EQ(remove(false), "OperationInvalidForCurrentState");
  EXPECT_EQ(remove(true), "");
  EXPECT_EQ(text_of("t", "wd/d/x"), "FileNotFound");
  EXPECT_EQ(text_of("t", "wd/y"), "22");
}

}  // namespace
}  // namespace batchyard::instant
