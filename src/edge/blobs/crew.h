// A few threads that do what takes its time, above all the disk's, so that no connection's thread
// waits for it. One thread does it in turn.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace batchyard::edge {

class Crew {
 public:
  using Work = std::move_only_function<void()>;

  explicit Crew(unsigned threads);
  ~Crew();  // stops

  // From any thread. What comes after the stop is dropped unperformed.
  void post(Work work);
  // What is under way ends; what waits is dropped.
  void stop();

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Work> waiting_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace batchyard::edge
