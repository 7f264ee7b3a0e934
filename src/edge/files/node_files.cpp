#include "edge/files/node_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;
using protocol::FileAnswer;
using protocol::FileEntry;

constexpr std::size_t entries_max = 100'000;
constexpr int swept_at_once = 200;
constexpr const char* set_aside_directory = "volatile/removed";

class Opened {
 public:
  explicit Opened(int number) : number_(number) {}
  Opened(Opened&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  ~Opened() {
    if (number_ >= 0) close(number_);
  }
  int number() const { return number_; }
  bool good() const { return number_ >= 0; }

 private:
  int number_;
};

// Below the root and through no link that leads out of it.
Opened open_below(int root, const std::string& path, std::uint64_t flags) {
  open_how how{
      .flags = flags | O_CLOEXEC, .mode = 0, .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
  return Opened(static_cast<int>(
      syscall(SYS_openat2, root, path.empty() ? "." : path.c_str(), &how, sizeof how)));
}

Time time_of(const timespec& time) {
  return Time(Duration(time.tv_sec * 1000 + time.tv_nsec / 1'000'000));
}

FileEntry entry_of(const std::string& name, const struct stat& stat) {
  return {.name = name,
          .directory = S_ISDIR(stat.st_mode),
          .size = S_ISDIR(stat.st_mode) ? 0 : stat.st_size,
          .mode = static_cast<std::int32_t>(stat.st_mode),
          .modified = time_of(stat.st_mtim),
          .created = {}};
}

void fail_with(FileAnswer& answer, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    answer.error_code = "FileNotFound";
    answer.error_message = "The specified file does not exist.";
  } else if (error == EXDEV || error == ELOOP) {
    answer.error_code = "FileNotFound";
    answer.error_message =
        "The specified file lies outside of the directory: its path leads out of it.";
  } else {
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message = fmt::format("The file cannot be used: {}.", std::strerror(error));
  }
}

void list_into(int directory, const std::string& prefix, bool recursive,
               std::vector<FileEntry>& entries) {
  DIR* stream = fdopendir(dup(directory));
  if (stream == nullptr) return;
  while (const dirent* one = readdir(stream)) {
    const std::string_view name = one->d_name;
    struct stat stat;
    if (name == "." || name == ".." || entries.size() >= entries_max ||
        fstatat(directory, one->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0)
      continue;
    entries.push_back(entry_of(prefix + std::string(name), stat));
    if (!recursive || !S_ISDIR(stat.st_mode)) continue;
    const Opened inner(
        openat(directory, one->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (inner.good()) list_into(inner.number(), prefix + std::string(name) + "/", true, entries);
  }
  closedir(stream);
}

void read_part(int file, const protocol::FileRequest& request, FileAnswer& answer) {
  std::string bytes(static_cast<std::size_t>(std::max<std::int64_t>(0, request.length)), '\0');
  const ssize_t got = pread(file, bytes.data(), bytes.size(), request.offset);
  if (got < 0) return fail_with(answer, errno);
  bytes.resize(static_cast<std::size_t>(got));
  answer.data_base64 = base64_encode(bytes);
}

// "" and "a" for "a"; "a/b" and "c" for "a/b/c".
std::pair<std::string, std::string> parent_and_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::pair(std::string(), path)
                                    : std::pair(path.substr(0, slash), path.substr(slash + 1));
}

int remove_tree(int parent, const std::string& name, int& budget) {
  if (--budget < 0) return EAGAIN;
  if (unlinkat(parent, name.c_str(), 0) == 0) return 0;
  if (errno != EISDIR && errno != EPERM) return errno;
  const Opened directory(
      openat(parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!directory.good()) return errno;
  std::vector<FileEntry> entries;
  list_into(directory.number(), "", false, entries);
  for (const FileEntry& entry : entries) {
    if (const int error = remove_tree(directory.number(), entry.name, budget); error != 0)
      return error;
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

FileAnswer NodeFiles::answer(const protocol::FileRequest& request, const std::string& base) const {
  FileAnswer answer{.request = request.request,
                    .error_code = {},
                    .error_message = {},
                    .entries = {},
                    .data_base64 = {}};
  const std::string start = base.empty() ? root_ : root_ + "/" + base;
  const Opened root(open(start.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.good()) {
    answer.error_code = "TaskFilesCleanedup";
    answer.error_message =
        "The files of the specified task were cleaned up: its retention time has passed, or they "
        "were deleted.";
    return answer;
  }
  if (request.verb == protocol::FileVerb::list) {
    list_into(root.number(), "", request.recursive, answer.entries);
    return answer;
  }
  if (request.verb == protocol::FileVerb::remove) {
    const auto [parent_path, name] = parent_and_name(request.path);
    const Opened parent = open_below(root.number(), parent_path, O_RDONLY | O_DIRECTORY);
    struct stat stat;
    if (!parent.good() || fstatat(parent.number(), name.c_str(), &stat, AT_SYMLINK_NOFOLLOW) != 0) {
      fail_with(answer, errno);
    } else if (S_ISDIR(stat.st_mode) && !request.recursive &&
               unlinkat(parent.number(), name.c_str(), AT_REMOVEDIR) != 0) {
      answer.error_code = "OperationInvalidForCurrentState";
      answer.error_message =
          "The directory is not empty. Give recursive=true to delete what it holds, too.";
    } else if (!S_ISDIR(stat.st_mode) || request.recursive) {
      int budget = 10'000'000;
      if (const int error = remove_tree(parent.number(), name, budget); error != 0)
        fail_with(answer, error);
    }
    return answer;
  }
  const Opened file = open_below(root.number(), request.path, O_RDONLY | O_NONBLOCK);
  struct stat stat;
  if (!file.good() || fstat(file.number(), &stat) != 0) {
    fail_with(answer, errno);
    return answer;
  }
  answer.entries.push_back(entry_of(request.path, stat));
  if (request.verb == protocol::FileVerb::read) read_part(file.number(), request, answer);
  return answer;
}

Result<> NodeFiles::make_task_directory(const std::string& path, long uid, long gid) const {
  const std::string whole = root_ + "/" + path;
  const auto make = [](const std::string& directory) {
    return mkdir(directory.c_str(), 0755) == 0 || errno == EEXIST;
  };
  if (!make(whole)) {
    std::error_code error;
    fs::create_directories(fs::path(whole).parent_path(), error);
    if (!make(whole)) return cannot_make(path, errno);
  }
  const std::string wd = whole + "/wd";
  if (!make(wd)) return cannot_make(path + "/wd", errno);
  if (uid >= 0 && (chown(whole.c_str(), static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0 ||
                   chown(wd.c_str(), static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0))
    return cannot_make(path, errno);
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
  if (!written || !give(file.number()) || !give(directory.number()))
    return cannot_make(path, errno);
  return Done();
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
  std::vector<FileEntry> entries;
  list_into(aside.number(), "", false, entries);
  int budget = swept_at_once;
  for (const FileEntry& entry : entries) {
    if (remove_tree(aside.number(), entry.name, budget) == EAGAIN) return true;
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
