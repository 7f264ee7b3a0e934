// What the tests of the local fleet share: a data directory, a listener that remembers, an agent
// that is a shell script, and a way to run a command inside a node.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "edge/fleet/local_fleet.h"
#include "edge/fleet/node_record.h"

namespace batchyard::fleet {

class RememberingListener : public engine::FleetListener {
 public:
  void made(engine::NodeMade node) override;
  void failed(PoolId pool, NodeId node, Error error) override;
  void unmade(PoolId pool, NodeId node) override;

  // Each waits until it is so (20 s at most) and takes it away.
  engine::NodeMade await_made(const std::string& node);
  std::string await_failed(const std::string& node);
  bool await_unmade(const std::string& node);
  bool is_silent();

 private:
  template <class Value>
  bool await(std::map<std::string, Value>& among, const std::string& node, Value& value);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, engine::NodeMade> made_;
  std::map<std::string, std::string> failed_;
  std::map<std::string, bool> unmade_;
};

// Looks again and again, for 20 s at most.
bool eventually(const std::function<bool()>& is_so);

class LocalFleetTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  LocalFleetOptions options(Isolation isolation) const;
  std::unique_ptr<LocalFleet> open(Isolation isolation = Isolation::namespaces);
  static engine::NodeOrder order(const std::string& pool, const std::string& node);
  NodeRecord record(const std::string& pool, const std::string& node) const;
  std::string node_directory(const std::string& pool, const std::string& node) const;
  // Standard output of a shell command run inside the node, without the last line's end.
  std::string inside(const NodeRecord& node, const std::string& command) const;
  // Lines that the agent has written: one per start.
  std::string agent_notes(const std::string& pool, const std::string& node) const;
  std::size_t agent_starts(const std::string& pool, const std::string& node) const;

  std::string directory_;
  RememberingListener listener_;
};

std::string output_of(const std::string& command);
bool lives(std::int64_t pid);

// `make-fleet DIRECTORY`: a service that makes two nodes, says so, and waits to be killed.
int make_fleet_and_wait(const std::string& directory);
LocalFleetOptions test_options(const std::string& directory, Isolation isolation);

}  // namespace batchyard::fleet
