// A connection's reading half: from bytes to a request in the handler's hands.
#include <algorithm>
#include <boost/beast/http/error.hpp>
#include <cstring>
#include <exception>
#include <utility>

#include "edge/http/connection.h"
#include "edge/http/delivery.h"
#include "edge/http/websocket_channel.h"

namespace batchyard::edge {
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace {

constexpr std::size_t input_usual = 8U << 10;
constexpr std::size_t input_large = 64U << 10;  // for bodies: fewer, longer reads
constexpr std::size_t input_max = 2 * head_size_max;

}  // namespace

Connection::Connection(std::shared_ptr<Worker> worker, TcpSocket socket, Place place)
    : worker_(std::move(worker)), place_(std::move(place)) {
  IoError ignored;
  peer_ = socket.remote_endpoint(ignored).address().to_string();
  const auto& tls = worker_->serving().tls;
  transport_ =
      tls ? tls_server_transport(std::move(socket), tls) : bare_transport(std::move(socket));
}

void Connection::start() {
  expire_in(worker_->serving().options.head_timeout);
  transport_->handshake([self = shared_from_this()](IoError error) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    self->input_.resize(input_usual);
    self->next_request();
  });
}

void Connection::close() {
  if (phase_ == Phase::closed) return;
  phase_ = Phase::closed;
  deadline_ = SteadyTime::max();
  source_ = nullptr;
  wanted_ = nullptr;
  place_.reset();
  if (transport_) transport_->close();
  worker_->remove(shared_from_this());
}

void Connection::close_if_idle() {
  if (phase_ == Phase::idle) close();
}

void Connection::expire_in(std::chrono::milliseconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
}

void Connection::expire_after_transfer(std::uint64_t size) {
  expire_in(worker_->serving().options.transfer_timeout +
            std::chrono::seconds(size / slowest_rate));
}

void Connection::next_request() {
  phase_ = Phase::idle;
  parser_.emplace();
  streams_ = continues_ = false;
  asked_.method.clear();
  if (input_begin_ == input_end_) {
    if (worker_->draining()) return close();
    if (input_.size() > input_usual) std::vector<char>(input_usual).swap(input_);
    expire_in(worker_->serving().options.idle_timeout);
    return read_more();
  }
  phase_ = Phase::reading;
  expire_in(worker_->serving().options.head_timeout);
  feed();
}

bool Connection::make_room() {
  if (input_begin_ == input_end_) input_begin_ = input_end_ = 0;
  if (input_end_ < input_.size()) return true;
  if (input_begin_ > 0) {
    std::memmove(input_.data(), input_.data() + input_begin_, input_end_ - input_begin_);
    input_end_ -= input_begin_;
    input_begin_ = 0;
    return true;
  }
  if (input_.size() >= input_max) return false;
  input_.resize(input_.size() * 2);
  return true;
}

void Connection::read_more() {
  if (!make_room()) return malformed(http::error::header_limit);
  const asio::mutable_buffer room(input_.data() + input_end_, input_.size() - input_end_);
  transport_->read_some(room, [self = shared_from_this()](IoError error, std::size_t size) {
    self->received(error, size);
  });
}

void Connection::received(IoError error, std::size_t size) {
  if (phase_ == Phase::closed) return;
  if (error) return close();
  input_end_ += size;
  if (phase_ == Phase::idle) {
    phase_ = Phase::reading;
    expire_in(worker_->serving().options.head_timeout);
  }
  feed();
}

void Connection::feed() {
  if (streams_) return feed_wanted();
  while (input_begin_ < input_end_) {
    const bool head_was_done = parser_->is_header_done();
    const asio::const_buffer input(input_.data() + input_begin_, input_end_ - input_begin_);
    IoError error;
    input_begin_ += parser_->put(input, error);
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit) return too_long();
    if (error) return malformed(error);
    if (!head_was_done && parser_->is_header_done()) return head_came();
    if (parser_->is_done()) return dispatch();
  }
  read_more();
}

void Connection::head_came() {
  const Serving& serving = worker_->serving();
  HttpRequest& request = parser_->request();
  request.scheme = serving.tls ? "https" : "http";
  request.peer = peer_;
  if (request.host.empty()) request.host = serving.own_host;
  asked_.method = request.method;
  asked_.target = request.target;
  asked_.scheme = request.scheme;
  asked_.host = request.host;
  asked_.peer = request.peer;

  if (parser_->unknown_encoding()) return malformed(http::error::bad_transfer_encoding);
  if (parser_->wants_websocket()) return upgrade();
  if (parser_->is_done()) return dispatch();
  body_follows();
}

