#include "edge/store/history_sql.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#include "edge/store/seal_sql.h"

namespace batchyard::edge {

namespace {

// Trimming looks at the ends of the tables, so it need not be done at every commit.
constexpr std::int64_t commits_between_trims = 1024;

// Added to files of the first form. Only events that keep a status are looked up by entity: the
// many that say that a task was added cost no entry.
constexpr const char* event_columns = R"(
ALTER TABLE event ADD COLUMN who TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN state TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN previous TEXT NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE event ADD COLUMN status TEXT NOT NULL DEFAULT '';
)";
constexpr const char* event_index =
    "CREATE INDEX IF NOT EXISTS event_kept ON event (entity COLLATE NOCASE, number) "
    "WHERE status <> ''";

// `status` is the one at that moment, for what follows from it when no event has kept one.
constexpr const char* past_table = R"(
CREATE TABLE IF NOT EXISTS past (
  number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, parent TEXT NOT NULL COLLATE NOCASE,
  id TEXT NOT NULL COLLATE NOCASE, until INTEGER NOT NULL, version INTEGER NOT NULL, modified INTEGER NOT NULL,
  spec TEXT NOT NULL, status TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS past_key ON past (kind, parent, id, number);
)";

constexpr std::string_view columns =
    "number, moment, entity, what, detail, who, state, previous, version";

std::int64_t number_of(Time time) {
  return time.time_since_epoch().count();
}

engine::EventRecord event_from(const Statement& row) {
  engine::EventRecord event;
  event.number = row.integer(0);
  event.when = Time(Duration(row.integer(1)));
  event.entity = row.text(2);
  event.what = row.text(3);
  event.detail = row.text(4);
  event.by = row.text(5);
  event.state = row.text(6);
  event.previous = row.text(7);
  event.version = row.integer(8);
  return event;
}

}  // namespace

Result<> make_history(sqlite3* connection) {
  bool has_status = false;
  {
    Statement named =
        TRY(Statement::prepare(connection, "SELECT name FROM pragma_table_info('event')"));
    while (TRY(named.step())) has_status = has_status || named.text(0) == "status";
  }
  if (!has_status) TRY(execute(connection, event_columns));
  TRY(execute(connection, event_index));
  return execute(connection, past_table);
}

Result<HistoryWriter> HistoryWriter::prepare(sqlite3* connection) {
  HistoryWriter writer;
  writer.replaced_ = TRY(Statement::prepare(
      connection,
      "INSERT INTO past (kind, parent, id, until, version, modified, spec, status) "
      "SELECT kind, parent, id, ?1, version, modified, spec, status FROM entity "
      "WHERE kind = ?2 AND parent = ?3 AND id = ?4 AND unsealed(kind, parent, id, spec) <> ?5"));
  writer.event_ = TRY(Statement::prepare(
      connection,
      "INSERT INTO event (moment, entity, what, detail, who, state, previous, version, status) "
      "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, CASE WHEN ?10 THEN sealed(?2, ?9) ELSE ?9 END)"));
  // A certificate that is deleted leaves no private key behind.
  const std::string copy = fmt::format(
      "INSERT INTO past (kind, parent, id, until, version, modified, spec, status) "
      "SELECT kind, parent, id, ?1, version, modified, "
      "CASE kind WHEN {} THEN sealed(kind, parent, id, json_remove(unsealed(kind, parent, id, "
      "spec), "
      "'$.data', '$.password')) ELSE spec END, status "
      "FROM entity WHERE kind = ?2 AND parent = ?3 ",
      static_cast<int>(engine::EntityKind::certificate));
  writer.erased_ = TRY(Statement::prepare(connection, copy + "AND id = ?4"));
  writer.emptied_ = TRY(Statement::prepare(connection, copy + "LIMIT ?4"));
  writer.trim_events_ = TRY(Statement::prepare(
      connection, "DELETE FROM event WHERE number <= (SELECT max(number) FROM event) - ?"));
  writer.trim_specs_ = TRY(Statement::prepare(
      connection, "DELETE FROM past WHERE number <= (SELECT max(number) FROM past) - ?"));
  return writer;
}

// No trigger does this: one would make every insert of a task slower by half. Nor is an earlier
// specification looked for where an event tells that the row is new.
Result<> HistoryWriter::keep_replaced(const engine::Batch& batch) {
  std::unordered_set<std::string_view> added;
  for (const engine::EventRecord& event : batch.events) {
    if (event.what.ends_with("Added")) added.insert(event.entity);
  }
  for (const engine::Put& put : batch.puts) {
    if (!put.spec || added.contains(engine::name_of(put.key))) continue;
    TRY(replaced_.bind(1, number_of(put.modified))
            .bind(2, static_cast<std::int64_t>(put.key.kind))
            .bind(3, put.key.parent)
            .bind(4, put.key.id)
            .bind(5, *put.spec)
            .run());
  }
  return Done();
}

