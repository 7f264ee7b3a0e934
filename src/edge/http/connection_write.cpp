// A connection's writing half: from an answer to bytes, and what comes after them.
#include <algorithm>
#include <charconv>
#include <exception>

#include "base/http_status.h"
#include "edge/http/connection.h"
#include "edge/http/delivery.h"
#include "edge/http/response_head.h"

namespace batchyard::edge {
namespace asio = boost::asio;
namespace {

constexpr std::size_t body_joined_max = 16U << 10;  // one write, one TLS record
constexpr std::string_view last_chunk = "0\r\n\r\n";
constexpr std::string_view chunk_end = "\r\n";

HttpResponse plain_refusal(const Error& error) {
  HttpResponse response;
  response.status = http_status(error.kind);
  response.headers = {{"Content-Type", "text/plain; charset=utf-8"}};
  response.body = error.code + ": " + error.message + "\n";
  return response;
}

}  // namespace

HttpResponse Connection::refusal(const Error& error) {
  const ServerOptions& options = worker_->serving().options;
  // While the parser has the request, the refuser sees all of the head.
  HttpRequest& head = phase_ == Phase::handling ? asked_ : parser_->request();
  head.body.clear();
  if (head.host.empty()) head.host = worker_->serving().own_host;
  try {
    if (options.refuse) return options.refuse(head, error);
  } catch (const std::exception&) {
    // The plain form needs nobody's help.
  }
  return plain_refusal(error);
}

void Connection::refuse(const Error& error) {
  refused_ = true;
  respond(refusal(error));
}

void Connection::answer(std::optional<HttpResponse> response) {
  if (phase_ != Phase::handling) return;
  if (!response)
    return refuse({Kind::internal,
                   "InternalError",
                   "The server gave no answer to this request. Its log says why.",
                   {},
                   "the reply was dropped uncalled"});
  respond(std::move(*response));
}

void Connection::respond(HttpResponse response) {
  if (wanted_) return close();  // the handler's mistake: two would read at once
  phase_ = Phase::writing;
  if (streams_ && !parser_->is_done()) refused_ = true;
  const bool head_only = parser_->request().method == "HEAD" || asked_.method == "HEAD";
  const bool old = parser_->http_1_0();
  source_ = std::move(response.source);
  source_left_ = source_ ? response.source_length : 0;
  const bool endless = source_ && response.source_length == unknown_length;
  chunked_ = endless && !old;
  keep_alive_ = !refused_ && parser_->keep_alive() && !worker_->draining() && !(endless && old);

  Framing framing{.chunked = chunked_, .keep_alive = keep_alive_, .http_1_0 = old};
  const bool bodiless = response.status == 304 || response.status < 200;
  if (!endless && !bodiless) {
    framing.content_length = source_ ? response.source_length : response.body.size();
    if (head_only && response.body.empty()) framing.content_length = response.source_length;
  }
  write_response_head(head_, response, framing);
  if (head_only || bodiless) {
    source_ = nullptr;
    response.body.clear();
  }
  if (source_) response.body.clear();

  output_ = {};
  if (response.body.size() <= body_joined_max) {
    head_.append(response.body);
  } else {
    part_ = std::move(response.body);
    output_[1] = asio::buffer(part_);
  }
  output_[0] = asio::buffer(head_);
  expire_after_transfer(asio::buffer_size(output_));
  write(source_ ? &Connection::pull : &Connection::answered);
}

void Connection::write(void (Connection::*then)()) {
  std::size_t first = 0;
  while (first < output_.size() && output_[first].size() == 0) ++first;
  const std::span<const asio::const_buffer> left(output_.data() + first, output_.size() - first);
  transport_->write_some(left, [self = shared_from_this(), then](IoError error, std::size_t size) {
    if (self->phase_ == Phase::closed) return;
    if (error) return self->close();
    bool more = false;
    for (asio::const_buffer& buffer : self->output_) {
      const std::size_t taken = std::min(size, buffer.size());
      buffer += taken;
      size -= taken;
      more = more || buffer.size() > 0;
    }
    if (more) return self->write(then);
    ((*self).*then)();
  });
}

void Connection::pull() {
  if (!chunked_ && source_left_ == 0) return answered();
  deadline_ = SteadyTime::max();  // how long the next part takes is the source's matter
  try {
    source_(Delivery<Result<std::string>>(weak_from_this(), &Connection::part_came));
  } catch (const std::exception&) {
    close();
  }
}

void Connection::part_came(std::optional<Result<std::string>> part) {
  if (phase_ != Phase::writing || !source_) return;
  const bool endless = source_left_ == unknown_length;
  if (!part || !*part) return close();  // a short answer must not look like a whole one
  part_ = **std::move(part);
  if (part_.empty()) {
    if (!endless) return close();  // fewer bytes than were announced
    if (!chunked_) return answered();
    chunked_ = false;
    source_left_ = 0;
    output_ = {asio::buffer(last_chunk)};
    return write(&Connection::answered);
  }
  output_ = {};
  if (chunked_) {
    char size[24];
    const auto end = std::to_chars(size, size + sizeof size, part_.size(), 16).ptr;
    head_.assign(size, end);
    head_.append(chunk_end);
    output_[0] = asio::buffer(head_);
    output_[2] = asio::buffer(chunk_end);
  } else if (!endless) {
    part_.resize(std::min<std::uint64_t>(part_.size(), source_left_));
    source_left_ -= part_.size();
  }
  output_[1] = asio::buffer(part_);
  expire_after_transfer(part_.size());
  write(&Connection::pull);
}

void Connection::answered() {
  source_ = nullptr;
  if (part_.capacity() > body_joined_max) std::string().swap(part_);
  if (!keep_alive_) return leave();
  next_request();
}

// A socket closed with unread bytes in it resets the connection, and the answer may be lost with
// it: what the caller still sends is read first.
void Connection::leave() {
  phase_ = Phase::discarding;
  expire_in(discard_timeout);
  if (!refused_) {
    return transport_->finish([self = shared_from_this()](IoError) { self->close(); });
  }
  IoError ignored;
  if (!worker_->serving().tls) transport_->socket().shutdown(TcpSocket::shutdown_send, ignored);
  if (input_.size() < body_joined_max) input_.resize(body_joined_max);
  discard(discarded_body_max);
}

}  // namespace batchyard::edge
