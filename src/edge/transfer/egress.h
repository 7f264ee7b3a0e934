// Which addresses the service itself may speak to when somebody else names a URL: public ones.
// Asked when the name was resolved, for every connection, so that no spelling and no redirect gets
// around it.
#pragma once

#include <sys/socket.h>

namespace batchyard::edge {

// False for this machine, private networks, link-local addresses (a cloud's metadata among them),
// and whatever else is no single place in the Internet; also where such an address is wrapped in
// one of IPv6.
bool is_public_address(const sockaddr* address);

}  // namespace batchyard::edge
