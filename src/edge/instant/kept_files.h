// What simulated tasks have written, kept after their node is gone or its disk was wiped, until
// their retention time has passed: what edge/archive is to real nodes. In memory, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/time.h"
#include "edge/instant/memory_files.h"
#include "protocol/messages.h"

namespace batchyard::instant {

class KeptFiles {
 public:
  // The task's directory, with names relative to it.
  void keep(const protocol::RunKey& run, MemoryFiles files, Time until);
  protocol::FileAnswer answer(const protocol::RunKey& run, const protocol::FileRequest& request);
  // Of a task, or of the whole job when `task` is empty.
  void forget(const JobId& job, const TaskId& task);

  void drop_due(Time now);
  Time next_deadline() const { return by_time_.empty() ? Time::max() : by_time_.begin()->first; }

  bool empty() const { return kept_.empty(); }
  // Attempts are numbered as they start: the lowest is the oldest.
  void drop_oldest();
  std::int64_t bytes() const { return bytes_; }

 private:
  using Name = std::tuple<std::string, std::string, std::int64_t>;  // folded ids, attempt
  struct Kept {
    MemoryFiles files;
    Time until;
  };
  static Name name_of(const protocol::RunKey& run);
  void drop(const Name& name);

  std::map<Name, Kept> kept_;
  std::set<std::pair<Time, Name>> by_time_;
  std::set<std::pair<std::int64_t, Name>> by_age_;
  std::int64_t bytes_ = 0;
};

}  // namespace batchyard::instant
