#include "edge/seal/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace batchyard::edge {

bool sync_directory_of(const std::string& path) {
  const int directory = open(path.substr(0, path.rfind('/')).c_str(), O_RDONLY | O_CLOEXEC);
  if (directory < 0) return false;
  const bool synced = fsync(directory) == 0;
  close(directory);
  return synced;
}

Result<> write_whole_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  int error = errno;
  if (file >= 0) close(file);
  const bool there =
      written && rename(beside.c_str(), path.c_str()) == 0 && sync_directory_of(path);
  if (there) return Done();
  if (written) error = errno;
  return fail(Kind::internal, "DataDirectoryUnusable",
              fmt::format("cannot write {}: {}. Give a --data-dir that can be written.", path,
                          std::strerror(error)));
}

}  // namespace batchyard::edge
