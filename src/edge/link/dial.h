// The agent's end of the link: a WebSocket dialled to the server, over TLS whose certificate is
// checked, or plain. Whether and when to dial again is the caller's matter; redial.h does it for
// those who always want a link.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/http_message.h"
#include "edge/http/limits.h"
#include "protocol/channel.h"

namespace batchyard::edge {

// The thread on which channels are carried and their events are called. Several channels may share
// one.
class LinkThread {
 public:
  LinkThread();
  ~LinkThread();  // closes what is open and joins; not to be called on the thread itself
  LinkThread(const LinkThread&) = delete;
  LinkThread& operator=(const LinkThread&) = delete;

  // Calls `action` on the thread; dropped when the thread ends first. From any thread.
  void post(std::move_only_function<void()> action);
  void post_after(std::chrono::milliseconds delay, std::move_only_function<void()> action);

  class Impl;
  const std::shared_ptr<Impl>& impl() const { return impl_; }

 private:
  std::shared_ptr<Impl> impl_;
};

struct DialOptions {
  std::string url;                  // ws://host:port/path or wss://…
  std::vector<HttpHeader> headers;  // Authorization…
  std::string ca_file;              // who may vouch for the server; empty: the system's authorities
  std::chrono::milliseconds connect_timeout{10'000};  // until the hand-shakes are over
  std::chrono::milliseconds silence_max = silence_max_default;
};

// Returns at once. `on_open` follows when frames can pass; frames sent before wait for it. A dial
// that fails, whatever the reason, is told by `on_closed`.
std::shared_ptr<protocol::Channel> dial(LinkThread& thread, DialOptions options,
                                        protocol::ChannelEvents events,
                                        std::function<void()> on_open = {});

}  // namespace batchyard::edge
