#include "apps/server/errands.h"

#include <utility>

namespace batchyard::server {

Errands::Errands() : thread_([this] { loop(); }) {}

Errands::~Errands() {
  stop();
}

void Errands::add(std::function<void()> errand) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    waiting_.push_back(std::move(errand));
  }
  work_.notify_one();
}

void Errands::stop() {
  std::deque<std::function<void()>> dropped;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped = std::move(waiting_);
  }
  work_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void Errands::loop() {
  while (true) {
    std::function<void()> next;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      next = std::move(waiting_.front());
      waiting_.pop_front();
    }
    next();
  }
}

}  // namespace batchyard::server
