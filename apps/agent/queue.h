// What is to be done on one of the agent's threads, in order.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>

#include "base/time.h"
#include "edge/clock/clock.h"

namespace batchyard::agent {

class Queue {
 public:
  using Action = std::move_only_function<void()>;

  void post(Action action) {
    const std::lock_guard lock(mutex_);
    actions_.push_back(std::move(action));
    if (actions_.size() == 1) work_.notify_one();
  }
  // All that waits, or nothing when the time has come first.
  std::deque<Action> take(Time until) {
    std::unique_lock lock(mutex_);
    const auto ready = [this] { return !actions_.empty(); };
    if (until == Time::max())
      work_.wait(lock, ready);
    else
      work_.wait_for(lock, std::max(Duration(0), until - edge::now()), ready);
    return std::exchange(actions_, {});
  }

 private:
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Action> actions_;
};

std::string token_of(const AgentOptions& options) {
  std::string token;
  std::ifstream(options.token_file) >> token;
  return token;
}

// wss://host:port/batchyard/link is the link; https://host:port is what else the service has.
edge::DeployerOptions deployer_options(const AgentOptions& options) {
  const bool secure = options.server.starts_with("wss://");
  const std::size_t start = options.server.find("://") + 3;
  const std::string authority =
      options.server.substr(start, options.server.find('/', start) - start);
  return {.root = options.root_directory,
          .service = (secure ? "https://" : "http://") + authority,
          .authorization = service::node_authorization({.pool = PoolId::trusted(options.pool),
                                                        .node = NodeId::trusted(options.node),
                                                        .token = token_of(options)}),
          .ca_file = options.ca_file,
          .boot = edge::boot_id()};
}

}  // namespace batchyard::agent
