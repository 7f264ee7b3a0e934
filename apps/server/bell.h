// Rung at every commit; wakes those who follow the events. One thread for all of them: it sleeps
// until there is something to say.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "service/service.h"

namespace batchyard::server {

class Bell : public service::CommitBell {
 public:
  Bell();
  ~Bell() override;

  void ring();
  // Everyone who waits is told that the service ends, and so is who comes later.
  void stop();

  std::uint64_t rung() override { return rung_; }
  void wait(std::uint64_t seen, Duration at_most,
            std::move_only_function<void(service::Woken)> then) override;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;
  struct Waiter {
    std::uint64_t seen = 0;
    SteadyTime deadline;
    std::move_only_function<void(service::Woken)> then;
  };
  void loop();
  bool is_ripe(const Waiter& waiter) const;
  std::vector<Waiter> take_ripe();

  std::atomic<std::uint64_t> rung_{0};
  std::mutex mutex_;
  std::condition_variable work_;
  std::vector<Waiter> waiting_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::server
