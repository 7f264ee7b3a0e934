#include "edge/blobs/shelf.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <utility>

#include "blob/codes.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

constexpr int folders = 256;  // by the first two letters of names
constexpr std::size_t name_bytes = 16;
constexpr std::size_t sum_letters = 16;
constexpr std::int64_t room_checked_every = std::int64_t{16} << 20;

Result<> sync_directory(const std::string& path) {
  const Opened directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory.good() || fsync(directory.number()) != 0)
    return blob_disk_failed("Syncing a directory of blobs", errno);
  return Done();
}

std::unexpected<Error> damaged(const blob::Piece& piece, std::string why) {
  Error error{Kind::internal,
              "InternalError",
              "The stored bytes are damaged; they are not served. Restore them from a copy.",
              {},
              fmt::format("the piece {} is damaged: {}", piece.name, why)};
  return std::unexpected(std::move(error));
}

}  // namespace

std::unexpected<Error> blob_disk_failed(std::string_view what, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  if (full)
    return blob::refused("ServerBusy", "Its disk is full: delete blobs, or make room beside them.");
  Error failure{
      Kind::internal, "InternalError", "", {}, fmt::format("{}: {}", what, std::strerror(error))};
  return std::unexpected(std::move(failure));
}

Shelf::Hold::Hold(Shelf& shelf, std::vector<std::string> names)
    : shelf_(&shelf), names_(std::move(names)) {
  shelf_->take(names_);
}
Shelf::Hold::Hold(Hold&& other) noexcept
    : shelf_(std::exchange(other.shelf_, nullptr)), names_(std::move(other.names_)) {}
Shelf::Hold& Shelf::Hold::operator=(Hold&& other) noexcept {
  std::swap(shelf_, other.shelf_);
  std::swap(names_, other.names_);
  return *this;
}
Shelf::Hold::~Hold() {
  if (shelf_ != nullptr) shelf_->let_go(names_);
}

Result<std::unique_ptr<Shelf>> Shelf::open(std::string directory) {
  std::error_code error;
  for (int folder = 0; folder < folders && !error; ++folder)
    fs::create_directories(fmt::format("{}/{:02x}", directory, folder), error);
  if (error)
    return fail(
        Kind::invalid, "DataDirectoryUnusable",
        fmt::format("cannot make {}: {}. Give another --data-dir.", directory, error.message()));
  TRY(sync_directory(directory));
  return std::unique_ptr<Shelf>(new Shelf(std::move(directory)));
}

std::string Shelf::path_of(std::string_view name) const {
  return fmt::format("{}/{}/{}", directory_, name.substr(0, 2), name);
}

void Shelf::take(const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : names) ++holds_[name];
}

void Shelf::let_go(const std::vector<std::string>& names) {
  const std::lock_guard lock(mutex_);
  for (const std::string& name : names) {
    if (--holds_[name] == 0) holds_.erase(name);
  }
}

bool Shelf::is_held(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return holds_.contains(name);
}

void Shelf::remove(const std::string& name) const {
  unlink(path_of(name).c_str());
}

Result<std::int64_t> Shelf::sweep(const std::function<Result<bool>(const std::string&)>& is_known) {
  std::int64_t swept = 0;
  std::error_code ignored;
  for (int folder = 0; folder < folders; ++folder) {
    const std::string path = fmt::format("{}/{:02x}", directory_, folder);
    for (const fs::directory_entry& entry : fs::directory_iterator(path, ignored)) {
      const std::string name = entry.path().filename().string();
      // In this order: what is on its way in may be committed in between.
      if (is_held(name)) continue;
      if (TRY(is_known(name))) continue;
      unlink(entry.path().c_str());
      ++swept;
    }
  }
  return swept;
}

Result<> Shelf::check_room(std::int64_t size) const {
  struct statvfs room{};
  if (statvfs(directory_.c_str(), &room) != 0)
    return blob_disk_failed("Looking at the disk of blobs", errno);
  const std::uint64_t left = room.f_bavail * room.f_frsize;
  if (left < static_cast<std::uint64_t>(size + blobs_kept_free))
    return blob_disk_failed("An upload", ENOSPC);
  return Done();
}

