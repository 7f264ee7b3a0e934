// Which tasks of one job wait for which others (dependsOn). A task is named by its place in the
// job; what it waits for stands in its rules (model/status.h), which must stay where they are while
// it waits. Changed by engine/evolve.h alone.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/status.h"

namespace batchyard::engine {

using TaskIndex = std::uint32_t;  // place in JobRecord::tasks

// What an id is to a range: 7 for "7" and "007"; nothing for ids that are no whole number.
std::optional<std::int32_t> number_of(std::string_view id);

// Numbers of tasks that satisfy, as disjoint intervals. Tasks "7" and "007" may both be in it: a
// number is gone when it was removed as often as it was added.
class NumberSet {
 public:
  bool add(std::int32_t number);  // false: it was in it already
  void remove(std::int32_t number);
  bool contains(std::int32_t number) const;
  std::optional<std::int32_t> first_missing(const TaskRange& range) const;
  std::size_t intervals() const { return intervals_.size(); }

 private:
  std::map<std::int64_t, std::int64_t> intervals_;  // first number to last
  std::map<std::int32_t, std::int32_t> more_;       // how often beyond once
};

class Dependencies {
 public:
  // Whether the completed tasks of the job are all known as numbers: not after a restart, until a
  // task with ranges needs them (learn_numbers).
  bool numbers_known = true;

  bool waits(TaskIndex at) const { return waiting_.contains(at); }
  // Whether someone waits for that id, so that it is known whether the id is satisfied.
  bool knows(std::string_view id) const;

  // False when everything is satisfied, and nothing is kept then. `satisfied` is asked about ids
  // that are not known.
  bool wait(TaskIndex at, DependsOn& on, const std::function<bool(std::string_view)>& satisfied);
  // It may run, or it is gone.
  void forget(TaskIndex at);
  // A task has completed so that it satisfies. Those that wait for nothing more, in the order in
  // which they came; they are still to be forgotten.
  std::vector<TaskIndex> satisfy(std::string_view id);
  // A task that satisfied is no longer there. Strikes it out for those that still wait for others:
  // what was satisfied for them stays so. Their rules have changed.
  std::vector<TaskIndex> strike(std::string_view id);
  // A completed task, read from the store.
  void learn(std::string_view id) {
    if (const auto number = number_of(id)) numbers_.add(*number);
  }

 private:
  // A task's place may be taken by another one; the ticket is given once.
  struct Place {
    TaskIndex at = 0;
    std::uint32_t ticket = 0;
  };
  struct Waiting {
    std::uint32_t ticket = 0;
    std::uint32_t ids_missing = 0;
    bool number_missing = false;
    DependsOn* on = nullptr;
  };
  struct Awaited {
    std::vector<Place> places;
    std::uint32_t live = 0;  // of the places, those that still wait
    bool satisfied = false;
  };
  Waiting* find(const Place& place);
  // Lets the task be woken by the first number that it lacks; false when it lacks none.
  bool watch(const Place& place, const DependsOn& on);

  boost::unordered_flat_map<TaskIndex, Waiting> waiting_;
  boost::unordered_flat_map<std::string, Awaited> ids_;  // folded
  boost::unordered_flat_map<std::int32_t, std::vector<Place>> numbers_awaited_;
  NumberSet numbers_;
  std::uint32_t last_ticket_ = 0;
};

}  // namespace batchyard::engine
