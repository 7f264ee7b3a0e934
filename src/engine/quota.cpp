#include "engine/quota.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error_codes.h"
#include "base/text.h"
#include "engine/decide.h"
#include "engine/state.h"

namespace batchyard::engine {

namespace {

struct QuotaName {
  std::string_view name;
  std::optional<std::int64_t> Quotas::* quota;
  std::int64_t azure;
};

constexpr QuotaName quota_names[] = {{"pools", &Quotas::pools, 100},
                                     {"jobs", &Quotas::jobs, 300},
                                     {"dedicated-cores", &Quotas::dedicated_cores, 900},
                                     {"low-priority-cores", &Quotas::low_priority_cores, 100}};

std::int64_t active_jobs_and_schedules(const State& state) {
  const auto jobs = std::ranges::count_if(state.jobs, [](const auto& entry) {
    return entry.second.status.state != JobState::completed;
  });
  return jobs + std::ranges::count_if(state.schedules, [](const auto& entry) {
           return entry.second.status.state != ScheduleState::completed;
         });
}

const std::optional<std::int64_t>& core_quota(const State& state, bool dedicated) {
  return dedicated ? state.quotas.dedicated_cores : state.quotas.low_priority_cores;
}

std::int64_t cores_used(const State& state, bool dedicated) {
  std::int64_t cores = 0;
  for (const auto& [id, pool] : state.pools)
    cores += std::int64_t{pool.status.facts.cores} * staying(pool, dedicated);
  return cores;
}

}  // namespace

bool set_quota(Quotas& quotas, std::string_view text) {
  if (text == "azure") {
    for (const QuotaName& one : quota_names) quotas.*one.quota = one.azure;
    return true;
  }
  const std::size_t equals = text.find('=');
  const auto* found = std::ranges::find(quota_names, text.substr(0, equals), &QuotaName::name);
  if (equals == std::string_view::npos || found == std::end(quota_names)) return false;
  const std::string_view value = text.substr(equals + 1);
  const std::optional<std::int64_t> number = parse_integer(value);
  if (value != "none" && (!number || *number < 0)) return false;
  quotas.*found->quota = value == "none" ? std::nullopt : number;
  return true;
}

Result<> check_pool_quota(const State& state) {
  const std::optional<std::int64_t>& most = state.quotas.pools;
  if (!most || static_cast<std::int64_t>(state.pools.size()) < *most) return Done();
  return refusal("PoolQuotaReached",
                 fmt::format("The pool quota for the account has been reached: {} of {} pools are "
                             "there. Delete some that are not needed, or start the service with a "
                             "higher --quota (pools={}).",
                             state.pools.size(), *most, *most),
                 {{"PoolQuota", std::to_string(*most)}});
}

Result<> check_job_quota(const State& state) {
  const std::optional<std::int64_t>& most = state.quotas.jobs;
  if (!most) return Done();
  const std::int64_t active = active_jobs_and_schedules(state);
  if (active < *most) return Done();
  return refusal("ActiveJobAndScheduleQuotaReached",
                 fmt::format("The active job and job schedule quota for the account has been "
                             "reached: {} jobs and schedules are not completed. Terminate some, "
                             "delete those that are disabled, or start the service with a higher "
                             "--quota (jobs={}).",
                             active, *most),
                 {{"ActiveJobAndScheduleQuota", std::to_string(*most)}});
}

std::int32_t nodes_within_quota(const State& state, const PoolRecord& pool, bool dedicated,
                                std::int32_t wanted) {
  const std::optional<std::int64_t>& most = core_quota(state, dedicated);
  if (!most || wanted <= 0) return wanted;
  const std::int64_t left = std::max<std::int64_t>(0, *most - cores_used(state, dedicated));
  const std::int64_t each = std::max(1, pool.status.facts.cores);
  return static_cast<std::int32_t>(std::min<std::int64_t>(wanted, left / each));
}

ResizeError core_quota_error(const State& state, const PoolRecord& pool, bool dedicated) {
  ResizeError error;
  error.code = dedicated ? "AccountCoreQuotaReached" : "AccountLowPriorityCoreQuotaReached";
  error.message = fmt::format(
      "The account's {} core quota has been reached: {} of {} cores are in use, and a node of the "
      "size {} has {}. Resize other pools, give a smaller target, or start the service with a "
      "higher --quota ({}={}).",
      dedicated ? "dedicated" : "low-priority", cores_used(state, dedicated),
      *core_quota(state, dedicated), pool.status.facts.vm_size, pool.status.facts.cores,
      dedicated ? "dedicated-cores" : "low-priority-cores", *core_quota(state, dedicated));
  return error;
}

}  // namespace batchyard::engine
