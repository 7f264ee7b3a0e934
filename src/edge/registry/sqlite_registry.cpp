#include "edge/registry/sqlite_registry.h"

#include <fmt/format.h>

#include "base/text.h"
#include "edge/store/reseal.h"

namespace batchyard::edge {

namespace {

// 2: bodies are sealed.
constexpr std::int64_t registry_version = 2;

// The highest version is kept on its own: a record that was put again after it was erased is newer.
constexpr const char* registry_schema = R"(
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS record (
  kind INTEGER NOT NULL, parent TEXT NOT NULL COLLATE NOCASE, name TEXT NOT NULL COLLATE NOCASE,
  body TEXT NOT NULL, version INTEGER NOT NULL, modified INTEGER NOT NULL,
  PRIMARY KEY (kind, parent, name)) WITHOUT ROWID;
INSERT INTO fact (name, value) VALUES ('schema_version', 2), ('version', 0) ON CONFLICT DO NOTHING;
)";

// What the body of a record is sealed as.
std::string place_of_record(const arm::Record& record) {
  return fold(
      fmt::format("registry/{}/{}/{}", static_cast<int>(record.kind), record.parent, record.name));
}

}  // namespace

Result<std::unique_ptr<SqliteRegistry>> SqliteRegistry::open(const std::string& path,
                                                             std::shared_ptr<const Seal> seal) {
  Connection connection = TRY(open_connection(path));
  TRY(execute(connection.get(), "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"));
  TRY(execute(connection.get(), registry_schema));
  Statement get = TRY(
      Statement::prepare(connection.get(), "SELECT value FROM fact WHERE name = 'schema_version'"));
  TRY(get.step());
  const std::int64_t found = get.integer(0);
  get.reset();
  if (found > registry_version)
    return fail(Kind::invalid, "DataDirectoryTooNew",
                fmt::format("{} has the form {}; this batchyard knows form {}. Use the newer "
                            "batchyard that made it.",
                            path, found, registry_version));
  std::unique_ptr<SqliteRegistry> registry(
      new SqliteRegistry(std::move(connection), std::move(seal)));
  if (found < registry_version) TRY(registry->reseal());
  return registry;
}

Result<std::vector<arm::Record>> SqliteRegistry::select(std::string_view condition,
                                                        arm::RecordKind kind,
                                                        std::string_view parent,
                                                        std::string_view name) {
  Statement get = TRY(Statement::prepare(
      connection_.get(),
      fmt::format("SELECT parent, name, body, version, modified FROM record WHERE kind = ?1 AND "
                  "parent = ?2{} ORDER BY name",
                  condition)));
  get.bind(1, static_cast<std::int64_t>(kind)).bind(2, parent);
  if (!condition.empty()) get.bind(3, name);
  std::vector<arm::Record> records;
  while (TRY(get.step())) {
    arm::Record record{.kind = kind,
                       .parent = std::string(get.text(0)),
                       .name = std::string(get.text(1)),
                       .body = {},
                       .version = get.integer(3),
                       .modified = Time(Duration(get.integer(4)))};
    record.body = TRY(seal_->open(place_of_record(record), get.text(2)));
    records.push_back(std::move(record));
  }
  return records;
}

Result<std::optional<arm::Record>> SqliteRegistry::read(arm::RecordKind kind,
                                                        std::string_view parent,
                                                        std::string_view name) {
  const std::lock_guard lock(mutex_);
  std::vector<arm::Record> found = TRY(select(" AND name = ?3", kind, parent, name));
  if (found.empty()) return std::optional<arm::Record>();
  return std::optional(std::move(found.front()));
}

Result<std::vector<arm::Record>> SqliteRegistry::list(arm::RecordKind kind,
                                                      std::string_view parent) {
  const std::lock_guard lock(mutex_);
  return select({}, kind, parent, {});
}

