#include "edge/blobs/blob_index.h"

#include <fmt/format.h>

#include "blob/limits.h"

namespace batchyard::edge {

namespace {

constexpr std::int64_t schema_version = 1;
constexpr std::int64_t freed_at_once = 500;

// A container without a name, a blob without a container and a piece that nothing refers to are
// gone; what was theirs goes bit by bit (free_some).
constexpr const char* blob_schema = R"(
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value);
CREATE TABLE IF NOT EXISTS container (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blob (number INTEGER PRIMARY KEY AUTOINCREMENT, container INTEGER, name TEXT NOT NULL,
  body TEXT NOT NULL, UNIQUE (container, name));
CREATE INDEX IF NOT EXISTS blob_gone ON blob (number) WHERE container IS NULL;
CREATE TABLE IF NOT EXISTS extent (blob INTEGER NOT NULL, start INTEGER NOT NULL, size INTEGER NOT NULL,
  piece TEXT NOT NULL, block TEXT NOT NULL, PRIMARY KEY (blob, start)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS block (container INTEGER NOT NULL, name TEXT NOT NULL, id TEXT NOT NULL,
  piece TEXT NOT NULL, size INTEGER NOT NULL, put INTEGER NOT NULL, PRIMARY KEY (container, name, id)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS block_put ON block (put);
CREATE TABLE IF NOT EXISTS piece (name TEXT PRIMARY KEY, size INTEGER NOT NULL, refs INTEGER NOT NULL, sums TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS piece_unused ON piece (name) WHERE refs = 0;
)";

void roll_back(sqlite3* connection) {
  sqlite3_exec(connection, "ROLLBACK", nullptr, nullptr, nullptr);
}

struct Named {
  std::int64_t number = 0;
  std::string name;
};

}  // namespace

Result<std::unique_ptr<BlobIndex>> BlobIndex::open(const std::string& path) {
  std::unique_ptr<BlobIndex> index(new BlobIndex());
  index->path_ = path;
  index->writer_ = TRY(IndexSession::open(path));
  sqlite3* connection = index->writer_->connection();
  TRY(execute(connection, "PRAGMA wal_autocheckpoint=0"));
  TRY(execute(connection, blob_schema));
  Statement put = TRY(Statement::prepare(
      connection,
      "INSERT INTO fact (name, value) VALUES ('schema_version', ?) ON CONFLICT DO NOTHING"));
  TRY(put.bind(1, schema_version).run());
  Statement get =
      TRY(Statement::prepare(connection, "SELECT value FROM fact WHERE name = 'schema_version'"));
  TRY(get.step());
  const std::int64_t found = get.integer(0);
  get.reset();
  if (found != schema_version)
    return fail(Kind::invalid, "DataDirectoryTooNew",
                fmt::format("{} has the form {}; this batchyard knows form {}. Use the newer "
                            "batchyard that made it.",
                            path, found, schema_version));
  index->checkpointer_ = TRY(Checkpointer::start(path, connection));
  return index;
}

Result<std::unique_ptr<IndexSession>> BlobIndex::reader() {
  {
    const std::lock_guard lock(mutex_);
    if (!readers_.empty()) {
      std::unique_ptr<IndexSession> session = std::move(readers_.back());
      readers_.pop_back();
      return session;
    }
  }
  std::unique_ptr<IndexSession> session = TRY(IndexSession::open(path_));
  TRY(execute(session->connection(), "PRAGMA query_only=1"));
  return session;
}

void BlobIndex::give_back(std::unique_ptr<IndexSession> session) {
  const std::lock_guard lock(mutex_);
  readers_.push_back(std::move(session));
}

Result<> BlobIndex::read(const Act& act) {
  std::unique_ptr<IndexSession> session = TRY(reader());
  TRY(execute(session->connection(), "BEGIN"));
  const Result<> acted = act(*session);
  TRY(execute(session->connection(), "COMMIT"));
  give_back(std::move(session));
  return acted;
}

Result<> BlobIndex::write(Time now, const Act& act, bool& attempted) {
  const std::lock_guard lock(writing_);
  sqlite3* connection = writer_->connection();
  TRY(execute(connection, "BEGIN IMMEDIATE"));
  writer_->use(now);
  if (Result<> acted = act(*writer_); !acted) {
    roll_back(connection);
    return acted;
  }
  attempted = true;
  if (Result<> committed = execute(connection, "COMMIT"); !committed) {
    roll_back(connection);
    return committed;
  }
  return Done();
}

Result<std::string> BlobIndex::sums(const std::string& piece) {
  std::unique_ptr<IndexSession> session = TRY(reader());
  Statement* statement = TRY(session->prepared("SELECT sums FROM piece WHERE name = ?"));
  statement->bind(1, std::string_view(piece));
  std::string sums;
  if (TRY(statement->step())) sums = statement->text(0);
  statement->reset();
  give_back(std::move(session));
  return sums;
}

Result<bool> BlobIndex::knows(const std::string& piece) {
  std::unique_ptr<IndexSession> session = TRY(reader());
  Statement* statement = TRY(session->prepared("SELECT 1 FROM piece WHERE name = ?"));
  statement->bind(1, std::string_view(piece));
  const bool known = TRY(statement->step());
  statement->reset();
  give_back(std::move(session));
  return known;
}

// True while there is more.
Result<bool> BlobIndex::empty_containers() {
  Statement* gone =
      TRY(writer_->prepared("SELECT number FROM container WHERE name IS NULL LIMIT 1"));
  if (!TRY(gone->step())) return false;
  const std::int64_t container = gone->integer(0);
  gone->reset();
  Statement* blobs = TRY(writer_->prepared(
      "UPDATE blob SET container = NULL WHERE number IN (SELECT number FROM blob WHERE container = "
      "? LIMIT ?)"));
  TRY(blobs->bind(1, container).bind(2, freed_at_once).run());
  std::int64_t changed = sqlite3_changes(writer_->connection());
  // As blocks that have waited for ever.
  Statement* blocks =
      TRY(writer_->prepared("UPDATE block SET put = 0 WHERE container = ? AND put > 0"));
  TRY(blocks->bind(1, container).run());
  if (changed > 0) return true;
  Statement* remove = TRY(writer_->prepared("DELETE FROM container WHERE number = ?"));
  TRY(remove->bind(1, container).run());
  return true;
}

Result<bool> BlobIndex::free_blobs() {
  Statement* gone =
      TRY(writer_->prepared("SELECT number FROM blob WHERE container IS NULL LIMIT ?"));
  gone->bind(1, freed_at_once);
  std::vector<std::int64_t> numbers;
  while (TRY(gone->step())) numbers.push_back(gone->integer(0));
  gone->reset();
  std::int64_t left = freed_at_once;
  for (const std::int64_t number : numbers) {
    Statement* some =
        TRY(writer_->prepared("SELECT start, piece FROM extent WHERE blob = ? LIMIT ?"));
    some->bind(1, number).bind(2, left);
    std::vector<Named> extents;
    while (TRY(some->step())) extents.push_back({some->integer(0), std::string(some->text(1))});
    some->reset();
    for (const Named& extent : extents) {
      TRY(writer_->release(extent.name));
      Statement* remove = TRY(writer_->prepared("DELETE FROM extent WHERE blob = ? AND start = ?"));
      TRY(remove->bind(1, number).bind(2, extent.number).run());
    }
    left -= std::ssize(extents);
    if (left <= 0) return true;
    Statement* remove = TRY(writer_->prepared("DELETE FROM blob WHERE number = ?"));
    TRY(remove->bind(1, number).run());
  }
  return std::ssize(numbers) == freed_at_once;
}

Result<bool> BlobIndex::free_blocks(Time now) {
  Statement* old = TRY(writer_->prepared(
      "SELECT container, name, id, piece FROM block WHERE put < ? ORDER BY put LIMIT ?"));
  old->bind(1, (now - blob::block_age_max).time_since_epoch().count()).bind(2, freed_at_once);
  struct Waiting {
    std::int64_t container;
    std::string name, id, piece;
  };
  std::vector<Waiting> blocks;
  while (TRY(old->step()))
    blocks.push_back({old->integer(0), std::string(old->text(1)), std::string(old->text(2)),
                      std::string(old->text(3))});
  old->reset();
  for (const Waiting& block : blocks) {
    TRY(writer_->release(block.piece));
    Statement* remove =
        TRY(writer_->prepared("DELETE FROM block WHERE container = ? AND name = ? AND id = ?"));
    TRY(remove->bind(1, block.container)
            .bind(2, std::string_view(block.name))
            .bind(3, std::string_view(block.id))
            .run());
  }
  return std::ssize(blocks) == freed_at_once;
}

Result<std::vector<std::string>> BlobIndex::free_pieces(const IsHeld& is_held) {
  Statement* unused = TRY(writer_->prepared("SELECT name FROM piece WHERE refs = 0"));
  std::vector<std::string> pieces;
  while (std::ssize(pieces) < freed_at_once && TRY(unused->step())) {
    std::string name(unused->text(0));
    if (!is_held(name)) pieces.push_back(std::move(name));
  }
  unused->reset();
  for (const std::string& name : pieces) {
    Statement* remove = TRY(writer_->prepared("DELETE FROM piece WHERE name = ?"));
    TRY(remove->bind(1, std::string_view(name)).run());
  }
  return pieces;
}

Result<BlobIndex::Freed> BlobIndex::free_some(Time now, const IsHeld& is_held) {
  Freed freed;
  bool attempted = false;
  TRY(write(
      now,
      [&](blob::Rows&) -> Result<> {
        const bool containers = TRY(empty_containers());
        const bool blobs = TRY(free_blobs());
        const bool blocks = TRY(free_blocks(now));
        freed.pieces = TRY(free_pieces(is_held));
        freed.more = containers || blobs || blocks || std::ssize(freed.pieces) == freed_at_once;
        return Done();
      },
      attempted));
  return freed;
}

}  // namespace batchyard::edge
