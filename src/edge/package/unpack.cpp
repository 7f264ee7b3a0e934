#include "edge/package/unpack.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <set>

#include "edge/files/beneath.h"
#include "edge/package/zip.h"

namespace batchyard::edge {

namespace {

std::unexpected<Error> not_written(const std::string& path, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return fail(Kind::internal, full ? "DiskFull" : "PackageWriteFailed",
              fmt::format("The package's {} could not be written: {}.", path,
                          full ? "the node's disk is full" : std::strerror(error)),
              {{"Entry", path}});
}

class Unpacker : public ZipVisitor {
 public:
  explicit Unpacker(int directory) : directory_(directory) {}

  Result<> entry(const ZipEntry& entry) override {
    path_ = entry.path;
    for (std::size_t slash = path_.find('/'); slash != std::string::npos;
         slash = path_.find('/', slash + 1))
      TRY(make_directory(path_.substr(0, slash)));
    if (entry.directory) return make_directory(path_);
    file_ = create_beneath(directory_, path_);
    if (!file_.good() || fchmod(file_.number(), entry.mode) != 0) return not_written(path_, errno);
    return Done();
  }

  Result<> bytes(const char* bytes, std::size_t count) override {
    for (std::size_t at = 0; at < count;) {
      const ssize_t put = write(file_.number(), bytes + at, count - at);
      if (put < 0 && errno == EINTR) continue;
      if (put <= 0) return not_written(path_, errno);
      at += static_cast<std::size_t>(put);
    }
    return Done();
  }

 private:
  Result<> make_directory(const std::string& path) {
    if (!made_.insert(path).second) return Done();
    const auto [above, name] = parent_and_name(path);
    const Opened parent = open_beneath(directory_, above, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    if (!parent.good() || mkdirat(parent.number(), name.c_str(), 0755) != 0 ||
        fchmodat(parent.number(), name.c_str(), 0755, 0) != 0)
      return not_written(path, errno);
    return Done();
  }

  int directory_;
  std::string path_;
  Opened file_;
  std::set<std::string> made_;
};

}  // namespace

Result<> unpack_zip(int number, int directory, const std::function<bool()>& keeps_on) {
  Unpacker unpacker(directory);
  return walk_zip(number, unpacker, zip_limits(), keeps_on);
}

}  // namespace batchyard::edge
