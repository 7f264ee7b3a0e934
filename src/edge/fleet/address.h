// IPv4 addresses of pools and nodes, in host byte order.
#pragma once

#include <cstdint>
#include <string>

#include "edge/fleet/limits.h"

namespace batchyard::fleet {

// The first address of pool number `pool`: 10.64.0.0, 10.64.4.0… With loopback 127.64.0.0,
// 127.64.4.0…
inline std::uint32_t subnet(std::uint32_t pool, bool loopback) {
  return ((loopback ? 127u : 10u) << 24 | 64u << 16) + pool * subnet_size;
}

inline std::string address_text(std::uint32_t address) {
  return std::to_string(address >> 24) + "." + std::to_string(address >> 16 & 255) + "." +
         std::to_string(address >> 8 & 255) + "." + std::to_string(address & 255);
}

}  // namespace batchyard::fleet
