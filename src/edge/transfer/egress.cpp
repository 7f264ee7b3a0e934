#include "edge/transfer/egress.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace batchyard::edge {

namespace {

struct SpecialRange {
  std::uint32_t begin;
  int bits;
};

constexpr std::uint32_t four(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
  return a << 24U | b << 16U | c << 8U;
}

// Source: the registry of special-purpose addresses of IPv4.
constexpr SpecialRange special[] = {
    {four(0, 0, 0), 8},      {four(10, 0, 0), 8},     {four(100, 64, 0), 10},
    {four(127, 0, 0), 8},    {four(169, 254, 0), 16}, {four(172, 16, 0), 12},
    {four(192, 0, 0), 24},   {four(192, 0, 2), 24},   {four(192, 88, 99), 24},
    {four(192, 168, 0), 16}, {four(198, 18, 0), 15},  {four(198, 51, 100), 24},
    {four(203, 0, 113), 24}, {four(224, 0, 0), 3}};
// A cloud's own services, at an address that looks public.
constexpr std::uint32_t host_services = four(168, 63, 129) | 16U;

bool is_public_v4(std::uint32_t address) {
  return address != host_services && std::ranges::none_of(special, [&](const SpecialRange& range) {
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
  // 2000::/3 is what there is of public ones; 2001::/23 is for protocols (some wrap), 2001:db8::/32
  // and 3fff::/20 are for documents.
  if (bytes[0] >> 5U != 1) return false;
  const bool protocols = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] < 2;
  const bool documents =
      (bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d && bytes[3] == 0xb8) ||
      (bytes[0] == 0x3f && bytes[1] == 0xff && bytes[2] < 0x10);
  return !protocols && !documents;
}

using Bytes = std::array<std::uint8_t, 16>;
constexpr int mapped_bits = 96;

Bytes mapped(const in_addr& address) {
  Bytes bytes{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  std::memcpy(bytes.data() + 12, &address, sizeof address);
  return bytes;
}

// Whether the first so many bits are the same.
bool lies_within(const Bytes& address, const Bytes& begin, int bits) {
  const auto whole = static_cast<std::size_t>(bits / 8);
  const int rest = bits % 8;
  return std::equal(begin.begin(), begin.begin() + whole, address.begin()) &&
         (rest == 0 || (address[whole] ^ begin[whole]) >> (8 - rest) == 0);
}

// What "private" stands for.
constexpr const char* private_ranges[] = {"127.0.0.0/8",    "10.0.0.0/8", "172.16.0.0/12",
                                          "192.168.0.0/16", "::1",        "fc00::/7"};
// Metadata of a cloud, among private addresses: it is allowed only by its own name.
constexpr const char* metadata_in_private = "fd00:ec2::254";

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

Result<> Egress::add(const std::string& text) {
  const std::size_t slash = text.find('/');
  const std::string name = text.substr(0, slash);
  Range range{};
  in_addr four_part{};
  int most = 128;
  if (inet_pton(AF_INET, name.c_str(), &four_part) == 1) {
    range.begin = mapped(four_part);
    most = 32;
  } else if (inet_pton(AF_INET6, name.c_str(), range.begin.data()) != 1) {
    most = -1;
  }
  const std::optional<std::int64_t> bits =
      slash == std::string::npos ? most : parse_integer(text.substr(slash + 1));
  if (!bits || *bits < 0 || *bits > most)
    return fail(Kind::invalid, "",
                fmt::format("{} is no range of addresses: give one like 10.1.0.0/16, fd00::/8 or "
                            "127.0.0.1, or private for this machine and all private networks",
                            text));
  range.bits = static_cast<int>(*bits) + (most == 32 ? mapped_bits : 0);
  allowed_.push_back(range);
  return Done();
}

Result<Egress> Egress::parse(const std::vector<std::string>& allowed) {
  Egress egress;
  for (const std::string& text : allowed) {
    if (text != "private") {
      TRY(egress.add(text));
      continue;
    }
    for (const char* range : private_ranges) TRY(egress.add(range));
  }
  return egress;
}

bool Egress::allows(const sockaddr* address) const {
  if (is_public_address(address)) return true;
  Bytes bytes{};
  if (address->sa_family == AF_INET) {
    sockaddr_in four_part{};
    std::memcpy(&four_part, address, sizeof four_part);
    bytes = mapped(four_part.sin_addr);
  } else if (address->sa_family == AF_INET6) {
    sockaddr_in6 six_part{};
    std::memcpy(&six_part, address, sizeof six_part);
    std::memcpy(bytes.data(), &six_part.sin6_addr, bytes.size());
  } else {
    return false;
  }
  Bytes metadata{};
  inet_pton(AF_INET6, metadata_in_private, metadata.data());
  return std::ranges::any_of(allowed_, [&](const Range& range) {
    return lies_within(bytes, range.begin, range.bits) && (bytes != metadata || range.bits == 128);
  });
}

}  // namespace batchyard::edge
