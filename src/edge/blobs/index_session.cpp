#include "edge/blobs/index_session.h"

#include <array>
#include <utility>

#include "base/described_json.h"

namespace batchyard::edge {

namespace {

constexpr std::int64_t page_rows = 500;  // that a cursor reads at once

Result<blob::ContainerRow> container_from(const Statement& statement) {
  blob::ContainerRow row;
  row.number = statement.integer(0);
  row.name = statement.text(1);
  row.container = TRY(from_json<blob::Container>(statement.text(2)));
  return row;
}

Result<blob::BlobRow> blob_from(const Statement& statement) {
  blob::BlobRow row;
  row.number = statement.integer(0);
  row.name = statement.text(1);
  if (row.number != 0) row.blob = TRY(from_json<blob::Blob>(statement.text(2)));
  return row;
}

// Reads ahead a page; a new page begins where the last one ended.
class IndexCursor final : public blob::Cursor {
 public:
  IndexCursor(IndexSession& session, std::int64_t container, bool uncommitted)
      : session_(session), container_(container), uncommitted_(uncommitted) {}

  Result<std::optional<blob::BlobRow>> seek(std::string_view name) override {
    // What was read ahead may hold it.
    while (at_ < page_.size() && page_[at_].name < name) ++at_;
    if (at_ < page_.size()) return take();
    TRY(read(name, true));
    return take();
  }
  Result<std::optional<blob::BlobRow>> next() override {
    if (at_ == page_.size() && full_) TRY(read(last_, false));
    return take();
  }

 private:
  std::optional<blob::BlobRow> take() {
    if (at_ >= page_.size()) return std::nullopt;
    return std::move(page_[at_++]);
  }

  Result<> read(std::string_view from, bool itself) {
    Statement* statement = TRY(session_.prepared(
        "SELECT number, name, body FROM blob WHERE container = ?1 AND name >= ?2 AND (?3 OR name "
        "<> ?2) ORDER BY name LIMIT ?4"));
    if (uncommitted_)
      statement = TRY(session_.prepared(
          "SELECT * FROM (SELECT number, name, body FROM blob WHERE container = ?1 AND name >= ?2 "
          "AND (?3 OR name <> ?2) ORDER BY name LIMIT ?4) UNION ALL SELECT * FROM (SELECT DISTINCT "
          "0, name, '' FROM block WHERE container = ?1 AND name >= ?2 AND (?3 OR name <> ?2) AND "
          "NOT EXISTS (SELECT 1 FROM blob WHERE blob.container = ?1 AND blob.name = block.name) "
          "ORDER BY name LIMIT ?4) ORDER BY 2 LIMIT ?4"));
    const std::string name(from);  // `from` may lie in what is cleared
    page_.clear();
    at_ = 0;
    statement->bind(1, container_).bind(2, std::string_view(name)).bind(3, itself ? 1 : 0);
    statement->bind(4, page_rows);
    while (TRY(statement->step())) page_.push_back(TRY(blob_from(*statement)));
    statement->reset();
    full_ = std::ssize(page_) == page_rows;
    if (!page_.empty()) last_ = page_.back().name;
    return Done();
  }

