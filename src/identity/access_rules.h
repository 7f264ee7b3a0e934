// How an account lets itself be asked: with which kinds of credentials, and from where.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard::identity {

enum class Credential {
  shared_key,  // a signature with one of the account's keys
  directory,   // a bearer token of the installation, or of an issuer that it trusts
  task,        // the token that a running task was given
};

// IPv4 addresses whose first `bits` bits are those of `begin`, in host byte order.
struct AddressRange {
  std::uint32_t begin = 0;
  int bits = 32;  // 0 to 32
};
// "203.0.113.7", "203.0.113.0/24"; InvalidAddressRange, naming the text, for anything else.
Result<AddressRange> parse_address_range(std::string_view text);

struct AccessRules {
  bool shared_key = true;
  bool directory = true;
  bool task = true;
  bool is_public = true;           // false: only who is on the account's own network
  bool lets_in_by_default = true;  // false: only from `ranges`
  std::vector<AddressRange> ranges = {};

  bool takes(Credential credential) const;
  // `peer` is an address as text. This machine and the nodes (127.0.0.0/8, ::1, 10.64.0.0/10) are
  // the account's own network and always let in.
  bool lets_in(std::string_view peer) const;
};

}  // namespace batchyard::identity
