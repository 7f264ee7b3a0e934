#include "edge/fleet/system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

namespace batchyard::fleet {

namespace {

Result<> write_all(int file, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t count = ::write(file, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("write " + path);
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return Done{};
}

}  // namespace

std::unexpected<Error> cannot(std::string_view doing) {
  return cannot(doing, errno);
}

std::unexpected<Error> cannot(std::string_view doing, int error_number) {
  return fail(Kind::internal, "NodeNotMade",
              "cannot " + std::string(doing) + ": " + std::strerror(error_number));
}

Result<Descriptor> open_file(const std::string& path, int flags, mode_t mode) {
  Descriptor file(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!file.is_open()) return cannot("open " + path);
  return file;
}

Result<std::string> read_file(const std::string& path) {
  const Descriptor file = TRY(open_file(path, O_RDONLY));
  std::string content;
  char buffer[16384];
  while (true) {
    const ssize_t count = ::read(file.number(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot("read " + path);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

Result<> write_file(const std::string& path, std::string_view content, mode_t mode) {
  const Descriptor file = TRY(open_file(path, O_WRONLY | O_CREAT | O_TRUNC, mode));
  return write_all(file.number(), content, path);
}

Result<> replace_file(const std::string& path, std::string_view content, mode_t mode) {
  const std::string beside = path + ".new";
  {
    const Descriptor file = TRY(open_file(beside, O_WRONLY | O_CREAT | O_TRUNC, mode));
    TRY(write_all(file.number(), content, beside));
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return cannot("rename " + beside);
  return Done{};
}

Result<> make_directory(const std::string& path, mode_t mode) {
  if (::mkdir(path.c_str(), mode) == 0) {
    // The mask of the process must not decide who reaches a task's files.
    if (::chmod(path.c_str(), mode) != 0) return cannot("set the mode of " + path);
    return Done{};
  }
  if (errno == EEXIST) return Done{};
  if (errno != ENOENT || parent_path(path) == path) return cannot("make the directory " + path);
  TRY(make_directory(parent_path(path), 0755));
  return make_directory(path, mode);
}

std::string parent_path(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

bool lies_below(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) && path.size() > directory.size() &&
         path[directory.size()] == '/';
}

std::uint64_t process_start_time(pid_t pid) {
  const Result<std::string> stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return 0;
  // The name (field 2) may hold blanks and parentheses; what follows its last ')' does not.
  std::size_t at = stat->rfind(')');
  for (int field = 2; field < 22 && at != std::string::npos; ++field) at = stat->find(' ', at + 1);
  return at == std::string::npos ? 0 : std::strtoull(stat->c_str() + at, nullptr, 10);
}

namespace {

std::string one_line(const std::string& path) {
  const Result<std::string> content = read_file(path);
  return content ? content->substr(0, content->find('\n')) : std::string();
}

}  // namespace

std::string machine_boot_id() {
  return one_line("/proc/sys/kernel/random/boot_id");
}

std::string random_uuid() {
  return one_line("/proc/sys/kernel/random/uuid");
}

}  // namespace batchyard::fleet
