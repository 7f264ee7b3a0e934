// The runner and its shim with real processes: what is told of their end, that nothing of a tree is
// left, and that neither the death of an agent nor that of a shim leaves anything untold.
#include "edge/process/runner.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <fstream>

#include "edge/clock/clock.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int patience_ms = 30'000;

// True when the process has ended, whoever its parent is.
bool has_ended(int pid) {
  const int handle = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (handle < 0) return errno == ESRCH;
  pollfd wait{handle, POLLIN, 0};
  const bool ended = poll(&wait, 1, patience_ms) == 1;
  close(handle);
  return ended;
}

// What a runner has told, for a test that waits.
class Told {
 public:
  Runner::OnEnd listener() {
    return [this](const std::string& id, node::ProcessEnd end) {
      const std::lock_guard lock(mutex_);
      ends_[id] = end;
      changed_.notify_all();
    };
  }
  node::ProcessEnd wait_for(const std::string& id) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(changed_.wait_for(lock, 30s, [&] { return ends_.contains(id); }))
        << "no end of " << id;
    return ends_[id];
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, node::ProcessEnd> ends_;
};

class RunnerTest : public testing::Test {
 protected:
  RunnerTest() : mark_(random_hex(8)) {
    std::string pattern = (fs::temp_directory_path() / "by-run-XXXXXX").string();
    place_ = mkdtemp(pattern.data());
    chmod(place_.c_str(), 0755);
    for (const char* name : {"up", "go"}) mkfifo((place_ + "/" + name).c_str(), 0666);
  }
  ~RunnerTest() override {
    kill_marked(mark_);
    std::error_code ignored;
    fs::remove_all(place_, ignored);
  }

  RunnerOptions options() const {
    return {place_ + "/records",
            fs::read_symlink("/proc/self/exe").parent_path().string() + "/batchyard-shim"};
  }
  ShimOrder order(std::vector<std::string> arguments) const {
    ShimOrder order;
    order.directory = place_;
    order.out = place_ + "/out";
    order.error = place_ + "/err";
    order.arguments = std::move(arguments);
    order.environment = {"PATH=/usr/bin:/bin", "BATCHYARD_RUN=" + mark_};
    return order;
  }
  ShimOrder shell(const std::string& script) const { return order({"/bin/sh", "-c", script}); }

  node::ProcessEnd end_of(const ShimOrder& order) const {
    Told told;
    Runner runner(options(), told.listener());
    runner.start("one", order);
    return told.wait_for("one");
  }

  std::string text_of(const std::string& name) const {
    std::ifstream file(place_ + "/" + name);
    std::string line;
    std::getline(file, line);
    return line;
  }
  int number_of(const std::string& name) const {
    const std::string text = text_of(name);
    return text.empty() ? -1 : std::stoi(text);
  }
  // The command wrote a line into the pipe `up`: it runs.
  int wait_until_up() const { return number_of("up"); }
  void let_go() const { std::ofstream(place_ + "/go") << "go\n"; }

  std::string mark_;
  std::string place_;
};

TEST_F(RunnerTest, TellsTheExitCodeAndKeepsTheStreams) {
  const node::ProcessEnd end = end_of(shell("echo said; echo complained >&2; exit 42"));
  EXPECT_EQ(end.exit_code, 42);
  EXPECT_FALSE(end.signal || end.error || end.lost);
  EXPECT_LE(end.started, end.ended);
  EXPECT_EQ(text_of("out"), "said");
  EXPECT_EQ(text_of("err"), "complained");
}

TEST_F(RunnerTest, TellsTheSignalThatEndedTheCommand) {
  const node::ProcessEnd end = end_of(shell("kill -USR1 $$"));
  EXPECT_EQ(end.signal, SIGUSR1);
  EXPECT_FALSE(end.exit_code);
}

TEST_F(RunnerTest, ACommandThatIsNotThereIsToldApart) {
  const node::ProcessEnd end = end_of(order({"/no/such/program"}));
  EXPECT_EQ(end.error, ENOENT);
  EXPECT_TRUE(end.not_found);
}

TEST_F(RunnerTest, AFileThatIsNoProgramIsNotMissing) {
  std::ofstream(place_ + "/text") << "no program";
  const node::ProcessEnd end = end_of(order({place_ + "/text"}));
  EXPECT_EQ(end.error, EACCES);
  EXPECT_FALSE(end.not_found);
}

