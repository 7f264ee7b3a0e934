#include "node/retention.h"

#include <algorithm>

#include "base/described_json.h"

namespace batchyard::node {

namespace {

constexpr std::string_view record_start = "retained-";

struct Retained {
  std::string directory;
  Time until;
};
BOOST_DESCRIBE_STRUCT(Retained, (), (directory, until))

// A path as one word of a file name: ids have no '+'.
std::string record_of(std::string_view directory) {
  std::string name(record_start);
  name += directory;
  std::ranges::replace(name, '/', '+');
  return name;
}

}  // namespace

bool Retention::owns(std::string_view record) {
  return record.starts_with(record_start);
}

void Retention::forget(const std::string& directory) {
  const auto found = kept_.find(directory);
  if (found == kept_.end()) return;
  by_time_.erase({found->second, directory});
  kept_.erase(found);
}

void Retention::keep(const std::string& directory, Time until) {
  forget(directory);
  kept_[directory] = until;
  by_time_.emplace(until, directory);
  ports_.keep_record(record_of(directory), to_json(Retained{directory, until}));
}

void Retention::drop(const std::string& directory) {
  const std::string below = directory + "/";
  std::vector<std::string> gone;
  for (auto at = kept_.lower_bound(directory); at != kept_.end(); ++at) {
    if (at->first != directory && !at->first.starts_with(below)) {
      if (at->first > below && !at->first.starts_with(directory)) break;
      continue;
    }
    gone.push_back(at->first);
  }
  for (const std::string& one : gone) {
    forget(one);
    ports_.drop_record(record_of(one));
  }
}

void Retention::restore(const std::string& record, const std::string& text) {
  const Result<Retained> read = from_json<Retained>(text);
  if (!read) return ports_.drop_record(record);
  kept_[read->directory] = read->until;
  by_time_.emplace(read->until, read->directory);
}

std::vector<std::string> Retention::take_due(Time now) {
  std::vector<std::string> due;
  for (const auto& [until, directory] : by_time_) {
    if (until > now) break;
    due.push_back(directory);
  }
  for (const std::string& directory : due) {
    forget(directory);
    ports_.drop_record(record_of(directory));
  }
  return due;
}

}  // namespace batchyard::node
