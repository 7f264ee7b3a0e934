#include "edge/image/copy_root.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>

#include "edge/image/tree_writer.h"
#include "edge/package/digest.h"

namespace batchyard::edge {

namespace {

// What a node has in these places is its own, and made anew with it.
constexpr const char* own_places[] = {"proc", "sys", "dev", "run", "tmp", "mnt/batch"};

struct CloseDirectory {
  void operator()(DIR* directory) const { closedir(directory); }
};

std::unexpected<Error> not_read(const std::string& path, int error) {
  return fail(Kind::internal, "InternalError",
              fmt::format("/{} of the node could not be read: {}.", path, std::strerror(error)));
}

class Copy {
 public:
  Copy(int to, CopyExtent extent, const std::vector<std::string>& spared)
      : to_(to), extent_(extent), writer_(to), buffer_(256U << 10) {
    for (const std::string& path : spared)
      spared_.push_back(path.substr(path.find_first_not_of('/')));
  }
  Result<RootFacts> whole(int from);

 private:
  Result<> children(int directory, const std::string& path);
  Result<> one(int parent, const std::string& name, const std::string& path);
  Result<> file(int parent, const std::string& name, TreeEntry entry, const struct stat& stat);
  Result<> hiding(const std::string& path, const struct stat& stat) const;
  std::vector<std::pair<std::string, std::string>> attributes(int file) const;
  void note(const TreeEntry& entry);
  bool is_spared(const std::string& path) const;

