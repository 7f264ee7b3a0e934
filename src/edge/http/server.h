// The HTTP/1.1 and WebSocket listener. It answers "which request came in on this port?" and carries
// the answer back; what a request means is the handler's matter. Each connection lives on one of a
// few threads with a loop of its own, so nothing is locked between a request and its answer. Plain
// HTTP and HTTPS are two servers that share a handler.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "edge/http/limits.h"
#include "protocol/channel.h"

namespace batchyard::edge {

struct TlsFiles {
  std::string certificate_chain;  // PEM: the server's certificate first
  std::string private_key;        // PEM
  std::string key_text = {};      // what is in that file, where it is sealed; empty: as it is
};

// Makes the answer to a request that never reached the handler: the body is too long
// (Kind::too_large, "RequestBodyTooLarge"), the bytes are no HTTP (Kind::invalid), the handler
// threw (Kind::internal), an upgrade was refused (the refuser's own Error). `head` is what was read
// so far; its body is empty.
using Refuse = std::function<HttpResponse(const HttpRequest& head, const Error& error)>;

// Asked for every WebSocket upgrade, on the connection's thread. An Error refuses it with an
// ordinary response. Frames sent on the channel before the hand-shake is over wait for it.
using OnWebsocket = std::function<Result<protocol::ChannelEvents>(
    HttpRequest request, std::shared_ptr<protocol::Channel> channel)>;

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one, see Server::port()
  std::optional<TlsFiles> tls;
  unsigned threads = 2;
  std::uint64_t body_max = body_size_max;
  // Another limit for some requests (blob uploads); asked once the head was read. Empty: body_max
  // for all.
  std::function<std::uint64_t(const HttpRequest& head)> body_max_of;
  // Whether a request's body is pulled by the handler, part by part (HttpRequest::source), which
  // then gets the request as soon as its head was read. Nothing more of the body is read than was
  // asked for; a reply before its end ends the connection. Empty: bodies are read as a whole.
  std::function<bool(const HttpRequest& head)> streams;
  Refuse refuse;             // empty: the error's code and message as plain text
  OnWebsocket on_websocket;  // empty: upgrades are refused
  std::size_t connections_max = connections_max_default;
  std::chrono::milliseconds idle_timeout = idle_timeout_default;
  std::chrono::milliseconds head_timeout = head_timeout_default;
  std::chrono::milliseconds transfer_timeout = transfer_timeout_default;
  std::chrono::milliseconds drain_timeout = drain_timeout_default;
  std::chrono::milliseconds silence_max = silence_max_default;  // of a WebSocket peer
};

class Server {
 public:
  // Binds, listens and serves. The handler is called on the connections' threads and must not block
  // for long; it may reply from any thread, also after the server is gone (the reply is then
  // dropped).
  static Result<std::unique_ptr<Server>> start(ServerOptions options, HttpHandler handler);
  ~Server();  // stops

  std::uint16_t port() const;
  // Accepts no more, lets requests in progress end (at most drain_timeout), closes the channels,
  // joins the threads. Not to be called from a handler.
  void stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchyard::edge
