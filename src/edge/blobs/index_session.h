// One connection to the index of blobs, with what it asks prepared once, as the rows of a
// transaction. Internal to the index.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "blob/rows.h"
#include "edge/store/statement.h"

namespace batchyard::edge {

class IndexSession final : public blob::Rows {
 public:
  static Result<std::unique_ptr<IndexSession>> open(const std::string& path);

  sqlite3* connection() const { return connection_.get(); }
  // Ready to be bound; `sql` must be a literal.
  Result<Statement*> prepared(const char* sql);
  void use(Time now) { now_ = now; }

  Result<std::optional<blob::ContainerRow>> container(std::string_view name) override;
  Result<std::vector<blob::ContainerRow>> containers(std::string_view from,
                                                     std::int64_t limit) override;
  Result<> put_container(std::string_view name, const blob::Container& container) override;
  Result<> remove_container(const blob::ContainerRow& row) override;
  Result<std::optional<blob::BlobRow>> blob(std::int64_t container, std::string_view name) override;
  Result<std::unique_ptr<blob::Cursor>> blobs(std::int64_t container, bool uncommitted) override;
  Result<> commit_blob(std::int64_t container, std::string_view name, const blob::Blob& blob,
                       const std::vector<blob::Extent>& extents) override;
  Result<> put_blob(const blob::BlobRow& row) override;
  Result<> remove_blob(const blob::BlobRow& row) override;
  Result<std::vector<blob::Extent>> extents(std::int64_t blob, std::int64_t begin,
                                            std::int64_t end) override;
  Result<std::vector<blob::Block>> blocks(std::int64_t container, std::string_view name) override;
  Result<std::int64_t> block_count(std::int64_t container, std::string_view name) override;
  Result<> put_block(std::int64_t container, std::string_view name,
                     const blob::Block& block) override;
  Result<std::string> service_properties() override;
  Result<> put_service_properties(std::string_view xml) override;

  // One reference more, or less.
  Result<> refer(const blob::Piece& piece);
  Result<> release(const std::string& piece);

 private:
  explicit IndexSession(Connection connection) : connection_(std::move(connection)) {}

  Connection connection_;
  std::map<const char*, Statement> statements_;
  Time now_;  // when blocks are put
};

}  // namespace batchyard::edge