PieceWriter::PieceWriter(Shelf& shelf, std::string name, Opened file)
    : shelf_(shelf), name_(std::move(name)), hold_(shelf.hold({name_})), file_(std::move(file)) {}

PieceWriter::~PieceWriter() {
  if (!kept_) shelf_.remove(name_);
}

Result<std::unique_ptr<PieceWriter>> PieceWriter::begin(Shelf& shelf) {
  TRY(shelf.check_room(0));
  std::string name = random_hex(name_bytes);
  // Held before it is there: nobody sweeps it away.
  const Shelf::Hold hold = shelf.hold({name});
  Opened file(::open(shelf.path_of(name).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file.good()) return blob_disk_failed("Beginning an upload", errno);
  return std::unique_ptr<PieceWriter>(new PieceWriter(shelf, std::move(name), std::move(file)));
}

Result<> PieceWriter::add(std::string_view bytes) {
  const auto count = static_cast<std::int64_t>(bytes.size());
  if (size_ / room_checked_every != (size_ + count) / room_checked_every)
    TRY(shelf_.check_room(count));
  if (const int error = write_all_to(file_.number(), bytes.data(), bytes.size()); error != 0)
    return blob_disk_failed("Writing an upload", error);
  crc_.add(bytes);
  md5_.add(bytes);
  while (!bytes.empty()) {
    const auto room = static_cast<std::size_t>(summed_size - size_ % summed_size);
    const std::string_view part = bytes.substr(0, room);
    sum_.add(part);
    size_ += static_cast<std::int64_t>(part.size());
    bytes.remove_prefix(part.size());
    if (size_ % summed_size == 0) end_sum();
  }
  return Done();
}

void PieceWriter::end_sum() {
  sums_.push_back(sum_.value());
  sum_ = blob::Crc64();
}

Result<blob::Received> PieceWriter::seal() {
  if (size_ % summed_size != 0) end_sum();
  if (fsync(file_.number()) != 0) return blob_disk_failed("Syncing an upload", errno);
  const std::string path = shelf_.path_of(name_);
  TRY(sync_directory(path.substr(0, path.rfind('/'))));
  blob::Received received;
  received.piece = {name_, size_, {}};
  for (const std::uint64_t sum : sums_) received.piece.sums += fmt::format("{:016x}", sum);
  received.md5 = md5_.base64();
  received.crc64 = crc_.base64();
  return received;
}

Result<PieceReader> PieceReader::open(const Shelf& shelf, const blob::Piece& piece) {
  Opened file(::open(shelf.path_of(piece.name).c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.good()) return damaged(piece, std::strerror(errno));
  return PieceReader(std::move(file), piece);
}

Result<std::string> PieceReader::read(std::int64_t offset, std::int64_t count) const {
  const std::int64_t part = offset / summed_size;
  const std::int64_t begin = part * summed_size;
  const std::int64_t size = std::min(summed_size, piece_.size - begin);
  const auto place = static_cast<std::size_t>(part) * sum_letters;
  if (size <= 0 || place + sum_letters > piece_.sums.size())
    return damaged(piece_, "it is shorter than the index says");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = pread(file_.number(), bytes.data() + at, bytes.size() - at,
                              begin + static_cast<std::int64_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return damaged(piece_, std::strerror(errno));
    if (got == 0) return damaged(piece_, "its file is too short");
    at += static_cast<std::size_t>(got);
  }
  std::uint64_t sum = 0;
  const char* letters = piece_.sums.data() + place;
  std::from_chars(letters, letters + sum_letters, sum, 16);
  if (sum != blob::crc64(bytes))
    return damaged(piece_, fmt::format("the sum of its bytes from {} on is another one", begin));
  const std::int64_t skipped = offset - begin;
  bytes.erase(0, static_cast<std::size_t>(skipped));
  if (static_cast<std::int64_t>(bytes.size()) > count)
    bytes.resize(static_cast<std::size_t>(count));
  return bytes;
}

}  // namespace batchyard::edge
