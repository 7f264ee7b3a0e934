// The few requests of rtnetlink that links of nodes need, made in the network namespace in which
// the socket was opened. Direct requests instead of the `ip` program: a node costs a millisecond of
// them, not a process each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "edge/fleet/descriptor.h"

namespace batchyard::fleet {

struct LinkPair {
  std::string name;  // at most 15 characters, as every link's
  std::string peer_name;
  int peer_namespace = -1;  // an open network namespace
  std::uint32_t address =
      0;  // the hardware address is made from it: one address always has the same
};

class Netlink {
 public:
  // In the network namespace of the calling thread.
  static Result<Netlink> open();

  Result<> add_bridge(const std::string& name);
  Result<> add_pair(const LinkPair& pair);
  Result<> set_up(const std::string& name);
  Result<> join(const std::string& name, const std::string& bridge);  // and sets it up
  Result<> add_address(const std::string& name, std::uint32_t address, int prefix);
  Result<> add_default_route(std::uint32_t gateway);
  Result<> remove(const std::string& name);  // not there is fine

 private:
  explicit Netlink(Descriptor socket) : socket_(std::move(socket)) {}
  Result<std::uint32_t> index_of(const std::string& name);
  // Sends one request and returns the kernel's answer's errno (0: done). `answer` takes the first
  // message.
  int ask(std::vector<char>& request, std::vector<char>* answer = nullptr);

  Descriptor socket_;
  std::uint32_t sequence_ = 0;
};

// Runs in another network namespace: enters it, calls, and comes back.
Result<Netlink> open_netlink_in(int network_namespace);

}  // namespace batchyard::fleet
