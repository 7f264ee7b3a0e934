#include "edge/package/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <vector>

#include "base/text.h"
#include "edge/package/limits.h"
#include "edge/package/utf8_names.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t read_size = 256U << 10;
constexpr std::size_t shown_max = 200;

// A stranger's text, as it may stand in a message.
std::string shown(std::string_view name) {
  std::string text;
  for (const char letter : name.substr(0, shown_max)) {
    const auto code = static_cast<unsigned char>(letter);
    text += code < 0x20 || code >= 0x7F ? fmt::format("\\x{:02x}", code) : std::string(1, letter);
  }
  return name.size() > shown_max ? text + "…" : text;
}

std::unexpected<Error> refused(std::string_view entry, const std::string& why) {
  return fail(Kind::invalid, "InvalidArchive",
              fmt::format("The archive is refused for its entry '{}': {}.", shown(entry), why),
              {{"Entry", shown(entry)}, {"Reason", why}});
}

std::unexpected<Error> unsound(const std::string& why) {
  return fail(Kind::invalid, "InvalidArchive",
              fmt::format("The file is no sound zip archive: {}. Make it with zip, or upload it "
                          "again.",
                          why),
              {{"Reason", why}});
}

class Walk {
 public:
  Walk(int number, ZipVisitor& visitor, const ZipLimits& limits,
       const std::function<bool()>& keeps_on)
      : visitor_(visitor), limits_(limits), keeps_on_(keeps_on), number_(number) {}

  Result<> whole();

 private:
  Result<> open();
  Result<> one(archive_entry* entry);
  Result<std::string> path_of(archive_entry* entry) const;
  Result<> check_type(archive_entry* entry, const std::string& name) const;
  Result<> claim(const std::string& path, bool directory, const std::string& name);
  Result<> claim_one(const std::string& path, bool directory, const std::string& name);
  Result<> contents(const std::string& name);
  std::string reason() const {
    const char* text = archive_error_string(archive_.get());
    return text == nullptr ? "it cannot be read" : shown(text);
  }

  struct Free {
    void operator()(struct archive* one) const { archive_read_free(one); }
  };
  struct Place {
    std::string spelling;
    bool directory = false;
  };
  ZipVisitor& visitor_;
  const ZipLimits& limits_;
  const std::function<bool()>& keeps_on_;
  int number_;
  std::vector<char> buffer_ = std::vector<char>(read_size);
  std::int64_t packed_ = 0;
  std::int64_t unpacked_ = 0;
  std::int64_t entries_ = 0;
  std::map<std::string, Place> places_;  // by folded path
  std::unique_ptr<struct archive, Free> archive_;
};

Result<> Walk::open() {
  struct stat file{};
  if (fstat(number_, &file) != 0 || lseek(number_, 0, SEEK_SET) != 0)
    return unsound("it cannot be read");
  packed_ = file.st_size;
  archive_.reset(archive_read_new());
  archive_read_support_format_zip_seekable(archive_.get());
  if (archive_read_open_fd(archive_.get(), number_, read_size) != ARCHIVE_OK)
    return unsound(reason());
  return Done();
}

Result<> Walk::whole() {
  TRY(open());
  while (true) {
    archive_entry* entry = nullptr;
    const int outcome = archive_read_next_header(archive_.get(), &entry);
    if (outcome == ARCHIVE_EOF) break;
    if (outcome != ARCHIVE_OK) return unsound(reason());
    TRY(one(entry));
  }
  if (entries_ == 0) return unsound("it has no entries");
  return Done();
}

Result<std::string> Walk::path_of(archive_entry* entry) const {
  const char* utf8 = archive_entry_pathname_utf8(entry);
  const char* raw = utf8 != nullptr ? utf8 : archive_entry_pathname(entry);
  const std::string name = raw == nullptr ? "" : raw;
  if (name.empty()) return refused(name, "it has no name");
  if (name.size() > entry_name_max)
    return refused(name, fmt::format("its name is longer than {} bytes", entry_name_max));
  // Windows' separator, too: an archive is the same on every node.
  std::string slashed = name;
  for (char& letter : slashed) {
    if (letter == '\\') letter = '/';
  }
  const bool drive = slashed.size() > 1 && slashed[1] == ':';
  if (slashed.front() == '/' || drive)
    return refused(name, "its name is absolute; give names relative to the archive");
  std::string path;
  for (const std::string_view part : split(slashed, '/')) {
    if (part == "..") return refused(name, "its name leads out of the archive (..)");
    if (part.empty() || part == ".") continue;
    path += (path.empty() ? "" : "/") + std::string(part);
  }
  return path;
}

