#include "edge/fetch/fetcher.h"

#include "edge/fetch/fetch.h"

namespace batchyard::edge {

Fetcher::Fetcher(FetcherOptions options, OnFetched on_fetched)
    : options_(std::move(options)), on_fetched_(std::move(on_fetched)) {
  for (unsigned number = 0; number < options_.threads; ++number)
    threads_.emplace_back([this] { loop(); });
}

Fetcher::~Fetcher() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  halt_.set();
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Fetcher::fetch(node::FetchOrder order, long uid, long gid) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({std::move(order), uid, gid});
  }
  work_.notify_one();
}

void Fetcher::loop() {
  Transfer transfer(options_.ca_file);
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const Job job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    Result<> outcome =
        fetch_into_node({options_.root, transfer, halt_, job.uid, job.gid}, job.order);
    if (!halt_.is_set()) on_fetched_(job.order.id, std::move(outcome));
    lock.lock();
  }
}

}  // namespace batchyard::edge
