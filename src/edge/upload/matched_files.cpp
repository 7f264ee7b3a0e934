#include "edge/upload/matched_files.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "edge/files/beneath.h"

namespace batchyard::edge {

namespace {

constexpr std::size_t files_max = 100'000;
constexpr std::int64_t looked_at_max = 5'000'000;
constexpr std::size_t path_max = 4000;

struct Entry {
  std::string name;
  bool directory = false;
  bool link = false;
};

std::vector<Entry> entries_of(int root, const std::string& path) {
  std::vector<Entry> entries;
  const Opened directory = open_beneath(root, path, O_PATH | O_DIRECTORY);
  if (!directory.good()) return entries;
  const int file = openat(directory.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR* stream = file < 0 ? nullptr : fdopendir(file);
  if (stream == nullptr) {
    if (file >= 0) close(file);
    return entries;
  }
  while (const dirent* one = readdir(stream)) {
    const std::string_view name = one->d_name;
    if (name == "." || name == "..") continue;
    unsigned char type = one->d_type;
    struct stat stat;
    if (type == DT_UNKNOWN && fstatat(file, one->d_name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
      type = IFTODT(stat.st_mode);
    if (type != DT_DIR && type != DT_LNK && type != DT_REG) continue;
    entries.push_back({std::string(name), type == DT_DIR, type == DT_LNK});
  }
  closedir(stream);
  return entries;
}

bool is_there_as(int root, const std::string& path, mode_t type) {
  const Opened found = open_beneath(root, path, O_PATH);
  struct stat stat;
  return found.good() && fstat(found.number(), &stat) == 0 && (stat.st_mode & S_IFMT) == type;
}

// A directory that is still to be looked into, and the part of the pattern that is next there.
struct Open {
  std::string name;  // relative to `fixed`
  std::size_t part;
  auto operator<=>(const Open&) const = default;
};

class Search {
 public:
  Search(int root, const Pattern& pattern) : root_(root), pattern_(pattern) {}

  Result<std::vector<MatchedFile>> run() {
    open({"", 0});
    while (!left_.empty()) {
      const Open next = left_.back();
      left_.pop_back();
      for (const Entry& entry : entries_of(root_, below(next.name))) {
        if (++looked_at_ > looked_at_max || found_.size() > files_max)
          return fail(Kind::invalid, "FileUploadMiscError",
                      fmt::format("The pattern matches more than {} files. Give narrower ones.",
                                  files_max));
        look_at(next, entry);
      }
    }
    std::vector<MatchedFile> files;
    for (const std::string& name : found_) files.push_back({below(name), name});
    return files;
  }

 private:
  std::string below(const std::string& name) const {
    if (name.empty() || pattern_.fixed.empty()) return pattern_.fixed + name;
    return pattern_.fixed + "/" + name;
  }

  // `**` stands for no directory, too.
  void open(Open next) {
    if (next.name.size() > path_max || !known_.insert(next).second) return;
    left_.push_back(next);
    if (pattern_.parts[next.part] == any_directories && next.part + 1 < pattern_.parts.size())
      open({next.name, next.part + 1});
  }

  void look_at(const Open& at, const Entry& entry) {
    const std::string& part = pattern_.parts[at.part];
    const std::string name = at.name.empty() ? entry.name : at.name + "/" + entry.name;
    if (part == any_directories) {
      if (entry.directory && !entry.name.starts_with('.')) open({name, at.part});
      return;
    }
    if (!matches(part, entry.name)) return;
    const bool last = at.part + 1 == pattern_.parts.size();
    if (!last && (entry.directory || (entry.link && is_there_as(root_, below(name), S_IFDIR))))
      open({name, at.part + 1});
    if (last && !entry.directory && (!entry.link || is_there_as(root_, below(name), S_IFREG)))
      found_.insert(name);
  }

  int root_;
  const Pattern& pattern_;
  std::vector<Open> left_;
  std::set<Open> known_;
  std::set<std::string> found_;
  std::int64_t looked_at_ = 0;
};

}  // namespace

Result<std::vector<MatchedFile>> matched_files(int root, const Pattern& pattern) {
  if (!pattern.parts.empty()) return Search(root, pattern).run();
  if (!is_there_as(root, pattern.fixed, S_IFREG)) return std::vector<MatchedFile>();
  return std::vector{MatchedFile{pattern.fixed, parent_and_name(pattern.fixed).second}};
}

}  // namespace batchyard::edge
