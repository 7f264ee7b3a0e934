// The port to the index: what one transaction may read and change. What a piece is, the edge knows;
// here it is a name, a size, and bytes that are on the disk already.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "blob/entities.h"

namespace batchyard::blob {

struct ContainerRow {
  std::int64_t number = 0;
  std::string name;
  Container container;
};

struct BlobRow {
  std::int64_t number = 0;  // 0: only blocks that nobody has committed
  std::string name;
  Blob blob;
};

// Bytes that came with one request. They are kept for as long as something refers to them.
struct Piece {
  std::string name;
  std::int64_t size = 0;
  std::string sums;  // of its parts; the edge's matter, and not told with extents
};

// A part of a committed blob.
struct Extent {
  std::int64_t start = 0;
  Piece piece;
  std::string block;  // its id; empty when the blob came as a whole
};

struct Block {
  std::string id;  // base64
  Piece piece;
};

// The blobs of a container in the order of their names, from `seek` on.
class Cursor {
 public:
  virtual ~Cursor() = default;
  // The first whose name is not before `name`.
  virtual Result<std::optional<BlobRow>> seek(std::string_view name) = 0;
  virtual Result<std::optional<BlobRow>> next() = 0;
};

class Rows {
 public:
  virtual ~Rows() = default;

  virtual Result<std::optional<ContainerRow>> container(std::string_view name) = 0;
  // In the order of names, not before `from`.
  virtual Result<std::vector<ContainerRow>> containers(std::string_view from,
                                                       std::int64_t limit) = 0;
  virtual Result<> put_container(std::string_view name, const Container& container) = 0;
  virtual Result<> remove_container(const ContainerRow& row) = 0;

  virtual Result<std::optional<BlobRow>> blob(std::int64_t container, std::string_view name) = 0;
  virtual Result<std::unique_ptr<Cursor>> blobs(std::int64_t container, bool uncommitted) = 0;
  // Instead of the one of that name, if there is one, and of its blocks that wait.
  virtual Result<> commit_blob(std::int64_t container, std::string_view name, const Blob& blob,
                               const std::vector<Extent>& extents) = 0;
  // What is known of a blob that is there.
  virtual Result<> put_blob(const BlobRow& row) = 0;
  virtual Result<> remove_blob(const BlobRow& row) = 0;

  // Those that hold the bytes from `begin` up to `end`.
  virtual Result<std::vector<Extent>> extents(std::int64_t blob, std::int64_t begin,
                                              std::int64_t end) = 0;
  virtual Result<std::vector<Block>> blocks(std::int64_t container, std::string_view name) = 0;
  virtual Result<std::int64_t> block_count(std::int64_t container, std::string_view name) = 0;
  virtual Result<> put_block(std::int64_t container, std::string_view name, const Block& block) = 0;

  virtual Result<std::string> service_properties() = 0;
  virtual Result<> put_service_properties(std::string_view xml) = 0;
};

}  // namespace batchyard::blob
