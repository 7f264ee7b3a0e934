// A WebSocket as a protocol::Channel, on either side. It lives on one loop; `send` and `close` come
// from anywhere. It notices a dead peer: after half of `silence_max` without a byte it pings, after
// the other half it gives up. Internal to the sockets (heavy headers): others see
// protocol::Channel.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "edge/http/any_stream.h"
#include "edge/http/transport.h"
#include "protocol/channel.h"

namespace batchyard::edge {

class WebsocketChannel final : public protocol::Channel,
                               public std::enable_shared_from_this<WebsocketChannel> {
 public:
  // `loop_owner` keeps the loop alive for callers of `send` that outlive the server.
  WebsocketChannel(std::shared_ptr<void> loop_owner, boost::asio::io_context& loop,
                   std::chrono::milliseconds silence_max);

  void send(std::string frame) override;
  void close() override;

  // The rest is called on the loop's thread.
  // Called once, after on_closed.
  void on_gone(std::move_only_function<void()> gone) { gone_ = std::move(gone); }
  void listen(protocol::ChannelEvents events) { events_ = std::move(events); }
  void accept(std::unique_ptr<Transport> transport, const HttpRequest& request,
              protocol::ChannelEvents events);
  struct Greeting {
    std::string host;
    std::string target;
    std::vector<HttpHeader> headers;
  };
  // Over a transport that is connected; `listen` came before.
  void greet(std::unique_ptr<Transport> transport, Greeting greeting,
             std::function<void()> on_open);
  void abort(std::string why);

 private:
  using Stream = boost::beast::websocket::stream<AnyStream>;
  // `parting`: closed while the hand-shake goes on; what was sent before still goes out once it is
  // over.
  enum class Phase { new_born, greeting, parting, open, closing, ended };

  void prepare(std::unique_ptr<Transport> transport, boost::beast::role_type role);
  void opened();
  void read();
  void flush();
  void write_next();
  void close_here();
  void end(std::string why);
  std::string reason_of(const IoError& error) const;
  template <class Action>
  bool survives(const Action& action);  // false when the owner's callback threw

  std::shared_ptr<void> loop_owner_;
  boost::asio::io_context& loop_;
  std::chrono::milliseconds silence_max_;
  Phase phase_ = Phase::new_born;
  std::optional<Stream> stream_;
  boost::beast::flat_buffer input_;
  protocol::ChannelEvents events_;
  std::move_only_function<void()> gone_;
  std::deque<std::string> output_;  // the first is being written
  bool writing_ = false;

  std::mutex mutex_;  // guards what callers of `send` share with the loop
  std::deque<std::string> queued_;
  std::uint64_t queued_size_ = 0;  // with what is in `output_`
  bool flush_posted_ = false;
  bool ended_ = false;
};

}  // namespace batchyard::edge
