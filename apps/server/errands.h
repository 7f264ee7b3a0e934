// What is put off to be done soon, in turn, on a thread of its own: the steps of deployments.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace batchyard::server {

class Errands {
 public:
  Errands();
  ~Errands();

  // From any thread. After `stop` it is dropped.
  void add(std::function<void()> errand);
  // Ends behind the errand that is being done.
  void stop();

 private:
  void loop();

  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<std::function<void()>> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
