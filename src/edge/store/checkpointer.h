// The log of commits is moved into the store's file here, on a thread of its own, whenever a commit
// has left it long. What is in the log is durable already; but looking for a page in it takes the
// longer the longer it is, and so does the next start. Only for the embedded store.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "edge/store/statement.h"

namespace batchyard::edge {

class Checkpointer {
 public:
  // Watches the commits of `writer`, which must outlive it.
  static Result<std::unique_ptr<Checkpointer>> start(const std::string& path, sqlite3* writer);
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

 private:
  Checkpointer(Connection connection, sqlite3* writer);
  static int committed(void* self, sqlite3* writer, const char* database, int pages);
  void loop();

  Connection connection_;
  sqlite3* writer_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool wanted_ = false;
  bool moved_ = false;  // the log, but for what was committed meanwhile
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::edge
