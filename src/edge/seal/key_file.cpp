#include "edge/seal/key_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/seal/seal.h"
#include "edge/seal/whole_file.h"

namespace batchyard::edge {

namespace {

constexpr std::string_view key_file_head =
    "# The key of a Batchyard installation. Without it nothing that was stored can be read: keep "
    "a\n"
    "# copy elsewhere. `batchyard secrets rotate` changes it.\n";
// The new one and the one before it.
constexpr std::size_t keys_max = 2;
constexpr std::size_t key_file_size_max = 4096;

std::unexpected<Error> unusable_key_file(const std::string& path, const std::string& why) {
  return fail(Kind::invalid, "KeyFileUnusable", fmt::format("the key file {} {}", path, why));
}

std::string text_of_keys(const std::vector<std::string>& keys) {
  std::string text(key_file_head);
  for (const std::string& key : keys) text += base64_encode(key) + "\n";
  return text;
}

class OpenKeyFile {
 public:
  explicit OpenKeyFile(const std::string& path)
      : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenKeyFile() {
    if (file_ >= 0) close(file_);
  }
  OpenKeyFile(const OpenKeyFile&) = delete;
  OpenKeyFile& operator=(const OpenKeyFile&) = delete;
  int get() const { return file_; }

 private:
  int file_;
};

Result<std::string> text_of_key_file(const std::string& path) {
  const OpenKeyFile file(path);
  if (file.get() < 0)
    return unusable_key_file(path, fmt::format("cannot be read: {}.", std::strerror(errno)));
  struct stat facts{};
  fstat(file.get(), &facts);
  if (!S_ISREG(facts.st_mode)) return unusable_key_file(path, "is no file.");
  if ((facts.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return unusable_key_file(
        path, fmt::format("can be read by others (mode {:04o}). Make it its owner's alone: chmod "
                          "600 {}; and if others may have read it, change the key: batchyard "
                          "secrets rotate.",
                          facts.st_mode & 07777, path));
  if (facts.st_uid != geteuid() && facts.st_uid != 0)
    return unusable_key_file(path, fmt::format("belongs to the user {}, who can read it. Give it "
                                               "to the user of the service, {}.",
                                               facts.st_uid, geteuid()));
  std::string text(key_file_size_max, '\0');
  const ssize_t size = read(file.get(), text.data(), text.size());
  if (size < 0)
    return unusable_key_file(path, fmt::format("cannot be read: {}.", std::strerror(errno)));
  text.resize(static_cast<std::size_t>(size));
  return text;
}

}  // namespace

std::string new_seal_key() {
  return random_bytes(seal_key_size);
}

Result<std::vector<std::string>> read_key_file(const std::string& path) {
  const std::string text = TRY(text_of_key_file(path));
  std::vector<std::string> keys;
  for (const std::string_view line : split(text, '\n')) {
    if (trim(line).empty() || line.starts_with('#')) continue;
    std::optional<std::string> key = base64_decode(trim(line));
    if (!key || key->size() != seal_key_size || keys.size() == keys_max)
      return unusable_key_file(path,
                               "is none: it has one line of 44 base64 characters, two while "
                               "keys are changed, and lines with #. Put the right one back.");
    keys.push_back(std::move(*key));
  }
  if (keys.empty()) return unusable_key_file(path, "has no key. Put the right one back.");
  return keys;
}

Result<> write_key_file(const std::string& path, const std::vector<std::string>& keys) {
  return write_whole_file(path, text_of_keys(keys));
}

Result<> make_key_file(const std::string& path) {
  // Under a name of its own: another service may be making one at this moment.
  const std::string beside = fmt::format("{}.{}", path, random_hex(8));
  if (!write_whole_file(beside, text_of_keys({new_seal_key()})))
    return unusable_key_file(path,
                             "cannot be made: its directory is not there, or cannot be written. "
                             "Make the directory, or give another --key-file.");
  const bool there =
      (link(beside.c_str(), path.c_str()) == 0 || errno == EEXIST) && sync_directory_of(path);
  const int error = errno;
  unlink(beside.c_str());
  if (there) return Done();
  return unusable_key_file(
      path, fmt::format("cannot be made: {}. Give another --key-file.", std::strerror(error)));
}

}  // namespace batchyard::edge
