#include "testing/memory_store.h"

#include <algorithm>
#include <boost/json.hpp>
#include <optional>

#include "base/check.h"
#include "base/text.h"

namespace batchyard::testing {

namespace {

using engine::EntityKind;
using engine::FieldPlace;
using engine::FilterLiteral;
using engine::FilterNode;
using engine::FilterVerb;

std::optional<FilterLiteral> member_of(std::string_view text, std::string_view path) {
  boost::system::error_code error;
  const boost::json::value whole = boost::json::parse(text, error);
  const boost::json::value* at = error ? nullptr : &whole;
  for (const std::string_view part : split(path, '.'))
    at = at != nullptr && at->is_object() ? at->get_object().if_contains(part) : nullptr;
  if (at == nullptr) return std::nullopt;
  if (at->is_string()) return FilterLiteral(std::string(at->get_string()));
  if (at->is_bool()) return FilterLiteral(at->get_bool());
  return at->is_int64() ? std::optional<FilterLiteral>(at->get_int64()) : std::nullopt;
}

std::optional<FilterLiteral> field_of(const FilterNode& node, const engine::Row& row,
                                      std::string_view state) {
  switch (node.field.place) {
    case FieldPlace::id:
      return FilterLiteral(row.key.id);
    case FieldPlace::parent:
      return FilterLiteral(row.key.parent);
    case FieldPlace::state:
      return FilterLiteral(std::string(state));
    case FieldPlace::spec:
      return member_of(row.spec, node.field.path);
    case FieldPlace::status:
      return member_of(row.status, node.field.path);
  }
  return std::nullopt;
}

// Folded texts, and times as the numbers that they are stored as.
FilterLiteral comparable(const FilterLiteral& literal) {
  if (const auto* text = std::get_if<std::string>(&literal)) return fold(*text);
  if (const auto* time = std::get_if<Time>(&literal))
    return std::int64_t{time->time_since_epoch().count()};
  return literal;
}

bool compare(const FilterNode& node, const engine::Row& row, std::string_view state) {
  const std::optional<FilterLiteral> found = field_of(node, row, state);
  if (!found) return node.verb == FilterVerb::ne;
  const FilterLiteral left = comparable(*found);
  const FilterLiteral right = comparable(node.literal);
  if (left.index() != right.index()) return node.verb == FilterVerb::ne;
  switch (node.verb) {
    case FilterVerb::eq:
      return left == right;
    case FilterVerb::ne:
      return left != right;
    case FilterVerb::lt:
      return left < right;
    case FilterVerb::le:
      return left <= right;
    case FilterVerb::gt:
      return left > right;
    case FilterVerb::ge:
      return left >= right;
    default:
      return std::holds_alternative<std::string>(left) &&
             std::get<std::string>(left).starts_with(std::get<std::string>(right));
  }
}

}  // namespace

bool matches(const FilterNode& filter, const engine::Row& row, std::string_view state) {
  const auto child = [&](const FilterNode& node) { return matches(node, row, state); };
  switch (filter.verb) {
    case FilterVerb::both:
      return std::ranges::all_of(filter.children, child);
    case FilterVerb::either:
      return std::ranges::any_of(filter.children, child);
    case FilterVerb::negation:
      return !child(filter.children.front());
    default:
      return compare(filter, row, state);
  }
}

MemoryStore::Place MemoryStore::place_of(const engine::EntityKey& key) {
  return {key.kind, fold(key.parent), fold(key.id)};
}

Result<> MemoryStore::commit(const engine::Batch& batch) {
  const std::lock_guard lock(mutex_);
  if (std::optional<Error> error = std::exchange(next_error_, std::nullopt))
    return std::unexpected(*std::move(error));
  for (const engine::Put& put : batch.puts) {
    const auto [found, added] = rows_.try_emplace(place_of(put.key));
    Entry& entry = found->second;
    if (!added && put.spec && *put.spec != entry.row.spec) keep_spec(entry, put.modified);
    if (added) {
      entry.row.key = put.key;
      entry.order = ++last_order_;
    }
    entry.row.version = put.version;
    entry.row.modified = put.modified;
    if (put.spec) entry.row.spec = *put.spec;
    entry.row.status = put.status;
    entry.state = put.state;
    entry.live = put.live;
  }
  const Time now = batch.events.empty() ? Time() : batch.events.back().when;
  for (const engine::EntityKey& key : batch.erased) {
    const auto found = rows_.find(place_of(key));
    if (found == rows_.end()) continue;
    keep_spec(found->second, now);
    rows_.erase(found);
  }
  for (const engine::EntityKey& parent : batch.emptied) {
    std::erase_if(rows_, [&](const auto& entry) {
      const bool gone = engine::lies_in(std::get<0>(entry.first), parent.kind) &&
                        std::get<1>(entry.first) == fold(parent.id);
      if (gone) keep_spec(entry.second, now);
      return gone;
    });
  }
  const std::size_t first = events_.size();
  for (const engine::EventRecord& event : batch.events) {
    events_.push_back({event, {}});
    events_.back().record.number = ++last_event_;
  }
  for (const engine::Put& put : batch.puts) {
    if (put.event >= 0) events_[first + static_cast<std::size_t>(put.event)].status = put.status;
  }
  last_version_ = std::max(last_version_, batch.last_version);
  return Done();
}

Result<> MemoryStore::load(const std::function<void(const engine::LoadedRow&)>& each) {
  std::vector<const Entry*> live;
  for (const auto& [place, entry] : rows_) {
    if (entry.live) live.push_back(&entry);
  }
  std::ranges::sort(
      live, {}, [](const Entry* entry) { return std::pair(entry->row.key.kind, entry->order); });
  for (const Entry* entry : live)
    each({entry->row.key.kind, entry->row.key.parent, entry->row.key.id, entry->row.status,
          entry->row.version});
  return Done();
}

Result<std::int64_t> MemoryStore::last_version() {
  return last_version_;
}

Result<std::optional<engine::Row>> MemoryStore::read(const engine::EntityKey& key) {
  const std::lock_guard lock(mutex_);
  const auto found = rows_.find(place_of(key));
  return found == rows_.end() ? std::optional<engine::Row>() : found->second.row;
}

Result<engine::Page> MemoryStore::list(const engine::Query& query) {
  const std::lock_guard lock(mutex_);
  engine::Page page;
  std::string last;
  std::size_t looked_at = 0;
  std::string after = fold(query.after);
  if (!after.empty() && !query.parent && after.find('\n') == std::string::npos)
    after = std::string(1, '\n').append(after);  // an id of a kind without parents
  for (const auto& [place, entry] : rows_) {
    const auto& [kind, parent, id] = place;
    if (kind != query.kind || (query.parent && parent != fold(*query.parent))) continue;
    if (!after.empty() && (query.parent ? id : parent + "\n" + id) <= after) continue;
    if (page.rows.size() == query.limit ||
        (query.filter != nullptr && looked_at == query.looked_at_max)) {
      page.next = last;
      break;
    }
    ++looked_at;
    last = query.parent || parent.empty() ? entry.row.key.id
                                          : entry.row.key.parent + "\n" + entry.row.key.id;
    if (query.filter == nullptr || matches(*query.filter, entry.row, entry.state))
      page.rows.push_back(entry.row);
  }
  return page;
}

Result<std::vector<engine::EventRecord>> MemoryStore::events(std::string_view entity,
                                                             std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<engine::EventRecord> found;
  for (auto event = events_.rbegin(); event != events_.rend() && found.size() < limit; ++event) {
    if (entity.empty() || same_folded(event->record.entity, entity)) found.push_back(event->record);
  }
  return found;
}

Result<engine::EventPage> MemoryStore::events_after(const engine::EventQuery& query) {
  const std::lock_guard lock(mutex_);
  engine::EventPage page;
  page.newest = last_event_;
  page.oldest = events_.empty() ? last_event_ + 1 : events_.front().record.number;
  page.seen = std::max(query.after, page.oldest - 1);
  std::size_t looked_at = 0;
  for (const Event& event : events_) {
    if (event.record.number <= query.after) continue;
    if (page.events.size() == query.limit || looked_at++ == query.scan) break;
    page.seen = event.record.number;
    if (engine::concerns(query, event.record.entity)) page.events.push_back(event.record);
  }
  return page;
}

Result<engine::Past> MemoryStore::past(const engine::EntityKey& key, Time at) {
  const std::lock_guard lock(mutex_);
  engine::Past past;
  for (const Spec& spec : specs_) {
    if (!past.row && spec.until > at && place_of(spec.row.key) == place_of(key))
      past.row = spec.row;
  }
  if (const auto found = rows_.find(place_of(key)); !past.row && found != rows_.end())
    past.row = found->second.row;
  const std::string name = engine::name_of(key);
  for (const Event& event : events_) {
    if (!event.status.empty() && event.record.when <= at && same_folded(event.record.entity, name))
      past.kept = {event.status, event.record.version, event.record.when};
  }
  if (!events_.empty()) {
    past.oldest = events_.front().record.when;
    past.trimmed = events_.front().record.number > 1;
  }
  return past;
}

void MemoryStore::trim_events(std::int64_t up_to) {
  const std::lock_guard lock(mutex_);
  std::erase_if(events_, [&](const Event& event) { return event.record.number <= up_to; });
}

}  // namespace batchyard::testing
