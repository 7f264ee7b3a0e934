#include "edge/blobs/byte_source.h"

#include <algorithm>

namespace batchyard::edge {

Result<std::string> ByteSource::next() {
  if (at_ >= bytes_.end) return std::string();
  while (extent_ < bytes_.extents.size()) {
    const blob::Extent& extent = bytes_.extents[extent_];
    if (at_ < extent.start + extent.piece.size) break;
    ++extent_;
    reader_.reset();
  }
  if (extent_ == bytes_.extents.size()) {
    Error error{Kind::internal, "InternalError", "", {}, "a blob's extents end before it does"};
    return std::unexpected(std::move(error));
  }
  const blob::Extent& extent = bytes_.extents[extent_];
  if (!reader_) {
    blob::Piece piece = extent.piece;
    piece.sums = TRY(store_.index().sums(piece.name));
    reader_ = TRY(PieceReader::open(store_.shelf(), piece));
  }
  std::string part = TRY(reader_->read(at_ - extent.start, bytes_.end - at_));
  at_ += static_cast<std::int64_t>(part.size());
  return part;
}

}  // namespace batchyard::edge
