#include "edge/archive/copy_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <set>

#include "edge/files/beneath.h"
#include "edge/files/listing.h"

namespace batchyard::edge {

namespace {

// What a task's user looks for first.
constexpr std::array logs = {"stdout.txt", "stderr.txt", "fileuploadout.txt", "fileuploaderr.txt"};

std::unexpected<Error> not_kept(const std::string& path, int error) {
  return fail(Kind::internal, error == ENOSPC || error == EDQUOT ? "DiskFull" : "InternalError",
              fmt::format("{} cannot be kept: {}", path, std::strerror(error)));
}

class Copy {
 public:
  Copy(int from, int to, const ArchiveLimits& limits) : from_(from), to_(to), limits_(limits) {}

  Result<std::int64_t> run() {
    for (const char* name : logs) TRY(take(name, limits_.log_max));
    protocol::FileRequest request;
    request.recursive = true;
    request.limit = limits_.files_max;
    protocol::FileAnswer listed;
    list_page(from_, request, listed);
    for (const protocol::FileEntry& entry : listed.entries) {
      if (entry.directory)
        TRY(make(entry));
      else if (entry.size <= limits_.file_max && !done_.contains(entry.name))
        TRY(take(entry.name, limits_.file_max));
    }
    return bytes_;
  }

 private:
  Result<> make(const protocol::FileEntry& entry) const {
    if (const int error = make_parents_beneath(to_, entry.name + "/"); error != 0)
      return not_kept(entry.name, error);
    return Done();
  }

  // The last `most` bytes of it. What cannot be read, or would be too much, is left out.
  Result<> take(const std::string& name, std::int64_t most) {
    const Opened source = open_file_beneath(from_, name);
    struct stat stat;
    if (!source.good() || fstat(source.number(), &stat) != 0) return Done();
    if ((stat.st_mode & S_ISVTX) != 0) return Done();  // NodeFiles::put_secret has written it
    const std::int64_t length = std::min<std::int64_t>(stat.st_size, most);
    if (bytes_ + length > limits_.run_max) return Done();
    if (const int error = make_parents_beneath(to_, name); error != 0) return not_kept(name, error);
    const Opened target = create_beneath(to_, name);
    if (!target.good()) return not_kept(name, errno);
    TRY(pour(source.number(), stat.st_size - length, length, target.number(), name));
    fchmod(target.number(), stat.st_mode & 0777);
    const timespec times[] = {stat.st_atim, stat.st_mtim};
    futimens(target.number(), times);
    bytes_ += length;
    done_.insert(name);
    return Done();
  }

  static Result<> pour(int source, off_t offset, std::int64_t length, int target,
                       const std::string& name) {
    std::array<char, 64 * 1024> part;
    while (length > 0) {
      const ssize_t got = pread(source, part.data(),
                                std::min(part.size(), static_cast<std::size_t>(length)), offset);
      if (got <= 0) return Done();  // it became shorter
      if (write(target, part.data(), static_cast<std::size_t>(got)) != got)
        return not_kept(name, errno);
      offset += got;
      length -= got;
    }
    return Done();
  }

  int from_;
  int to_;
  const ArchiveLimits& limits_;
  std::int64_t bytes_ = 0;
  std::set<std::string> done_;
};

}  // namespace

Result<std::int64_t> copy_run(const std::string& from, const std::string& to,
                              const ArchiveLimits& limits) {
  const Opened source(open(from.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const Opened target(open(to.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!source.good() || !target.good()) return not_kept(from, errno);
  return Copy(source.number(), target.number(), limits).run();
}

}  // namespace batchyard::edge
