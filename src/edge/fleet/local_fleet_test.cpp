#include "edge/fleet/local_fleet_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "edge/fleet/abilities.h"
#include "edge/fleet/node_group.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

namespace fs = std::filesystem;

// Processes with this text among their words.
std::vector<std::string> processes_named(const std::string& text) {
  std::vector<std::string> found;
  for (const fs::directory_entry& entry : fs::directory_iterator("/proc")) {
    const Result<std::string> words = read_file(entry.path().string() + "/cmdline");
    if (words && words->find(text) != std::string::npos) found.push_back(*words);
  }
  return found;
}

class IsolatedNodes : public LocalFleetTest {
 protected:
  void SetUp() override {
    if (!probe().isolated_nodes()) GTEST_SKIP() << "this machine allows no isolated nodes";
    LocalFleetTest::SetUp();
    mounts_ = read_file("/proc/mounts").value();
    links_ = output_of("ls /sys/class/net");
  }

  // Exit status of a connection from one node to a server that runs in another.
  std::string connect(const NodeRecord& from, const NodeRecord& to,
                      const std::string& seconds = "5") const {
    const std::string listen =
        "exec nsenter -t " + std::to_string(to.pid) +
        " -n -- python3 -c 'import socket; s = socket.create_server((\"" + to.ip_address +
        "\", 7070)); s.settimeout(10); print(\"ready\", flush=True); s.accept()'";
    FILE* server = ::popen(listen.c_str(), "r");
    char line[16] = {};
    EXPECT_NE(std::fgets(line, sizeof line, server), nullptr);
    const std::string client =
        output_of("nsenter -t " + std::to_string(from.pid) +
                  " -n -- python3 -c 'import socket; socket.create_connection((\"" + to.ip_address +
                  "\", 7070), " + seconds + "); print(\"reached\")' 2>&1 | tail -n 1");
    if (client != "reached")  // let the server end at once
      output_of("nsenter -t " + std::to_string(to.pid) +
                " -n -- python3 -c 'import socket; socket.create_connection((\"" + to.ip_address +
                "\", 7070), 5)'");
    ::pclose(server);
    return client;
  }

  std::string mounts_;
  std::string links_;
};

TEST_F(IsolatedNodes, OfOnePoolKnowAndReachEachOther) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  EXPECT_TRUE(fleet->isolated());
  EXPECT_EQ(fleet->notice(), "");
  for (const char* node : {"a1", "a2", "A_3"}) fleet->make(order("red", node));
  const engine::NodeMade first = listener_.await_made("a1");
  listener_.await_made("a2");
  EXPECT_EQ(listener_.await_made("A_3").host_name, "a-3");
  EXPECT_TRUE(first.isolated);
  EXPECT_EQ(first.host_name, "a1");

  const NodeRecord a1 = record("red", "a1");
  const NodeRecord a2 = record("red", "a2");
  EXPECT_EQ(a1.ip_address, first.ip_address);
  EXPECT_NE(a1.ip_address, a2.ip_address);
  EXPECT_EQ(connect(a1, a2), "reached");
  EXPECT_EQ(inside(a1, "uname -n"), "a1");
  EXPECT_EQ(inside(a1, "getent hosts a2 a-3 | wc -l"), "2");
  EXPECT_NE(inside(a1, "cat /proc/sys/kernel/random/boot_id"),
            inside(a2, "cat /proc/sys/kernel/random/boot_id"));
  EXPECT_EQ(inside(a1, "ls /sys/class/net | tr \"\\n\" \" \""), "eth0 lo ");
  EXPECT_EQ(inside(a1, "cat /proc/1/comm"), "node-init");
  fleet->stop_all();
}

TEST_F(IsolatedNodes, OfTwoPoolsCannotReachEachOther) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  fleet->make(order("blue", "b1"));
  listener_.await_made("a1");
  listener_.await_made("b1");
  const NodeRecord a1 = record("red", "a1");
  const NodeRecord b1 = record("blue", "b1");
  EXPECT_NE(a1.ip_address, b1.ip_address);
  EXPECT_NE(connect(a1, b1), "reached");
  EXPECT_NE(connect(b1, a1), "reached");
  // Not by a route that someone in the node sets either: no link leads there.
  inside(a1, "ip route add default dev eth0");
  EXPECT_NE(connect(a1, b1, "0.3"), "reached");
  EXPECT_EQ(output_of("getent hosts b1"), "");
  fleet->stop_all();
}

