#include "edge/files/node_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/check.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/files/beneath.h"
#include "edge/files/listing.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;
using protocol::FileAnswer;
using protocol::FileEntry;

constexpr std::size_t end_max = std::size_t{64} << 10;
constexpr int removed_max = 10'000'000;
constexpr int swept_at_once = 200;
constexpr const char* set_aside_directory = "volatile/removed";

void fail_with(FileAnswer& answer, int error) {
  if (error == ENOENT || error == ENOTDIR || error == ENXIO) {
    answer.error_code = "FileNotFound";
    answer.error_message = "The specified file does not exist.";
  } else if (error == EXDEV || error == ELOOP || error == ENAMETOOLONG) {
    answer.error_code = "FileNotFound";
    answer.error_message =
        "The specified file lies outside of the directory: its path leads out of it.";
  } else if (error == EISDIR) {
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message = "The path names a directory; list its files instead.";
  } else {
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message = fmt::format("The file cannot be used: {}.", std::strerror(error));
  }
}

void read_part(int file, const protocol::FileRequest& request, FileAnswer& answer) {
  std::string bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, request.length)), '\0');
  const ssize_t got = pread(file, bytes.data(), bytes.size(), request.offset);
  if (got < 0) return fail_with(answer, errno);
  bytes.resize(static_cast<std::size_t>(got));
  answer.data_base64 = base64_encode(bytes);
}

// put_secret's mark: no other file has this bit.
bool is_secret(const struct stat& stat) {
  return S_ISREG(stat.st_mode) && (stat.st_mode & S_ISVTX) != 0;
}

