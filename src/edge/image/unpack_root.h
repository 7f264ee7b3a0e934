// A root file system's archive into a directory.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace batchyard::edge {

struct RootFacts {
  std::int64_t size = 0;      // bytes of its files
  std::int64_t left_out = 0;  // devices: a node has the machine's
  std::string digest;         // SHA-256
};

// `archive`: an open tar file, packed by gzip, bzip2, xz, zstd or not at all. `directory`: an open
// one and empty. InvalidImage names the entry and what is wrong with it.
Result<RootFacts> unpack_root(int archive, int directory);

}  // namespace batchyard::edge
