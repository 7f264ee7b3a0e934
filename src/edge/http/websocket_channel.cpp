#include "edge/http/websocket_channel.h"

#include <boost/asio/post.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <exception>

#include "edge/http/limits.h"

namespace batchyard::edge {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
namespace {

constexpr std::size_t input_kept = 1U << 20;

}  // namespace

void teardown(beast::role_type, AnyStream& stream, IoError& error) {
  stream.transport().close();
  error = {};
}

void beast_close_socket(AnyStream& stream) {
  stream.transport().close();
}

WebsocketChannel::WebsocketChannel(std::shared_ptr<void> loop_owner, asio::io_context& loop,
                                   std::chrono::milliseconds silence_max)
    : loop_owner_(std::move(loop_owner)), loop_(loop), silence_max_(silence_max) {}

void WebsocketChannel::send(std::string frame) {
  bool too_slow = false;
  {
    const std::lock_guard lock(mutex_);
    if (ended_) return;
    queued_size_ += frame.size();
    queued_.push_back(std::move(frame));
    too_slow = queued_size_ > frames_queued_max;
    if (flush_posted_ && !too_slow) return;
    flush_posted_ = true;
  }
  asio::post(loop_, [weak = weak_from_this(), too_slow] {
    const auto self = weak.lock();
    if (!self) return;
    if (too_slow) return self->abort("the peer takes its frames too slowly");
    self->flush();
  });
}

void WebsocketChannel::close() {
  asio::post(loop_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->close_here();
  });
}

void WebsocketChannel::close_here() {
  switch (phase_) {
    case Phase::new_born:
      return end("closed before it was open");
    case Phase::greeting:
      phase_ = Phase::parting;
      return;
    case Phase::open:
      phase_ = Phase::closing;
      return flush();  // what was sent before goes out first
    case Phase::parting:
    case Phase::closing:
    case Phase::ended:
      return;
  }
}

void WebsocketChannel::prepare(std::unique_ptr<Transport> transport, beast::role_type role) {
  phase_ = Phase::greeting;
  stream_.emplace(std::move(transport));
  auto timeout = websocket::stream_base::timeout::suggested(role);
  timeout.idle_timeout = silence_max_;
  timeout.keep_alive_pings = true;
  timeout.handshake_timeout = std::max<std::chrono::milliseconds>(silence_max_, 1s);
  stream_->set_option(timeout);
  stream_->read_message_max(frame_size_max);
  stream_->write_buffer_bytes(frame_fragment);
  stream_->text(true);
}

void WebsocketChannel::accept(std::unique_ptr<Transport> transport, const HttpRequest& request,
                              protocol::ChannelEvents events) {
  listen(std::move(events));
  prepare(std::move(transport), beast::role_type::server);
  beast::http::request<beast::http::empty_body> head;
  head.method(beast::http::verb::get);
  head.version(11);
  head.target(request.target);
  for (const HttpHeader& header : request.headers) head.insert(header.name, header.value);
  stream_->async_accept(head, [self = shared_from_this()](IoError error) {
    if (self->phase_ == Phase::ended) return;
    if (error) return self->end(self->reason_of(error));
    self->opened();
  });
}

void WebsocketChannel::greet(std::unique_ptr<Transport> transport, Greeting greeting,
                             std::function<void()> on_open) {
  prepare(std::move(transport), beast::role_type::client);
  stream_->set_option(websocket::stream_base::decorator(
      [headers = std::move(greeting.headers)](websocket::request_type& request) {
        for (const HttpHeader& header : headers) request.set(header.name, header.value);
      }));
  auto answer = std::make_shared<websocket::response_type>();
  stream_->async_handshake(
      *answer, greeting.host, greeting.target,
      [self = shared_from_this(), answer, on_open = std::move(on_open)](IoError error) {
        if (self->phase_ == Phase::ended) return;
        if (error == websocket::error::upgrade_declined)
          return self->end("the server refused the link: " + std::to_string(answer->result_int()) +
                           " " + std::string(answer->reason()));
        if (error) return self->end(self->reason_of(error));
        if (on_open && !self->survives(on_open)) return;
        self->opened();
      });
}

