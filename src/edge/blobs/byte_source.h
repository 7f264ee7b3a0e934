// Committed bytes, part by part, in order: for answers and for copies. Each part was checked
// against its sum.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "blob/service.h"
#include "edge/blobs/blob_store.h"

namespace batchyard::edge {

class ByteSource {
 public:
  ByteSource(BlobStore& store, blob::Bytes bytes, Shelf::Hold hold)
      : store_(store), bytes_(std::move(bytes)), hold_(std::move(hold)), at_(bytes_.begin) {}

  std::int64_t size() const { return bytes_.end - bytes_.begin; }
  // Empty at the end.
  Result<std::string> next();

 private:
  BlobStore& store_;
  blob::Bytes bytes_;
  Shelf::Hold hold_;
  std::int64_t at_;
  std::size_t extent_ = 0;
  std::optional<PieceReader> reader_;  // of that extent
};

}  // namespace batchyard::edge
