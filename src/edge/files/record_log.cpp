#include "edge/files/record_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/check.h"

namespace batchyard::edge {

namespace {

// A line is "+name TAB text" or "-name".
constexpr char kept = '+';
constexpr char dropped = '-';

// Below this, dead lines are left where they are.
constexpr std::uint64_t small = 1U << 20;

std::unexpected<Error> cannot_keep(const std::string& path) {
  return fail(Kind::internal, "DiskFull",
              fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

bool write_whole(int file, std::string_view bytes, std::uint64_t at) {
  while (!bytes.empty()) {
    const ssize_t put = pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (put < 0 && errno == EINTR) continue;
    if (put == 0) errno = ENOSPC;
    if (put <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(put));
    at += static_cast<std::uint64_t>(put);
  }
  return true;
}

std::string read_whole(int file, std::uint64_t at, std::uint64_t size) {
  std::string bytes(size, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got =
        pread(file, bytes.data() + have, bytes.size() - have, static_cast<off_t>(at + have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

std::string line_of(const std::string& name, std::string_view text) {
  check(
      name.find_first_of("\t\n") == std::string::npos && text.find('\n') == std::string_view::npos,
      "a record has a line end or a tab in its name");
  std::string line;
  line.reserve(name.size() + text.size() + 3);
  line += kept;
  line += name;
  line += '\t';
  line += text;
  line += '\n';
  return line;
}

}  // namespace

RecordLog::~RecordLog() {
  if (file_ >= 0) close(file_);
}

Result<> RecordLog::open(const std::string& path) {
  path_ = path;
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) return cannot_keep(path_);
  read_lines();
  if (ftruncate(file_, static_cast<off_t>(size_)) != 0) return cannot_keep(path_);
  return Done();
}

void RecordLog::read_lines() {
  struct stat facts{};
  if (fstat(file_, &facts) != 0) return;
  const std::string all = read_whole(file_, 0, static_cast<std::uint64_t>(facts.st_size));
  for (std::size_t end = all.find('\n'); end != std::string::npos; end = all.find('\n', size_)) {
    take(std::string_view(all).substr(size_, end - size_), size_);
    size_ = end + 1;
  }
}

void RecordLog::take(std::string_view line, std::uint64_t at) {
  if (line.empty()) return;
  const std::size_t tab = std::min(line.find('\t'), line.size());
  const std::string name(line.substr(1, tab - 1));
  forget(name);
  if (line.front() != kept || tab == line.size()) return;
  const Place place{at + tab + 1, line.size() - tab - 1};
  places_[name] = place;
  live_ += place.size;
}

void RecordLog::forget(const std::string& name) {
  const auto found = places_.find(name);
  if (found == places_.end()) return;
  live_ -= found->second.size;
  places_.erase(found);
}

Result<> RecordLog::append(const std::string& line) {
  if (!write_whole(file_, line, size_)) {
    // What was written of it must not be taken for the start of the next line.
    const Result<> failure = cannot_keep(path_);
    (void)!ftruncate(file_, static_cast<off_t>(size_));
    return failure;
  }
  take(std::string_view(line).substr(0, line.size() - 1), size_);
  size_ += line.size();
  if (size_ > small && live_ < size_ / 4) return rewrite();
  return Done();
}

Result<> RecordLog::keep(const std::string& name, std::string_view text) {
  return append(line_of(name, text));
}

Result<> RecordLog::drop(const std::string& name) {
  if (!places_.contains(name)) return Done();
  return append(dropped + name + '\n');
}

Result<> RecordLog::rewrite() {
  const std::string beside = path_ + ".new";
  const int file = ::open(beside.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return cannot_keep(beside);
  std::string lines;
  for (const auto& [name, place] : places_) lines += line_of(name, read(place));
  if (!write_whole(file, lines, 0) || rename(beside.c_str(), path_.c_str()) != 0) {
    const Result<> failure = cannot_keep(beside);
    close(file);
    unlink(beside.c_str());
    return failure;
  }
  close(file_);
  file_ = file;
  size_ = live_ = 0;
  places_.clear();
  read_lines();
  return Done();
}

std::vector<std::string> RecordLog::names() const {
  std::vector<std::string> names;
  for (const auto& [name, place] : places_) names.push_back(name);
  return names;
}

std::string RecordLog::read(const Place& place) const {
  return read_whole(file_, place.at, place.size);
}

std::string RecordLog::text(const std::string& name) const {
  const auto found = places_.find(name);
  return found == places_.end() ? std::string() : read(found->second);
}

}  // namespace batchyard::edge