void Connection::body_follows() {
  const ServerOptions& options = worker_->serving().options;
  const HttpRequest& request = parser_->request();
  const std::uint64_t limit = options.body_max_of ? options.body_max_of(request) : options.body_max;
  const boost::optional<std::uint64_t> length = parser_->content_length();
  if (length && *length > limit) return too_long();
  parser_->body_limit(limit);
  parser_->eager(true);
  if (options.streams && options.streams(request)) {
    parser_->stream();
    streams_ = true;
    continues_ = parser_->expects_continue();
    parser_->request().source = [weak = weak_from_this()](BodyPart wanted) {
      Delivery<BodyPart> ask(weak, &Connection::body_wanted);
      ask(std::move(wanted));
    };
    return dispatch();
  }
  expire_after_transfer(length ? *length : limit);
  if (input_.size() < input_large && (!length || *length > input_usual)) input_.resize(input_large);

  if (parser_->expects_continue() && input_begin_ == input_end_) {
    head_ = "HTTP/1.1 100 Continue\r\n\r\n";
    output_ = {asio::buffer(head_)};
    return write(&Connection::feed);
  }
  feed();
}

void Connection::body_wanted(std::optional<BodyPart> wanted) {
  if (phase_ != Phase::handling || !streams_ || wanted_ || !wanted) return;
  wanted_ = *std::move(wanted);
  if (input_.size() < input_large) input_.resize(input_large);
  expire_in(worker_->serving().options.transfer_timeout);
  if (std::exchange(continues_, false) && input_begin_ == input_end_) {
    head_ = "HTTP/1.1 100 Continue\r\n\r\n";
    output_ = {asio::buffer(head_)};
    return write(&Connection::feed);
  }
  feed();
}

// Of what has arrived, as much as there is; reads when there is nothing.
void Connection::feed_wanted() {
  while (input_begin_ < input_end_ && !parser_->is_done()) {
    const asio::const_buffer input(input_.data() + input_begin_, input_end_ - input_begin_);
    IoError error;
    input_begin_ += parser_->put(input, error);
    if (error == http::error::need_more) break;
    if (error == http::error::body_limit)
      return give_body(fail(Kind::too_large, "RequestBodyTooLarge",
                            "The size of the request body exceeds the maximum size permitted."));
    if (error)
      return give_body(fail(Kind::invalid, "InvalidRequest",
                            "The bytes received are no HTTP/1.1 body: " + error.message() + "."));
  }
  std::string part = std::exchange(parser_->request().body, {});
  if (part.empty() && !parser_->is_done()) return read_more();
  give_body(std::move(part));
}

void Connection::give_body(Result<std::string> part) {
  deadline_ = SteadyTime::max();  // how long it takes with the part is the handler's matter
  BodyPart wanted = std::exchange(wanted_, nullptr);
  try {
    wanted(std::move(part));
  } catch (const std::exception&) {
    close();
  }
}

void Connection::dispatch() {
  phase_ = Phase::handling;
  deadline_ = SteadyTime::max();
  try {
    worker_->serving().handler(std::move(parser_->request()),
                               Delivery<HttpResponse>(weak_from_this(), &Connection::answer));
  } catch (const std::exception& thrown) {
    if (phase_ != Phase::handling) return;
    Error error{Kind::internal,
                "InternalError",
                "The server could not answer this request. Its log says why.",
                {},
                thrown.what()};
    refuse(error);
  }
}

void Connection::upgrade() {
  const Serving& serving = worker_->serving();
  if (!serving.options.on_websocket)
    return refuse({Kind::not_found, "ResourceNotFound", "No WebSocket is served here.", {}, {}});
  if (input_begin_ != input_end_) return malformed(http::error::unexpected_body);
  auto channel =
      std::make_shared<WebsocketChannel>(worker_, worker_->loop(), serving.options.silence_max);
  Result<protocol::ChannelEvents> events =
      serving.options.on_websocket(parser_->request(), channel);
  if (!events) return refuse(events.error());

  phase_ = Phase::closed;
  deadline_ = SteadyTime::max();
  worker_->add(channel);
  // The place goes with the channel: it is the same socket.
  channel->on_gone(
      [worker = std::weak_ptr(worker_), place = std::move(place_), weak = std::weak_ptr(channel)] {
        const auto here = worker.lock();
        const auto gone = weak.lock();
        if (here && gone) here->remove(gone);
      });
  channel->accept(std::move(transport_), parser_->request(), *std::move(events));
  worker_->remove(shared_from_this());
}

void Connection::malformed(const IoError& error) {
  const bool head_too_long = error == http::error::header_limit;
  refuse({Kind::invalid,
          head_too_long ? "RequestHeadTooLarge" : "InvalidRequest",
          head_too_long
              ? "The request's head is longer than 64 KiB."
              : "The bytes received are not an HTTP/1.1 request: " + error.message() + ".",
          {},
          {}});
}

void Connection::too_long() {
  refuse({Kind::too_large,
          "RequestBodyTooLarge",
          "The size of the request body exceeds the maximum size permitted.",
          {},
          {}});
}

void Connection::discard(std::uint64_t size_left) {
  input_begin_ = input_end_ = 0;
  transport_->read_some(asio::buffer(input_),
                        [self = shared_from_this(), size_left](IoError error, std::size_t size) {
                          if (self->phase_ == Phase::closed) return;
                          if (error || size >= size_left) return self->close();
                          self->discard(size_left - size);
                        });
}

}  // namespace batchyard::edge
