#include "apps/server/bell.h"

#include <algorithm>

namespace batchyard::server {

using service::Woken;

namespace {

// Commits that follow each other within this are told together.
constexpr std::chrono::milliseconds rest{20};

}  // namespace

Bell::Bell() : thread_([this] { loop(); }) {}

Bell::~Bell() {
  stop();
}

void Bell::ring() {
  const std::lock_guard lock(mutex_);
  ++rung_;
  if (!waiting_.empty()) work_.notify_one();
}

void Bell::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Bell::wait(std::uint64_t seen, Duration at_most, std::move_only_function<void(Woken)> then) {
  {
    const std::lock_guard lock(mutex_);
    if (!stopping_) {
      waiting_.push_back({seen, std::chrono::steady_clock::now() + at_most, std::move(then)});
      work_.notify_one();
      return;
    }
  }
  then(Woken::ending);
}

bool Bell::is_ripe(const Waiter& waiter) const {
  return waiter.seen != rung_ || waiter.deadline <= std::chrono::steady_clock::now();
}

std::vector<Bell::Waiter> Bell::take_ripe() {
  const auto ripe =
      std::ranges::partition(waiting_, [this](const Waiter& waiter) { return !is_ripe(waiter); });
  std::vector<Waiter> taken(std::make_move_iterator(ripe.begin()),
                            std::make_move_iterator(ripe.end()));
  waiting_.erase(ripe.begin(), ripe.end());
  return taken;
}

void Bell::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    SteadyTime next = SteadyTime::max();
    for (const Waiter& waiter : waiting_) next = std::min(next, waiter.deadline);
    const auto ready = [this] {
      return stopping_ || std::ranges::any_of(
                              waiting_, [this](const Waiter& waiter) { return is_ripe(waiter); });
    };
    if (next == SteadyTime::max())
      work_.wait(lock);
    else
      work_.wait_until(lock, next, ready);
    std::vector<Waiter> ripe = take_ripe();
    if (ripe.empty()) continue;
    const std::uint64_t rung = rung_;
    lock.unlock();
    for (Waiter& waiter : ripe) waiter.then(waiter.seen != rung ? Woken::rung : Woken::time_is_up);
    ripe.clear();
    lock.lock();
    work_.wait_for(lock, rest, [this] { return stopping_; });
  }
  std::vector<Waiter> left = std::exchange(waiting_, {});
  lock.unlock();
  for (Waiter& waiter : left) waiter.then(Woken::ending);
}

}  // namespace batchyard::server