void WebsocketChannel::opened() {
  if (phase_ == Phase::ended) return;
  phase_ = phase_ == Phase::parting ? Phase::closing : Phase::open;
  flush();
  read();
}

void WebsocketChannel::read() {
  stream_->async_read(input_, [self = shared_from_this()](IoError error, std::size_t) {
    if (self->phase_ == Phase::ended) return;
    if (error) return self->end(self->reason_of(error));
    const asio::const_buffer data = self->input_.cdata();
    std::string frame(static_cast<const char*>(data.data()), data.size());
    self->input_.consume(data.size());
    if (self->input_.capacity() > input_kept) self->input_.shrink_to_fit();
    const auto& on_frame = self->events_.on_frame;
    if (on_frame && !self->survives([&] { on_frame(std::move(frame)); })) return;
    if (self->phase_ != Phase::ended) self->read();
  });
}

void WebsocketChannel::flush() {
  {
    const std::lock_guard lock(mutex_);
    flush_posted_ = false;
    if (phase_ != Phase::open && phase_ != Phase::closing) return;
    for (std::string& frame : queued_) output_.push_back(std::move(frame));
    queued_.clear();
  }
  if (!writing_) write_next();
}

void WebsocketChannel::write_next() {
  if (output_.empty()) {
    if (phase_ != Phase::closing) return;
    writing_ = true;  // nothing may be written after the close frame
    // The reader hears the peer's close frame, or the time-out, and ends the channel.
    stream_->async_close(websocket::close_code::normal, [self = shared_from_this()](IoError) {});
    return;
  }
  writing_ = true;
  stream_->async_write(asio::buffer(output_.front()),
                       [self = shared_from_this()](IoError error, std::size_t) {
                         // After an error the reader ends the channel: it may still find the peer's
                         // reason.
                         if (self->phase_ == Phase::ended || error) return;
                         {
                           const std::lock_guard lock(self->mutex_);
                           self->queued_size_ -= self->output_.front().size();
                         }
                         self->output_.pop_front();
                         self->writing_ = false;
                         self->write_next();
                       });
}

template <class Action>
bool WebsocketChannel::survives(const Action& action) {
  try {
    action();
    return true;
  } catch (const std::exception& thrown) {
    end(std::string("a frame could not be handled: ") + thrown.what());
    return false;
  }
}

void WebsocketChannel::abort(std::string why) {
  end(std::move(why));
}

void WebsocketChannel::end(std::string why) {
  if (phase_ == Phase::ended) return;
  phase_ = Phase::ended;
  const auto self = shared_from_this();
  if (stream_) stream_->next_layer().transport().close();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    queued_.clear();
  }
  // The owner's callbacks may hold the channel: let go of them, or neither is ever freed.
  const protocol::ChannelEvents events = std::exchange(events_, {});
  auto gone = std::exchange(gone_, {});
  try {
    if (events.on_closed) events.on_closed(std::move(why));
  } catch (const std::exception&) {
    // The channel has ended all the same.
  }
  if (gone) gone();
}

std::string WebsocketChannel::reason_of(const IoError& error) const {
  if (error == websocket::error::closed) {
    const std::string text(stream_->reason().reason.c_str());
    return text.empty() ? "closed" : "closed: " + text;
  }
  // Our own close ends the read that was waiting.
  if (error == asio::error::operation_aborted && phase_ == Phase::closing) return "closed";
  if (error == beast::error::timeout)
    return "the peer was silent for " + std::to_string(silence_max_.count()) + " ms";
  if (error == asio::error::eof || error == asio::error::connection_reset)
    return "the connection was lost";
  return error.message();
}

}  // namespace batchyard::edge
