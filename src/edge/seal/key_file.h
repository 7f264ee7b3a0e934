// The key file of an installation: the key that seals, and, while keys are changed, the one before
// it. For its owner alone; one that others can read is refused.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace batchyard::edge {

std::string new_seal_key();

// The keys, the one that seals first.
Result<std::vector<std::string>> read_key_file(const std::string& path);
Result<> write_key_file(const std::string& path, const std::vector<std::string>& keys);
// With a new key (0600), never over a file that is there.
Result<> make_key_file(const std::string& path);

}  // namespace batchyard::edge
