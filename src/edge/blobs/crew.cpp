#include "edge/blobs/crew.h"

#include <utility>

namespace batchyard::edge {

Crew::Crew(unsigned threads) {
  for (unsigned number = 0; number < threads; ++number) threads_.emplace_back([this] { loop(); });
}

Crew::~Crew() {
  stop();
}

void Crew::post(Work work) {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    waiting_.push_back(std::move(work));
  }
  wake_.notify_one();
}

void Crew::stop() {
  std::deque<Work> dropped;  // outside the lock: what goes with it may post
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(waiting_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void Crew::loop() {
  while (true) {
    Work work;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (stopping_) return;
      work = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work();
  }
}

}  // namespace batchyard::edge