TEST_F(IsolatedNodes, SeeTheMachineButHaveFilesOfTheirOwn) {
  ASSERT_TRUE(write_file(directory_ + "/secret-of-the-machine", "x", 0644));
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  fleet->make(order("red", "a2"));
  listener_.await_made("a1");
  listener_.await_made("a2");
  const NodeRecord a1 = record("red", "a1");
  const NodeRecord a2 = record("red", "a2");
  EXPECT_EQ(
      inside(a1,
             "echo mine > /tmp/x; echo done > /mnt/batch/tasks/y; echo z > /dev/shm/z; cat /tmp/x"),
      "mine");
  EXPECT_EQ(inside(a2, "ls /tmp/x /mnt/batch/tasks/y /dev/shm/z 2>/dev/null"), "");
  EXPECT_EQ(read_file(node_directory("red", "a1") + "/root/y").value_or(""), "done\n");
  EXPECT_EQ(inside(a1, "ls " + directory_), "bin\ndata");
  EXPECT_EQ(inside(a1, "ls /mnt | grep -v ^batch$"), output_of("ls /mnt | grep -v ^batch$"));
  EXPECT_EQ(inside(a1, "ls /sys/fs/cgroup"), output_of("ls /sys/fs/cgroup"));
  EXPECT_EQ(inside(a1, "stat -c %a /tmp"), "1777");
  EXPECT_EQ(inside(a1, "stat -c %a /mnt/batch/agent/token"), "600");
  EXPECT_EQ(read_file("/proc/mounts").value(), mounts_);
  EXPECT_EQ(output_of("ls /sys/class/net"), links_);
  fleet->stop_all();
}

TEST_F(IsolatedNodes, KeepTheirAgentRunning) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  const engine::NodeMade made = listener_.await_made("a1");
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));
  // The agent lives in the node, but in the machine's network.
  const std::string notes = agent_notes("red", "a1");
  EXPECT_NE(notes.find("host=a1 "), std::string::npos);
  EXPECT_NE(notes.find("net=" + output_of("readlink /proc/self/ns/net") + " "), std::string::npos);
  EXPECT_NE(notes.find("/mnt/batch/agent /mnt/batch/tasks " + made.ip_address + " /proc/1/ns/net"),
            std::string::npos);

  const NodeRecord a1 = record("red", "a1");
  inside(a1, "kill -9 $(sed -n \"s/^pid=\\([0-9]*\\).*/\\1/p\" /mnt/batch/agent/notes)");
  EXPECT_TRUE(eventually([&] { return agent_starts("red", "a1") == 2; }));
  fleet->restart_agent(PoolId::trusted("red"), NodeId::trusted("a1"));
  EXPECT_TRUE(eventually([&] { return agent_starts("red", "a1") == 3; }));
  EXPECT_TRUE(lives(a1.pid));
  EXPECT_TRUE(listener_.is_silent());
  fleet->stop_all();
}

TEST_F(IsolatedNodes, ThatCrashAreReportedAndCanBeMadeAgain) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  fleet->make(order("red", "a2"));
  listener_.await_made("a1");
  listener_.await_made("a2");
  const NodeRecord before = record("red", "a1");
  inside(before, "echo kept > /mnt/batch/tasks/file");
  ASSERT_EQ(::kill(static_cast<pid_t>(before.pid), SIGKILL), 0);
  EXPECT_EQ(listener_.await_failed("a1"),
            "The node has crashed: its first process was killed by signal 9.");
  EXPECT_FALSE(fs::exists(node_directory("red", "a1") + "/record.json"));

  fleet->make(order("red", "a1"));
  listener_.await_made("a1");
  const NodeRecord after = record("red", "a1");
  EXPECT_NE(after.incarnation, before.incarnation);
  EXPECT_EQ(inside(after, "cat /mnt/batch/tasks/file"), "kept");
  EXPECT_EQ(connect(after, record("red", "a2")), "reached");
  EXPECT_EQ(connect(record("red", "a2"), after), "reached");
  EXPECT_EQ(inside(after, "grep -c \"^10.*a1$\" /etc/hosts"), "1");
  fleet->stop_all();
}

