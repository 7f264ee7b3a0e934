#include "edge/store/reseal.h"

#include <fmt/format.h>

#include "edge/store/seal_sql.h"

namespace batchyard::edge {

namespace {

// Of a transaction: few enough that the log stays small.
constexpr std::int64_t rows_at_once = 5'000;

struct ResealedTable {
  std::string name;
  std::string change;  // of the rows whose numbers are after ?1, up to ?2
};

std::vector<ResealedTable> resealed_tables() {
  const std::string rows = fmt::format(
      "SET spec = sealed(kind, parent, id, unsealed(kind, parent, id, spec)), status = CASE WHEN "
      "kind IN ({0}) THEN sealed(kind, parent, id, unsealed(kind, parent, id, status)) ELSE status "
      "END "
      "WHERE number > ?1 AND number <= ?2 AND (NOT is_current(spec) OR (kind IN ({0}) AND NOT "
      "is_current(status)))",
      sealed_status_kinds);
  return {{"entity", "UPDATE entity " + rows},
          {"past", "UPDATE past " + rows},
          {"event",
           fmt::format("UPDATE event SET status = sealed(entity, unsealed(entity, status)) WHERE "
                       "number > ?1 AND number <= ?2 AND status <> '' AND {} AND NOT "
                       "is_current(status)",
                       event_is_sealed)}};
}

Result<bool> reseal_table(sqlite3* connection, const ResealedTable& table, const GoOn& go_on) {
  std::int64_t first = 0;
  std::int64_t last = 0;
  {
    Statement ends = TRY(Statement::prepare(
        connection, fmt::format("SELECT coalesce(min(number), 1), coalesce(max(number), 0) FROM {}",
                                table.name)));
    TRY(ends.step());
    first = ends.integer(0);
    last = ends.integer(1);
  }
  Statement change = TRY(Statement::prepare(connection, table.change));
  for (std::int64_t done = first - 1; done < last; done += rows_at_once) {
    TRY(change.bind(1, done).bind(2, done + rows_at_once).run());
    if (sqlite3_changes(connection) > 0 && !go_on()) return false;
  }
  return true;
}

}  // namespace

Result<bool> reseal_rows(sqlite3* connection, const GoOn& go_on) {
  for (const ResealedTable& table : resealed_tables()) {
    if (!TRY(reseal_table(connection, table, go_on))) return false;
  }
  return true;
}

Result<> forget_old_pages(sqlite3* connection) {
  return execute(connection, "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<bool> reseal_store(const std::string& directory, std::shared_ptr<const Seal> seal,
                          const GoOn& go_on) {
  const Connection connection = TRY(open_connection(directory + "/batchyard.db"));
  TRY(execute(connection.get(), "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
  TRY(teach_seal(connection.get(), std::move(seal)));
  if (!TRY(reseal_rows(connection.get(), go_on))) return false;
  TRY(forget_old_pages(connection.get()));
  return go_on();
}

}  // namespace batchyard::edge
