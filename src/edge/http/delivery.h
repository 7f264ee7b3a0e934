// A way back to a connection that may be called once, from any thread, and may outlive it. Dropped
// uncalled it delivers nothing, so that a lost reply is noticed instead of leaving the caller
// waiting for ever.
#pragma once

#include <boost/asio/post.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "edge/http/connection.h"

namespace batchyard::edge {

template <class Value>
class Delivery {
 public:
  using Receiver = void (Connection::*)(std::optional<Value>);

  Delivery(std::weak_ptr<Connection> connection, Receiver receiver)
      : connection_(std::move(connection)), receiver_(receiver) {}
  Delivery(Delivery&&) noexcept = default;
  Delivery& operator=(Delivery&&) = delete;
  ~Delivery() { deliver(std::nullopt); }

  void operator()(Value value) { deliver(std::move(value)); }

 private:
  void deliver(std::optional<Value> value) {
    const std::shared_ptr<Connection> connection = std::exchange(connection_, {}).lock();
    if (!connection) return;
    if (connection->worker().on_this_thread()) {
      ((*connection).*receiver_)(std::move(value));
      return;
    }
    // Weak again: a loop that has ended must not keep the connection that keeps the loop.
    boost::asio::post(connection->worker().loop(),
                      [weak = std::weak_ptr(connection), receiver = receiver_,
                       value = std::move(value)]() mutable {
                        if (const auto here = weak.lock()) ((*here).*receiver)(std::move(value));
                      });
  }

  std::weak_ptr<Connection> connection_;
  Receiver receiver_;
};

}  // namespace batchyard::edge
