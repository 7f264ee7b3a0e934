// What a pool's autoscale formula can ask about: samples of its metrics, one each 30 s, kept in
// memory only, while autoscale is on. A restart begins anew.
#pragma once

#include <array>
#include <deque>

#include "engine/state.h"
#include "formula/value.h"

namespace batchyard::engine {

inline constexpr Duration sample_period = std::chrono::seconds(30);
inline constexpr std::size_t samples_max = 2880;  // a day
inline constexpr std::size_t metric_count = 21;

struct PoolSample {
  Time at;
  std::array<double, metric_count> values;  // NaN where nothing is known
};

struct PoolSamples {
  std::deque<PoolSample> kept;  // oldest first
  Time next;                    // when one is due
};

// Takes one if it is due.
void take_sample(PoolRecord& pool, Time now);

// Everything that a formula sees, as it is now.
formula::Scope scope_of(const PoolRecord& pool, Time now);

}  // namespace batchyard::engine
