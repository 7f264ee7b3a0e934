// The embedded store's past: the events with the statuses that they keep, and the specs that were
// replaced or erased. The connection and the transactions are the store's.
#pragma once

#include <string_view>
#include <vector>

#include "edge/store/statement.h"
#include "engine/store.h"

namespace batchyard::edge {

// The tables, and what files of earlier forms lack of them.
Result<> make_history(sqlite3* connection);

class HistoryWriter {
 public:
  static Result<HistoryWriter> prepare(sqlite3* connection);
  // Within the transaction of the batch: before its puts…
  Result<> keep_replaced(const engine::Batch& batch);
  // …and after them, before its erasures.
  Result<> write(const engine::Batch& batch);

 private:
  Result<> write_events(const engine::Batch& batch);

  Statement replaced_, event_, erased_, emptied_, trim_events_, trim_specs_;
  std::int64_t commits_ = 0;
};

Result<std::vector<engine::EventRecord>> last_events(sqlite3* connection, std::string_view entity,
                                                     std::size_t limit);
Result<engine::EventPage> events_after(sqlite3* connection, const engine::EventQuery& query);
// `row` is the entity's present row.
Result<engine::Past> past_of(sqlite3* connection, const engine::EntityKey& key, Time at,
                             std::optional<engine::Row> row);

}  // namespace batchyard::edge
