#include "edge/http/worker.h"

#include <algorithm>
#include <vector>

#include "edge/http/connection.h"
#include "edge/http/websocket_channel.h"

namespace batchyard::edge {
namespace {

constexpr std::chrono::milliseconds tick_max{500};
constexpr std::chrono::milliseconds tick_min{5};

}  // namespace

Worker::Worker(std::shared_ptr<const Serving> serving)
    : serving_(std::move(serving)), timer_(loop_) {
  const ServerOptions& options = serving_->options;
  const auto shortest = std::min({options.idle_timeout, options.head_timeout,
                                  options.transfer_timeout, options.drain_timeout});
  tick_ = std::clamp(shortest / 4, tick_min, tick_max);
}

void Worker::run() {
  tick();
  loop_.run();
}

void Worker::add(TcpSocket socket, Place place) {
  if (draining_) return;
  IoError ignored;
  socket.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  auto connection =
      std::make_shared<Connection>(shared_from_this(), std::move(socket), std::move(place));
  connections_.insert(connection);
  connection->start();
}

void Worker::add(const std::shared_ptr<WebsocketChannel>& channel) {
  channels_.insert(channel);
}

void Worker::drain() {
  draining_ = true;
  drain_end_ = std::chrono::steady_clock::now() + serving_->options.drain_timeout;
  // Copies: ending one takes it out of the set.
  const std::vector<std::shared_ptr<Connection>> connections(connections_.begin(),
                                                             connections_.end());
  for (const auto& connection : connections) connection->close_if_idle();
  const std::vector<std::shared_ptr<WebsocketChannel>> channels(channels_.begin(), channels_.end());
  for (const auto& channel : channels) channel->close();
  timer_.cancel();  // the next tick comes at once and looks whether all is done
}

void Worker::tick() {
  const SteadyTime now = std::chrono::steady_clock::now();
  std::vector<std::shared_ptr<Connection>> late;
  for (const auto& connection : connections_) {
    if (now >= connection->deadline() || now >= drain_end_) late.push_back(connection);
  }
  for (const auto& connection : late) connection->close();
  if (now >= drain_end_) {
    const std::vector<std::shared_ptr<WebsocketChannel>> channels(channels_.begin(),
                                                                  channels_.end());
    for (const auto& channel : channels) channel->abort("the server ends");
  }
  if (draining_ && connections_.empty() && channels_.empty()) return;
  timer_.expires_after(draining_ ? tick_min : tick_);
  timer_.async_wait([self = shared_from_this()](IoError) { self->tick(); });
}

}  // namespace batchyard::edge
