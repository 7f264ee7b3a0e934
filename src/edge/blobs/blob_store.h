// Index and shelf together: what is read stays readable for as long as somebody reads it, and what
// belongs to nothing any more leaves the disk.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <thread>

#include "edge/blobs/blob_index.h"
#include "edge/blobs/shelf.h"

namespace batchyard::edge {

class BlobStore {
 public:
  // `directory` is made if need be; nothing else may use it. `now` tells the time.
  static Result<std::unique_ptr<BlobStore>> open(const std::string& directory,
                                                 std::function<Time()> now);
  ~BlobStore();

  BlobIndex& index() { return *index_; }
  Shelf& shelf() { return *shelf_; }
  Time now() const { return now_(); }

  // An act on the rows, and a hold on the pieces whose bytes it has found.
  using Act = std::function<Result<blob::Answer>(blob::Rows&)>;
  struct Acted {
    blob::Answer answer;
    Shelf::Hold hold;
  };
  Result<Acted> read(const Act& act);
  // `attempted` as in BlobIndex::write.
  Result<Acted> write(const Act& act, bool& attempted);

  // Something may be freed; done on a thread of its own.
  void tidy();
  // Everything that can be freed is, now: for tests.
  Result<> tidy_all();
  // Files that nothing refers to: what a crash has left.
  Result<std::int64_t> sweep();

 private:
  explicit BlobStore(std::function<Time()> now) : now_(std::move(now)) {}
  void loop();
  Result<bool> tidy_some();
  Acted held(blob::Answer answer);

  std::function<Time()> now_;
  std::unique_ptr<BlobIndex> index_;
  std::unique_ptr<Shelf> shelf_;
  // Shared: from finding pieces to holding them. Alone: freeing.
  std::shared_mutex gate_;
  std::mutex tidying_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool untidy_ = true;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace batchyard::edge
