// What the operator lets the account have (`--quota`). Requests for more pools, jobs and schedules
// are refused; of nodes the allocation ends with an error of the pool, as on Azure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "model/status.h"

namespace batchyard::engine {

struct State;
struct PoolRecord;

// Nothing: no limit.
struct Quotas {
  std::optional<std::int64_t> pools;
  std::optional<std::int64_t> jobs;  // and schedules, together; completed ones do not count
  std::optional<std::int64_t> dedicated_cores;
  std::optional<std::int64_t> low_priority_cores;
};

// "pools=100", "jobs=300", "dedicated-cores=64", "low-priority-cores=none", or "azure": what an
// account of Azure's has at the most without asking for more. The last one of a name counts.
// False: it is none of these.
bool set_quota(Quotas& quotas, std::string_view text);

// PoolQuotaReached when there can be no further pool.
Result<> check_pool_quota(const State& state);
// ActiveJobAndScheduleQuotaReached when there can be no further job or schedule.
Result<> check_job_quota(const State& state);

// How many of `wanted` further nodes of the pool the account's cores allow.
std::int32_t nodes_within_quota(const State& state, const PoolRecord& pool, bool dedicated,
                                std::int32_t wanted);
// Why the others are not allocated.
ResizeError core_quota_error(const State& state, const PoolRecord& pool, bool dedicated);

}  // namespace batchyard::engine
