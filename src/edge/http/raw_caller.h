// For tests of the sockets: a caller that says exactly the bytes it is told, however wrong, and
// waits at most ten seconds for what it wants to hear.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <string>
#include <string_view>

namespace batchyard::edge {

class RawCaller {
 public:
  explicit RawCaller(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    timeval limit{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  }
  ~RawCaller() { ::close(socket_); }
  RawCaller(const RawCaller&) = delete;
  RawCaller& operator=(const RawCaller&) = delete;

  bool connected() const { return connected_; }

  bool say(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // Everything heard so far once `end` is in it `count` times, or the connection ended.
  const std::string& hear_until(std::string_view end, int count = 1) {
    while (times(end) < count && hear_some()) {
    }
    return heard_;
  }

  const std::string& hear_all() {
    while (hear_some()) {
    }
    return heard_;
  }

  // True when the other side ended the connection, in whatever way, within the limit.
  bool ended() {
    hear_all();
    return ended_;
  }

  void forget() { heard_.clear(); }

 private:
  bool hear_some() {
    char part[65536];
    const ssize_t size = ::recv(socket_, part, sizeof part, 0);
    if (size > 0) heard_.append(part, static_cast<std::size_t>(size));
    ended_ = size == 0 || (size < 0 && errno == ECONNRESET);
    return size > 0;
  }

  int times(std::string_view text) const {
    int count = 0;
    for (std::size_t at = heard_.find(text); at != std::string::npos;
         at = heard_.find(text, at + 1))
      ++count;
    return count;
  }

  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string heard_;
};

}  // namespace batchyard::edge
