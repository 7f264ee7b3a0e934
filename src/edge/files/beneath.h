// Files of a directory that others write to, so that no path and no link leads out of it: every
// path is resolved from the directory's descriptor by the kernel.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <utility>

namespace batchyard::edge {

// A descriptor that is closed when it goes.
class Opened {
 public:
  Opened() = default;
  explicit Opened(int number) : number_(number) {}
  Opened(Opened&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Opened& operator=(Opened&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Opened();
  int number() const { return number_; }
  bool good() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

// `path` is relative to `root`; "" is the root itself. With O_NOFOLLOW among the flags no link at
// all is followed, otherwise those that stay below. On failure errno tells: EXDEV when it leads
// out.
Opened open_beneath(int root, const std::string& path, std::uint64_t flags, mode_t mode = 0);

// Only a regular file, and never one that stands for another's: a hard link to a file of somebody
// else than its directory's owner. A pipe or a device is not even opened.
Opened open_file_beneath(int root, const std::string& path);

// Makes the directories above `path`; 0 or an errno.
int make_parents_beneath(int root, const std::string& path);
// A new, empty file; whatever had the name before is unlinked.
Opened create_beneath(int root, const std::string& path);

// Writes all of it; 0 or an errno.
int write_all_to(int file, const char* bytes, std::size_t count);

// "" and "a" for "a"; "a/b" and "c" for "a/b/c".
std::pair<std::string, std::string> parent_and_name(const std::string& path);

}  // namespace batchyard::edge
