// What is under way in a process whose parts hand work to each other: counted when it is handed
// over, and when it was done and all that follows from it was handed over, too. At zero the process
// has come to rest. Used from any thread.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace batchyard::edge {

class Load {
 public:
  void add(std::int64_t count = 1) {
    const std::lock_guard lock(mutex_);
    count_ += count;
  }
  void done(std::int64_t count = 1) {
    const std::lock_guard lock(mutex_);
    count_ -= count;
    if (count_ == 0) rest_.notify_all();
  }
  // False when it does not come to rest by then.
  bool wait_for_rest(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock(mutex_);
    return rest_.wait_until(lock, deadline, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable rest_;
  std::int64_t count_ = 0;
};

}  // namespace batchyard::edge
