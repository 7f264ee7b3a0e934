// The simulated world's time and everything that will happen in it. Things due at one instant
// happen in the order in which they were asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <utility>
#include <vector>

#include "base/time.h"

namespace batchyard::testing {

class SimClock {
 public:
  using Action = std::function<void()>;

  Time now() const { return now_; }

  void after(Duration delay, Action action) {
    queue_.push({later(now_, delay), ++last_, std::move(action)});
  }

  // Lets the next thing happen; false when there is none.
  bool step() {
    if (queue_.empty()) return false;
    Entry next = std::move(const_cast<Entry&>(queue_.top()));
    queue_.pop();
    now_ = next.at;
    next.action();
    return true;
  }

 private:
  struct Entry {
    Time at;
    std::uint64_t order;
    Action action;
    bool operator<(const Entry& other) const {
      return std::pair(other.at, other.order) < std::pair(at, order);
    }
  };
  Time now_{std::chrono::hours(24 * 365 * 56)};
  std::uint64_t last_ = 0;
  std::priority_queue<Entry> queue_;
};

}  // namespace batchyard::testing