Result<> Walk::check_type(archive_entry* entry, const std::string& name) const {
  if (archive_entry_hardlink(entry) != nullptr)
    return refused(name, "it is a hard link; packages have files and directories only");
  const unsigned type = archive_entry_filetype(entry);
  if (type == AE_IFLNK)
    return refused(name,
                   "it is a symbolic link; packages have files and directories only "
                   "(zip without --symlinks packs what links lead to)");
  if (type != AE_IFREG && type != AE_IFDIR)
    return refused(name,
                   "it is a device, pipe or socket; packages have files and directories only");
  if (archive_entry_is_encrypted(entry) != 0)
    return refused(name, "it is encrypted; nodes have no password");
  return Done();
}

Result<> Walk::claim_one(const std::string& path, bool directory, const std::string& name) {
  const auto [place, made] = places_.try_emplace(fold(path), Place{path, directory});
  if (made) return Done();
  const Place& there = place->second;
  if (there.spelling != path)
    return refused(name, fmt::format("'{}' is there, too: names that differ by case alone are one "
                                     "name on some nodes",
                                     shown(there.spelling)));
  if (!directory || !there.directory)
    return refused(name, directory != there.directory ? "it is a file and a directory at once"
                                                      : "the archive has it twice");
  return Done();
}

// Its name and those of the directories above it.
Result<> Walk::claim(const std::string& path, bool directory, const std::string& name) {
  for (std::size_t slash = path.find('/'); slash != std::string::npos;
       slash = path.find('/', slash + 1))
    TRY(claim_one(path.substr(0, slash), true, name));
  return claim_one(path, directory, name);
}

Result<> Walk::one(archive_entry* entry) {
  ZipEntry made;
  made.path = TRY(path_of(entry));
  const std::string name = made.path.empty() ? "." : made.path;
  if (++entries_ > limits_.entries)
    return refused(name, fmt::format("a package has at most {} entries", limits_.entries));
  TRY(check_type(entry, name));
  made.directory = archive_entry_filetype(entry) == AE_IFDIR;
  if (made.path.empty()) return Done();  // "./"
  TRY(claim(made.path, made.directory, name));
  const unsigned given = archive_entry_perm(entry);
  made.mode = made.directory || (given & 0111U) != 0 ? 0755U : 0644U;
  TRY(visitor_.entry(made));
  return made.directory ? Result<>(Done()) : contents(name);
}

Result<> Walk::contents(const std::string& name) {
  while (true) {
    if (keeps_on_ && !keeps_on_()) return fail(Kind::busy, "CalledOff", "It was called off.");
    const la_ssize_t count = archive_read_data(archive_.get(), buffer_.data(), buffer_.size());
    if (count < 0) return refused(name, fmt::format("it is damaged ({})", reason()));
    if (count == 0) return Done();
    unpacked_ += count;
    if (unpacked_ > limits_.unpacked)
      return refused(
          name, fmt::format("with it the archive unpacks to more than {} bytes", limits_.unpacked));
    if (unpacked_ > limits_.ratio_free && unpacked_ / limits_.ratio > packed_)
      return refused(name, fmt::format("with it the archive unpacks to more than {} times its size",
                                       limits_.ratio));
    TRY(visitor_.bytes(buffer_.data(), static_cast<std::size_t>(count)));
  }
}

class Nobody : public ZipVisitor {
 public:
  Result<> entry(const ZipEntry&) override { return Done(); }
  Result<> bytes(const char*, std::size_t) override { return Done(); }
};

}  // namespace

ZipLimits zip_limits() {
  return {entries_max, unpacked_size_max, unpack_ratio_max, unpack_ratio_free};
}

Result<> walk_zip(int number, ZipVisitor& visitor, const ZipLimits& limits,
                  const std::function<bool()>& keeps_on) {
  const Utf8Names names;
  return Walk(number, visitor, limits, keeps_on).whole();
}

Result<> check_zip(int number) {
  Nobody nobody;
  return walk_zip(number, nobody);
}

}  // namespace batchyard::edge
