// The world's time and randomness, for those floors that may know them; and the clock that a
// service goes by, which may be another one than the world's.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "base/time.h"

namespace batchyard::edge {

Time now();

// A real clock tells the world's time. A virtual one starts at an instant and goes on at the
// world's rate, a frozen one stands; both are moved on by hand, never back. Used from any thread.
enum class ClockMode { real, flowing, frozen };
class Clock {
 public:
  Clock() = default;  // real
  Clock(ClockMode mode, Time start);

  ClockMode mode() const { return mode_; }
  Time now() const;
  // How long the world takes until then: nothing when the time does not come by itself.
  std::optional<Duration> until(Time then) const;
  // Does nothing to a real clock, or when that time has passed.
  void move_to(Time time);

 private:
  ClockMode mode_ = ClockMode::real;
  mutable std::mutex mutex_;
  Time base_;  // the time at `since_`
  std::chrono::steady_clock::time_point since_;
};

// Which start of the machine (or of the node) this is.
std::string boot_id();

// From the operating system's generator.
std::string random_bytes(std::size_t count);
std::string random_hex(std::size_t bytes);
// A random GUID in lower case.
std::string random_guid();

}  // namespace batchyard::edge
