// Root file systems as tests need them: in tar archives, good and bad, and as directories.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace batchyard::edge {

// Writes whatever it is told, also what may not be unpacked.
class TarFile {
 public:
  explicit TarFile(std::string path, int filter = ARCHIVE_FILTER_NONE)
      : path_(std::move(path)), archive_(archive_write_new()) {
    archive_write_set_format_pax_restricted(archive_);
    archive_write_add_filter(archive_, filter);
    archive_write_open_filename(archive_, path_.c_str());
  }
  ~TarFile() { close(); }
  TarFile(const TarFile&) = delete;
  TarFile& operator=(const TarFile&) = delete;

  TarFile& file(const std::string& name, const std::string& text, unsigned mode = 0644) {
    return add(name, AE_IFREG, mode, text);
  }
  TarFile& directory(const std::string& name, unsigned mode = 0755) {
    return add(name, AE_IFDIR, mode);
  }
  TarFile& link(const std::string& name, const std::string& target) {
    return add(name, AE_IFLNK, 0777, target);
  }
  TarFile& hard_link(const std::string& name, const std::string& target) {
    return add(name, 0, 0644, target);
  }
  TarFile& device(const std::string& name) { return add(name, AE_IFCHR, 0666); }
  const std::string& close() {
    if (archive_ != nullptr) archive_write_free(archive_);
    archive_ = nullptr;
    return path_;
  }

 private:
  TarFile& add(const std::string& name, unsigned type, unsigned mode,
               const std::string& text = {}) {
    archive_entry* entry = archive_entry_new();
    archive_entry_copy_pathname(entry, name.c_str());
    archive_entry_set_perm(entry, static_cast<mode_t>(mode));
    archive_entry_set_mtime(entry, 1'000'000'000, 0);
    if (type == 0)
      archive_entry_copy_hardlink(entry, text.c_str());
    else
      archive_entry_set_filetype(entry, type);
    if (type == AE_IFLNK) archive_entry_copy_symlink(entry, text.c_str());
    archive_entry_set_size(entry, type == AE_IFREG ? static_cast<la_int64_t>(text.size()) : 0);
    archive_write_header(archive_, entry);
    if (type == AE_IFREG) archive_write_data(archive_, text.data(), text.size());
    archive_entry_free(entry);
    return *this;
  }
  std::string path_;
  struct archive* archive_;
};

inline std::string content_of(const std::string& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

class ImageTest : public ::testing::Test {
 protected:
  ImageTest() {
    char name[] = "/tmp/batchyard-image-XXXXXX";
    directory_ = mkdtemp(name);
  }
  ~ImageTest() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void put(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name)) << text;
  }
  std::string directory_;
};

}  // namespace batchyard::edge