TEST_F(RunnerTest, AMissingDirectoryIsNoMissingCommand) {
  ShimOrder lost = shell("true");
  lost.directory = place_ + "/nowhere";
  const node::ProcessEnd end = end_of(lost);
  EXPECT_EQ(end.error, ENOENT);
  EXPECT_FALSE(end.not_found);
}

TEST_F(RunnerTest, AMissingShimIsToldAsAFailure) {
  RunnerOptions wrong = options();
  wrong.shim_program = place_ + "/no-shim";
  Told told;
  Runner runner(wrong, told.listener());
  runner.start("one", shell("true"));
  EXPECT_EQ(told.wait_for("one").error, ENOENT);
}

TEST_F(RunnerTest, ADaemonThatTheCommandLeftIsDeadWhenTheEndIsTold) {
  const node::ProcessEnd end = end_of(
      shell("(setsid sh -c 'echo $$ >up; exec sleep 1000' &); read pid <up; echo $pid >daemon; "
            "exit 3"));
  EXPECT_EQ(end.exit_code, 3);
  const int daemon = number_of("daemon");
  ASSERT_GT(daemon, 0);
  EXPECT_EQ(kill(daemon, 0), -1);
}

TEST_F(RunnerTest, AKeptTreeGoesOnUntilItsMarkIsKilled) {
  Told told;
  Runner runner(options(), told.listener());
  ShimOrder leaves =
      shell("(setsid sh -c 'echo $$ >up; exec sleep 1000' &); read pid <up; echo $pid >daemon");
  leaves.keeps_tree = true;
  runner.start("one", leaves);
  EXPECT_EQ(told.wait_for("one").exit_code, 0);
  const int daemon = number_of("daemon");
  ASSERT_GT(daemon, 0);
  EXPECT_EQ(kill(daemon, 0), 0);
  kill_marked(mark_);
  EXPECT_TRUE(has_ended(daemon));
}

TEST_F(RunnerTest, AnEndedCommandMayLeaveInItsOwnWay) {
  Told told;
  Runner runner(options(), told.listener());
  ShimOrder polite = shell("trap 'exit 9' TERM; sleep 1000 & echo 1 >up; wait");
  polite.grace_ms = patience_ms;
  runner.start("one", polite);
  wait_until_up();
  runner.end("one");
  EXPECT_EQ(told.wait_for("one").exit_code, 9);
}

TEST_F(RunnerTest, ACommandThatWillNotEndIsKilledAfterTheGrace) {
  Told told;
  Runner runner(options(), told.listener());
  ShimOrder stubborn = shell("trap '' TERM; echo 1 >up; exec sleep 1000");
  stubborn.grace_ms = 20;
  runner.start("one", stubborn);
  wait_until_up();
  runner.end("one");
  EXPECT_EQ(told.wait_for("one").signal, SIGKILL);
}

TEST_F(RunnerTest, ARunOfAKilledAgentIsTakenOver) {
  const pid_t agent = fork();
  if (agent == 0) {
    Runner runner(options(), [](const std::string&, node::ProcessEnd) {});
    runner.start("one", shell("echo 1 >up; read line <go; exit 7"));
    while (true) pause();
  }
  wait_until_up();
  kill(agent, SIGKILL);
  waitpid(agent, nullptr, 0);

  Told told;
  Runner runner(options(), told.listener());
  EXPECT_EQ(runner.adopt(), std::vector<std::string>{"one"});
  let_go();
  EXPECT_EQ(told.wait_for("one").exit_code, 7);
  runner.forget("one");
  EXPECT_TRUE(runner.adopt().empty());
}

TEST_F(RunnerTest, ARunThatEndedWithoutAnAgentIsToldLater) {
  const pid_t agent = fork();
  if (agent == 0) {
    Runner runner(options(), [](const std::string&, node::ProcessEnd) {});
    runner.start("one", shell("echo $PPID >up; read line <go; exit 7"));
    while (true) pause();
  }
  const int shim = wait_until_up();
  kill(agent, SIGKILL);
  waitpid(agent, nullptr, 0);
  let_go();
  ASSERT_TRUE(has_ended(shim));

  Told told;
  Runner runner(options(), told.listener());
  EXPECT_EQ(runner.adopt(), std::vector<std::string>{"one"});
  EXPECT_EQ(told.wait_for("one").exit_code, 7);
}

