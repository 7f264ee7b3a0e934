#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "base/described_json.h"
#include "edge/fleet/local_fleet_test.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// Notes where it lives, leaves an orphan behind, and waits.
constexpr char agent_script[] = R"(#!/bin/sh
[ -n "$1" ] || exit 3
setsid sleep 1000 &
echo "pid=$$ orphan=$! net=$(readlink /proc/self/ns/net) host=$(uname -n) args=$*" >> "$1/notes"
exec sleep 1000
)";

}  // namespace

void RememberingListener::made(engine::NodeMade node) {
  const std::lock_guard lock(mutex_);
  made_[node.node.text()] = node;
  changed_.notify_all();
}

void RememberingListener::failed(PoolId, NodeId node, Error error) {
  const std::lock_guard lock(mutex_);
  failed_[node.text()] = error.message;
  changed_.notify_all();
}

void RememberingListener::unmade(PoolId, NodeId node) {
  const std::lock_guard lock(mutex_);
  unmade_[node.text()] = true;
  changed_.notify_all();
}

template <class Value>
bool RememberingListener::await(std::map<std::string, Value>& among, const std::string& node,
                                Value& value) {
  std::unique_lock lock(mutex_);
  const bool came = changed_.wait_for(lock, 20s, [&] { return among.contains(node); });
  if (came) {
    value = among[node];
    among.erase(node);
  }
  return came;
}

engine::NodeMade RememberingListener::await_made(const std::string& node) {
  engine::NodeMade value;
  EXPECT_TRUE(await(made_, node, value)) << node << " was not made";
  return value;
}

std::string RememberingListener::await_failed(const std::string& node) {
  std::string value;
  EXPECT_TRUE(await(failed_, node, value)) << node << " did not fail";
  return value;
}

bool RememberingListener::await_unmade(const std::string& node) {
  bool value = false;
  return await(unmade_, node, value);
}

bool RememberingListener::is_silent() {
  const std::lock_guard lock(mutex_);
  return made_.empty() && failed_.empty() && unmade_.empty();
}

bool eventually(const std::function<bool()>& is_so) {
  const auto give_up = std::chrono::steady_clock::now() + 20s;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    ::poll(nullptr, 0, 5);
  }
  return true;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* pipe = ::popen(command.c_str(), "r");
  char buffer[4096];
  for (std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe); count > 0;
       count = std::fread(buffer, 1, sizeof buffer, pipe))
    text.append(buffer, count);
  ::pclose(pipe);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

bool lives(std::int64_t pid) {
  const Result<std::string> stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  return stat && stat->find(") Z ") == std::string::npos;
}

LocalFleetOptions test_options(const std::string& directory, Isolation isolation) {
  LocalFleetOptions options;
  options.data_directory = directory + "/data";
  options.agent_program = directory + "/bin/agent";
  options.agent_arguments = [](const AgentSeat& seat) {
    return std::vector<std::string>{seat.state_directory, seat.root_directory, seat.ip_address,
                                    seat.network_namespace};
  };
  options.init_command = {fs::read_symlink("/proc/self/exe").string(), "node-init"};
  options.isolation = isolation;
  return options;
}

int make_fleet_and_wait(const std::string& directory) {
  RememberingListener listener;
  auto fleet = LocalFleet::open(test_options(directory, Isolation::namespaces), listener);
  if (!fleet) return 1;
  for (const char* node : {"a1", "a2"}) {
    engine::NodeOrder order;
    order.pool = PoolId::trusted("red");
    order.node = NodeId::trusted(node);
    order.token = "secret";
    (*fleet)->make(order);
  }
  listener.await_made("a1");
  listener.await_made("a2");
  if (::write(1, "made", 4) != 4) return 1;
  while (true) ::pause();
}

void LocalFleetTest::SetUp() {
  if (::geteuid() != 0) GTEST_SKIP() << "isolated nodes need root";
  char path[] = "/tmp/local-fleet-XXXXXX";
  directory_ = ::mkdtemp(path);
  fs::create_directory(directory_ + "/bin");
  ASSERT_TRUE(write_file(directory_ + "/bin/agent", agent_script, 0755));
}

void LocalFleetTest::TearDown() {
  if (directory_.empty()) return;
  // A test that failed may have left nodes.
  for (const NodeRecord& left : FleetDirectory(directory_ + "/data").read_all()) {
    if (left.pid > 1 && process_start_time(static_cast<pid_t>(left.pid)) == left.start_time)
      ::kill(static_cast<pid_t>(left.pid), SIGKILL);
  }
  fs::remove_all(directory_);
}

LocalFleetOptions LocalFleetTest::options(Isolation isolation) const {
  return test_options(directory_, isolation);
}

std::unique_ptr<LocalFleet> LocalFleetTest::open(Isolation isolation) {
  auto fleet = LocalFleet::open(options(isolation), listener_);
  EXPECT_TRUE(fleet) << (fleet ? "" : fleet.error().message);
  return fleet ? std::move(*fleet) : nullptr;
}

engine::NodeOrder LocalFleetTest::order(const std::string& pool, const std::string& node) {
  engine::NodeOrder order;
  order.pool = PoolId::trusted(pool);
  order.node = NodeId::trusted(node);
  order.token = "secret";
  return order;
}

std::string LocalFleetTest::node_directory(const std::string& pool, const std::string& node) const {
  return FleetDirectory(directory_ + "/data").node(PoolId::trusted(pool), NodeId::trusted(node));
}

NodeRecord LocalFleetTest::record(const std::string& pool, const std::string& node) const {
  const Result<std::string> text = read_file(node_directory(pool, node) + "/record.json");
  return text ? from_json<NodeRecord>(*text).value_or(NodeRecord{}) : NodeRecord{};
}

std::string LocalFleetTest::inside(const NodeRecord& node, const std::string& command) const {
  return output_of("nsenter -t " + std::to_string(node.pid) + " -n -m -u -i -p -- sh -c '" +
                   command + "' 2>&1");
}

std::string LocalFleetTest::agent_notes(const std::string& pool, const std::string& node) const {
  return read_file(node_directory(pool, node) + "/agent/notes").value_or(std::string());
}

std::size_t LocalFleetTest::agent_starts(const std::string& pool, const std::string& node) const {
  const std::string notes = agent_notes(pool, node);
  return static_cast<std::size_t>(std::count(notes.begin(), notes.end(), '\n'));
}

}  // namespace batchyard::fleet
