#include "edge/link/dial.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

#include "base/text.h"
#include "edge/http/tls.h"
#include "edge/http/websocket_channel.h"
#include "edge/link/link_thread.h"

namespace batchyard::edge {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

struct Address {
  bool tls = false;
  std::string authority;  // host:port as written, for the Host header
  std::string host;
  std::string port;
  std::string target;
};

std::optional<Address> parse_address(std::string_view url) {
  Address address;
  address.tls = url.starts_with("wss://");
  if (!address.tls && !url.starts_with("ws://")) return std::nullopt;
  url.remove_prefix(url.find("://") + 3);
  const std::size_t path = std::min(url.find_first_of("/?"), url.size());
  address.target = url.substr(path);
  if (!address.target.starts_with('/')) address.target.insert(0, "/");
  std::string_view authority = url.substr(0, path);
  address.authority = authority;
  const std::size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  address.port = has_port ? std::string(authority.substr(colon + 1)) : address.tls ? "443" : "80";
  if (has_port) authority = authority.substr(0, colon);
  if (authority.starts_with('[') && authority.ends_with(']'))
    authority = authority.substr(1, authority.size() - 2);
  address.host = authority;
  if (address.host.empty() || !parse_integer(address.port)) return std::nullopt;
  return address;
}

// One attempt: from a name to an open WebSocket. It ends by handing its transport to the channel,
// or by ending the channel; a channel that was closed first ends it.
class Attempt : public std::enable_shared_from_this<Attempt> {
 public:
  Attempt(std::shared_ptr<LinkThread::Impl> thread, std::shared_ptr<WebsocketChannel> channel,
          DialOptions options, std::function<void()> on_open)
      : thread_(std::move(thread)),
        channel_(std::move(channel)),
        options_(std::move(options)),
        on_open_(std::move(on_open)),
        resolver_(thread_->loop()),
        limit_(thread_->loop()) {}

  void start();

 private:
  void connect(const tcp::resolver::results_type& found);
  void shake_hands();
  void greet();
  void stop();
  bool failed(const IoError& error, std::string_view what);

  std::shared_ptr<LinkThread::Impl> thread_;
  std::shared_ptr<WebsocketChannel> channel_;
  DialOptions options_;
  std::function<void()> on_open_;
  Address address_;
  std::shared_ptr<asio::ssl::context> tls_;
  tcp::resolver resolver_;
  asio::steady_timer limit_;
  std::unique_ptr<Transport> transport_;
  bool over_ = false;
};

void Attempt::start() {
  if (thread_->stopping()) return channel_->abort("the link's thread ends");
  thread_->add(channel_);
  channel_->on_gone([self = shared_from_this()] {
    self->stop();
    self->thread_->remove(self->channel_);
  });
  std::optional<Address> address = parse_address(options_.url);
  if (!address)
    return channel_->abort("'" + options_.url + "' is no address of a link: wss://host:port/path");
  address_ = *std::move(address);
  if (address_.tls) {
    auto context = tls_client_context(options_.ca_file);
    if (!context) return channel_->abort(context.error().message);
    tls_ = *std::move(context);
  }
  limit_.expires_after(options_.connect_timeout);
  limit_.async_wait([self = shared_from_this()](IoError error) {
    if (!error)
      self->channel_->abort("no link to " + self->address_.authority + " within " +
                            std::to_string(self->options_.connect_timeout.count()) + " ms");
  });
  resolver_.async_resolve(
      address_.host, address_.port,
      [self = shared_from_this()](IoError error, const tcp::resolver::results_type& found) {
        if (!self->failed(error, "find")) self->connect(found);
      });
}

bool Attempt::failed(const IoError& error, std::string_view what) {
  if (over_) return true;
  if (!error) return false;
  channel_->abort("cannot " + std::string(what) + " " + address_.authority + ": " +
                  error.message());
  return true;
}

void Attempt::connect(const tcp::resolver::results_type& found) {
  TcpSocket socket(thread_->loop().get_executor());
  transport_ = tls_ ? tls_client_transport(std::move(socket), tls_, address_.host)
                    : bare_transport(std::move(socket));
  asio::async_connect(transport_->socket(), found,
                      [self = shared_from_this()](IoError error, const tcp::endpoint&) {
                        if (!self->failed(error, "connect to")) self->shake_hands();
                      });
}

void Attempt::shake_hands() {
  IoError ignored;
  transport_->socket().set_option(tcp::no_delay(true), ignored);
  transport_->handshake([self = shared_from_this()](IoError error) {
    if (!self->failed(error, "agree on TLS with")) self->greet();
  });
}

void Attempt::greet() {
  channel_->greet(std::move(transport_),
                  {address_.authority, address_.target, std::move(options_.headers)},
                  [self = shared_from_this()] {
                    self->limit_.cancel();
                    if (self->on_open_) self->on_open_();
                  });
}

void Attempt::stop() {
  over_ = true;
  limit_.cancel();
  resolver_.cancel();
  if (transport_) transport_->close();
}

}  // namespace

std::shared_ptr<protocol::Channel> dial(LinkThread& thread, DialOptions options,
                                        protocol::ChannelEvents events,
                                        std::function<void()> on_open) {
  const std::shared_ptr<LinkThread::Impl>& impl = thread.impl();
  auto channel = std::make_shared<WebsocketChannel>(impl, impl->loop(), options.silence_max);
  channel->listen(std::move(events));
  auto attempt = std::make_shared<Attempt>(impl, channel, std::move(options), std::move(on_open));
  asio::post(impl->loop(), [attempt = std::move(attempt)] { attempt->start(); });
  return channel;
}

}  // namespace batchyard::edge
