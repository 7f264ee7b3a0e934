// For tests: a server on loopback that gives each connection the next of its answers, as bytes, and
// then ends it; what it was asked is kept. "@URL" in an answer is its own.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/check.h"

namespace batchyard::edge {

class ScriptedServer {
 public:
  explicit ScriptedServer(std::vector<std::string> answers, const char* host = "127.0.0.1")
      : host_(host), answers_(std::move(answers)), socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    inet_pton(AF_INET, host, &address.sin_addr);
    socklen_t length = sizeof address;
    auto* const any = reinterpret_cast<sockaddr*>(&address);
    check(bind(socket_, any, length) == 0 && listen(socket_, 8) == 0, "a port on loopback");
    getsockname(socket_, any, &length);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedServer() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::string url() const { return "http://" + host_ + ":" + std::to_string(port_) + "/x"; }
  // The heads of the requests that have come.
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  void serve() {
    for (std::string answer : answers_) {
      if (const std::size_t at = answer.find("@URL"); at != std::string::npos)
        answer.replace(at, 4, url());
      const int connection = accept(socket_, nullptr, nullptr);
      if (connection < 0) return;
      std::string head;
      char bytes[4096];
      while (!head.contains("\r\n\r\n")) {
        const ssize_t got = read(connection, bytes, sizeof bytes);
        if (got <= 0) break;
        head.append(bytes, static_cast<std::size_t>(got));
      }
      {
        const std::lock_guard lock(mutex_);
        asked_.push_back(head);
      }
      send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
      close(connection);
    }
  }

  std::string host_;
  std::vector<std::string> answers_;
  int socket_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  std::thread thread_;
};

}  // namespace batchyard::edge
