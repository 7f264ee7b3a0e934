// Archives as tests need them, good and bad, in a directory that goes with the test.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace batchyard::edge {

// Writes what libarchive lets one write, which is more than may be unpacked.
class ZipFile {
 public:
  explicit ZipFile(std::string path) : path_(std::move(path)), archive_(archive_write_new()) {
    archive_write_set_format_zip(archive_);
    archive_write_open_filename(archive_, path_.c_str());
  }
  ~ZipFile() { close(); }
  ZipFile(const ZipFile&) = delete;
  ZipFile& operator=(const ZipFile&) = delete;

  ZipFile& add(const std::string& name, const std::string& text, unsigned mode = 0644,
               unsigned type = AE_IFREG) {
    archive_entry* entry = archive_entry_new();
    archive_entry_copy_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, static_cast<mode_t>(mode));
    archive_entry_set_size(entry, static_cast<la_int64_t>(text.size()));
    if (type == AE_IFLNK) archive_entry_copy_symlink(entry, text.c_str());
    archive_write_header(archive_, entry);
    if (type == AE_IFREG) archive_write_data(archive_, text.data(), text.size());
    archive_entry_free(entry);
    return *this;
  }
  const std::string& close() {
    if (archive_ != nullptr) archive_write_free(archive_);
    archive_ = nullptr;
    return path_;
  }

 private:
  std::string path_;
  struct archive* archive_;
};

inline std::string bytes_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

class PackageTest : public ::testing::Test {
 protected:
  PackageTest() {
    char name[] = "/tmp/batchyard-package-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~PackageTest() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  std::string directory_;
};

}  // namespace batchyard::edge
