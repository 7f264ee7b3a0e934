// Launching a rank from end to end on loopback: a launcher as a process of its own, the broker of
// its node, the broker of the other node, the shim and the command. This program is also the
// launcher.
#include "edge/launch/broker.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "edge/launch/client.h"
#include "edge/launch/wire.h"

namespace batchyard::edge {
namespace {

namespace fs = std::filesystem;

constexpr int patience_ms = 30'000;
constexpr const char* mark = "run-1";
constexpr const char* here = "10.9.0.1";
constexpr const char* there = "10.9.0.2";

std::string this_program() {
  return fs::read_symlink("/proc/self/exe").string();
}

class ProcessHandle {
 public:
  explicit ProcessHandle(int pid)
      : descriptor_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))) {}
  ~ProcessHandle() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  ProcessHandle(const ProcessHandle&) = delete;
  bool exists() const { return descriptor_ >= 0; }
  bool has_ended() const {
    pollfd wait{descriptor_, POLLIN, 0};
    return descriptor_ < 0 || poll(&wait, 1, patience_ms) == 1;
  }

 private:
  int descriptor_;
};

// A launcher that runs, with its three streams.
class Launched {
 public:
  Launched(const std::vector<std::string>& arguments, const std::vector<std::string>& environment) {
    int pipes[3][2];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (int stream = 0; stream < 3; ++stream) {
      EXPECT_EQ(pipe2(pipes[stream], O_CLOEXEC), 0);
      posix_spawn_file_actions_adddup2(&actions, pipes[stream][stream == 0 ? 0 : 1], stream);
    }
    std::vector<char*> words, settings;
    for (const std::string& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
    for (const std::string& one : environment) settings.push_back(const_cast<char*>(one.c_str()));
    words.push_back(nullptr);
    settings.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&pid_, words[0], &actions, nullptr, words.data(), settings.data()), 0);
    posix_spawn_file_actions_destroy(&actions);
    for (int stream = 0; stream < 3; ++stream) {
      close(pipes[stream][stream == 0 ? 0 : 1]);
      streams_[stream] = pipes[stream][stream == 0 ? 1 : 0];
    }
  }
  ~Launched() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    for (const int stream : streams_) {
      if (stream >= 0) close(stream);
    }
  }
  Launched(const Launched&) = delete;

  void send(std::string_view bytes) const { EXPECT_TRUE(write_whole(streams_[0], bytes)); }
  void end_input() {
    close(streams_[0]);
    streams_[0] = -1;
  }
  void give(int number) const { kill(pid_, number); }
  std::string line() const {
    std::string line;
    for (char letter = 0; next(letter) && letter != '\n';) line += letter;
    return line;
  }
  std::string rest(int stream) const {
    std::string text;
    char buffer[65536];
    pollfd wait{streams_[stream], POLLIN, 0};
    while (poll(&wait, 1, patience_ms) == 1) {
      const ssize_t got = read(streams_[stream], buffer, sizeof buffer);
      if (got <= 0) break;
      text.append(buffer, static_cast<std::size_t>(got));
    }
    return text;
  }
  int exit_code() {
    EXPECT_TRUE(ProcessHandle(pid_).has_ended()) << "the launcher does not end";
    kill(pid_, SIGKILL);
    int status = 0;
    waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  bool next(char& letter) const {
    pollfd wait{streams_[1], POLLIN, 0};
    return poll(&wait, 1, patience_ms) == 1 && read(streams_[1], &letter, 1) == 1;
  }
  pid_t pid_ = -1;
  int streams_[3] = {-1, -1, -1};
};

// Two nodes and their gang.
class BrokerTest : public testing::Test {
 protected:
  void SetUp() override {
    signal(SIGPIPE, SIG_IGN);
    std::string pattern = "/tmp/by-launch-XXXXXX";
    place_ = mkdtemp(pattern.data());
    first_ = open("a");
    second_ = open("b");
    ASSERT_TRUE(first_ && second_);
    gang_.secret = "the gang's secret";
    gang_.members = {member(0, here, "node-a", first_->endpoint()),
                     member(1, there, "node-b", second_->endpoint())};
    join_second(gang_.secret);
    variables_ = first_->open_gang(mark, gang_, 4, order("a"));
  }
  void TearDown() override {
    first_.reset();
    second_.reset();
    std::error_code ignored;
    fs::remove_all(place_, ignored);
  }

