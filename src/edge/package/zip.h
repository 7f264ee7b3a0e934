// A zip archive, entry by entry, as somebody else has made it: what has no place in a package, or
// could leave the directory that it is unpacked into, is refused by name.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"

namespace batchyard::edge {

struct ZipEntry {
  std::string path;  // "bin/tool": no empty part, no "." and no ".."
  bool directory = false;
  unsigned mode = 0644;  // permissions alone: readable for everybody, set-id bits gone
};

// Takes the entries in their order; an error ends the walk.
class ZipVisitor {
 public:
  virtual ~ZipVisitor() = default;
  virtual Result<> entry(const ZipEntry& entry) = 0;
  // Of the last entry, part by part.
  virtual Result<> bytes(const char* bytes, std::size_t count) = 0;
};

// What the limits of edge/package/limits.h are for an archive; other ones for tests.
struct ZipLimits {
  std::int64_t entries = 0;
  std::int64_t unpacked = 0;
  std::int64_t ratio = 0;
  std::int64_t ratio_free = 0;
};
ZipLimits zip_limits();

// From the open file `number`, whose place is anywhere. `keeps_on` false calls it off.
// InvalidArchive names the entry, what is wrong with it and what would help; nothing is visited
// after that.
Result<> walk_zip(int number, ZipVisitor& visitor, const ZipLimits& limits = zip_limits(),
                  const std::function<bool()>& keeps_on = {});

// Reads every byte and keeps none.
Result<> check_zip(int number);

}  // namespace batchyard::edge
