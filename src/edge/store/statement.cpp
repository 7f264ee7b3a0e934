#include "edge/store/statement.h"

#include <fmt/format.h>

#include <cerrno>
#include <mutex>

namespace batchyard::edge {

std::unexpected<Error> store_error(sqlite3* connection, std::string_view doing) {
  const int code = sqlite3_errcode(connection);
  const bool full = code == SQLITE_FULL || sqlite3_system_errno(connection) == ENOSPC;
  Error error{.kind = full ? Kind::busy : Kind::internal,
              .code = full ? "DiskFull" : "InternalError",
              .message = fmt::format("cannot {}: {}{}", doing, sqlite3_errmsg(connection),
                                     full ? ". The disk of the data directory is full: free some "
                                            "space and start the service again."
                                          : ""),
              .details = {},
              .cause = sqlite3_errmsg(connection)};
  return std::unexpected(std::move(error));
}

Result<> execute(sqlite3* connection, const char* sql) {
  if (sqlite3_exec(connection, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return store_error(connection, "use the store");
  return Done();
}

Result<Connection> open_connection(const std::string& path) {
  // Counting what memory is used would have every thread wait for one lock. It can be left out only
  // before SQLite's first use.
  static std::once_flag configured;
  std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &raw,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  Connection connection(raw);
  if (code != SQLITE_OK) return store_error(raw, fmt::format("open {}", path));
  sqlite3_busy_timeout(raw, busy_patience_ms);
  sqlite3_extended_result_codes(raw, 0);
  return connection;
}

Result<Statement> Statement::prepare(sqlite3* connection, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v3(connection, sql.data(), static_cast<int>(sql.size()),
                         SQLITE_PREPARE_PERSISTENT, &raw, nullptr) != SQLITE_OK)
    return store_error(connection, "prepare a statement");
  Statement statement;
  statement.handle_.reset(raw);
  return statement;
}

Statement& Statement::bind(int index, std::int64_t value) {
  sqlite3_bind_int64(handle_.get(), index, value);
  return *this;
}

Statement& Statement::bind(int index, std::string_view value) {
  // A text without bytes is one, and no NULL.
  sqlite3_bind_text(handle_.get(), index, value.data() == nullptr ? "" : value.data(),
                    static_cast<int>(value.size()), SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_bytes(int index, std::string_view value) {
  sqlite3_bind_blob(handle_.get(), index, value.data(), static_cast<int>(value.size()),
                    SQLITE_STATIC);
  return *this;
}

Statement& Statement::bind_null(int index) {
  sqlite3_bind_null(handle_.get(), index);
  return *this;
}

Result<bool> Statement::step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  auto error = store_error(sqlite3_db_handle(handle_.get()), "use the store");
  reset();
  return error;
}

Result<> Statement::run() {
  while (TRY(step())) {
  }
  reset();
  return Done();
}

void Statement::reset() {
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
}

}  // namespace batchyard::edge
