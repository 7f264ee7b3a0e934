#include "edge/link/link_thread.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>
#include <vector>

namespace batchyard::edge {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds farewell{1'000};  // for close frames to be answered

}  // namespace

struct LinkThread::Impl::Timer {
  explicit Timer(asio::io_context& loop) : timer(loop) {}
  asio::steady_timer timer;
  std::move_only_function<void()> action;
};

void LinkThread::Impl::start() {
  thread_ = std::thread([self = shared_from_this()] { self->loop_.run(); });
}

void LinkThread::Impl::stop() {
  asio::post(loop_, [this] { close_all(); });
  thread_.join();
}

void LinkThread::Impl::close_all() {
  const std::vector<std::shared_ptr<WebsocketChannel>> channels(channels_.begin(), channels_.end());
  for (const auto& channel : channels) channel->close();
  for (const auto& timer : std::exchange(timers_, {})) timer->timer.cancel();
  stopping_ = true;
  // Those whose peer does not answer the close frame are cut off.
  last_call_.expires_after(farewell);
  last_call_.async_wait([this, channels](IoError) {
    for (const auto& channel : channels) channel->abort("this side ends");
  });
  if (channels_.empty()) last_call_.cancel();
  work_.reset();
}

void LinkThread::Impl::remove(const std::shared_ptr<WebsocketChannel>& channel) {
  channels_.erase(channel);
  if (stopping_ && channels_.empty()) last_call_.cancel();
}

void LinkThread::Impl::post_after(std::chrono::milliseconds delay,
                                  std::move_only_function<void()> action) {
  asio::dispatch(loop_, [self = shared_from_this(), delay, action = std::move(action)]() mutable {
    if (self->stopping_) return;
    auto timer = std::make_shared<Timer>(self->loop_);
    timer->action = std::move(action);
    timer->timer.expires_after(delay);
    self->timers_.insert(timer);
    timer->timer.async_wait([self, timer](IoError error) {
      if (self->timers_.erase(timer) > 0 && !error) timer->action();
    });
  });
}

LinkThread::LinkThread() : impl_(std::make_shared<Impl>()) {
  impl_->start();
}
LinkThread::~LinkThread() {
  impl_->stop();
}

void LinkThread::post(std::move_only_function<void()> action) {
  asio::post(impl_->loop(), [weak = std::weak_ptr(impl_), action = std::move(action)]() mutable {
    const auto self = weak.lock();
    if (self && !self->stopping()) action();
  });
}

void LinkThread::post_after(std::chrono::milliseconds delay,
                            std::move_only_function<void()> action) {
  impl_->post_after(delay, std::move(action));
}

}  // namespace batchyard::edge
