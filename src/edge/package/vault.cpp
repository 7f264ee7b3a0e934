#include "edge/package/vault.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "edge/clock/clock.h"
#include "edge/files/beneath.h"
#include "edge/package/digest.h"
#include "edge/package/limits.h"
#include "edge/package/zip.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view content_suffix = ".zip";
constexpr std::size_t part_size = 256U << 10;

// As random_guid() makes them: nothing else gets into a path.
bool is_name(const std::string& name) {
  return name.size() == 36 && std::ranges::all_of(name, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
                  letter == '-';
         });
}

std::unexpected<Error> no_upload(const std::string& upload) {
  return fail(Kind::not_found, "UploadNotFound",
              fmt::format("There is no upload '{}'. Begin one (POST /batchyard/uploads), and use "
                          "the name that is answered.",
                          upload));
}

std::unexpected<Error> disk_failed(const std::string& what, int error) {
  return fail(error == ENOSPC || error == EDQUOT ? Kind::busy : Kind::internal,
              error == ENOSPC || error == EDQUOT ? "ServerBusy" : "InternalError",
              fmt::format("{} failed on the service's disk: {}.", what, std::strerror(error)));
}

int sync_directory(const std::string& path) {
  const Opened directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.good() && fsync(directory.number()) == 0 ? 0 : errno;
}

Result<std::string> digest_of(int file) {
  Digest digest;
  std::vector<char> buffer(part_size);
  for (off_t at = 0;;) {
    const ssize_t count = pread(file, buffer.data(), buffer.size(), at);
    if (count < 0) return disk_failed("Reading an archive", errno);
    if (count == 0) return digest.hex();
    digest.add(buffer.data(), static_cast<std::size_t>(count));
    at += count;
  }
}

}  // namespace

Vault::Vault(std::string directory, std::chrono::milliseconds linger)
    : directory_(std::move(directory)), linger_(linger), thread_([this] { loop(); }) {}

Vault::~Vault() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  thread_.join();
}

Result<std::unique_ptr<Vault>> Vault::open(std::string directory,
                                           std::chrono::milliseconds linger) {
  for (const std::string& path : {directory, directory + "/uploads"}) {
    if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST)
      return fail(Kind::internal, "DataDirectoryUnusable",
                  fmt::format("cannot make {}: {}", path, std::strerror(errno)));
  }
  return std::unique_ptr<Vault>(new Vault(std::move(directory), linger));
}

std::string Vault::upload_path(const std::string& upload) const {
  return directory_ + "/uploads/" + upload;
}
std::string Vault::content_path(const std::string& content) const {
  return directory_ + "/" + content + std::string(content_suffix);
}

void Vault::keep_only(const std::set<std::string>& contents) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, ignored)) {
    if (!entry.is_regular_file(ignored) || contents.contains(entry.path().stem().string()))
      continue;
    fs::remove(entry.path(), ignored);
  }
  sweep_uploads();
}

// Removes those that stood still; how many are left.
std::size_t Vault::sweep_uploads() const {
  std::error_code ignored;
  std::size_t left = 0;
  const auto oldest = fs::file_time_type::clock::now() - upload_age_max;
  for (const fs::directory_entry& entry :
       fs::directory_iterator(directory_ + "/uploads", ignored)) {
    if (entry.last_write_time(ignored) < oldest)
      fs::remove(entry.path(), ignored);
    else
      ++left;
  }
  return left;
}

Result<std::string> Vault::begin() {
  if (sweep_uploads() >= uploads_max)
    return fail(Kind::busy, "TooManyUploads",
                fmt::format("{} uploads of packages are under way. Wait until one has ended.",
                            uploads_max));
  std::string upload = random_guid();
  const Opened made(
      ::open(upload_path(upload).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!made.good()) return disk_failed("Beginning an upload", errno);
  return upload;
}

Result<std::int64_t> Vault::append(const std::string& upload, std::int64_t offset,
                                   std::string_view bytes) {
  if (!is_name(upload)) return no_upload(upload);
  const Opened file(::open(upload_path(upload).c_str(), O_WRONLY | O_CLOEXEC));
  struct stat stat{};
  if (!file.good() || fstat(file.number(), &stat) != 0) return no_upload(upload);
  if (offset < 0 || offset > stat.st_size)
    return fail(
        Kind::conflict, "InvalidUploadOffset",
        fmt::format("The upload has {} bytes; a part cannot begin at {}.", stat.st_size, offset),
        {{"Size", std::to_string(stat.st_size)}});
  if (offset > package_size_max - static_cast<std::int64_t>(bytes.size()))
    return fail(Kind::too_large, "ArchiveTooLarge",
                fmt::format("A package's archive has at most {} bytes.", package_size_max));
  struct statvfs room{};
  if (fstatvfs(file.number(), &room) == 0 &&
      static_cast<std::int64_t>(room.f_bavail * room.f_frsize) < upload_kept_free)
    return disk_failed("Writing an upload", ENOSPC);
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t put = pwrite(file.number(), bytes.data() + at, bytes.size() - at,
                               offset + static_cast<off_t>(at));
    if (put <= 0) return disk_failed("Writing an upload", errno);
    at += static_cast<std::size_t>(put);
  }
  return std::max<std::int64_t>(stat.st_size, offset + static_cast<std::int64_t>(bytes.size()));
}

