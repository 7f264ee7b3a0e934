// A two-way road for whole text frames: the link between agent and server, between peer agents, and
// between two threads of the simulated world. Ordered; a frame may be lost only together with the
// channel.
#pragma once

#include <functional>
#include <memory>
#include <string>

namespace batchyard::protocol {

class Channel {
 public:
  virtual ~Channel() = default;
  // Queues a frame; from any thread. Frames after the close are dropped.
  virtual void send(std::string frame) = 0;
  // Ends the channel; `on_closed` follows on both sides.
  virtual void close() = 0;
};

// What the owner of a channel hears. Calls come one at a time, on the channel's own thread.
struct ChannelEvents {
  std::function<void(std::string frame)> on_frame;
  std::function<void(std::string why)> on_closed;  // once; nothing follows
};

}  // namespace batchyard::protocol
