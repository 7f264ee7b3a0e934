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

}  // namespace batchyard::agent
