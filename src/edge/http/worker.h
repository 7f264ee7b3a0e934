// One serving thread's share of a server: its loop, its connections and its channels. Only that
// thread touches them, so they need no lock; once a tick it ends connections whose time is up.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <unordered_set>

#include "edge/http/server.h"
#include "edge/http/transport.h"

namespace batchyard::edge {

class Connection;
class WebsocketChannel;

using SteadyTime = std::chrono::steady_clock::time_point;

// What every connection of one server is served with. Never changes.
struct Serving {
  ServerOptions options;
  HttpHandler handler;
  std::shared_ptr<boost::asio::ssl::context> tls;  // none: plain HTTP
  std::string own_host;                            // for requests that name none
};

// A place among the connections a server may have; given back with the last copy.
using Place = std::shared_ptr<void>;

class Worker : public std::enable_shared_from_this<Worker> {
 public:
  explicit Worker(std::shared_ptr<const Serving> serving);

  const Serving& serving() const { return *serving_; }
  boost::asio::io_context& loop() { return loop_; }
  bool on_this_thread() { return loop_.get_executor().running_in_this_thread(); }
  bool draining() const { return draining_; }

  // The body of the thread: runs until everything was closed after `drain`.
  void run();

  // All on the worker's thread.
  void add(TcpSocket socket, Place place);
  void remove(const std::shared_ptr<Connection>& connection) { connections_.erase(connection); }
  void add(const std::shared_ptr<WebsocketChannel>& channel);
  void remove(const std::shared_ptr<WebsocketChannel>& channel) { channels_.erase(channel); }
  // Ends what is idle now, the rest when it is done, and everything after the drain timeout.
  void drain();

 private:
  void tick();

  std::shared_ptr<const Serving> serving_;
  boost::asio::io_context loop_{1};
  boost::asio::steady_timer timer_;
  std::chrono::milliseconds tick_;
  bool draining_ = false;
  SteadyTime drain_end_ = SteadyTime::max();
  std::unordered_set<std::shared_ptr<Connection>> connections_;
  std::unordered_set<std::shared_ptr<WebsocketChannel>> channels_;
};

}  // namespace batchyard::edge
