#include "edge/store/sqlite_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <mutex>

#include "edge/store/checkpointer.h"
#include "edge/store/directory_lock.h"
#include "edge/store/filter_sql.h"
#include "edge/store/history_sql.h"
#include "edge/store/reseal.h"
#include "edge/store/seal_sql.h"
#include "edge/store/statement.h"

namespace batchyard::edge {

namespace {

// 2: specifications are sealed, and statuses where they may hold one.
constexpr std::int64_t schema_version = 2;

constexpr const char* schema = R"(
CREATE TABLE IF NOT EXISTS entity (
  number INTEGER PRIMARY KEY, kind INTEGER NOT NULL, parent TEXT NOT NULL COLLATE NOCASE, id TEXT NOT NULL COLLATE NOCASE,
  version INTEGER NOT NULL, modified INTEGER NOT NULL, state TEXT NOT NULL COLLATE NOCASE, live INTEGER NOT NULL,
  status TEXT NOT NULL, spec TEXT NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS entity_key ON entity (kind, parent, id);
CREATE INDEX IF NOT EXISTS entity_live ON entity (kind) WHERE live;
CREATE INDEX IF NOT EXISTS entity_state ON entity (kind, parent, state, id);
CREATE TABLE IF NOT EXISTS event (
  number INTEGER PRIMARY KEY, moment INTEGER NOT NULL, entity TEXT NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
)";

constexpr std::string_view row_columns =
    "parent, id, version, modified, unsealed(kind, parent, id, spec), unsealed(kind, parent, id, "
    "status)";
constexpr int matches_column = 6;  // behind those, in a list

engine::Row row_from(const Statement& statement, engine::EntityKind kind) {
  engine::Row row;
  row.key = {kind, std::string(statement.text(0)), std::string(statement.text(1))};
  row.version = statement.integer(2);
  row.modified = Time(Duration(statement.integer(3)));
  row.spec = statement.text(4);
  row.status = statement.text(5);
  return row;
}

std::string load_query(engine::EntityKind kind) {
  return fmt::format(
      "SELECT parent, id, {}, version FROM entity WHERE live AND kind = ? ORDER BY number",
      status_is_sealed(kind) ? "unsealed(kind, parent, id, status)" : "status");
}

}  // namespace

class SqliteStore::Impl {
 public:
  Result<> open(const std::string& directory, std::shared_ptr<const Seal> seal) {
    seal_ = std::move(seal);
    if (mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
      return fail(Kind::invalid, "DataDirectoryUnusable",
                  fmt::format("cannot make {}: {}. Give another --data-dir.", directory,
                              std::strerror(errno)));
    lock_ = TRY(DirectoryLock::take(directory));
    path_ = directory + "/batchyard.db";
    writer_ = TRY(open_connection(path_));
    TRY(execute(writer_.get(),
                "PRAGMA page_size=8192; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA "
                "wal_autocheckpoint=0; "
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY"));
    TRY(teach_seal(writer_.get(), seal_));
    TRY(execute(writer_.get(), schema));
    TRY(make_history(writer_.get()));
    const std::int64_t found = TRY(fact("schema_version", schema_version));
    if (found > schema_version)
      return fail(Kind::invalid, "DataDirectoryTooNew",
                  fmt::format("{} has the form {}; this batchyard knows form {}. Use the newer "
                              "batchyard that made it.",
                              path_, found, schema_version));
    TRY(check_key());
    if (found < schema_version) TRY(seal_what_is_there());
    TRY(prepare());
    checkpointer_ = TRY(Checkpointer::start(path_, writer_.get()));
    return Done();
  }

  Result<> commit(const engine::Batch& batch) {
    TRY(execute(writer_.get(), "BEGIN IMMEDIATE"));
    Result<> written = write(batch);
    if (!written) {
      sqlite3_exec(writer_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
      return written;
    }
    if (Result<> committed = execute(writer_.get(), "COMMIT"); !committed) {
      sqlite3_exec(writer_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
      return committed;
    }
    return Done();
  }

  Result<> load(const std::function<void(const engine::LoadedRow&)>& each) {
    for (const engine::EntityKind kind : engine::entity_kinds) {
      Statement statement = TRY(Statement::prepare(writer_.get(), load_query(kind)));
      statement.bind(1, static_cast<std::int64_t>(kind));
      while (TRY(statement.step()))
        each({kind, statement.text(0), statement.text(1), statement.text(2), statement.integer(3)});
    }
    return Done();
  }

  Result<std::int64_t> fact(const char* name, std::int64_t otherwise) {
    Statement get = TRY(Statement::prepare(writer_.get(), "SELECT value FROM fact WHERE name = ?"));
    get.bind(1, std::string_view(name));
    if (TRY(get.step())) return get.integer(0);
    Statement put =
        TRY(Statement::prepare(writer_.get(), "INSERT INTO fact (name, value) VALUES (?, ?)"));
    TRY(put.bind(1, std::string_view(name)).bind(2, otherwise).run());
    return otherwise;
  }

  // A connection that reads; what every GET asks is prepared once.
  struct Reading {
    Connection connection;
    Statement by_key;
  };

  // One of them for the time of one call.
  class Reader {
   public:
    Reader(Impl& owner, Reading reading) : owner_(owner), reading_(std::move(reading)) {}
    Reader(Reader&&) = default;
    ~Reader() {
      if (reading_.connection) {
        const std::lock_guard lock(owner_.mutex_);
        owner_.readers_.push_back(std::move(reading_));
      }
    }
    sqlite3* get() const { return reading_.connection.get(); }
    Statement& by_key() { return reading_.by_key; }

   private:
    Impl& owner_;
    Reading reading_;
  };

  Result<Reader> reader() {
    {
      const std::lock_guard lock(mutex_);
      if (!readers_.empty()) {
        Reading reading = std::move(readers_.back());
        readers_.pop_back();
        return Reader(*this, std::move(reading));
      }
    }
    Connection connection = TRY(open_connection(path_));
    TRY(execute(connection.get(), "PRAGMA query_only=1; PRAGMA cache_size=-8192"));
    TRY(teach_seal(connection.get(), seal_));
    Statement by_key = TRY(Statement::prepare(
        connection.get(),
        fmt::format("SELECT {} FROM entity WHERE kind = ? AND parent = ? AND id = ?",
                    row_columns)));
    return Reader(*this, {std::move(connection), std::move(by_key)});
  }

  Result<std::optional<engine::Row>> read(const engine::EntityKey& key) {
    Reader connection = TRY(reader());
    Statement& statement = connection.by_key();
    statement.bind(1, static_cast<std::int64_t>(key.kind)).bind(2, key.parent).bind(3, key.id);
    std::optional<engine::Row> row;
    if (TRY(statement.step())) row = row_from(statement, key.kind);
    statement.reset();  // a statement under way would hold its view of the store
    return row;
  }

  Result<engine::Page> list(const engine::Query& query) {
    const PageQuery asked = page_query(query, row_columns);
    Reader connection = TRY(reader());
    Statement statement = TRY(Statement::prepare(connection.get(), asked.text));
    for (std::size_t at = 0; at < asked.values.size(); ++at)
      std::visit([&](const auto& value) { statement.bind(static_cast<int>(at + 1), value); },
                 asked.values[at]);
    engine::Page page;
    std::string last;  // the row that was looked at last
    std::size_t looked_at = 0;
    while (TRY(statement.step())) {
      if (page.rows.size() == query.limit || looked_at == asked.looked_at_max) {
        page.next = last;
        break;
      }
      ++looked_at;
      last = query.parent || statement.text(0).empty()
                 ? std::string(statement.text(1))
                 : fmt::format("{}\n{}", statement.text(0), statement.text(1));
      if (statement.integer(matches_column) != 0)
        page.rows.push_back(row_from(statement, query.kind));
    }
    return page;
  }

  Result<std::vector<engine::EventRecord>> events(std::string_view entity, std::size_t limit) {
    Reader connection = TRY(reader());
    return last_events(connection.get(), entity, limit);
  }

  Result<engine::EventPage> events_after(const engine::EventQuery& query) {
    Reader connection = TRY(reader());
    return edge::events_after(connection.get(), query);
  }

  Result<engine::Past> past(const engine::EntityKey& key, Time at) {
    // Before the past is looked at: what is erased in between is found there then.
    std::optional<engine::Row> row = TRY(read(key));
    Reader connection = TRY(reader());
    return past_of(connection.get(), key, at, std::move(row));
  }

 private:
  // Before anything is written: one row tells.
  Result<> check_key() {
    Statement one = TRY(Statement::prepare(
        writer_.get(), fmt::format("SELECT {} FROM (SELECT * FROM entity LIMIT 1)", row_columns)));
    if (Result<bool> read = one.step(); !read)
      return fail(Kind::invalid, "KeyFileWrong",
                  fmt::format("{} cannot be opened: {}", path_, read.error().cause));
    return Done();
  }

  // Of a file that was written before there was a key. The mark that it is done comes last.
  Result<> seal_what_is_there() {
    TRY(reseal_rows(writer_.get(), [] { return true; }));
    TRY(forget_old_pages(writer_.get()));
    Statement mark = TRY(Statement::prepare(
        writer_.get(), "UPDATE fact SET value = ? WHERE name = 'schema_version'"));
    return mark.bind(1, schema_version).run();
  }

  Result<> prepare() {
    const std::string sealed_status = fmt::format(
        "CASE WHEN ?1 IN ({}) THEN sealed(?1, ?2, ?3, ?8) ELSE ?8 END", sealed_status_kinds);
    upsert_ =
        TRY(Statement::prepare(writer_.get(),
                               "INSERT INTO entity (kind, parent, id, version, modified, state, "
                               "live, status, spec) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, " +
                                   sealed_status +
                                   ", sealed(?1, ?2, ?3, ?9)) "
                                   "ON CONFLICT (kind, parent, id) DO UPDATE SET version = ?4, "
                                   "modified = ?5, state = ?6, live = ?7, status = "
                                   "excluded.status, spec = excluded.spec"));
    update_ =
        TRY(Statement::prepare(writer_.get(),
                               "UPDATE entity SET version = ?4, modified = ?5, state = ?6, live = "
                               "?7, status = " +
                                   sealed_status + " WHERE kind = ?1 AND parent = ?2 AND id = ?3"));
    erase_ = TRY(Statement::prepare(writer_.get(),
                                    "DELETE FROM entity WHERE kind = ? AND parent = ? AND id = ?"));
    empty_ =
        TRY(Statement::prepare(writer_.get(), "DELETE FROM entity WHERE kind = ? AND parent = ?"));
    history_ = TRY(HistoryWriter::prepare(writer_.get()));
    version_ = TRY(Statement::prepare(writer_.get(),
                                      "INSERT INTO fact (name, value) VALUES ('last_version', ?1) "
                                      "ON CONFLICT (name) DO UPDATE SET value = max(value, ?1)"));
    return Done();
  }

  Result<> write(const engine::Batch& batch) {
    TRY(history_.keep_replaced(batch));
    for (const engine::Put& put : batch.puts) {
      Statement& statement = put.spec ? upsert_ : update_;
      statement.bind(1, static_cast<std::int64_t>(put.key.kind))
          .bind(2, put.key.parent)
          .bind(3, put.key.id)
          .bind(4, put.version);
      statement.bind(5, put.modified.time_since_epoch().count())
          .bind(6, put.state)
          .bind(7, put.live ? 1 : 0)
          .bind(8, put.status);
      if (put.spec) statement.bind(9, *put.spec);
      TRY(statement.run());
    }
    TRY(history_.write(batch));
    for (const engine::EntityKey& key : batch.erased)
      TRY(erase_.bind(1, static_cast<std::int64_t>(key.kind))
              .bind(2, key.parent)
              .bind(3, key.id)
              .run());
    for (const engine::EntityKey& parent : batch.emptied) {
      for (const engine::EntityKind kind : engine::entity_kinds) {
        if (engine::lies_in(kind, parent.kind))
          TRY(empty_.bind(1, static_cast<std::int64_t>(kind)).bind(2, parent.id).run());
      }
    }
    if (batch.last_version > 0) TRY(version_.bind(1, batch.last_version).run());
    return Done();
  }

  std::shared_ptr<const Seal> seal_;
  DirectoryLock lock_;
  std::string path_;
  Connection writer_;
  Statement upsert_, update_, erase_, empty_, version_;
  HistoryWriter history_;

  std::mutex mutex_;
  std::vector<Reading> readers_;
  std::unique_ptr<Checkpointer> checkpointer_;  // goes first
};

SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& directory,
                                                       std::shared_ptr<const Seal> seal) {
  auto impl = std::make_unique<Impl>();
  TRY(impl->open(directory, std::move(seal)));
  return std::unique_ptr<SqliteStore>(new SqliteStore(std::move(impl)));
}

Result<> SqliteStore::commit(const engine::Batch& batch) {
  return impl_->commit(batch);
}
Result<> SqliteStore::load(const std::function<void(const engine::LoadedRow&)>& each) {
  return impl_->load(each);
}
Result<std::int64_t> SqliteStore::last_version() {
  return impl_->fact("last_version", 0);
}
Result<std::optional<engine::Row>> SqliteStore::read(const engine::EntityKey& key) {
  return impl_->read(key);
}
Result<engine::Page> SqliteStore::list(const engine::Query& query) {
  return impl_->list(query);
}
Result<std::vector<engine::EventRecord>> SqliteStore::events(std::string_view entity,
                                                             std::size_t limit) {
  return impl_->events(entity, limit);
}
Result<engine::EventPage> SqliteStore::events_after(const engine::EventQuery& query) {
  return impl_->events_after(query);
}
Result<engine::Past> SqliteStore::past(const engine::EntityKey& key, Time at) {
  return impl_->past(key, at);
}

}  // namespace batchyard::edge
