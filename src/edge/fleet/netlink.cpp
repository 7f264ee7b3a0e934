#include "edge/fleet/netlink.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstddef>
#include <cstring>

#include "base/check.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// Builds one request: a header, a body of the family's kind, then attributes, which may nest.
class Request {
 public:
  template <class Body>
  Request(std::uint16_t type, std::uint16_t flags, const Body& body) {
    nlmsghdr header{};
    header.nlmsg_type = type;
    header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
    append(&header, sizeof header);
    append(&body, sizeof body);
  }
  template <class Body>
  void body(const Body& body) {
    append(&body, sizeof body);
  }
  void attribute(std::uint16_t type, const void* value, std::size_t size) {
    rtattr head{};
    head.rta_type = type;
    head.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size));
    append(&head, sizeof head);
    append(value, size);
  }
  void attribute(std::uint16_t type, const std::string& text) {
    attribute(type, text.c_str(), text.size() + 1);
  }
  void attribute(std::uint16_t type, std::uint32_t value) { attribute(type, &value, sizeof value); }
  std::size_t begin(std::uint16_t type) {
    const std::size_t at = bytes_.size();
    rtattr head{};
    head.rta_type = type;
    append(&head, sizeof head);
    return at;
  }
  void end(std::size_t at) {
    const auto length = static_cast<std::uint16_t>(bytes_.size() - at);
    std::memcpy(bytes_.data() + at + offsetof(rtattr, rta_len), &length, sizeof length);
  }
  std::vector<char>& bytes() { return bytes_; }

 private:
  void append(const void* data, std::size_t size) {
    const char* from = static_cast<const char*>(data);
    bytes_.insert(bytes_.end(), from, from + size);
    bytes_.resize((bytes_.size() + 3) & ~std::size_t{3});
  }
  std::vector<char> bytes_;
};

ifinfomsg any_link() {
  ifinfomsg body{};
  body.ifi_family = AF_UNSPEC;
  return body;
}

constexpr std::uint16_t create = NLM_F_CREATE | NLM_F_EXCL;

Result<> as_result(int error_number, const std::string& doing) {
  if (error_number != 0) return cannot(doing, error_number);
  return Done{};
}

}  // namespace

Result<Netlink> Netlink::open() {
  Descriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!socket.is_open()) return cannot("open a netlink socket");
  return Netlink(std::move(socket));
}

int Netlink::ask(std::vector<char>& request, std::vector<char>* answer) {
  nlmsghdr header;
  std::memcpy(&header, request.data(), sizeof header);
  header.nlmsg_len = static_cast<std::uint32_t>(request.size());
  header.nlmsg_seq = ++sequence_;
  std::memcpy(request.data(), &header, sizeof header);
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  if (::sendto(socket_.number(), request.data(), request.size(), 0,
               reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel) < 0)
    return errno;
  std::vector<char> buffer(32768);
  while (true) {
    const ssize_t count = ::recv(socket_.number(), buffer.data(), buffer.size(), 0);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    // One datagram may hold several messages; the acknowledgement (an error of 0) ends them.
    for (std::size_t at = 0; at + sizeof(nlmsghdr) <= static_cast<std::size_t>(count);) {
      std::memcpy(&header, buffer.data() + at, sizeof header);
      if (header.nlmsg_len < sizeof header || header.nlmsg_seq != sequence_) return EPROTO;
      if (header.nlmsg_type == NLMSG_ERROR) {
        nlmsgerr error;
        std::memcpy(&error, buffer.data() + at + NLMSG_HDRLEN, sizeof error);
        return -error.error;
      }
      if (answer != nullptr && answer->empty())
        answer->assign(buffer.data() + at, buffer.data() + at + header.nlmsg_len);
      at += NLMSG_ALIGN(header.nlmsg_len);
    }
  }
}

Result<std::uint32_t> Netlink::index_of(const std::string& name) {
  Request request(RTM_GETLINK, 0, any_link());
  request.attribute(IFLA_IFNAME, name);
  std::vector<char> answer;
  if (const int error = ask(request.bytes(), &answer); error != 0)
    return cannot("find the link " + name, error);
  if (answer.size() < NLMSG_HDRLEN + sizeof(ifinfomsg))
    return cannot("find the link " + name, EPROTO);
  ifinfomsg found;
  std::memcpy(&found, answer.data() + NLMSG_HDRLEN, sizeof found);
  return static_cast<std::uint32_t>(found.ifi_index);
}