  int to_;
  CopyExtent extent_;
  TreeWriter writer_;
  std::vector<char> buffer_;
  std::vector<std::string> spared_;
  std::map<std::pair<dev_t, ino_t>, std::string> linked_;
  std::int64_t devices_ = 0;
  dev_t device_ = 0;
  Digest digest_;
};

bool Copy::is_spared(const std::string& path) const {
  return std::ranges::find(spared_, path) != spared_.end();
}

TreeEntry dressed(const struct stat& stat, std::string path, TreeKind kind) {
  return {.path = std::move(path),
          .kind = kind,
          .target = {},
          .mode = stat.st_mode & 07777,
          .uid = stat.st_uid,
          .gid = stat.st_gid,
          .modified = stat.st_mtim,
          .attributes = {}};
}

// The digest goes by what is there, in one order, not by when it was written.
void Copy::note(const TreeEntry& entry) {
  const std::string line =
      fmt::format("{}\n{} {:o} {} {} {}\n", entry.path, static_cast<int>(entry.kind), entry.mode,
                  entry.uid, entry.gid, entry.target);
  digest_.add(line.data(), line.size());
}

std::vector<std::pair<std::string, std::string>> Copy::attributes(int file) const {
  std::vector<std::pair<std::string, std::string>> found;
  std::vector<char> names(64U << 10);
  const ssize_t length = flistxattr(file, names.data(), names.size());
  for (ssize_t at = 0; at < length;
       at += static_cast<ssize_t>(std::strlen(names.data() + at)) + 1) {
    const std::string key = names.data() + at;
    const bool hides = key == "trusted.overlay.opaque" || key == "trusted.overlay.redirect";
    if (key != "security.capability" && !key.starts_with("user.") &&
        !key.starts_with("system.posix_acl") && !(hides && extent_ == CopyExtent::difference))
      continue;
    std::vector<char> value(64U << 10);
    const ssize_t size = fgetxattr(file, key.c_str(), value.data(), value.size());
    if (size >= 0)
      found.emplace_back(key, std::string(value.data(), static_cast<std::size_t>(size)));
  }
  return found;
}

// An overlay's mark that what lies below is not there.
Result<> Copy::hiding(const std::string& path, const struct stat& stat) const {
  const auto [above, name] = parent_and_name(path);
  const Opened parent = open_in_root(to_, above, O_PATH | O_DIRECTORY);
  if (!parent.good() || mknodat(parent.number(), name.c_str(), S_IFCHR, stat.st_rdev) != 0)
    return not_read(path, errno);
  return Done();
}

Result<> Copy::file(int parent, const std::string& name, TreeEntry entry, const struct stat& stat) {
  const Opened from(openat(parent, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!from.good())
    return errno == ENOENT ? Result<>(Done()) : Result<>(not_read(entry.path, errno));
  if (stat.st_nlink > 1) {
    const auto [known, first] = linked_.try_emplace({stat.st_dev, stat.st_ino}, entry.path);
    if (!first) {
      entry.kind = TreeKind::hard_link;
      entry.target = known->second;
      note(entry);
      return writer_.begin(std::move(entry));
    }
  }
  entry.attributes = attributes(from.number());
  note(entry);
  const std::string path = entry.path;
  TRY(writer_.begin(std::move(entry)));
  while (true) {
    const ssize_t count = ::read(from.number(), buffer_.data(), buffer_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return not_read(path, errno);
    if (count == 0) return Done();
    digest_.add(buffer_.data(), static_cast<std::size_t>(count));
    TRY(writer_.write(buffer_.data(), static_cast<std::size_t>(count)));
  }
}

Result<> Copy::one(int parent, const std::string& name, const std::string& path) {
  struct stat stat{};
  if (fstatat(parent, name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? Result<>(Done()) : Result<>(not_read(path, errno));
  TreeEntry entry = dressed(stat, path, TreeKind::file);
  if (S_ISREG(stat.st_mode)) return file(parent, name, std::move(entry), stat);
  if (S_ISDIR(stat.st_mode)) {
    const Opened directory(
        openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory.good()) return not_read(path, errno);
    entry.kind = TreeKind::directory;
    entry.attributes = attributes(directory.number());
    note(entry);
    TRY(writer_.begin(std::move(entry)));
    const bool empty = std::ranges::find(own_places, path) != std::end(own_places) ||
                       stat.st_dev != device_ || is_spared(path);
    return empty ? Result<>(Done()) : children(directory.number(), path);
  }
  if (S_ISLNK(stat.st_mode)) {
    const ssize_t length = readlinkat(parent, name.c_str(), buffer_.data(), buffer_.size());
    if (length < 0) return not_read(path, errno);
    entry.kind = TreeKind::link;
    entry.target.assign(buffer_.data(), static_cast<std::size_t>(length));
    note(entry);
    return writer_.begin(std::move(entry));
  }
  if (S_ISCHR(stat.st_mode) && stat.st_rdev == 0 && extent_ == CopyExtent::difference) {
    entry.kind = TreeKind::device;
    note(entry);
    return hiding(path, stat);
  }
  if (S_ISFIFO(stat.st_mode)) {
    entry.kind = TreeKind::pipe;
    note(entry);
    return writer_.begin(std::move(entry));
  }
  if (!S_ISSOCK(stat.st_mode)) ++devices_;
  return Done();
}

Result<> Copy::children(int directory, const std::string& path) {
  const std::unique_ptr<DIR, CloseDirectory> listing(
      fdopendir(fcntl(directory, F_DUPFD_CLOEXEC, 0)));
  if (!listing) return not_read(path, errno);
  std::vector<std::string> names;
  while (const dirent* item = readdir(listing.get())) {
    const std::string name = item->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  std::ranges::sort(names);
  for (const std::string& name : names) {
    std::string below = path;
    if (!below.empty()) below += '/';
    TRY(one(directory, name, below + name));
  }
  return Done();
}

Result<RootFacts> Copy::whole(int from) {
  struct stat stat{};
  if (fstat(from, &stat) != 0) return not_read("", errno);
  device_ = stat.st_dev;
  TreeEntry root = dressed(stat, "", TreeKind::directory);
  root.attributes = attributes(from);
  TRY(writer_.begin(std::move(root)));
  TRY(children(from, ""));
  TRY(writer_.done());
  return RootFacts{.size = writer_.bytes(), .left_out = devices_, .digest = digest_.hex()};
}

}  // namespace

Result<RootFacts> copy_root(int from, int to, CopyExtent extent,
                            const std::vector<std::string>& spared) {
  return Copy(to, extent, spared).whole(from);
}

}  // namespace batchyard::edge
