// What happened in a simulated world, as a running hash (equal for equal seeds) and, when asked
// for, as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"

namespace batchyard::testing {

class SimTrace {
 public:
  explicit SimTrace(bool keep) : keep_(keep) {}

  void note(Time now, std::string_view line) {
    mix(static_cast<std::uint64_t>(now.time_since_epoch().count()));
    for (const char letter : line) mix(static_cast<unsigned char>(letter));
    if (keep_) lines_.push_back(to_iso8601(now) + "  " + std::string(line));
  }
  std::uint64_t hash() const { return hash_; }
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  void mix(std::uint64_t value) { hash_ = (hash_ ^ value) * 0x100000001B3ULL; }

  bool keep_;
  std::uint64_t hash_ = 0xCBF29CE484222325ULL;
  std::vector<std::string> lines_;
};

}  // namespace batchyard::testing