// What one directory holds; names only.
std::vector<std::string> names_in(int directory) {
  std::vector<std::string> names;
  const int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = copy < 0 ? nullptr : fdopendir(copy);
  if (stream == nullptr) {
    if (copy >= 0) close(copy);
    return names;
  }
  while (const dirent* one = readdir(stream)) {
    const std::string_view name = one->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  closedir(stream);
  return names;
}

constexpr int depth_max = 100;

// What lies very deep: everything inside is raised to `name`'s own level, directory by directory,
// so that no depth needs more than a few descriptors.
int remove_deep(int parent, const std::string& name, int& budget) {
  std::vector<std::string> left{name};
  while (!left.empty()) {
    const std::string one = left.back();
    if (--budget < 0) return EAGAIN;
    if (unlinkat(parent, one.c_str(), 0) == 0 || unlinkat(parent, one.c_str(), AT_REMOVEDIR) == 0) {
      left.pop_back();
      continue;
    }
    const Opened directory(
        openat(parent, one.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory.good()) return errno;
    for (const std::string& entry : names_in(directory.number())) {
      if (--budget < 0) return EAGAIN;
      if (unlinkat(directory.number(), entry.c_str(), 0) == 0) continue;
      left.push_back("." + random_hex(16));
      if (renameat(directory.number(), entry.c_str(), parent, left.back().c_str()) != 0)
        return errno;
    }
    if (left.back() == one && unlinkat(parent, one.c_str(), AT_REMOVEDIR) != 0) return errno;
    if (left.back() == one) left.pop_back();
  }
  return 0;
}

// Deletes links, never what they lead to. A tree may be deeper than descriptors
// suffice for: what lies too deep is raised first.
int remove_tree(int parent, const std::string& name, int& budget, int depth) {
  if (--budget < 0) return EAGAIN;
  if (unlinkat(parent, name.c_str(), 0) == 0) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  const Opened directory(
      openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.good()) return errno;
  for (const std::string& entry : names_in(directory.number())) {
    const int error = depth < depth_max ? remove_tree(directory.number(), entry, budget, depth + 1)
                                        : remove_deep(directory.number(), entry, budget);
    if (error != 0) return error;
  }
  return unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 ? 0 : errno;
}

std::unexpected<Error> cannot_make(const std::string& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(
      Kind::internal, full ? "DiskFull" : "ResourceDirectoryCreateFailed",
      fmt::format("The directory {} cannot be made on the node: {}.{}", path, std::strerror(error),
                  full ? " The node's disk is full: delete files or use a larger size." : ""));
}

}  // namespace

namespace {

void answer_remove(int root, const protocol::FileRequest& request, FileAnswer& answer) {
  const auto [above, name] = parent_and_name(request.path);
  if (name.empty() || name == "." || name == "..") return fail_with(answer, EXDEV);
  const Opened parent = open_beneath(root, above, O_RDONLY | O_DIRECTORY);
  struct stat stat;
  if (!parent.good() || fstatat(parent.number(), name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0)
    return fail_with(answer, errno);
  if (S_ISDIR(stat.st_mode) && !request.recursive) {
    if (unlinkat(parent.number(), name.c_str(), AT_REMOVEDIR) == 0) return;
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message =
        "The directory is not empty. Give recursive=true to delete what it holds, too.";
    return;
  }
  int budget = removed_max;
  if (const int error = remove_tree(parent.number(), name, budget, 0); error != 0)
    fail_with(answer, error);
}

void answer_read(int root, const protocol::FileRequest& request, FileAnswer& answer) {
  const Opened found = request.verb == protocol::FileVerb::read
                           ? open_file_beneath(root, request.path)
                           : open_beneath(root, request.path, O_PATH);
  struct stat stat;
  if (!found.good() || fstat(found.number(), &stat) != 0) return fail_with(answer, errno);
  if (is_secret(stat)) {
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message = "The file holds what is protected, and is for its process alone.";
    return;
  }
  answer.entries.push_back(entry_of(request.path, stat));
  if (request.verb == protocol::FileVerb::read) read_part(found.number(), request, answer);
}

}  // namespace

FileAnswer NodeFiles::answer(const protocol::FileRequest& request, const std::string& base) const {
  FileAnswer answer{.request = request.request};
  const Opened node(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // A task cannot make its own directory a link: that one is the agent's. What lies in it, it can.
  const Opened root = open_beneath(node.number(), base, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  if (!node.good() || !root.good()) {
    answer.error_code = "TaskFilesCleanedup";
    answer.error_message =
        "The files of the specified task were cleaned up: its retention time has passed, they were "
        "deleted, or its node was reimaged and they were too large to be kept.";
    return answer;
  }
  switch (request.verb) {
    case protocol::FileVerb::list:
      list_page(root.number(), request, answer);
      break;
    case protocol::FileVerb::remove:
      answer_remove(root.number(), request, answer);
      break;
    case protocol::FileVerb::properties:
    case protocol::FileVerb::read:
      answer_read(root.number(), request, answer);
      break;
    case protocol::FileVerb::upload_logs:
      check(false, "logs are no files of the node's");
      break;
  }
  return answer;
}

namespace {

// ext4 puts a directory near its parent, and steps over the inodes that were deleted there in the
// last minutes one by one: after some thousand tasks were cleaned up that takes longer than a short
// task does. What lies in a directory with this attribute is spread over the disk. Other file
// systems do not know it.
void spread(int root, const std::string& directory) {
  const Opened opened = open_beneath(root, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  int attributes = 0;
  if (!opened.good() || ioctl(opened.number(), FS_IOC_GETFLAGS, &attributes) != 0) return;
  attributes |= FS_TOPDIR_FL;
  static_cast<void>(ioctl(opened.number(), FS_IOC_SETFLAGS, &attributes));
}

// Opened, and made if it is the job's first.
Result<Opened> directory_of_tasks(int root, const std::string& path) {
  const auto open = [&] { return open_beneath(root, path, O_PATH | O_DIRECTORY | O_NOFOLLOW); };
  Opened opened = open();
  if (!opened.good() && errno == ENOENT) {
    if (const int error = make_parents_beneath(root, path + "/task"); error != 0)
      return cannot_make(path, error);
    spread(root, path);
    opened = open();
  }
  if (!opened.good()) return cannot_make(path, errno);
  return opened;
}

}  // namespace

Result<> NodeFiles::make_task_directory(const std::string& path, long uid, long gid) const {
  // Where tasks can write, a link may stand for a directory: nothing is made through links.
  const Opened root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const std::string& directory : {path, path + "/wd"}) {
    const auto [above, name] = parent_and_name(directory);
    const Opened parent = TRY(directory_of_tasks(root.number(), above));
    if (mkdirat(parent.number(), name.c_str(), 0755) != 0 && errno != EEXIST)
      return cannot_make(directory, errno);
    Opened made = open_beneath(parent.number(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!made.good() && unlinkat(parent.number(), name.c_str(), 0) == 0 &&
        mkdirat(parent.number(), name.c_str(), 0755) == 0)  // an earlier attempt put a link there
      made = open_beneath(parent.number(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    if (!made.good()) return cannot_make(directory, errno);
    if (uid >= 0 && fchown(made.number(), static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0)
      return cannot_make(directory, errno);
  }
  return Done();
}

// The directory around may be the user's own: nothing in it is followed.
Result<> NodeFiles::put_secret(const std::string& path, const std::string& bytes, long uid,
                               long gid) const {
  const auto [directory_path, name] = parent_and_name(path);
  const auto [around_path, directory_name] = parent_and_name(directory_path);
  const std::string whole = root_ + "/" + around_path;
  const Opened around(open(whole.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!around.good()) return cannot_make(path, errno);
  if (mkdirat(around.number(), directory_name.c_str(), 0700) != 0 && errno != EEXIST)
    return cannot_make(directory_path, errno);
  const Opened directory(openat(around.number(), directory_name.c_str(),
                                O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.good()) return cannot_make(directory_path, errno);
  unlinkat(directory.number(), name.c_str(), 0);
  const Opened file(openat(directory.number(), name.c_str(),
                           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0400));
  const auto give = [&](int descriptor) {
    return uid < 0 || fchown(descriptor, static_cast<uid_t>(uid), static_cast<gid_t>(gid)) == 0;
  };
  const bool written = file.good() && write(file.number(), bytes.data(), bytes.size()) ==
                                          static_cast<ssize_t>(bytes.size());
  if (!written || !give(file.number()) || !give(directory.number()) ||
      fchmod(file.number(), S_ISVTX | 0400) != 0)
    return cannot_make(path, errno);
  return Done();
}

std::string NodeFiles::end_of(const std::string& path) const {
  const Opened root(open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  const Opened file = open_file_beneath(root.number(), path);
  struct stat stat;
  if (!file.good() || fstat(file.number(), &stat) != 0) return {};
  const off_t from = std::max<off_t>(0, stat.st_size - static_cast<off_t>(end_max));
  std::string end(end_max, '\0');
  const ssize_t got = pread(file.number(), end.data(), end.size(), from);
  end.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return end;
}

void NodeFiles::set_aside(const std::string& path) const {
  const std::string aside = root_ + "/" + set_aside_directory;
  std::error_code ignored;
  fs::create_directories(aside, ignored);
  rename((root_ + "/" + path).c_str(), (aside + "/" + random_hex(8)).c_str());
}

bool NodeFiles::sweep() const {
  const Opened aside(
      open((root_ + "/" + set_aside_directory).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!aside.good()) return false;
  int budget = swept_at_once;
  for (const std::string& name : names_in(aside.number())) {
    if (remove_tree(aside.number(), name, budget, 0) == EAGAIN) return true;
  }
  return false;
}

Result<> keep_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0)
    return fail(Kind::internal, "DiskFull",
                fmt::format("cannot write {}: {}", beside, std::strerror(errno)));
  const bool whole = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  close(file);
  if (!whole || rename(beside.c_str(), path.c_str()) != 0)
    return fail(Kind::internal, "DiskFull",
                fmt::format("cannot write {}: {}", path, std::strerror(error)));
  return Done();
}

}  // namespace batchyard::edge
