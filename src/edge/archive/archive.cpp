#include "edge/archive/archive.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/described_json.h"
#include "base/text.h"
#include "edge/archive/copy_run.h"
#include "edge/archive/kept_answers.h"
#include "edge/clock/clock.h"
#include "edge/files/beneath.h"
#include "edge/files/node_files.h"

namespace batchyard::edge {

namespace {

namespace fs = std::filesystem;

struct Record {
  protocol::RunKey run;
  Time until;
  std::int64_t bytes = 0;
};
BOOST_DESCRIBE_STRUCT(Record, (), (run, until, bytes))

constexpr const char* unfinished = ".unfinished";

// Ids hold nothing that a file name may not; this makes sure of it.
std::string file_name(const std::string& id) {
  return percent_encode(id);
}

}  // namespace

Result<std::unique_ptr<Archive>> Archive::open(std::string directory, ArchiveLimits limits) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return fail(Kind::internal, "DataDirectoryUnusable",
                fmt::format("cannot make {}: {}", directory, error.message()));
  fs::permissions(directory, fs::perms::owner_all, error);
  fs::remove_all(directory + "/" + unfinished, error);
  std::unique_ptr<Archive> archive(new Archive(std::move(directory), limits));
  archive->load();
  return archive;
}

void Archive::load() {
  std::error_code ignored;
  for (const fs::directory_entry& job : fs::directory_iterator(directory_, ignored)) {
    for (const fs::directory_entry& task : fs::directory_iterator(job.path(), ignored)) {
      for (const fs::directory_entry& run : fs::directory_iterator(task.path(), ignored)) {
        std::stringstream text;
        text << std::ifstream(run.path() / "record").rdbuf();
        const Result<Record> record = from_json<Record>(text.str());
        if (!record || path_of(name_of(record->run)) != run.path()) {
          fs::remove_all(run.path(), ignored);
          continue;
        }
        kept_[name_of(record->run)] = {record->run, record->until, record->bytes};
        bytes_ += record->bytes;
      }
    }
  }
}

Archive::Name Archive::name_of(const protocol::RunKey& run) {
  return {fold(run.job.text()), fold(run.task.text()), run.attempt};
}

std::string Archive::path_of(const Name& name) const {
  const auto& [job, task, attempt] = name;
  return fmt::format("{}/{}/{}/{}", directory_, file_name(job), file_name(task), attempt);
}

Result<> Archive::keep(const protocol::RunKey& run, const std::string& from, Time until) {
  const Name name = name_of(run);
  {
    const std::lock_guard lock(mutex_);
    if (kept_.contains(name)) return Done();
  }
  const std::string beside = fmt::format("{}/{}/{}", directory_, unfinished, random_hex(8));
  std::error_code error;
  fs::create_directories(beside + "/files", error);
  const Result<std::int64_t> bytes = copy_run(from, beside + "/files", limits_);
  if (!bytes) {
    fs::remove_all(beside, error);
    return std::unexpected(bytes.error());
  }
  const Record record{run, until, *bytes};
  const std::lock_guard lock(mutex_);
  const std::string path = path_of(name);
  if (const Result<> written = keep_file(beside + "/record", to_json(record)); !written) {
    fs::remove_all(beside, error);
    return written;
  }
  fs::create_directories(fs::path(path).parent_path(), error);
  fs::rename(beside, path, error);
  if (error) {
    const std::string why = error.message();
    fs::remove_all(beside, error);
    return fail(Kind::internal, "InternalError", fmt::format("cannot make {}: {}", path, why));
  }
  kept_[name] = {run, until, *bytes};
  bytes_ += *bytes;
  make_room();
  return Done();
}

void Archive::sync() const {
  const Opened directory(::open(directory_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.good()) syncfs(directory.number());
}

protocol::FileAnswer Archive::answer(const protocol::RunKey& run,
                                     const protocol::FileRequest& request, Time now) const {
  if (request.verb == protocol::FileVerb::remove) return kept_as_a_whole(request);
  const Name name = name_of(run);
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(name);
  // What is past its time may not be swept away yet.
  if (found == kept_.end() || found->second.until <= now) return nothing_kept(request);
  return NodeFiles(path_of(name) + "/files").answer(request, "");
}

void Archive::remove(const Name& name) {
  const auto found = kept_.find(name);
  if (found == kept_.end()) return;
  bytes_ -= found->second.bytes;
  kept_.erase(found);
  std::error_code ignored;
  const fs::path path = path_of(name);
  fs::remove_all(path, ignored);
  // Only when they are empty.
  fs::remove(path.parent_path(), ignored);
  fs::remove(path.parent_path().parent_path(), ignored);
}

// Attempts are numbered as they start: the lowest is the oldest.
void Archive::make_room() {
  while (bytes_ > limits_.whole_max && !kept_.empty()) {
    const auto oldest = std::ranges::min_element(
        kept_, {}, [](const auto& entry) { return entry.second.run.attempt; });
    remove(Name(oldest->first));
  }
}

void Archive::forget(const JobId& job, const TaskId& task) {
  const std::lock_guard lock(mutex_);
  const std::string job_name = fold(job.text());
  const std::string task_name = fold(task.text());
  for (auto at = kept_.lower_bound({job_name, task_name, INT64_MIN}); at != kept_.end();) {
    const auto& [its_job, its_task, attempt] = at->first;
    if (its_job != job_name || (!task.empty() && its_task != task_name)) return;
    const Name name = (at++)->first;
    remove(name);
  }
}

void Archive::sweep(Time now, const std::function<bool(const protocol::RunKey&)>& is_wanted) {
  std::map<Name, Kept> all;
  {
    const std::lock_guard lock(mutex_);
    all = kept_;
  }
  for (const auto& [name, kept] : all) {
    if (kept.until > now && is_wanted(kept.run)) continue;
    const std::lock_guard lock(mutex_);
    remove(name);
  }
}

std::int64_t Archive::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace batchyard::edge