  std::unique_ptr<Broker> open(const std::string& name) const {
    Result<std::unique_ptr<Broker>> broker =
        Broker::open({place_ + "/" + name, place_ + "/" + name + "/records",
                      fs::path(this_program()).parent_path().string() + "/batchyard-shim",
                      this_program(), "127.0.0.1"});
    EXPECT_TRUE(broker);
    return broker ? std::move(*broker) : nullptr;
  }
  static protocol::GangMember member(int number, const char* address, const char* host,
                                     const std::string& endpoint) {
    protocol::GangMember member;
    member.member = number;
    member.ip_address = address;
    member.host_name = host;
    member.launch_endpoint = endpoint;
    return member;
  }
  ShimOrder order(const std::string& name) const {
    ShimOrder order;
    order.directory = place_ + "/" + name;
    order.arguments = {"true"};
    order.environment = {"PATH=/usr/bin:/bin", std::string("BATCHYARD_RUN=") + mark,
                         "NODE=" + name};
    return order;
  }
  void join_second(const std::string& secret) {
    protocol::Gang gang = gang_;
    gang.member = 1;
    gang.secret = secret;
    second_->open_gang(mark, gang, 4, order("b"));
  }
  std::vector<std::string> environment() const {
    std::vector<std::string> all = variables_;
    all.push_back(std::string("BATCHYARD_RUN=") + mark);
    return all;
  }
  std::unique_ptr<Launched> launch(const std::string& host, const std::string& command) const {
    return std::make_unique<Launched>(
        std::vector<std::string>{this_program(), "launch", host, command}, environment());
  }

  std::string place_;
  std::unique_ptr<Broker> first_, second_;
  protocol::Gang gang_;
  std::vector<std::string> variables_;
};

TEST_F(BrokerTest, CarriesTheStreamsAndTheExitCodeOfTheOtherNode) {
  const auto run = launch(there, "echo on $NODE; echo trouble >&2; exit 42");
  EXPECT_EQ(run->rest(1), "on b\n");
  EXPECT_EQ(run->rest(2), "trouble\n");
  EXPECT_EQ(run->exit_code(), 42);
}

TEST_F(BrokerTest, RunsOnTheOwnNodeToo) {
  const auto run = launch(here, "echo on $NODE in $(basename $PWD)");
  EXPECT_EQ(run->rest(1), "on a in a\n");
  EXPECT_EQ(run->exit_code(), 0);
}

TEST_F(BrokerTest, AHostMayBeNamed) {
  const auto run = launch("someone@NODE-B", "echo on $NODE");
  EXPECT_EQ(run->rest(1), "on b\n");
  EXPECT_EQ(run->exit_code(), 0);
}

TEST_F(BrokerTest, CarriesInputUntilItsEnd) {
  const auto run = launch(there, "wc -c");
  run->send(std::string(3'000'000, 'x'));
  run->end_input();
  EXPECT_EQ(run->rest(1), "3000000\n");
  EXPECT_EQ(run->exit_code(), 0);
}

TEST_F(BrokerTest, CarriesMoreOutputThanAnyBufferHolds) {
  const auto run = launch(there, "head -c 3000000 /dev/zero");
  EXPECT_EQ(run->rest(1).size(), 3'000'000U);
  EXPECT_EQ(run->exit_code(), 0);
}

TEST_F(BrokerTest, CarriesSignals) {
  const auto run =
      launch(there, "trap 'echo caught; exit 5' USR1; sleep 1000 & echo up; wait; exit 6");
  EXPECT_EQ(run->line(), "up");
  run->give(SIGUSR1);
  EXPECT_EQ(run->line(), "caught");
  EXPECT_EQ(run->exit_code(), 5);
}

TEST_F(BrokerTest, ACommandEndedByASignalSaysSoAsAShellDoes) {
  EXPECT_EQ(launch(there, "kill -9 $$")->exit_code(), 128 + SIGKILL);
}

