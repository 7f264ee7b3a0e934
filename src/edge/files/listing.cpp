#include "edge/files/listing.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <vector>

#include "base/text.h"
#include "edge/files/beneath.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t page_max = 5000;
constexpr std::size_t path_max = 4000;  // a longer one cannot be opened
constexpr std::int64_t looked_at_max = 5'000'000;

Time time_of(const timespec& time) {
  return Time(Duration(time.tv_sec * 1000 + time.tv_nsec / 1'000'000));
}

// The first names after `after`, as many as a page takes and one more.
class Page {
 public:
  Page(const protocol::FileRequest& request, std::size_t limit)
      : after_(request.after), prefix_(request.prefix), limit_(limit) {}

  void add(std::string name) {
    if (name <= after_ || !name.starts_with(prefix_)) return;
    names_.insert(std::move(name));
    if (names_.size() > limit_ + 1) names_.erase(std::prev(names_.end()));
  }
  // Whether anything below this directory ("a/b/") can be on the page.
  bool may_hold(const std::string& directory) const {
    const std::string last = directory + "\xff";
    if (last <= after_) return false;
    if (!directory.starts_with(prefix_) && !std::string_view(prefix_).starts_with(directory))
      return false;
    return names_.size() <= limit_ || directory < *names_.rbegin();
  }
  const std::set<std::string>& names() const { return names_; }

 private:
  const std::string& after_;
  const std::string& prefix_;
  std::size_t limit_;
  std::set<std::string> names_;
};

bool is_directory(int directory, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_DIR;
  struct stat stat;
  return fstatat(directory, entry.d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(stat.st_mode);
}

// Adds what the directory "a/b/" holds; the directories in it that are to be looked into.
std::vector<std::string> read_directory(int root, const std::string& directory, Page& page,
                                        bool recursive, std::int64_t& budget) {
  std::vector<std::string> inner;
  const int file = openat(open_beneath(root, directory, O_PATH | O_DIRECTORY | O_NOFOLLOW).number(),
                          ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = file < 0 ? nullptr : fdopendir(file);
  if (stream == nullptr) {
    if (file >= 0) close(file);
    return inner;
  }
  while (const dirent* entry = readdir(stream)) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == ".." || directory.size() + name.size() > path_max) continue;
    if (--budget < 0) break;
    if (!is_plain_utf8(name)) continue;  // no JSON could name it
    std::string whole = directory + std::string(name);
    if (recursive && is_directory(file, *entry) && page.may_hold(whole + "/"))
      inner.push_back(whole + "/");
    page.add(std::move(whole));
  }
  closedir(stream);
  std::ranges::sort(inner, std::greater());
  return inner;
}

}  // namespace

protocol::FileEntry entry_of(const std::string& name, const struct stat& stat) {
  return {.name = name,
          .directory = S_ISDIR(stat.st_mode),
          .size = S_ISDIR(stat.st_mode) ? 0 : stat.st_size,
          .mode = static_cast<std::int32_t>(stat.st_mode),
          .modified = time_of(stat.st_mtim),
          .created = {}};
}

void list_page(int root, const protocol::FileRequest& request, protocol::FileAnswer& answer) {
  const std::size_t limit = std::clamp<std::size_t>(
      static_cast<std::size_t>(std::max<std::int64_t>(1, request.limit)), 1, page_max);
  Page page(request, limit);
  std::int64_t budget = looked_at_max;
  // Depth first and in order, so that what comes late is soon known to be beyond the page.
  std::vector<std::string> open_directories{""};
  while (!open_directories.empty()) {
    const std::string directory = std::move(open_directories.back());
    open_directories.pop_back();
    if (!directory.empty() && !page.may_hold(directory)) continue;
    for (std::string& inner : read_directory(root, directory, page, request.recursive, budget))
      open_directories.push_back(std::move(inner));
  }
  for (const std::string& name : page.names()) {
    if (answer.entries.size() == limit) {
      answer.more = true;
      break;
    }
    const auto [above, last] = parent_and_name(name);
    const Opened parent = open_beneath(root, above, O_PATH | O_DIRECTORY | O_NOFOLLOW);
    struct stat stat;
    if (parent.good() && fstatat(parent.number(), last.c_str(), &stat, AT_SYMLINK_NOFOLLOW) == 0)
      answer.entries.push_back(entry_of(name, stat));
  }
}

}  // namespace batchyard::edge
