#include "edge/store/directory_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace batchyard::edge {

Result<DirectoryLock> DirectoryLock::take(const std::string& directory) {
  DirectoryLock lock;
  const std::string path = directory + "/lock";
  lock.file_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock.file_ < 0)
    return fail(Kind::invalid, "DataDirectoryUnusable",
                fmt::format("cannot open {}: {}. Give a --data-dir that can be written.", path,
                            std::strerror(errno)));
  if (flock(lock.file_, LOCK_EX | LOCK_NB) != 0)
    return fail(
        Kind::conflict, "DataDirectoryInUse",
        fmt::format("another batchyard uses {}. End it, or give another --data-dir.", directory));
  return lock;
}

DirectoryLock::~DirectoryLock() {
  if (file_ >= 0) close(file_);
}

}  // namespace batchyard::edge
