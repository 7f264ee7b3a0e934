// A pool that is given another size together with other changes: targets, or the formula that sets
// them. What is so already is left in peace, so that whoever says the same again disturbs nothing.
#include "engine/decide.h"
#include "engine/evolve.h"
#include "engine/samples.h"

namespace batchyard::engine {

namespace {

std::int32_t wanted_dedicated(const PoolRecord& pool, const Rescale& wanted) {
  return wanted.target_dedicated.value_or(pool.status.target_dedicated);
}
std::int32_t wanted_low_priority(const PoolRecord& pool, const Rescale& wanted) {
  return wanted.target_low_priority.value_or(pool.status.target_low_priority);
}

// The pool has that size, or is being brought to it.
bool is_so(const PoolRecord& pool, const Rescale& wanted) {
  const PoolStatus& status = pool.status;
  if (wanted.autoscale)
    return status.autoscale && status.autoscale->facts.formula == wanted.autoscale->formula &&
           status.autoscale->facts.interval == wanted.autoscale->interval;
  const std::int32_t dedicated = wanted_dedicated(pool, wanted);
  const std::int32_t low_priority = wanted_low_priority(pool, wanted);
  if (status.autoscale || status.target_dedicated != dedicated ||
      status.target_low_priority != low_priority)
    return false;
  // What a resize has not reached is tried again.
  return status.allocation != AllocationState::steady ||
         (staying(pool, true) == dedicated && staying(pool, false) == low_priority);
}

}  // namespace

Result<> check_rescale(const Turn& turn, const PoolRecord& pool, const Rescale& wanted) {
  if (is_so(pool, wanted)) return Done();
  if (wanted.autoscale) TRY(check_enable_pause(pool, turn.now));
  const bool changes_formula = wanted.autoscale && pool.status.autoscale;
  if (!changes_formula && pool.status.allocation != AllocationState::steady) return being_resized();
  return Done();
}

void rescale(Turn& turn, PoolRecord& pool, Rescale wanted) {
  PoolStatus& status = pool.status;
  const bool so = is_so(pool, wanted);
  turn.deadline_set = true;
  if (wanted.autoscale) {
    if (so) return;
    status.autoscale_asked = turn.now;
    begin_autoscale(turn, pool, *std::move(wanted.autoscale));
  } else {
    status.resize_timeout = wanted.resize_timeout;
    status.deallocation = wanted.deallocation;
    if (so) return;
    const std::int32_t dedicated = wanted_dedicated(pool, wanted);
    const std::int32_t low_priority = wanted_low_priority(pool, wanted);
    status.autoscale.reset();
    pool.samples.reset();
    start_resize(turn, pool, dedicated, low_priority);
  }
}

}  // namespace batchyard::engine
