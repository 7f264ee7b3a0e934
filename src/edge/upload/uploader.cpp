#include "edge/upload/uploader.h"

#include "edge/upload/upload.h"

namespace batchyard::edge {

Uploader::Uploader(UploaderOptions options, OnUploaded on_uploaded)
    : options_(std::move(options)), on_uploaded_(std::move(on_uploaded)) {
  for (unsigned number = 0; number < options_.threads; ++number)
    threads_.emplace_back([this] { loop(); });
}

Uploader::~Uploader() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (auto& [id, job] : jobs_) job->halt.set();
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Uploader::upload(node::UploadOrder order, long uid, long gid) {
  auto job = std::make_shared<Job>();
  job->order = std::move(order);
  job->uid = uid;
  job->gid = gid;
  {
    const std::lock_guard lock(mutex_);
    jobs_[job->order.id] = job;
    waiting_.push_back(std::move(job));
  }
  work_.notify_one();
}

void Uploader::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  if (const auto found = jobs_.find(id); found != jobs_.end()) found->second->halt.set();
}

void Uploader::loop() {
  Transfer transfer(options_.ca_file);
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const std::shared_ptr<Job> job = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    Result<> outcome =
        upload_from_node({options_.root, transfer, job->halt, job->uid, job->gid}, job->order);
    lock.lock();
    if (const auto found = jobs_.find(job->order.id); found != jobs_.end() && found->second == job)
      jobs_.erase(found);
    if (stopping_) return;
    lock.unlock();
    on_uploaded_(job->order.id, std::move(outcome));
    lock.lock();
  }
}

}  // namespace batchyard::edge
