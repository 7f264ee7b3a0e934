#include "edge/store/checkpointer.h"

namespace batchyard::edge {

namespace {

constexpr int log_pages_max = 2'000;
// How long commits may be held up to begin the log anew.
constexpr int restart_patience_ms = 100;

}  // namespace

// SQLite checkpoints nothing through a connection that has read nothing: it does not know yet that
// there is a log.
Result<std::unique_ptr<Checkpointer>> Checkpointer::start(const std::string& path,
                                                          sqlite3* writer) {
  Connection connection = TRY(open_connection(path));
  TRY(execute(connection.get(), "SELECT count(*) FROM sqlite_schema"));
  return std::unique_ptr<Checkpointer>(new Checkpointer(std::move(connection), writer));
}

Checkpointer::Checkpointer(Connection connection, sqlite3* writer)
    : connection_(std::move(connection)), writer_(writer), thread_([this] { loop(); }) {
  sqlite3_wal_hook(writer_, &Checkpointer::committed, this);
}

Checkpointer::~Checkpointer() {
  sqlite3_wal_hook(writer_, nullptr, nullptr);
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

// The log begins anew only when all of it was moved and nobody reads in it. Almost all is moved on
// the other thread; the rest here, where no commit can come in between. When somebody reads, the
// next commit asks again.
int Checkpointer::committed(void* self, sqlite3* writer, const char*, int pages) {
  if (pages < log_pages_max) return SQLITE_OK;
  auto* checkpointer = static_cast<Checkpointer*>(self);
  {
    const std::lock_guard lock(checkpointer->mutex_);
    if (!checkpointer->moved_) {
      checkpointer->wanted_ = true;
      checkpointer->wake_.notify_one();
      return SQLITE_OK;
    }
    checkpointer->moved_ = false;
  }
  sqlite3_busy_timeout(writer, restart_patience_ms);
  sqlite3_wal_checkpoint_v2(writer, nullptr, SQLITE_CHECKPOINT_RESTART, nullptr, nullptr);
  sqlite3_busy_timeout(writer, busy_patience_ms);
  return SQLITE_OK;
}

void Checkpointer::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return wanted_ || stopping_; });
    if (stopping_) return;
    wanted_ = false;
    lock.unlock();
    // It waits for nobody, and nobody for it.
    sqlite3_wal_checkpoint_v2(connection_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr,
                              nullptr);
    lock.lock();
    moved_ = true;
    wanted_ = false;
  }
}

}  // namespace batchyard::edge
