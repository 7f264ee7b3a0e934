#include "edge/fleet/sweeper.h"

#include <filesystem>
#include <system_error>

#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace fs = std::filesystem;

Sweeper::Sweeper(std::string trash) : trash_(std::move(trash)) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(trash_, error))
    queue_.push_back(entry.path().string());
  thread_ = std::thread([this] { run(); });
}

Sweeper::~Sweeper() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  more_.notify_one();
  thread_.join();
}

void Sweeper::throw_away(const std::string& path) {
  std::error_code error;
  fs::create_directories(trash_, error);
  const std::string away = trash_ + "/" + random_uuid();
  fs::rename(path, away, error);
  if (error) return;  // not there, or the disk refuses: the next start tries again
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(away);
  }
  more_.notify_one();
}

void Sweeper::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    more_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::string path = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    std::error_code ignored;  // what stays is found in the trash at the next start
    fs::remove_all(path, ignored);
    lock.lock();
  }
}

}  // namespace batchyard::fleet
