// Keeps a link up: dials, and dials again with growing pauses after each loss. The pauses are
// spread by a random number so that a server that comes back is not met by all its agents at once.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "edge/link/dial.h"

namespace batchyard::edge {

// How long to wait before the next attempt: doubling from `first` to `most`, of which a random part
// between half and all.
class Backoff {
 public:
  struct Range {
    std::chrono::milliseconds first{250};
    std::chrono::milliseconds most{15'000};
  };
  Backoff() = default;
  explicit Backoff(Range range) : range_(range), next_(range.first) {}
  std::chrono::milliseconds next(double fraction);  // fraction in [0, 1)
  void reset() { next_ = range_.first; }

 private:
  Range range_;
  std::chrono::milliseconds next_ = range_.first;
};

struct RedialEvents {
  std::function<void(std::shared_ptr<protocol::Channel>)> on_open;  // a new channel; frames pass
  std::function<void(std::string frame)> on_frame;
  // Lost, or not reached; the next attempt follows after `pause`.
  std::function<void(std::string why, std::chrono::milliseconds pause)> on_lost;
};

// All events are called on the LinkThread. The thread must outlive the redialer.
class Redialer {
 public:
  // `options` is asked before each attempt, so that a renewed token or address is used.
  Redialer(LinkThread& thread, std::function<DialOptions()> options, RedialEvents events,
           std::function<double()> random, Backoff::Range pauses = {});
  ~Redialer();  // closes the channel; no event follows once the thread has passed its current one

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace batchyard::edge
