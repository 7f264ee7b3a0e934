// The inside of a LinkThread: its loop and what is open on it. Internal to edge/link (heavy
// headers).
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <thread>
#include <unordered_set>

#include "edge/http/websocket_channel.h"
#include "edge/link/dial.h"

namespace batchyard::edge {

class LinkThread::Impl : public std::enable_shared_from_this<LinkThread::Impl> {
 public:
  void start();
  void stop();

  boost::asio::io_context& loop() { return loop_; }
  // On the thread.
  bool stopping() const { return stopping_; }
  void add(const std::shared_ptr<WebsocketChannel>& channel) { channels_.insert(channel); }
  void remove(const std::shared_ptr<WebsocketChannel>& channel);
  void post_after(std::chrono::milliseconds delay, std::move_only_function<void()> action);

 private:
  struct Timer;
  void close_all();

  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_ =
      boost::asio::make_work_guard(loop_);
  boost::asio::steady_timer last_call_{loop_};
  std::thread thread_;
  std::unordered_set<std::shared_ptr<WebsocketChannel>> channels_;
  std::unordered_set<std::shared_ptr<Timer>> timers_;
  bool stopping_ = false;
};

}  // namespace batchyard::edge
