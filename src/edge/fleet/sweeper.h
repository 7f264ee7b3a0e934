// Removes directories of nodes that are gone, on a thread of its own: a million files must not keep
// the fleet from its work. What a crash has left in the trash is removed at the next start.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

namespace batchyard::fleet {

class Sweeper {
 public:
  explicit Sweeper(std::string trash);
  // Finishes what was thrown away.
  ~Sweeper();
  // The path is free at once.
  void throw_away(const std::string& path);

 private:
  void run();

  std::string trash_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::string> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::fleet
