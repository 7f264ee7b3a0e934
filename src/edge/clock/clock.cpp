#include "edge/clock/clock.h"

#include <sys/random.h>

#include <fstream>

#include "base/check.h"
#include "base/text.h"

namespace batchyard::edge {

Time now() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

Clock::Clock(ClockMode mode, Time start)
    : mode_(mode), base_(start), since_(std::chrono::steady_clock::now()) {}

Time Clock::now() const {
  if (mode_ == ClockMode::real) return edge::now();
  const std::lock_guard lock(mutex_);
  if (mode_ == ClockMode::frozen) return base_;
  return base_ + std::chrono::floor<Duration>(std::chrono::steady_clock::now() - since_);
}

std::optional<Duration> Clock::until(Time then) const {
  const Time now = this->now();
  if (then <= now) return Duration(0);
  if (mode_ == ClockMode::frozen || then == Time::max()) return std::nullopt;
  return then - now;
}

void Clock::move_to(Time time) {
  if (mode_ == ClockMode::real || time <= now()) return;
  const std::lock_guard lock(mutex_);
  base_ = time;
  since_ = std::chrono::steady_clock::now();
}

std::string boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  for (std::size_t have = 0; have < count;) {
    const ssize_t got = getrandom(bytes.data() + have, count - have, 0);
    check(got > 0, "the operating system gives no random bytes");
    have += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string random_hex(std::size_t bytes) {
  return hex_encode(random_bytes(bytes));
}

std::string random_guid() {
  std::string bytes = random_bytes(16);
  bytes[6] = static_cast<char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3F) | 0x80);
  const std::string hex = hex_encode(bytes);
  return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" +
         hex.substr(16, 4) + "-" + hex.substr(20);
}

}  // namespace batchyard::edge
