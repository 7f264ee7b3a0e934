// The world's time and randomness, for those floors that may know them.
#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"

namespace batchyard::edge {

Time now();

// From the operating system's generator.
std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t bytes);
// A random GUID in lower case.
std::string random_guid();

}  // namespace batchyard::edge
