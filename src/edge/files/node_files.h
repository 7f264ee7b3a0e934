// The files of a node as its tasks made them: for the files API, and the directories that tasks run
// in. Nothing outside the root is ever opened, whatever links the tasks have made.
#pragma once

#include <string>

#include "base/result.h"
#include "protocol/messages.h"

namespace batchyard::edge {

class NodeFiles {
 public:
  explicit NodeFiles(std::string root) : root_(std::move(root)) {}

  // Answers list, properties, read and remove; `base` is the directory below the root that the
  // request is about.
  protocol::FileAnswer answer(const protocol::FileRequest& request, const std::string& base) const;

  // A file for this user alone, in a directory for this user alone. Replaces what is there. It is
  // never read by answer().
  Result<> put_secret(const std::string& path, const std::string& bytes, long uid, long gid) const;
  // The last 64 KiB of a file; nothing when it cannot be read.
  std::string end_of(const std::string& path) const;
  // Makes root/path and root/path/wd, owned by that user (-1: by nobody else).
  Result<> make_task_directory(const std::string& path, long uid, long gid) const;
  // Moves it out of the way at once; what it holds is deleted later by `sweep`.
  void set_aside(const std::string& path) const;
  // Deletes a bounded number of files of what was set aside; true while there is more.
  bool sweep() const;

 private:
  std::string root_;
};

// Written beside, renamed; not synced.
Result<> keep_file(const std::string& path, std::string_view text);

}  // namespace batchyard::edge
