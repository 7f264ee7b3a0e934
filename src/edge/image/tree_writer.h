// Writes a root file system's entries below a directory. Whatever their names and links are,
// nothing is written outside: paths are resolved by the kernel as if the directory were the root.
#pragma once

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "edge/files/beneath.h"

namespace batchyard::edge {

enum class TreeKind { directory, file, link, hard_link, pipe, device };

struct TreeEntry {
  std::string path;  // relative; empty: the root itself
  TreeKind kind = TreeKind::file;
  std::string target;  // of a link: its text; of a hard link: a path like `path`
  mode_t mode = 0;     // permissions, with set-id bits
  uid_t uid = 0;
  gid_t gid = 0;
  timespec modified{};
  std::vector<std::pair<std::string, std::string>> attributes;  // extended ones
};

// A path as an archive has it: "./usr/bin" is "usr/bin". Refused (InvalidImage) when it is
// absolute, too long, or has "..".
Result<std::string> tree_path(std::string_view name);

class TreeWriter {
 public:
  explicit TreeWriter(int root) : root_(root) {}

  // A file's bytes follow by write(), and end with the next entry or done(). Devices are left out.
  Result<> begin(TreeEntry entry);
  Result<> write(const char* bytes, std::size_t count);
  Result<> done();

  std::int64_t bytes() const { return bytes_; }
  std::int64_t devices_left_out() const { return devices_; }

 private:
  bool is_full() const;
  Result<> end_file();
  Result<> make(const TreeEntry& entry, int parent, const std::string& name);
  Result<> dress(const TreeEntry& entry, int parent, const std::string& name, int file) const;
  Result<Opened> parent_of(const std::string& path);

  int root_;
  Opened file_;      // being written
  TreeEntry entry_;  // whose file it is
  std::int64_t bytes_ = 0;
  std::int64_t entries_ = 0;
  std::int64_t devices_ = 0;
};

// Opens what `path` is for somebody whose root directory is `root`.
Opened open_in_root(int root, const std::string& path, std::uint64_t flags, mode_t mode = 0);

}  // namespace batchyard::edge
