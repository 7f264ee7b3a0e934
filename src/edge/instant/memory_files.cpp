#include "edge/instant/memory_files.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard::instant {

using protocol::FileAnswer;

namespace {

// What an entry costs beside its text.
constexpr std::int64_t entry_bytes = 200;

void not_found(FileAnswer& answer) {
  answer.error_code = "FileNotFound";
  answer.error_message = "The specified file does not exist.";
}

}  // namespace

std::pair<MemoryFiles::Files::iterator, MemoryFiles::Files::iterator> MemoryFiles::below(
    const std::string& path) {
  if (path.empty()) return {files_.begin(), files_.end()};
  // '0' is what follows '/'.
  return {files_.lower_bound(path + "/"), files_.lower_bound(path + "0")};
}

void MemoryFiles::make_directory(const std::string& path, Time now) {
  for (std::size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    if (files_.try_emplace(path.substr(0, end), File{true, {}, now, now}).second)
      bytes_ += entry_bytes;
  }
}

void MemoryFiles::write(const std::string& path, std::string text, Time now) {
  if (const std::size_t slash = path.rfind('/'); slash != std::string::npos)
    make_directory(path.substr(0, slash), now);
  const auto [found, added] = files_.try_emplace(path, File{false, {}, now, now});
  bytes_ += static_cast<std::int64_t>(text.size()) -
            static_cast<std::int64_t>(found->second.text.size()) + (added ? entry_bytes : 0);
  found->second.text = std::move(text);
  found->second.modified = now;
}

std::int64_t MemoryFiles::remove(const std::string& path) {
  const std::int64_t before = bytes_;
  const auto [first, last] = below(path);
  for (auto file = first; file != last; ++file)
    bytes_ -= static_cast<std::int64_t>(file->second.text.size()) + entry_bytes;
  files_.erase(first, last);
  if (const auto found = files_.find(path); found != files_.end()) {
    bytes_ -= static_cast<std::int64_t>(found->second.text.size()) + entry_bytes;
    files_.erase(found);
  }
  return before - bytes_;
}

MemoryFiles MemoryFiles::take(const std::string& directory) {
  MemoryFiles taken;
  const auto [first, last] = below(directory);
  for (auto file = first; file != last; ++file) {
    taken.bytes_ += static_cast<std::int64_t>(file->second.text.size()) + entry_bytes;
    taken.files_.emplace(file->first.substr(directory.size() + 1), std::move(file->second));
  }
  bytes_ -= taken.bytes_;
  files_.erase(first, last);
  remove(directory);
  return taken;
}

protocol::FileEntry MemoryFiles::entry_of(std::string name, const File& file) {
  return {.name = std::move(name),
          .directory = file.directory,
          .size = static_cast<std::int64_t>(file.text.size()),
          .mode = file.directory ? 040755 : 0100644,
          .modified = file.modified,
          .created = file.created};
}

void MemoryFiles::list(const std::string& root, const protocol::FileRequest& request,
                       FileAnswer& answer) {
  const auto [first, last] = below(root);
  const std::size_t skipped = root.empty() ? 0 : root.size() + 1;
  for (auto file = first; file != last; ++file) {
    std::string name = file->first.substr(skipped);
    if ((!request.recursive && name.find('/') != std::string::npos) || name <= request.after ||
        !name.starts_with(request.prefix))
      continue;
    answer.more = static_cast<std::int64_t>(answer.entries.size()) >= request.limit;
    if (answer.more) return;
    answer.entries.push_back(entry_of(std::move(name), file->second));
  }
}

void MemoryFiles::remove_asked(const std::string& path, bool recursive, FileAnswer& answer) {
  const auto [first, last] = below(path);
  if (first != last && !recursive) {
    answer.error_code = "OperationInvalidForCurrentState";
    answer.error_message =
        "The directory is not empty. Give recursive=true to delete what it holds, too.";
    return;
  }
  remove(path);
}

FileAnswer MemoryFiles::answer(const protocol::FileRequest& request, const std::string& base) {
  FileAnswer answer;
  answer.request = request.request;
  if (!base.empty() && !files_.contains(base)) {
    answer.error_code = "TaskFilesCleanedup";
    answer.error_message =
        "The files of the specified task were cleaned up: its retention time has passed, or they "
        "were deleted.";
    return answer;
  }
  if (request.verb == protocol::FileVerb::upload_logs) return answer;  // no agent says anything
  if (request.verb == protocol::FileVerb::list) {
    list(base, request, answer);
    return answer;
  }
  const std::string path = base.empty() ? request.path : base + "/" + request.path;
  const auto found = files_.find(path);
  if (found == files_.end() || request.path.empty()) {
    not_found(answer);
    return answer;
  }
  if (request.verb == protocol::FileVerb::remove) {
    remove_asked(path, request.recursive, answer);
    return answer;
  }
  answer.entries.push_back(entry_of(request.path, found->second));
  if (request.verb == protocol::FileVerb::read) {
    const std::string_view text = found->second.text;
    const auto offset = static_cast<std::size_t>(
        std::clamp<std::int64_t>(request.offset, 0, static_cast<std::int64_t>(text.size())));
    answer.data_base64 = base64_encode(
        text.substr(offset, static_cast<std::size_t>(std::max<std::int64_t>(0, request.length))));
  }
  return answer;
}

}  // namespace batchyard::instant
