// The files that hold the bytes of blobs. A piece is a file of a name that is never given twice; it
// counts for nothing until the index names it, and what the index does not name is swept away.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "blob/digest.h"
#include "blob/service.h"
#include "edge/files/beneath.h"

namespace batchyard::edge {

// Bytes have a sum for each of these, and are read and checked by it.
inline constexpr std::int64_t summed_size = std::int64_t{256} << 10;
// What an upload leaves free on the disk.
inline constexpr std::int64_t blobs_kept_free = std::int64_t{128} << 20;

class Shelf {
 public:
  // What is held is read or on its way in: neither its file nor what the index knows of it goes.
  class Hold {
   public:
    Hold() = default;
    Hold(Shelf& shelf, std::vector<std::string> names);
    Hold(Hold&& other) noexcept;
    Hold& operator=(Hold&& other) noexcept;
    ~Hold();

   private:
    Shelf* shelf_ = nullptr;
    std::vector<std::string> names_;
  };

  static Result<std::unique_ptr<Shelf>> open(std::string directory);

  std::string path_of(std::string_view name) const;
  Hold hold(std::vector<std::string> names) { return {*this, std::move(names)}; }
  bool is_held(const std::string& name);
  void remove(const std::string& name) const;
  // Removes what `is_known` does not know and nobody holds; how many there were.
  Result<std::int64_t> sweep(const std::function<Result<bool>(const std::string&)>& is_known);
  // Room for that many bytes, with something to spare.
  Result<> check_room(std::int64_t size) const;

 private:
  explicit Shelf(std::string directory) : directory_(std::move(directory)) {}
  void take(const std::vector<std::string>& names);
  void let_go(const std::vector<std::string>& names);

  std::string directory_;
  std::mutex mutex_;
  std::map<std::string, int> holds_;
};

// A piece on its way in. Until it is kept, it goes when this goes.
class PieceWriter {
 public:
  static Result<std::unique_ptr<PieceWriter>> begin(Shelf& shelf);
  ~PieceWriter();
  PieceWriter(const PieceWriter&) = delete;
  PieceWriter& operator=(const PieceWriter&) = delete;

  Result<> add(std::string_view bytes);
  // Everything is on the disk after this, name and all.
  Result<blob::Received> seal();
  void keep() { kept_ = true; }
  std::int64_t size() const { return size_; }

 private:
  PieceWriter(Shelf& shelf, std::string name, Opened file);
  void end_sum();

  Shelf& shelf_;
  std::string name_;
  Shelf::Hold hold_;
  Opened file_;
  std::int64_t size_ = 0;
  bool kept_ = false;
  std::vector<std::uint64_t> sums_;
  blob::Crc64 sum_;  // of what has come of this part of `summed_size`
  blob::Crc64 crc_;
  blob::Md5 md5_;
};

// Reads a piece, and gives no byte that is not as it was written.
class PieceReader {
 public:
  // `sums` as the writer has made them.
  static Result<PieceReader> open(const Shelf& shelf, const blob::Piece& piece);
  // From `offset` up to the end of its sum, at most `count`.
  Result<std::string> read(std::int64_t offset, std::int64_t count) const;

 private:
  PieceReader(Opened file, blob::Piece piece) : file_(std::move(file)), piece_(std::move(piece)) {}
  Opened file_;
  blob::Piece piece_;
};

std::unexpected<Error> blob_disk_failed(std::string_view what, int error);

}  // namespace batchyard::edge
