#include "edge/image/tree_writer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "edge/image/limits.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t shown_max = 200;
// How much is made between two looks at the disk.
constexpr std::int64_t entries_per_look = 256;
constexpr std::int64_t bytes_per_look = std::int64_t{64} << 20;

std::unexpected<Error> bad_entry(std::string_view path, const std::string& why) {
  const std::string shown = readable(path, shown_max);
  return fail(Kind::invalid, "InvalidImage",
              fmt::format("The root file system is refused for its entry '{}': {}.", shown, why),
              {{"Entry", shown}, {"Reason", why}});
}

std::unexpected<Error> not_made(std::string_view path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(full ? Kind::busy : Kind::internal, full ? "ServerBusy" : "InternalError",
              fmt::format("The image's {} could not be written: {}.", readable(path, shown_max),
                          full ? "the service's disk is full" : std::strerror(error)));
}

}  // namespace

Result<std::string> tree_path(std::string_view name) {
  if (name.starts_with('/'))
    return bad_entry(name, "its name is absolute; pack the directory's content (tar -C ROOT .)");
  std::string path;
  for (const std::string_view part : split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") return bad_entry(name, "its name leads out of the root ('..')");
    path += (path.empty() ? "" : "/") + std::string(part);
  }
  if (path.size() >= image_path_max) return bad_entry(name, "its name is too long");
  return path;
}