Result<> HistoryWriter::write(const engine::Batch& batch) {
  const std::int64_t now = batch.events.empty() ? 0 : number_of(batch.events.back().when);
  for (const engine::EntityKey& key : batch.erased)
    TRY(erased_.bind(1, now)
            .bind(2, static_cast<std::int64_t>(key.kind))
            .bind(3, key.parent)
            .bind(4, key.id)
            .run());
  for (const engine::EntityKey& parent : batch.emptied) {
    for (const engine::EntityKind kind : engine::entity_kinds) {
      if (engine::lies_in(kind, parent.kind))
        TRY(emptied_.bind(1, now)
                .bind(2, static_cast<std::int64_t>(kind))
                .bind(3, parent.id)
                .bind(4, engine::specs_kept_of_emptied)
                .run());
    }
  }
  TRY(write_events(batch));
  if (++commits_ % commits_between_trims == 0) {
    TRY(trim_events_.bind(1, engine::events_kept).run());
    TRY(trim_specs_.bind(1, engine::specs_kept).run());
  }
  return Done();
}

Result<> HistoryWriter::write_events(const engine::Batch& batch) {
  std::vector<const engine::Put*> puts(batch.events.size(), nullptr);
  for (const engine::Put& put : batch.puts) {
    if (put.event >= 0) puts[static_cast<std::size_t>(put.event)] = &put;
  }
  for (std::size_t at = 0; at < batch.events.size(); ++at) {
    const engine::EventRecord& event = batch.events[at];
    const std::string_view status =
        puts[at] == nullptr ? std::string_view("") : std::string_view(puts[at]->status);
    const bool sealed = puts[at] != nullptr && status_is_sealed(puts[at]->key.kind);
    TRY(event_.bind(1, number_of(event.when))
            .bind(2, event.entity)
            .bind(3, event.what)
            .bind(4, event.detail)
            .bind(5, event.by)
            .bind(6, event.state)
            .bind(7, event.previous)
            .bind(8, event.version)
            .bind(9, status)
            .bind(10, sealed ? 1 : 0)
            .run());
  }
  return Done();
}

Result<std::vector<engine::EventRecord>> last_events(sqlite3* connection, std::string_view entity,
                                                     std::size_t limit) {
  Statement statement = TRY(Statement::prepare(
      connection, fmt::format("SELECT {} FROM event WHERE ?1 = '' OR entity = ?1 COLLATE NOCASE "
                              "ORDER BY number DESC LIMIT ?2",
                              columns)));
  statement.bind(1, entity).bind(2, static_cast<std::int64_t>(limit));
  std::vector<engine::EventRecord> found;
  while (TRY(statement.step())) found.push_back(event_from(statement));
  return found;
}

Result<engine::EventPage> events_after(sqlite3* connection, const engine::EventQuery& query) {
  engine::EventPage page;
  {
    // The newest row is never trimmed, so its number is the last that was given.
    Statement ends = TRY(Statement::prepare(
        connection, "SELECT (SELECT min(number) FROM event), (SELECT max(number) FROM event)"));
    if (!TRY(ends.step())) return page;  // it always gives one row
    page.newest = ends.integer(1);
    page.oldest = page.newest == 0 ? 1 : ends.integer(0);
  }
  page.seen = std::max(query.after, page.oldest - 1);
  Statement rows = TRY(Statement::prepare(
      connection,
      fmt::format("SELECT {} FROM event WHERE number > ? ORDER BY number LIMIT ?", columns)));
  rows.bind(1, query.after).bind(2, static_cast<std::int64_t>(query.scan));
  while (page.events.size() < query.limit && TRY(rows.step())) {
    page.seen = rows.integer(0);
    if (engine::concerns(query, rows.text(2))) page.events.push_back(event_from(rows));
  }
  page.newest = std::max(page.newest, page.seen);
  return page;
}

Result<engine::Past> past_of(sqlite3* connection, const engine::EntityKey& key, Time at,
                             std::optional<engine::Row> row) {
  engine::Past past;
  past.row = std::move(row);
  {
    Statement specs = TRY(Statement::prepare(
        connection,
        "SELECT parent, id, version, modified, unsealed(kind, parent, id, spec), unsealed(kind, "
        "parent, id, status) FROM past WHERE kind = ? AND parent = ? AND id = ? AND until > ? "
        "ORDER BY number LIMIT 1"));
    specs.bind(1, static_cast<std::int64_t>(key.kind)).bind(2, key.parent).bind(3, key.id);
    specs.bind(4, number_of(at));
    if (TRY(specs.step()))
      past.row =
          engine::Row{.key = {key.kind, std::string(specs.text(0)), std::string(specs.text(1))},
                      .version = specs.integer(2),
                      .modified = Time(Duration(specs.integer(3))),
                      .spec = std::string(specs.text(4)),
                      .status = std::string(specs.text(5))};
  }
  {
    const std::string name = engine::name_of(key);
    Statement kept = TRY(Statement::prepare(connection,
                                            "SELECT unsealed(entity, status), version, moment FROM "
                                            "event WHERE entity = ? COLLATE NOCASE AND status <> "
                                            "'' AND moment <= ? ORDER BY number DESC LIMIT 1"));
    kept.bind(1, name).bind(2, number_of(at));
    if (TRY(kept.step()))
      past.kept = {std::string(kept.text(0)), kept.integer(1), Time(Duration(kept.integer(2)))};
  }
  Statement oldest = TRY(
      Statement::prepare(connection, "SELECT number, moment FROM event ORDER BY number LIMIT 1"));
  if (TRY(oldest.step())) {
    past.trimmed = oldest.integer(0) > 1;
    past.oldest = Time(Duration(oldest.integer(1)));
  }
  return past;
}

}  // namespace batchyard::edge
