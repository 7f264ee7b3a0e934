#include "engine/dependencies.h"

#include <algorithm>

#include "base/text.h"

namespace batchyard::engine {

std::optional<std::int32_t> number_of(std::string_view id) {
  const std::optional<std::int64_t> number = parse_integer(id);
  if (!number || *number < INT32_MIN || *number > INT32_MAX) return std::nullopt;
  return static_cast<std::int32_t>(*number);
}

bool NumberSet::contains(std::int32_t number) const {
  auto after = intervals_.upper_bound(number);
  return after != intervals_.begin() && std::prev(after)->second >= number;
}

bool NumberSet::add(std::int32_t number) {
  if (contains(number)) {
    ++more_[number];
    return false;
  }
  std::int64_t first = number;
  std::int64_t last = number;
  const auto after = intervals_.upper_bound(number);
  if (after != intervals_.end() && after->first == last + 1) last = after->second;
  if (after != intervals_.begin() && std::prev(after)->second == first - 1)
    first = std::prev(after)->first;
  if (last != number) intervals_.erase(after);
  intervals_[first] = last;
  return true;
}

void NumberSet::remove(std::int32_t number) {
  if (const auto more = more_.find(number); more != more_.end()) {
    if (--more->second == 0) more_.erase(more);
    return;
  }
  if (!contains(number)) return;
  const auto whole = std::prev(intervals_.upper_bound(number));
  const auto [first, last] = *whole;
  intervals_.erase(whole);
  if (first < number) intervals_[first] = std::int64_t{number} - 1;
  if (number < last) intervals_[std::int64_t{number} + 1] = last;
}

std::optional<std::int32_t> NumberSet::first_missing(const TaskRange& range) const {
  std::int64_t number = range.first;
  if (contains(range.first)) number = std::prev(intervals_.upper_bound(range.first))->second + 1;
  if (number > range.last) return std::nullopt;
  return static_cast<std::int32_t>(number);
}

bool Dependencies::knows(std::string_view id) const {
  return ids_.contains(fold(id));
}

Dependencies::Waiting* Dependencies::find(const Place& place) {
  const auto found = waiting_.find(place.at);
  return found == waiting_.end() || found->second.ticket != place.ticket ? nullptr : &found->second;
}

bool Dependencies::watch(const Place& place, const DependsOn& on) {
  for (const TaskRange& range : on.ranges) {
    if (const std::optional<std::int32_t> missing = numbers_.first_missing(range)) {
      numbers_awaited_[*missing].push_back(place);
      return true;
    }
  }
  return false;
}

bool Dependencies::wait(TaskIndex at, DependsOn& on,
                        const std::function<bool(std::string_view)>& satisfied) {
  const Place place{at, ++last_ticket_};
  Waiting waiting{.ticket = place.ticket, .ids_missing = 0, .number_missing = false, .on = &on};
  for (const std::string& id : on.ids) {
    const auto [entry, is_new] = ids_.try_emplace(fold(id));
    Awaited& awaited = entry->second;
    if (is_new) awaited.satisfied = satisfied(id);
    awaited.places.push_back(place);
    ++awaited.live;
    waiting.ids_missing += awaited.satisfied ? 0 : 1;
  }
  waiting.number_missing = watch(place, on);
  const bool waits = waiting.ids_missing > 0 || waiting.number_missing;
  waiting_[at] = waiting;
  if (!waits) forget(at);
  return waits;
}

void Dependencies::forget(TaskIndex at) {
  const auto found = waiting_.find(at);
  if (found == waiting_.end()) return;
  for (const std::string& id : found->second.on->ids) {
    const auto entry = ids_.find(fold(id));
    if (entry != ids_.end() && --entry->second.live == 0) ids_.erase(entry);
  }
  waiting_.erase(found);
}

std::vector<TaskIndex> Dependencies::satisfy(std::string_view id) {
  std::vector<TaskIndex> free;
  if (const auto entry = ids_.find(fold(id)); entry != ids_.end() && !entry->second.satisfied) {
    entry->second.satisfied = true;
    for (const Place& place : entry->second.places) {
      Waiting* waiting = find(place);
      if (waiting != nullptr && --waiting->ids_missing == 0 && !waiting->number_missing)
        free.push_back(place.at);
    }
  }
  const std::optional<std::int32_t> number = number_of(id);
  if (!number || !numbers_known || !numbers_.add(*number)) return free;
  const auto entry = numbers_awaited_.find(*number);
  if (entry == numbers_awaited_.end()) return free;
  const std::vector<Place> places = std::move(entry->second);
  numbers_awaited_.erase(entry);
  for (const Place& place : places) {
    Waiting* waiting = find(place);
    if (waiting == nullptr) continue;
    waiting->number_missing = watch(place, *waiting->on);
    if (!waiting->number_missing && waiting->ids_missing == 0) free.push_back(place.at);
  }
  return free;
}

namespace {

bool strike_number(std::vector<TaskRange>& ranges, std::int32_t number) {
  std::vector<TaskRange> left;
  bool struck = false;
  for (const TaskRange& range : ranges) {
    if (number < range.first || number > range.last) {
      left.push_back(range);
      continue;
    }
    struck = true;
    if (range.first < number) left.push_back({range.first, number - 1});
    if (number < range.last) left.push_back({number + 1, range.last});
  }
  ranges = std::move(left);
  return struck;
}

}  // namespace

std::vector<TaskIndex> Dependencies::strike(std::string_view id) {
  std::vector<TaskIndex> changed;
  if (const auto entry = ids_.find(fold(id)); entry != ids_.end() && entry->second.satisfied) {
    for (const Place& place : entry->second.places) {
      const Waiting* waiting = find(place);
      if (waiting == nullptr) continue;
      std::erase_if(waiting->on->ids, [&](const std::string& one) { return same_folded(one, id); });
      changed.push_back(place.at);
    }
    ids_.erase(entry);
  }
  const std::optional<std::int32_t> number = number_of(id);
  if (!number || !numbers_known) return changed;
  if (numbers_.contains(*number)) {
    // Nobody is woken by a number that is there, so every watch stays right.
    for (auto& [at, waiting] : waiting_) {
      if (strike_number(waiting.on->ranges, *number)) changed.push_back(at);
    }
  }
  numbers_.remove(*number);
  std::ranges::sort(changed);
  const auto twice = std::ranges::unique(changed);
  changed.erase(twice.begin(), twice.end());
  return changed;
}

}  // namespace batchyard::engine