TEST_F(BrokerTest, AKilledLauncherTakesTheRemoteTreeWithIt) {
  const auto run = launch(there, "(setsid sleep 1000 & echo $!); echo $$; exec sleep 1000");
  const ProcessHandle daemon(std::stoi("0" + run->line()));
  const ProcessHandle command(std::stoi("0" + run->line()));
  ASSERT_TRUE(daemon.exists() && command.exists());
  run->give(SIGKILL);
  EXPECT_TRUE(command.has_ended());
  EXPECT_TRUE(daemon.has_ended());
}

TEST_F(BrokerTest, ALostPeerIsToldAndLeavesNothing) {
  const auto run = launch(there, "echo $$; exec sleep 1000");
  const ProcessHandle command(std::stoi("0" + run->line()));
  ASSERT_TRUE(command.exists());
  second_.reset();
  EXPECT_TRUE(command.has_ended());
  EXPECT_NE(run->exit_code(), 0);
}

TEST_F(BrokerTest, AClosedGangEndsWhatItLaunched) {
  const auto run = launch(there, "echo $$; exec sleep 1000");
  const ProcessHandle command(std::stoi("0" + run->line()));
  ASSERT_TRUE(command.exists());
  first_->close_gang(mark);
  EXPECT_TRUE(command.has_ended());
  EXPECT_EQ(run->exit_code(), 255);
  EXPECT_EQ(launch(there, "true")->exit_code(), 255);
}

TEST_F(BrokerTest, AHostOutsideTheGangIsRefused) {
  const auto run = launch("10.9.0.3", "true");
  EXPECT_NE(run->rest(2).find("10.9.0.3 is no host"), std::string::npos);
  EXPECT_EQ(run->exit_code(), 255);
}

TEST_F(BrokerTest, ATaskWithAnotherSecretIsRefused) {
  std::vector<std::string> forged = environment();
  for (std::string& setting : forged) {
    if (setting.starts_with("BATCHYARD_LAUNCH_SECRET=")) setting += "x";
  }
  Launched run({this_program(), "launch", there, "touch forged"}, forged);
  EXPECT_NE(run.rest(2).find("no member"), std::string::npos);
  EXPECT_EQ(run.exit_code(), 255);
  EXPECT_FALSE(fs::exists(place_ + "/b/forged"));
}

TEST_F(BrokerTest, APeerWithAnotherSecretIsNotTrusted) {
  join_second("another secret");
  const auto run = launch(there, "touch forged");
  EXPECT_NE(run->rest(2).find("secret"), std::string::npos);
  EXPECT_EQ(run->exit_code(), 255);
  EXPECT_FALSE(fs::exists(place_ + "/b/forged"));
}

TEST_F(BrokerTest, StandsInForSshInsideTheGang) {
  Launched run({"/bin/sh", "-c",
                std::string("ssh -x -o BatchMode=yes -oPort=1 -p 22 ") + there +
                    " 'echo \"on  $NODE\";' exit 4"},
               environment());
  EXPECT_EQ(run.rest(1), "on  b\n");
  EXPECT_EQ(run.exit_code(), 4);
}

TEST_F(BrokerTest, TheHostFilesNameEveryMember) {
  const auto text_of = [&](const std::string& name) {
    std::ifstream file(place_ + "/a/" + mark + "/" + name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  EXPECT_EQ(text_of("hosts.openmpi"), "10.9.0.1 slots=4\n10.9.0.2 slots=4\n");
  EXPECT_EQ(text_of("hosts.hydra"), "10.9.0.1:4\n10.9.0.2:4\n");
}

}  // namespace
}  // namespace batchyard::edge

int main(int argument_count, char** arguments) {
  const std::string_view name = arguments[0];
  if (name == "ssh" || name.ends_with("/ssh"))
    return batchyard::edge::launch_main(argument_count, arguments);
  if (argument_count > 1 && std::string_view(arguments[1]) == "launch")
    return batchyard::edge::launch_main(argument_count - 1, arguments + 1);
  testing::InitGoogleTest(&argument_count, arguments);
  return RUN_ALL_TESTS();
}
