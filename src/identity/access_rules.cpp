#include "identity/access_rules.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "base/text.h"

namespace batchyard::identity {

namespace {

constexpr AddressRange own_network[] = {
    {127U << 24U, 8},               // this machine
    {10U << 24U | 64U << 16U, 10},  // nodes with networks of their own (edge/fleet/limits.h)
};

std::optional<std::uint32_t> v4_of(std::string_view text) {
  // A listener of both families sees IPv4 wrapped.
  constexpr std::string_view wrapped = "::ffff:";
  if (same_folded(text.substr(0, wrapped.size()), wrapped)) text.remove_prefix(wrapped.size());
  in_addr address{};
  if (inet_pton(AF_INET, std::string(text).c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

bool is_in(std::uint32_t address, const AddressRange& range) {
  return range.bits == 0 || address >> (32 - range.bits) == range.begin >> (32 - range.bits);
}

}  // namespace

Result<AddressRange> parse_address_range(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<std::uint32_t> begin = v4_of(text.substr(0, slash));
  const std::optional<std::int64_t> bits =
      slash == std::string_view::npos ? 32 : parse_integer(text.substr(slash + 1));
  if (begin && bits && *bits >= 0 && *bits <= 32)
    return AddressRange{*begin, static_cast<int>(*bits)};
  return fail(Kind::invalid, "InvalidAddressRange",
              fmt::format("'{}' is neither an IPv4 address (203.0.113.7) nor a range of them "
                          "(203.0.113.0/24).",
                          text));
}

bool AccessRules::takes(Credential credential) const {
  switch (credential) {
    case Credential::shared_key:
      return shared_key;
    case Credential::directory:
      return directory;
    case Credential::task:
      return task;
  }
  return false;
}

bool AccessRules::lets_in(std::string_view peer) const {
  if (is_public && lets_in_by_default) return true;
  const std::optional<std::uint32_t> address = v4_of(peer);
  if (!address) return peer == "::1";
  const auto has_it = [&](const AddressRange& range) { return is_in(*address, range); };
  if (std::ranges::any_of(own_network, has_it)) return true;
  return is_public && std::ranges::any_of(ranges, has_it);
}

}  // namespace batchyard::identity
