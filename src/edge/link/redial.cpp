#include "edge/link/redial.h"

#include <algorithm>
#include <utility>

namespace batchyard::edge {

std::chrono::milliseconds Backoff::next(double fraction) {
  const std::chrono::milliseconds whole = next_;
  next_ = std::min(whole * 2, range_.most);
  const auto half = whole / 2;
  return half + std::chrono::milliseconds(
                    static_cast<std::int64_t>(fraction * static_cast<double>(half.count())));
}

// Used on the link's thread only; the Redialer's end reaches it there as a message.
struct Redialer::State : std::enable_shared_from_this<Redialer::State> {
  State(LinkThread& link_thread, std::function<DialOptions()> ask, RedialEvents heard,
        std::function<double()> draw, Backoff::Range pauses)
      : thread(link_thread),
        options(std::move(ask)),
        events(std::move(heard)),
        random(std::move(draw)),
        backoff(pauses) {}

  void attempt();
  void lost(std::string why);

  LinkThread& thread;
  std::function<DialOptions()> options;
  RedialEvents events;
  std::function<double()> random;
  Backoff backoff;
  std::shared_ptr<protocol::Channel> channel;
  std::atomic<bool> over = false;
};

void Redialer::State::attempt() {
  if (over) return;
  protocol::ChannelEvents heard;
  heard.on_frame = [self = shared_from_this()](std::string frame) {
    if (!self->over && self->events.on_frame) self->events.on_frame(std::move(frame));
  };
  heard.on_closed = [self = shared_from_this()](std::string why) { self->lost(std::move(why)); };
  channel = dial(thread, options(), std::move(heard), [self = shared_from_this()] {
    self->backoff.reset();
    if (!self->over && self->events.on_open) self->events.on_open(self->channel);
  });
}

void Redialer::State::lost(std::string why) {
  channel.reset();
  if (over) return;
  const std::chrono::milliseconds pause = backoff.next(random());
  thread.post_after(pause, [self = shared_from_this()] { self->attempt(); });
  if (events.on_lost) events.on_lost(std::move(why), pause);
}

Redialer::Redialer(LinkThread& thread, std::function<DialOptions()> options, RedialEvents events,
                   std::function<double()> random, Backoff::Range pauses)
    : state_(std::make_shared<State>(thread, std::move(options), std::move(events),
                                     std::move(random), pauses)) {
  thread.post([state = state_] { state->attempt(); });
}

Redialer::~Redialer() {
  state_->over = true;
  state_->thread.post([state = state_] {
    if (state->channel) state->channel->close();
  });
}

}  // namespace batchyard::edge