TEST_F(IsolatedNodes, OutliveAKilledServiceAndAreFoundAgain) {
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const pid_t service = ::fork();
  if (service == 0) {
    ::dup2(ends[1], 1);
    ::execl("/proc/self/exe", "service", "make-fleet", directory_.c_str(), nullptr);
    ::_exit(127);
  }
  ::close(ends[1]);
  char word[5] = {};
  ASSERT_EQ(::read(ends[0], word, 4), 4);
  ::close(ends[0]);
  ASSERT_EQ(::kill(service, SIGKILL), 0);
  ASSERT_EQ(::waitpid(service, nullptr, 0), service);

  const NodeRecord a1 = record("red", "a1");
  const NodeRecord a2 = record("red", "a2");
  EXPECT_TRUE(lives(a1.pid));
  EXPECT_EQ(connect(a1, a2), "reached");
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));

  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->adopt({order("red", "a1"), order("red", "a9")});
  EXPECT_EQ(listener_.await_made("a1").ip_address, a1.ip_address);
  EXPECT_NE(listener_.await_made("a9").ip_address, a1.ip_address);
  EXPECT_TRUE(eventually([&] { return !lives(a2.pid); }));
  EXPECT_TRUE(eventually([&] { return !fs::exists(node_directory("red", "a2")); }));
  EXPECT_EQ(agent_starts("red", "a1"), 1u);
  EXPECT_EQ(record("red", "a1").pid, a1.pid);

  // The hub was taken over too: a new node is reached from the old one.
  fleet->make(order("red", "a3"));
  listener_.await_made("a3");
  EXPECT_EQ(connect(a1, record("red", "a3")), "reached");
  ASSERT_EQ(::kill(static_cast<pid_t>(a1.pid), SIGKILL), 0);
  EXPECT_EQ(listener_.await_failed("a1"), "The node has crashed: its first process has ended.");
  fleet->stop_all();
}

TEST_F(IsolatedNodes, LeaveNothingWhenAllAreStopped) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  fleet->make(order("blue", "b1"));
  listener_.await_made("a1");
  listener_.await_made("b1");
  const NodeRecord a1 = record("red", "a1");
  const NodeRecord b1 = record("blue", "b1");
  ASSERT_TRUE(eventually([&] { return agent_starts("red", "a1") == 1; }));
  const std::string inside_pids =
      output_of("nsenter -t " + std::to_string(a1.pid) + " -p -m -- ls /proc | grep -c \"^[0-9]\"");
  EXPECT_NE(inside_pids, "0");
  if (!a1.cgroup.empty()) {
    EXPECT_EQ(read_file(a1.cgroup + "/cgroup.events").value().find("populated 1"), 0u);
  }
  fleet->make(order("blue", "b2"));  // still being built when the end comes
  fleet->stop_all();
  EXPECT_FALSE(lives(a1.pid));
  EXPECT_FALSE(lives(b1.pid));
  EXPECT_TRUE(a1.cgroup.empty() || !fs::exists(parent_path(a1.cgroup)));
  EXPECT_EQ(read_file("/proc/mounts").value(), mounts_);
  EXPECT_EQ(output_of("ls /sys/class/net"), links_);
  EXPECT_TRUE(FleetDirectory(directory_ + "/data").read_all().empty());
  // No process on the machine has this test's directory among its words.
  EXPECT_TRUE(processes_named(directory_).empty());
  fleet->make(order("red", "late"));
  fleet->stop_all();
}

TEST_F(IsolatedNodes, ThatAreUnmadeAreGoneWithTheirFiles) {
  const auto fleet = open();
  ASSERT_TRUE(fleet);
  fleet->make(order("red", "a1"));
  listener_.await_made("a1");
  const NodeRecord a1 = record("red", "a1");
  fleet->make(order("red", "a1"));  // an order said twice is answered twice
  listener_.await_made("a1");
  EXPECT_EQ(record("red", "a1").pid, a1.pid);
  fleet->unmake(PoolId::trusted("red"), NodeId::trusted("a1"));
  EXPECT_TRUE(listener_.await_unmade("a1"));
  EXPECT_FALSE(lives(a1.pid));
  EXPECT_FALSE(fs::exists(node_directory("red", "a1")));
  fleet->unmake(PoolId::trusted("red"), NodeId::trusted("a1"));
  EXPECT_TRUE(listener_.await_unmade("a1"));
  fleet->make(order("red", "a1"));
  fleet->unmake(PoolId::trusted("red"), NodeId::trusted("a1"));
  fleet->make(order("red", "a1"));
  EXPECT_TRUE(listener_.await_unmade("a1"));
  listener_.await_made("a1");
  fleet->stop_all();
}

TEST_F(IsolatedNodes, ThatCannotBeBuiltSayWhy) {
  LocalFleetOptions wrong = options(Isolation::namespaces);
  wrong.agent_program = directory_ + "/missing/agent";
  auto fleet = LocalFleet::open(wrong, listener_);
  ASSERT_TRUE(fleet);
  (*fleet)->make(order("red", "a1"));
  EXPECT_EQ(listener_.await_failed("a1"), "The node could not be built: cannot take " + directory_ +
                                              "/missing into the node: No such file or directory.");
  (*fleet)->stop_all();

  wrong.init_command = {directory_ + "/nothing-here"};
  fleet = LocalFleet::open(wrong, listener_);
  ASSERT_TRUE(fleet);
  (*fleet)->make(order("red", "a1"));
  EXPECT_NE(listener_.await_failed("a1").find("cannot run the program"), std::string::npos);
  (*fleet)->stop_all();
}

}  // namespace

}  // namespace batchyard::fleet
