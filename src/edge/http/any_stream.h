// A Transport in the shape that Beast's WebSocket wants of the layer under it. Internal to the
// sockets: heavy headers.
#pragma once

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <memory>
#include <utility>

#include "edge/http/transport.h"

namespace batchyard::edge {

class AnyStream {
 public:
  using executor_type = IoExecutor;

  explicit AnyStream(std::unique_ptr<Transport> transport) : transport_(std::move(transport)) {}

  executor_type get_executor() { return transport_->socket().get_executor(); }
  Transport& transport() { return *transport_; }

  template <class Handler>
  void finish(Handler&& handler) {
    transport_->finish([transport = transport_, done = std::forward<Handler>(handler)](
                           IoError error) mutable { done(error); });
  }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(IoError, std::size_t)>(
        [this](auto handler, const Buffers& into) {
          transport_->read_some(first_of(into), kept(std::move(handler)));
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(IoError, std::size_t)>(
        [this](auto handler, const Buffers& from) {
          std::array<boost::asio::const_buffer, 8> parts;  // a partial write is no harm
          std::size_t count = 0;
          auto end = boost::asio::buffer_sequence_end(from);
          for (auto part = boost::asio::buffer_sequence_begin(from);
               part != end && count < parts.size(); ++part)
            parts[count++] = *part;
          transport_->write_some(std::span(parts.data(), count), kept(std::move(handler)));
        },
        token, buffers);
  }

 private:
  // The WebSocket may be gone while a read or write of its own is still being broken off; the
  // socket must not be.
  template <class Handler>
  auto kept(Handler handler) {
    return [transport = transport_, handler = std::move(handler)](
               IoError error, std::size_t size) mutable { handler(error, size); };
  }

  template <class Buffers>
  static boost::asio::mutable_buffer first_of(const Buffers& buffers) {
    auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto part = boost::asio::buffer_sequence_begin(buffers); part != end; ++part) {
      boost::asio::mutable_buffer buffer = *part;
      if (buffer.size() > 0) return buffer;
    }
    return {};
  }

  std::shared_ptr<Transport> transport_;
};

// How Beast ends such a stream: found by their names, as it asks for.
void teardown(boost::beast::role_type role, AnyStream& stream, IoError& error);

template <class Handler>
void async_teardown(boost::beast::role_type, AnyStream& stream, Handler&& handler) {
  stream.finish(std::forward<Handler>(handler));
}

void beast_close_socket(AnyStream& stream);

}  // namespace batchyard::edge