Result<> Netlink::add_bridge(const std::string& name) {
  Request request(RTM_NEWLINK, create, any_link());
  request.attribute(IFLA_IFNAME, name);
  const std::size_t info = request.begin(IFLA_LINKINFO);
  request.attribute(IFLA_INFO_KIND, std::string("bridge"));
  request.end(info);
  return as_result(ask(request.bytes()), "make a network bridge");
}

Result<> Netlink::add_pair(const LinkPair& pair) {
  Request request(RTM_NEWLINK, create, any_link());
  request.attribute(IFLA_IFNAME, pair.name);
  const unsigned char hardware[6] = {2,
                                     0,
                                     static_cast<unsigned char>(pair.address >> 24),
                                     static_cast<unsigned char>(pair.address >> 16),
                                     static_cast<unsigned char>(pair.address >> 8),
                                     static_cast<unsigned char>(pair.address)};
  request.attribute(IFLA_ADDRESS, hardware, sizeof hardware);
  const std::size_t info = request.begin(IFLA_LINKINFO);
  request.attribute(IFLA_INFO_KIND, std::string("veth"));
  const std::size_t data = request.begin(IFLA_INFO_DATA);
  const std::size_t peer = request.begin(VETH_INFO_PEER);
  request.body(any_link());
  request.attribute(IFLA_IFNAME, pair.peer_name);
  request.attribute(IFLA_NET_NS_FD, static_cast<std::uint32_t>(pair.peer_namespace));
  request.end(peer);
  request.end(data);
  request.end(info);
  return as_result(ask(request.bytes()), "make a virtual Ethernet pair");
}

Result<> Netlink::set_up(const std::string& name) {
  ifinfomsg body = any_link();
  body.ifi_flags = IFF_UP;
  body.ifi_change = IFF_UP;
  Request request(RTM_NEWLINK, 0, body);
  request.attribute(IFLA_IFNAME, name);
  return as_result(ask(request.bytes()), "set the link " + name + " up");
}

Result<> Netlink::join(const std::string& name, const std::string& bridge) {
  const std::uint32_t master = TRY(index_of(bridge));
  ifinfomsg body = any_link();
  body.ifi_flags = IFF_UP;
  body.ifi_change = IFF_UP;
  Request request(RTM_NEWLINK, 0, body);
  request.attribute(IFLA_IFNAME, name);
  request.attribute(IFLA_MASTER, master);
  return as_result(ask(request.bytes()), "join the link " + name + " to its bridge");
}

Result<> Netlink::add_address(const std::string& name, std::uint32_t address, int prefix) {
  ifaddrmsg body{};
  body.ifa_family = AF_INET;
  body.ifa_prefixlen = static_cast<unsigned char>(prefix);
  body.ifa_index = TRY(index_of(name));
  Request request(RTM_NEWADDR, create, body);
  const std::uint32_t wire = htonl(address);
  const std::uint32_t broadcast = htonl(address | ((1u << (32 - prefix)) - 1));
  request.attribute(IFA_LOCAL, wire);
  request.attribute(IFA_ADDRESS, wire);
  request.attribute(IFA_BROADCAST, broadcast);
  return as_result(ask(request.bytes()), "give the link " + name + " its address");
}

Result<> Netlink::add_default_route(std::uint32_t gateway) {
  rtmsg body{};
  body.rtm_family = AF_INET;
  body.rtm_table = RT_TABLE_MAIN;
  body.rtm_protocol = RTPROT_STATIC;
  body.rtm_scope = RT_SCOPE_UNIVERSE;
  body.rtm_type = RTN_UNICAST;
  Request request(RTM_NEWROUTE, create, body);
  request.attribute(RTA_GATEWAY, htonl(gateway));
  return as_result(ask(request.bytes()), "set the default route");
}

Result<> Netlink::remove(const std::string& name) {
  Request request(RTM_DELLINK, 0, any_link());
  request.attribute(IFLA_IFNAME, name);
  const int error = ask(request.bytes());
  return as_result(error == ENODEV ? 0 : error, "remove the link " + name);
}

Result<Netlink> open_netlink_in(int network_namespace) {
  const Descriptor own = TRY(open_file("/proc/thread-self/ns/net", O_RDONLY));
  if (::setns(network_namespace, CLONE_NEWNET) != 0) return cannot("enter a network namespace");
  Result<Netlink> netlink = Netlink::open();
  check(::setns(own.number(), CLONE_NEWNET) == 0, "a thread returns to its own network namespace");
  return netlink;
}

}  // namespace batchyard::fleet
