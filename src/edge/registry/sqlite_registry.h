// The registry of an installation on disk: one SQLite file, synced at every change. Changes are
// few; one connection, one at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "arm/registry.h"
#include "edge/store/statement.h"

namespace batchyard::edge {

class SqliteRegistry : public arm::Registry {
 public:
  // Opens or makes the file. DataDirectoryTooNew for one of a newer version.
  static Result<std::unique_ptr<SqliteRegistry>> open(const std::string& path);

  Result<std::optional<arm::Record>> read(arm::RecordKind kind, std::string_view parent,
                                          std::string_view name) override;
  Result<std::vector<arm::Record>> list(arm::RecordKind kind, std::string_view parent) override;
  Result<std::optional<arm::Record>> put(arm::Record record,
                                         const arm::PutCondition& condition) override;
  Result<bool> erase(arm::RecordKind kind, std::string_view parent, std::string_view name) override;

 private:
  explicit SqliteRegistry(Connection connection) : connection_(std::move(connection)) {}
  Result<std::vector<arm::Record>> select(std::string_view condition, arm::RecordKind kind,
                                          std::string_view parent, std::string_view name);
  Result<std::optional<arm::Record>> write(arm::Record record, const arm::PutCondition& condition);

  std::mutex mutex_;
  Connection connection_;
};

}  // namespace batchyard::edge
