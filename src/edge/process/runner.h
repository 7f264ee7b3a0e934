// Processes that outlive their agent: each is started through a shim (apps/shim), which keeps the
// exit code until an agent asks. The runner watches the shims; an agent that starts anew adopts
// those that live and learns of those that ended.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/result.h"
#include "edge/process/fork_server.h"
#include "edge/process/shim_order.h"
#include "node/ports.h"

namespace batchyard::edge {

struct RunnerOptions {
  std::string record_directory;  // kept over restarts of the agent
  std::string shim_program;
};

class Runner {
 public:
  using OnEnd = std::function<void(const std::string& id, node::ProcessEnd end)>;

  // `on_end` is called on the runner's own thread.
  Runner(RunnerOptions options, OnEnd on_end);
  ~Runner();  // the processes go on

  // What became of earlier processes: the ids of those that live or whose end on_end tells.
  std::vector<std::string> adopt();

  // Every failure to start is told by on_end, too.
  void start(const std::string& id, ShimOrder order);
  void end(const std::string& id);
  void forget(const std::string& id);

 private:
  void tell(const std::string& id, node::ProcessEnd end);
  void watch(const std::string& id, int handle);
  void loop();
  void ended(int descriptor);
  node::ProcessEnd read_end(const std::string& id) const;
  std::string record_of(const std::string& id) const {
    return options_.record_directory + "/" + id;
  }

  RunnerOptions options_;
  OnEnd on_end_;
  ForkServer shims_;
  int epoll_ = -1;
  int wake_ = -1;
  std::mutex mutex_;
  std::map<int, std::string> watched_;                          // ids by the pidfds of their shims
  std::vector<std::pair<std::string, node::ProcessEnd>> told_;  // to be told by the thread
  bool stopping_ = false;
  std::thread thread_;
};

// Kills every process of this machine (or of this process namespace) whose environment has
// BATCHYARD_RUN=mark.
void kill_marked(const std::string& mark);

// Numbers of the accounts that tasks run under; -1: as the agent itself, because it may not change
// users.
struct UserNumbers {
  long uid = -1;
  long gid = -1;
};
UserNumbers numbers_of(const node::User& user);

}  // namespace batchyard::edge
