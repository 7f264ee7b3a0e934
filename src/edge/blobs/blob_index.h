// The index of blobs, in SQLite: which there are, and in which pieces their bytes lie. Changes are
// made one transaction after another, and are on the disk when they are done.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "edge/blobs/index_session.h"
#include "edge/store/checkpointer.h"

namespace batchyard::edge {

class BlobIndex {
 public:
  static Result<std::unique_ptr<BlobIndex>> open(const std::string& path);

  using Act = std::function<Result<>(blob::Rows&)>;
  // All that is read is of one moment.
  Result<> read(const Act& act);
  // What is changed counts as a whole, or not at all when the act refuses. `attempted`: it was to
  // be committed, and should that fail nobody can say whether it was.
  Result<> write(Time now, const Act& act, bool& attempted);

  Result<std::string> sums(const std::string& piece);
  Result<bool> knows(const std::string& piece);

  // Some of what belongs to nothing any more, and blocks that have waited too long. The files of
  // `pieces` may go. Pieces that are held stay for another time.
  using IsHeld = std::function<bool(const std::string& piece)>;
  struct Freed {
    std::vector<std::string> pieces;
    bool more = false;
  };
  Result<Freed> free_some(Time now, const IsHeld& is_held);

 private:
  class Reading;
  BlobIndex() = default;
  Result<std::unique_ptr<IndexSession>> reader();
  void give_back(std::unique_ptr<IndexSession> session);
  Result<bool> empty_containers();
  Result<bool> free_blobs();
  Result<bool> free_blocks(Time now);
  Result<std::vector<std::string>> free_pieces(const IsHeld& is_held);

  std::string path_;
  std::mutex writing_;
  std::unique_ptr<IndexSession> writer_;
  std::mutex mutex_;
  std::vector<std::unique_ptr<IndexSession>> readers_;
  std::unique_ptr<Checkpointer> checkpointer_;  // goes first
};

}  // namespace batchyard::edge