Opened open_in_root(int root, const std::string& path, std::uint64_t flags, mode_t mode) {
  constexpr int races_max = 16;
  open_how how{
      .flags = flags | O_CLOEXEC, .mode = mode, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
  for (int number = 0;; ++number) {
    const auto file = static_cast<int>(
        syscall(SYS_openat2, root, path.empty() ? "." : path.c_str(), &how, sizeof how));
    if (file >= 0 || (errno != EAGAIN && errno != EINTR) || number >= races_max)
      return Opened(file);
  }
}

// Archives need not have the directories above an entry.
Result<Opened> TreeWriter::parent_of(const std::string& path) {
  const std::string above = parent_and_name(path).first;
  Opened parent = open_in_root(root_, above, O_PATH | O_DIRECTORY);
  if (parent.good()) return parent;
  if (errno == ENOTDIR || errno == ELOOP) return bad_entry(path, "it lies below a file");
  if (errno != ENOENT || above.empty()) return not_made(path, errno);
  const Opened grand = TRY(parent_of(above));
  if (mkdirat(grand.number(), parent_and_name(above).second.c_str(), 0755) != 0 && errno != EEXIST)
    return not_made(above, errno);
  parent = open_in_root(root_, above, O_PATH | O_DIRECTORY);
  if (!parent.good()) return bad_entry(path, "it lies below a link that leads nowhere");
  return parent;
}

// Owner first: changing it takes set-id bits away.
Result<> TreeWriter::dress(const TreeEntry& entry, int parent, const std::string& name,
                           int file) const {
  const bool link = entry.kind == TreeKind::link;
  if (geteuid() == 0 && fchownat(parent, name.c_str(), entry.uid, entry.gid,
                                 AT_SYMLINK_NOFOLLOW | (name.empty() ? AT_EMPTY_PATH : 0)) != 0)
    return not_made(entry.path, errno);
  if (!link &&
      (file >= 0 ? fchmod(file, entry.mode) : fchmodat(parent, name.c_str(), entry.mode, 0)) != 0)
    return not_made(entry.path, errno);
  for (const auto& [key, value] : entry.attributes) {
    // What this disk does not keep (another file system's own) is no part of the image.
    if (file >= 0 && fsetxattr(file, key.c_str(), value.data(), value.size(), 0) != 0 &&
        errno != ENOTSUP && errno != EPERM)
      return not_made(entry.path, errno);
  }
  const timespec times[2] = {entry.modified, entry.modified};
  if (file >= 0 ? futimens(file, times) != 0
                : utimensat(parent, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
    return not_made(entry.path, errno);
  return Done();
}

Result<> TreeWriter::make(const TreeEntry& entry, int parent, const std::string& name) {
  if (entry.kind == TreeKind::directory) {
    struct stat there{};
    const bool is_there = fstatat(parent, name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0;
    // A link to a directory stays: the machine's /lib is one.
    if (!is_there && mkdirat(parent, name.c_str(), 0755) != 0) return not_made(entry.path, errno);
    const Opened directory = open_in_root(root_, entry.path, O_RDONLY | O_DIRECTORY);
    if (!directory.good()) return not_made(entry.path, errno);
    return is_there && S_ISLNK(there.st_mode) ? Result<>(Done())
                                              : dress(entry, parent, name, directory.number());
  }
  if (unlinkat(parent, name.c_str(), 0) != 0 && errno != ENOENT)
    return errno == EISDIR || errno == EPERM
               ? Result<>(bad_entry(entry.path, "it is a directory and something else at once"))
               : Result<>(not_made(entry.path, errno));
  switch (entry.kind) {
    case TreeKind::link:
      if (symlinkat(entry.target.c_str(), parent, name.c_str()) != 0)
        return not_made(entry.path, errno);
      return dress(entry, parent, name, -1);
    case TreeKind::pipe:
      if (mkfifoat(parent, name.c_str(), 0600) != 0) return not_made(entry.path, errno);
      return dress(entry, parent, name, -1);
    case TreeKind::hard_link: {
      const std::string target = TRY(tree_path(entry.target));
      const Opened owner = open_in_root(root_, parent_and_name(target).first, O_PATH | O_DIRECTORY);
      if (!owner.good() || linkat(owner.number(), parent_and_name(target).second.c_str(), parent,
                                  name.c_str(), 0) != 0)
        return bad_entry(entry.path, "it is a hard link to what the archive does not have");
      return Done();
    }
    default:
      file_ = Opened(
          openat(parent, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
      if (!file_.good()) return not_made(entry.path, errno);
      entry_ = entry;
      return Done();
  }
}

bool TreeWriter::is_full() const {
  struct statvfs room{};
  return fstatvfs(root_, &room) == 0 &&
         static_cast<std::int64_t>(room.f_bavail * room.f_frsize) < image_kept_free;
}

Result<> TreeWriter::begin(TreeEntry entry) {
  TRY(end_file());
  if (++entries_ > image_entries_max)
    return bad_entry(entry.path, fmt::format("an image has at most {} entries", image_entries_max));
  if (entries_ % entries_per_look == 0 && is_full()) return not_made(entry.path, ENOSPC);
  if (entry.kind == TreeKind::device) {
    ++devices_;
    return Done();
  }
  if (entry.path.empty()) {
    const Opened root = open_in_root(root_, "", O_RDONLY | O_DIRECTORY);
    return root.good() && entry.kind == TreeKind::directory
               ? dress(entry, root_, "", root.number())
               : Result<>(bad_entry(".", "the root of an image is a directory"));
  }
  const Opened parent = TRY(parent_of(entry.path));
  return make(entry, parent.number(), parent_and_name(entry.path).second);
}

Result<> TreeWriter::write(const char* bytes, std::size_t count) {
  if (!file_.good()) return Done();
  const std::int64_t looked = bytes_ / bytes_per_look;
  bytes_ += static_cast<std::int64_t>(count);
  if (bytes_ / bytes_per_look != looked && is_full()) return not_made(entry_.path, ENOSPC);
  if (bytes_ > image_size_max)
    return bad_entry(entry_.path,
                     fmt::format("with it the image has more than {} bytes", image_size_max));
  if (const int error = write_all_to(file_.number(), bytes, count); error != 0)
    return not_made(entry_.path, error);
  return Done();
}

Result<> TreeWriter::end_file() {
  if (!file_.good()) return Done();
  const Opened file = std::exchange(file_, Opened());
  return dress(entry_, file.number(), "", file.number());
}

Result<> TreeWriter::done() {
  return end_file();
}

}  // namespace batchyard::edge