  IndexSession& session_;
  std::int64_t container_;
  bool uncommitted_;
  std::vector<blob::BlobRow> page_;
  std::size_t at_ = 0;
  bool full_ = false;
  std::string last_;
};

}  // namespace

Result<std::unique_ptr<IndexSession>> IndexSession::open(const std::string& path) {
  Connection connection = TRY(open_connection(path));
  TRY(execute(connection.get(),
              "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=OFF; PRAGMA "
              "temp_store=MEMORY; PRAGMA cache_size=-8192"));
  return std::unique_ptr<IndexSession>(new IndexSession(std::move(connection)));
}

Result<Statement*> IndexSession::prepared(const char* sql) {
  auto found = statements_.find(sql);
  if (found == statements_.end()) {
    Statement statement = TRY(Statement::prepare(connection_.get(), sql));
    found = statements_.emplace(sql, std::move(statement)).first;
  }
  found->second.reset();
  return &found->second;
}

Result<std::optional<blob::ContainerRow>> IndexSession::container(std::string_view name) {
  Statement* statement = TRY(prepared("SELECT number, name, body FROM container WHERE name = ?"));
  const std::string wanted(name);
  statement->bind(1, std::string_view(wanted));
  std::optional<blob::ContainerRow> row;
  if (TRY(statement->step())) row = TRY(container_from(*statement));
  statement->reset();
  return row;
}

Result<std::vector<blob::ContainerRow>> IndexSession::containers(std::string_view from,
                                                                 std::int64_t limit) {
  Statement* statement = TRY(
      prepared("SELECT number, name, body FROM container WHERE name >= ? ORDER BY name LIMIT ?"));
  const std::string first(from);
  statement->bind(1, std::string_view(first)).bind(2, limit);
  std::vector<blob::ContainerRow> rows;
  while (TRY(statement->step())) rows.push_back(TRY(container_from(*statement)));
  statement->reset();
  return rows;
}

Result<> IndexSession::put_container(std::string_view name, const blob::Container& container) {
  Statement* statement =
      TRY(prepared("INSERT INTO container (name, body) VALUES (?1, ?2) ON CONFLICT (name) DO "
                   "UPDATE SET body = ?2"));
  const std::string body = to_json(container);
  return statement->bind(1, name).bind(2, std::string_view(body)).run();
}

// Its name is free at once; its blobs are removed bit by bit.
Result<> IndexSession::remove_container(const blob::ContainerRow& row) {
  Statement* statement = TRY(prepared("UPDATE container SET name = NULL WHERE number = ?"));
  return statement->bind(1, row.number).run();
}

Result<std::optional<blob::BlobRow>> IndexSession::blob(std::int64_t container,
                                                        std::string_view name) {
  Statement* statement =
      TRY(prepared("SELECT number, name, body FROM blob WHERE container = ? AND name = ?"));
  const std::string wanted(name);
  statement->bind(1, container).bind(2, std::string_view(wanted));
  std::optional<blob::BlobRow> row;
  if (TRY(statement->step())) row = TRY(blob_from(*statement));
  statement->reset();
  return row;
}

Result<std::unique_ptr<blob::Cursor>> IndexSession::blobs(std::int64_t container,
                                                          bool uncommitted) {
  return std::make_unique<IndexCursor>(*this, container, uncommitted);
}

Result<> IndexSession::commit_blob(std::int64_t container, std::string_view name,
                                   const blob::Blob& blob,
                                   const std::vector<blob::Extent>& extents) {
  for (const blob::Extent& extent : extents) TRY(refer(extent.piece));
  Statement* old =
      TRY(prepared("UPDATE blob SET container = NULL WHERE container = ? AND name = ?"));
  TRY(old->bind(1, container).bind(2, name).run());
  Statement* fresh = TRY(prepared("INSERT INTO blob (container, name, body) VALUES (?, ?, ?)"));
  const std::string body = to_json(blob);
  TRY(fresh->bind(1, container).bind(2, name).bind(3, std::string_view(body)).run());
  const std::int64_t number = sqlite3_last_insert_rowid(connection_.get());
  for (const blob::Extent& extent : extents) {
    Statement* put = TRY(
        prepared("INSERT INTO extent (blob, start, size, piece, block) VALUES (?, ?, ?, ?, ?)"));
    TRY(put->bind(1, number)
            .bind(2, extent.start)
            .bind(3, extent.piece.size)
            .bind(4, std::string_view(extent.piece.name))
            .bind(5, std::string_view(extent.block))
            .run());
  }
  for (const blob::Block& block : TRY(blocks(container, name))) TRY(release(block.piece.name));
  Statement* waiting = TRY(prepared("DELETE FROM block WHERE container = ? AND name = ?"));
  return waiting->bind(1, container).bind(2, name).run();
}

Result<> IndexSession::put_blob(const blob::BlobRow& row) {
  Statement* statement = TRY(prepared("UPDATE blob SET body = ? WHERE number = ?"));
  const std::string body = to_json(row.blob);
  return statement->bind(1, std::string_view(body)).bind(2, row.number).run();
}

Result<> IndexSession::remove_blob(const blob::BlobRow& row) {
  Statement* statement = TRY(prepared("UPDATE blob SET container = NULL WHERE number = ?"));
  return statement->bind(1, row.number).run();
}

Result<std::vector<blob::Extent>> IndexSession::extents(std::int64_t blob, std::int64_t begin,
                                                        std::int64_t end) {
  Statement* statement = TRY(prepared(
      "SELECT start, size, piece, block FROM extent WHERE blob = ?1 AND start < ?3 AND start >= "
      "ifnull((SELECT max(start) FROM extent WHERE blob = ?1 AND start <= ?2), 0) ORDER BY start"));
  statement->bind(1, blob).bind(2, begin).bind(3, end);
  std::vector<blob::Extent> extents;
  while (TRY(statement->step()))
    extents.push_back({statement->integer(0),
                       {std::string(statement->text(2)), statement->integer(1), {}},
                       std::string(statement->text(3))});
  statement->reset();
  return extents;
}

Result<std::vector<blob::Block>> IndexSession::blocks(std::int64_t container,
                                                      std::string_view name) {
  Statement* statement = TRY(
      prepared("SELECT id, piece, size FROM block WHERE container = ? AND name = ? ORDER BY id"));
  const std::string wanted(name);
  statement->bind(1, container).bind(2, std::string_view(wanted));
  std::vector<blob::Block> blocks;
  while (TRY(statement->step()))
    blocks.push_back({std::string(statement->text(0)),
                      {std::string(statement->text(1)), statement->integer(2), {}}});
  statement->reset();
  return blocks;
}

Result<std::int64_t> IndexSession::block_count(std::int64_t container, std::string_view name) {
  Statement* statement =
      TRY(prepared("SELECT count(*) FROM block WHERE container = ? AND name = ?"));
  statement->bind(1, container).bind(2, name);
  TRY(statement->step());
  const std::int64_t count = statement->integer(0);
  statement->reset();
  return count;
}

Result<> IndexSession::put_block(std::int64_t container, std::string_view name,
                                 const blob::Block& block) {
  TRY(refer(block.piece));
  Statement* old =
      TRY(prepared("SELECT piece FROM block WHERE container = ? AND name = ? AND id = ?"));
  old->bind(1, container).bind(2, name).bind(3, std::string_view(block.id));
  std::string replaced;
  if (TRY(old->step())) replaced = old->text(0);
  old->reset();
  if (!replaced.empty()) TRY(release(replaced));
  Statement* put =
      TRY(prepared("INSERT INTO block (container, name, id, piece, size, put) VALUES (?1, ?2, ?3, "
                   "?4, ?5, ?6) ON CONFLICT (container, name, id) DO UPDATE SET piece = ?4, size = "
                   "?5, put = ?6"));
  return put->bind(1, container)
      .bind(2, name)
      .bind(3, std::string_view(block.id))
      .bind(4, std::string_view(block.piece.name))
      .bind(5, block.piece.size)
      .bind(6, now_.time_since_epoch().count())
      .run();
}

Result<std::string> IndexSession::service_properties() {
  Statement* statement = TRY(prepared("SELECT value FROM fact WHERE name = 'properties'"));
  std::string xml;
  if (TRY(statement->step())) xml = statement->text(0);
  statement->reset();
  return xml;
}

Result<> IndexSession::put_service_properties(std::string_view xml) {
  Statement* statement =
      TRY(prepared("INSERT INTO fact (name, value) VALUES ('properties', ?1) ON CONFLICT (name) DO "
                   "UPDATE SET value = ?1"));
  return statement->bind(1, xml).run();
}

Result<> IndexSession::refer(const blob::Piece& piece) {
  Statement* statement =
      TRY(prepared("INSERT INTO piece (name, size, refs, sums) VALUES (?1, ?2, 1, ?3) ON CONFLICT "
                   "(name) DO UPDATE SET refs = refs + 1"));
  return statement->bind(1, std::string_view(piece.name))
      .bind(2, piece.size)
      .bind(3, std::string_view(piece.sums))
      .run();
}

Result<> IndexSession::release(const std::string& piece) {
  Statement* statement = TRY(prepared("UPDATE piece SET refs = refs - 1 WHERE name = ?"));
  return statement->bind(1, std::string_view(piece)).run();
}

}  // namespace batchyard::edge
