#include "edge/transfer/egress.h"

#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace batchyard::edge {

namespace {

struct Range {
  std::uint32_t begin;
  int bits;
};

constexpr std::uint32_t four(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return a << 24U | b << 16U | c << 8U;
}

// Source: the registry of special-purpose addresses of IPv4.
constexpr Range special[] = {
    {four(0, 0, 0), 8},     {four(10, 0, 0), 8},      {four(100, 64, 0), 10},
    {four(127, 0, 0), 8},   {four(169, 254, 0), 16},  {four(172, 16, 0), 12},
    {four(192, 0, 0), 24},  {four(192, 0, 2), 24},    {four(192, 168, 0), 16},
    {four(198, 18, 0), 15}, {four(198, 51, 100), 24}, {four(203, 0, 113), 24},
    {four(224, 0, 0), 3}};
// A cloud's own services, at an address that looks public.
constexpr std::uint32_t host_services = four(168, 63, 129) | 16U;

bool is_public_v4(std::uint32_t address) {
  return address != host_services && std::ranges::none_of(special, [&](const Range& range) {
           return address >> (32 - range.bits) == range.begin >> (32 - range.bits);
         });
}

std::uint32_t v4_at(const std::uint8_t* bytes) {
  return four(bytes[0], bytes[1], bytes[2]) | bytes[3];
}

bool is_public_v6(const std::uint8_t* bytes) {
  constexpr std::array<std::uint8_t, 12> translated{0, 0x64, 0xff, 0x9b};
  if (std::equal(translated.begin(), translated.end(), bytes))
    return is_public_v4(v4_at(bytes + 12));
  if (bytes[0] == 0x20 && bytes[1] == 0x02) return is_public_v4(v4_at(bytes + 2));
  // 2000::/3 is what there is of public ones; 2001:0::/32 wraps, and 2001:db8::/32 is for
  // documents.
  if (bytes[0] >> 5U != 1) return false;
  const bool wraps = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0 && bytes[3] == 0;
  const bool documents =
      bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8;
  return !wraps && !documents;
}

}  // namespace

bool is_public_address(const sockaddr* address) {
  if (address->sa_family == AF_INET) {
    sockaddr_in four_part{};
    std::memcpy(&four_part, address, sizeof four_part);
    return is_public_v4(ntohl(four_part.sin_addr.s_addr));
  }
  if (address->sa_family != AF_INET6) return false;
  sockaddr_in6 six_part{};
  std::memcpy(&six_part, address, sizeof six_part);
  const std::uint8_t* bytes = six_part.sin6_addr.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&six_part.sin6_addr)) return is_public_v4(v4_at(bytes + 12));
  return is_public_v6(bytes);
}

}  // namespace batchyard::edge
