#include "edge/files/beneath.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

namespace batchyard::edge {

namespace {

constexpr int races_max = 16;

// The file is there under another name, too. Whose is it? A task may have linked what it may not
// read, and we may.
bool is_borrowed(int root, const std::string& path, const struct stat& file) {
  if (file.st_nlink < 2 || geteuid() != 0) return false;
  const Opened parent = open_beneath(root, parent_and_name(path).first, O_PATH | O_DIRECTORY);
  struct stat directory;
  if (!parent.good() || fstat(parent.number(), &directory) != 0) return true;
  const bool anyones = (directory.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  return directory.st_uid == 0 ? anyones && file.st_uid == 0 : directory.st_uid != file.st_uid;
}

}  // namespace

Opened::~Opened() {
  if (number_ >= 0) close(number_);
}

Opened open_beneath(int root, const std::string& path, std::uint64_t flags, mode_t mode) {
  if (path.find('\0') != std::string::npos) {
    errno = ENOENT;
    return {};
  }
  open_how how{.flags = flags | O_CLOEXEC,
               .mode = mode,
               .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS |
                          ((flags & O_NOFOLLOW) != 0 ? RESOLVE_NO_SYMLINKS : 0u)};
  for (int number = 0;; ++number) {
    const auto file = static_cast<int>(
        syscall(SYS_openat2, root, path.empty() ? "." : path.c_str(), &how, sizeof how));
    // The kernel cannot be sure while something above is being renamed.
    if (file >= 0 || (errno != EAGAIN && errno != EINTR) || number >= races_max)
      return Opened(file);
  }
}

Opened open_file_beneath(int root, const std::string& path) {
  const Opened found = open_beneath(root, path, O_PATH);
  struct stat stat;
  if (!found.good() || fstat(found.number(), &stat) != 0) return {};
  if (!S_ISREG(stat.st_mode)) {
    errno = S_ISDIR(stat.st_mode) ? EISDIR : ENOENT;
    return {};
  }
  if (is_borrowed(root, path, stat)) {
    errno = EXDEV;
    return {};
  }
  // The very file that was looked at.
  const std::string itself = "/proc/self/fd/" + std::to_string(found.number());
  return Opened(open(itself.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

int make_parents_beneath(int root, const std::string& path) {
  // Nearly always they are there.
  if (open_beneath(root, parent_and_name(path).first, O_PATH | O_DIRECTORY).good()) return 0;
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const std::string directory = path.substr(0, slash);
    const auto [above, name] = parent_and_name(directory);
    if (name.empty()) continue;
    const Opened parent = open_beneath(root, above, O_PATH | O_DIRECTORY);
    if (!parent.good()) return errno;
    if (mkdirat(parent.number(), name.c_str(), 0755) != 0 && errno != EEXIST) return errno;
  }
  return 0;
}

Opened create_beneath(int root, const std::string& path) {
  const auto [above, name] = parent_and_name(path);
  const Opened parent = open_beneath(root, above, O_PATH | O_DIRECTORY);
  if (!parent.good()) return {};
  unlinkat(parent.number(), name.c_str(), 0);
  return open_beneath(parent.number(), name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
}

int write_all_to(int file, const char* bytes, std::size_t count) {
  for (std::size_t at = 0; at < count;) {
    const ssize_t put = write(file, bytes + at, count - at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return put < 0 ? errno : EIO;
    at += static_cast<std::size_t>(put);
  }
  return 0;
}

std::pair<std::string, std::string> parent_and_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::pair(std::string(), path)
                                    : std::pair(path.substr(0, slash), path.substr(slash + 1));
}

}  // namespace batchyard::edge