TEST_F(RunnerTest, ARunWhoseShimVanishedIsLost) {
  Told told;
  Runner runner(options(), told.listener());
  runner.start("one", shell("echo $PPID >up; exec sleep 1000"));
  kill(wait_until_up(), SIGKILL);
  const node::ProcessEnd end = told.wait_for("one");
  EXPECT_TRUE(end.lost);
  EXPECT_FALSE(end.exit_code);
}

// A number that another process has got meanwhile must not be taken for the shim.
TEST_F(RunnerTest, APidThatBelongsToSomebodyElseIsNotAdopted) {
  fs::create_directories(options().record_directory);
  std::ofstream(options().record_directory + "/one.run") << getpid() << " 1 " << boot_id() << "\n";
  Told told;
  Runner runner(options(), told.listener());
  EXPECT_EQ(runner.adopt(), std::vector<std::string>{"one"});
  EXPECT_TRUE(told.wait_for("one").lost);
}

// The process that makes shims is their parent; they do not depend on it.
TEST_F(RunnerTest, AKilledForkServerTakesNobodyAlongAndIsReplaced) {
  Told told;
  Runner runner(options(), told.listener());
  runner.start("one", shell("cut -d' ' -f4 /proc/$PPID/stat >up; read line <go; exit 7"));
  const int server = wait_until_up();
  ASSERT_GT(server, 1);
  kill(server, SIGKILL);
  ASSERT_TRUE(has_ended(server));
  runner.start("two", shell("exit 8"));
  EXPECT_EQ(told.wait_for("two").exit_code, 8);
  let_go();
  EXPECT_EQ(told.wait_for("one").exit_code, 7);
}

TEST_F(RunnerTest, AForkServerEndsWithItsAgent) {
  int server = 0;
  {
    Told told;
    Runner runner(options(), told.listener());
    runner.start("one", shell("cut -d' ' -f4 /proc/$PPID/stat >up"));
    server = wait_until_up();
    told.wait_for("one");
  }
  ASSERT_GT(server, 1);
  EXPECT_TRUE(has_ended(server));
}

TEST_F(RunnerTest, AnOrderThatNoShimCanTakeIsToldAsAFailure) {
  ShimOrder huge = order({"/bin/true"});
  huge.environment.push_back("LONG=" + std::string(shim_order_max, 'x'));
  EXPECT_EQ(end_of(huge).error, E2BIG);
}

// More words and more bytes than a shim keeps room for.
TEST_F(RunnerTest, ALargeOrderComesWhole) {
  ShimOrder large = order({"/bin/sh", "-c", "echo $# ${#LONG} $LAST", "sh"});
  for (int number = 0; number < 2000; ++number) large.arguments.push_back("word");
  large.environment.push_back("LONG=" + std::string(100'000, 'x'));
  large.environment.push_back("LAST=here");
  EXPECT_EQ(end_of(large).exit_code, 0);
  EXPECT_EQ(text_of("out"), "2000 100000 here");
}

TEST_F(RunnerTest, TheCommandRunsAsItsUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root may change users";
  const UserNumbers user = numbers_of({.admin = false, .task_scope = false, .own_key = ""});
  ASSERT_EQ(chown(place_.c_str(), static_cast<uid_t>(user.uid), static_cast<gid_t>(user.gid)), 0);
  ShimOrder as_user = shell("echo $(id -u) $(id -G)");
  as_user.uid = user.uid;
  as_user.gid = user.gid;
  EXPECT_EQ(end_of(as_user).exit_code, 0);
  EXPECT_EQ(text_of("out"), std::to_string(user.uid) + " " + std::to_string(user.gid));
}

TEST(UserNumbersTest, AccountsOfTasksDifferFromThePools) {
  if (geteuid() != 0) {
    EXPECT_EQ(numbers_of({.admin = true, .task_scope = false, .own_key = ""}).uid, -1);
    return;
  }
  const long pool = numbers_of({.admin = false, .task_scope = false, .own_key = "a"}).uid;
  const long task = numbers_of({.admin = false, .task_scope = true, .own_key = "a"}).uid;
  EXPECT_EQ(numbers_of({.admin = true, .task_scope = false, .own_key = "a"}).uid, 0);
  EXPECT_GT(pool, 0);
  EXPECT_GT(task, 0);
  EXPECT_NE(pool, task);
}

}  // namespace
}  // namespace batchyard::edge
