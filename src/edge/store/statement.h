// A prepared SQLite statement with an owner, and the connection it belongs to.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard::edge {

struct CloseConnection {
  void operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
};
using Connection = std::unique_ptr<sqlite3, CloseConnection>;

// How long a connection waits for a lock that another one has.
inline constexpr int busy_patience_ms = 10'000;

Result<Connection> open_connection(const std::string& path);

// "DiskFull" when there is no space, otherwise "InternalError", with what SQLite says.
std::unexpected<Error> store_error(sqlite3* connection, std::string_view doing);

Result<> execute(sqlite3* connection, const char* sql);

class Statement {
 public:
  Statement() = default;
  static Result<Statement> prepare(sqlite3* connection, std::string_view sql);

  // Parameters are numbered from 1. Texts must live until step() is done.
  Statement& bind(int index, std::int64_t value);
  Statement& bind(int index, std::string_view value);
  Statement& bind_bytes(int index, std::string_view value);
  Statement& bind_null(int index);

  // True while there is a row.
  Result<bool> step();
  // Runs to its end and makes it ready to be used again.
  Result<> run();
  void reset();

  std::int64_t integer(int column) const { return sqlite3_column_int64(handle_.get(), column); }
  std::string_view text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(
                     bytes, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column)));
  }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

}  // namespace batchyard::edge
