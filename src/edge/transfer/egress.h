// Which addresses the service itself may speak to when somebody else names a URL: public ones, and
// those that its operator allows. Asked when the name was resolved, for every connection, so that
// no spelling, no redirect and no name that means another address the next time gets around it.
#pragma once

#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace batchyard::edge {

// False for this machine, private networks, link-local addresses (a cloud's metadata among them),
// and whatever else is no single place in the Internet; also where such an address is wrapped in
// one of IPv6.
bool is_public_address(const sockaddr* address);

class Egress {
 public:
  Egress() = default;  // public addresses alone
  // Beside them "10.1.0.0/16", "fd00::/8", "127.0.0.1", or "private": this machine and all private
  // networks, but no link-local address and no metadata of a cloud.
  static Result<Egress> parse(const std::vector<std::string>& allowed);

  bool allows(const sockaddr* address) const;

 private:
  using Bytes = std::array<std::uint8_t, 16>;  // an address of IPv4 as IPv6 maps it
  struct Range {
    Bytes begin;
    int bits;
  };
  Result<> add(const std::string& text);

  std::vector<Range> allowed_;
};

}  // namespace batchyard::edge
