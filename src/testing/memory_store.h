// The store port in memory: deterministic, whole commits only. It outlives the engines of a
// simulated world as a disk does.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include "engine/store.h"

namespace batchyard::testing {

class MemoryStore : public engine::Store {
 public:
  Result<> commit(const engine::Batch& batch) override;
  Result<> load(const std::function<void(const engine::LoadedRow&)>& each) override;
  Result<std::int64_t> last_version() override;
  Result<std::optional<engine::Row>> read(const engine::EntityKey& key) override;
  Result<engine::Page> list(const engine::Query& query) override;
  Result<std::vector<engine::EventRecord>> events(std::string_view entity,
                                                  std::size_t limit) override;
  Result<engine::EventPage> events_after(const engine::EventQuery& query) override;
  Result<engine::Past> past(const engine::EntityKey& key, Time at) override;
  // Forgets every event up to this position, as a full store does.
  void trim_events(std::int64_t up_to);

  // The next commit fails with this error and changes nothing.
  void fail_next_commit(Error error) { next_error_ = std::move(error); }

 private:
  using Place =
      std::tuple<engine::EntityKind, std::string, std::string>;  // kind, folded parent, folded id
  struct Entry {
    engine::Row row;
    std::string state;
    bool live = true;
    std::int64_t order = 0;
  };
  static Place place_of(const engine::EntityKey& key);
  struct Event {
    engine::EventRecord record;
    std::string status;  // that it keeps; empty: none
  };
  struct Spec {  // that held until then
    engine::Row row;
    Time until;
  };
  void keep_spec(const Entry& entry, Time until) { specs_.push_back({entry.row, until}); }

  std::mutex mutex_;
  std::map<Place, Entry> rows_;
  std::vector<Event> events_;
  std::int64_t last_event_ = 0;
  std::vector<Spec> specs_;
  std::int64_t last_order_ = 0;
  std::int64_t last_version_ = 0;
  std::optional<Error> next_error_;
};

// Whether a row matches, evaluated over its JSON texts.
bool matches(const engine::FilterNode& filter, const engine::Row& row, std::string_view state);

}  // namespace batchyard::testing