Result<std::optional<arm::Record>> SqliteRegistry::write(arm::Record record,
                                                         const arm::PutCondition& condition) {
  const std::vector<arm::Record> found =
      TRY(select(" AND name = ?3", record.kind, record.parent, record.name));
  if (condition.absent && !found.empty()) return std::optional<arm::Record>();
  if (condition.version && (found.empty() || found.front().version != *condition.version))
    return std::optional<arm::Record>();
  if (!found.empty()) record.name = found.front().name;
  TRY(execute(connection_.get(), "UPDATE fact SET value = value + 1 WHERE name = 'version'"));
  Statement put = TRY(Statement::prepare(
      connection_.get(),
      "INSERT INTO record (kind, parent, name, body, version, modified) VALUES (?1, ?2, ?3, ?4, "
      "(SELECT value FROM fact WHERE name = 'version'), ?5) ON CONFLICT DO UPDATE SET body = "
      "excluded.body, version = excluded.version, modified = excluded.modified RETURNING version"));
  put.bind(1, static_cast<std::int64_t>(record.kind)).bind(2, record.parent).bind(3, record.name);
  const std::string body = seal_->seal(place_of_record(record), record.body);
  put.bind_bytes(4, body).bind(5, record.modified.time_since_epoch().count());
  TRY(put.step());
  record.version = put.integer(0);
  TRY(put.step());
  return std::optional(std::move(record));
}

Result<std::optional<arm::Record>> SqliteRegistry::put(arm::Record record,
                                                       const arm::PutCondition& condition) {
  const std::lock_guard lock(mutex_);
  TRY(execute(connection_.get(), "BEGIN IMMEDIATE"));
  Result<std::optional<arm::Record>> written = write(std::move(record), condition);
  if (written) {
    if (Result<> committed = execute(connection_.get(), "COMMIT"); committed)
      return written;
    else
      written = std::unexpected(std::move(committed).error());
  }
  sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
  return written;
}

Result<> SqliteRegistry::reseal_records() {
  std::vector<arm::Record> old;
  Statement all =
      TRY(Statement::prepare(connection_.get(), "SELECT kind, parent, name, body FROM record"));
  while (TRY(all.step())) {
    if (seal_->is_current(all.text(3))) continue;
    arm::Record record{.kind = static_cast<arm::RecordKind>(all.integer(0)),
                       .parent = std::string(all.text(1)),
                       .name = std::string(all.text(2)),
                       .body = {},
                       .version = 0,
                       .modified = {}};
    record.body = TRY(seal_->open(place_of_record(record), all.text(3)));
    old.push_back(std::move(record));
  }
  Statement put = TRY(Statement::prepare(
      connection_.get(),
      "UPDATE record SET body = ?4 WHERE kind = ?1 AND parent = ?2 AND name = ?3"));
  for (const arm::Record& record : old) {
    const std::string body = seal_->seal(place_of_record(record), record.body);
    put.bind(1, static_cast<std::int64_t>(record.kind)).bind(2, record.parent);
    TRY(put.bind(3, record.name).bind_bytes(4, body).run());
  }
  return execute(connection_.get(), "UPDATE fact SET value = 2 WHERE name = 'schema_version'");
}

Result<> SqliteRegistry::reseal() {
  const std::lock_guard lock(mutex_);
  TRY(execute(connection_.get(), "BEGIN IMMEDIATE"));
  Result<> sealed = reseal_records();
  if (sealed) sealed = execute(connection_.get(), "COMMIT");
  if (!sealed) {
    sqlite3_exec(connection_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    return sealed;
  }
  return forget_old_pages(connection_.get());
}

Result<bool> SqliteRegistry::erase(arm::RecordKind kind, std::string_view parent,
                                   std::string_view name) {
  const std::lock_guard lock(mutex_);
  Statement gone = TRY(Statement::prepare(
      connection_.get(), "DELETE FROM record WHERE kind = ?1 AND parent = ?2 AND name = ?3"));
  TRY(gone.bind(1, static_cast<std::int64_t>(kind)).bind(2, parent).bind(3, name).run());
  return sqlite3_changes(connection_.get()) > 0;
}

}  // namespace batchyard::edge
