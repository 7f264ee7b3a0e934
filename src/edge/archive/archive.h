// What tasks have written, kept after their node is gone, within their retention and within bounds:
// the logs' ends, and other files as long as they are small. One directory per run, which appears
// whole or not at all:
//   <directory>/<job>/<task>/<attempt>/{record, files/…}
// For several threads.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

#include "base/result.h"
#include "base/time.h"
#include "protocol/messages.h"

namespace batchyard::edge {

struct ArchiveLimits {
  std::int64_t log_max = std::int64_t{1} << 20;    // of stdout.txt and its like: the end is kept
  std::int64_t file_max = std::int64_t{1} << 20;   // of any other file; a larger one is left out
  std::int64_t run_max = std::int64_t{16} << 20;   // of all of a run's files
  std::int64_t files_max = 1000;                   // of a run
  std::int64_t whole_max = std::int64_t{4} << 30;  // of everything: the oldest goes
};

class Archive {
 public:
  static Result<std::unique_ptr<Archive>> open(std::string directory, ArchiveLimits limits);

  // Takes over what lies in `from`, a task's directory, until that time. A run that is kept already
  // stays as it is.
  Result<> keep(const protocol::RunKey& run, const std::string& from, Time until);
  // What was kept is on disk for good.
  void sync() const;

  // As the node's agent would answer; TaskFilesUnavailable when nothing is kept until after `now`.
  protocol::FileAnswer answer(const protocol::RunKey& run, const protocol::FileRequest& request,
                              Time now) const;

  // Of a task, or of the whole job when `task` is empty.
  void forget(const JobId& job, const TaskId& task);
  // Removes what is past its time, and runs that nobody can ask for any more.
  void sweep(Time now, const std::function<bool(const protocol::RunKey&)>& is_wanted);

  std::int64_t bytes() const;

 private:
  struct Kept {
    protocol::RunKey run;
    Time until;
    std::int64_t bytes = 0;
  };
  using Name = std::tuple<std::string, std::string, std::int64_t>;  // folded ids, attempt

  Archive(std::string directory, ArchiveLimits limits)
      : directory_(std::move(directory)), limits_(limits) {}
  static Name name_of(const protocol::RunKey& run);
  std::string path_of(const Name& name) const;
  void load();
  void remove(const Name& name);
  void make_room();

  const std::string directory_;
  const ArchiveLimits limits_;
  mutable std::mutex mutex_;
  std::map<Name, Kept> kept_;
  std::int64_t bytes_ = 0;
};

}  // namespace batchyard::edge
