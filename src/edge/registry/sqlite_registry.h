// The registry of an installation on disk: one SQLite file, synced at every change. Changes are
// few; one connection, one at a time.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "arm/registry.h"
#include "edge/seal/seal.h"
#include "edge/store/statement.h"

namespace batchyard::edge {

class SqliteRegistry : public arm::Registry {
 public:
  // Opens or makes the file; what is in it is sealed. DataDirectoryTooNew for one of a newer
  // version, KeyFileWrong for one that another key has sealed.
  static Result<std::unique_ptr<SqliteRegistry>> open(const std::string& path,
                                                      std::shared_ptr<const Seal> seal);

  // Every record under the key that seals now, and nothing of what was there before in the file.
  Result<> reseal();

  Result<std::optional<arm::Record>> read(arm::RecordKind kind, std::string_view parent,
                                          std::string_view name) override;
  Result<std::vector<arm::Record>> list(arm::RecordKind kind, std::string_view parent) override;
  Result<std::optional<arm::Record>> put(arm::Record record,
                                         const arm::PutCondition& condition) override;
  Result<bool> erase(arm::RecordKind kind, std::string_view parent, std::string_view name) override;

 private:
  SqliteRegistry(Connection connection, std::shared_ptr<const Seal> seal)
      : seal_(std::move(seal)), connection_(std::move(connection)) {}
  Result<> reseal_records();
  Result<std::vector<arm::Record>> select(std::string_view condition, arm::RecordKind kind,
                                          std::string_view parent, std::string_view name);
  Result<std::optional<arm::Record>> write(arm::Record record, const arm::PutCondition& condition);

  std::shared_ptr<const Seal> seal_;
  std::mutex mutex_;
  Connection connection_;
};

}  // namespace batchyard::edge
