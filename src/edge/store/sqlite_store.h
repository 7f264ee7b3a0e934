// The embedded store: SQLite with a write-ahead log, synced at every commit. What users set (every
// specification) is sealed in it. One thread commits;
// any thread reads whole commits; a thread of its own moves the log into the file, so that a commit
// never waits for that.
#pragma once

#include <memory>
#include <string>

#include "edge/seal/seal.h"
#include "engine/store.h"

namespace batchyard::edge {

class SqliteStore : public engine::Store {
 public:
  // Opens or makes `directory`/batchyard.db. Refuses a directory that another service uses, and a
  // file of a newer version, or one that another key has sealed. What was written before there was
  // a key is sealed first.
  static Result<std::unique_ptr<SqliteStore>> open(const std::string& directory,
                                                   std::shared_ptr<const Seal> seal);
  ~SqliteStore() override;

  Result<> commit(const engine::Batch& batch) override;
  Result<> load(const std::function<void(const engine::LoadedRow&)>& each) override;
  Result<std::int64_t> last_version() override;
  Result<std::optional<engine::Row>> read(const engine::EntityKey& key) override;
  // With no parent given, the order is that of (parent, id), and `after` is "parent\nid".
  Result<engine::Page> list(const engine::Query& query) override;
  Result<std::vector<engine::EventRecord>> events(std::string_view entity,
                                                  std::size_t limit) override;
  Result<engine::EventPage> events_after(const engine::EventQuery& query) override;
  Result<engine::Past> past(const engine::EntityKey& key, Time at) override;

 private:
  class Impl;
  explicit SqliteStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchyard::edge