void Vault::finish(const std::string& upload, OnKept done) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back({upload, std::move(done)});
  }
  work_.notify_all();
}

Result<> Vault::take(const std::string& upload, const std::string& path) {
  if (!is_name(upload) || rename(upload_path(upload).c_str(), path.c_str()) != 0)
    return no_upload(upload);
  return Done();
}

void Vault::abandon(const std::string& upload) {
  if (is_name(upload)) unlink(upload_path(upload).c_str());
}

void Vault::loop() {
  std::unique_lock lock(mutex_);
  while (true) {
    const auto ready = [this] { return stopping_ || !waiting_.empty(); };
    // Without one to wait for, an hour is as good as any other time.
    const auto due =
        dropped_.empty() ? Clock::now() + std::chrono::hours(1) : dropped_.front().first;
    work_.wait_until(lock, due, ready);
    if (stopping_) return;
    remove_dropped();
    if (waiting_.empty()) continue;
    Check check = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    check.done(keep(check.upload));
    lock.lock();
  }
}

Result<PackageContent> Vault::keep(const std::string& upload) const {
  if (!is_name(upload)) return no_upload(upload);
  // Under another name nobody writes to it any more.
  const std::string path = upload_path(upload) + ".whole";
  if (rename(upload_path(upload).c_str(), path.c_str()) != 0) return no_upload(upload);
  struct Remove {
    const std::string& path;
    ~Remove() { unlink(path.c_str()); }
  } const left_over{path};
  const Opened file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat stat{};
  if (!file.good() || fstat(file.number(), &stat) != 0)
    return disk_failed("Reading an upload", errno);
  TRY(check_zip(file.number()));
  PackageContent content{.name = random_guid(), .size = stat.st_size, .sha256 = {}};
  content.sha256 = TRY(digest_of(file.number()));
  if (fsync(file.number()) != 0) return disk_failed("Keeping an archive", errno);
  if (rename(path.c_str(), content_path(content.name).c_str()) != 0)
    return disk_failed("Keeping an archive", errno);
  if (const int error = sync_directory(directory_); error != 0)
    return disk_failed("Keeping an archive", error);
  return content;
}

Result<service::PackageBytes> Vault::read(const std::string& content) {
  struct stat stat{};
  auto file = std::make_shared<Opened>();
  if (is_name(content)) *file = Opened(::open(content_path(content).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file->good() || fstat(file->number(), &stat) != 0)
    return fail(Kind::not_found, "ApplicationPackageBlobNotFound",
                "The archive does not exist any more.");
  service::PackageBytes bytes;
  bytes.size = static_cast<std::uint64_t>(stat.st_size);
  bytes.source = [file, at = std::make_shared<off_t>(0)](BodyPart give) {
    std::string part(part_size, '\0');
    const ssize_t count = pread(file->number(), part.data(), part.size(), *at);
    if (count < 0) return give(disk_failed("Reading an archive", errno));
    part.resize(static_cast<std::size_t>(count));
    *at += count;
    give(std::move(part));
  };
  return bytes;
}

void Vault::drop(const std::string& content) {
  if (!is_name(content)) return;
  {
    const std::lock_guard lock(mutex_);
    dropped_.emplace_back(Clock::now() + linger_, content);
    remove_dropped();
  }
  work_.notify_all();
}

void Vault::remove_dropped() {
  while (!dropped_.empty() && dropped_.front().first <= Clock::now()) {
    unlink(content_path(dropped_.front().second).c_str());
    dropped_.pop_front();
  }
}

}  // namespace batchyard::edge
