// Holds a data directory for one process, for as long as the object lives.
#pragma once

#include <string>
#include <utility>

#include "base/result.h"

namespace batchyard::edge {

class DirectoryLock {
 public:
  // DataDirectoryInUse when another one has it.
  static Result<DirectoryLock> take(const std::string& directory);
  DirectoryLock() = default;
  DirectoryLock(DirectoryLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
  DirectoryLock& operator=(DirectoryLock&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
  }
  ~DirectoryLock();

 private:
  int file_ = -1;
};

}  // namespace batchyard::edge
