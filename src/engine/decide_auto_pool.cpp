// Pools that jobs and schedules make for themselves, and what follows when jobs end.
#include <fmt/format.h>

#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

// "prefix_1A2B…": looks like the service's, and is the same on every run of the same commands.
PoolId auto_pool_id(const Turn& turn, const PoolPlan& plan, std::string_view owner) {
  const std::string seed =
      fmt::format("{}/{}/{}", owner, turn.now.time_since_epoch().count(), turn.state.last_version);
  const std::uint64_t high = folded_hash(seed);
  const std::uint64_t low = folded_hash(seed + "/");
  return PoolId::trusted(fmt::format(
      "{}{}{:08X}-{:04X}-{:04X}-{:04X}-{:012X}", plan.prefix, plan.prefix.empty() ? "" : "_",
      high >> 32, (high >> 16) & 0xFFFF, high & 0xFFFF, low >> 48, low & 0xFFFFFFFFFFFF));
}

Failure scheduling_error(std::string code, std::string message, const Error& error) {
  Failure failure{.code = std::move(code), .message = std::move(message), .details = {}};
  for (const Detail& detail : error.details) failure.details.push_back({detail.key, detail.value});
  return failure;
}

}  // namespace

std::optional<Failure> auto_pool_error(const State& state, const PoolPlan& plan) {
  if (plan.error) return plan.error;
  if (const Result<> room = check_pool_quota(state); !room)
    return scheduling_error("AutoPoolCreationFailedWithQuotaReached", room.error().message,
                            room.error());
  if (const Result<> found = check_certificates(state, plan.facts); !found)
    return scheduling_error("InvalidCertificatesInAutoPool",
                            "One or more certificates specified for the pool are invalid.",
                            found.error());
  if (const Result<> found = check_packages(state, plan.facts.packages); !found)
    return scheduling_error("InvalidApplicationPackageReferencesInAutoPool", found.error().message,
                            found.error());
  return std::nullopt;
}

PoolId make_auto_pool(Turn& turn, const PoolPlan& plan, std::string_view owner) {
  AddPool command{.id = auto_pool_id(turn, plan, owner),
                  .facts = plan.facts,
                  .target_dedicated = plan.target_dedicated,
                  .target_low_priority = plan.target_low_priority,
                  .resize_timeout = plan.resize_timeout,
                  .spec = plan.spec,
                  .autoscale = plan.autoscale};
  return make_pool(turn, command).id;
}

void settle_ended_jobs(Turn& turn) {
  // What is done here may end further jobs.
  for (std::size_t at = 0; at < turn.ended.size(); ++at) {
    const EndedJob ended = turn.ended[at];
    if (PoolRecord* pool = turn.state.pool(ended.own_pool);
        pool != nullptr && pool->status.state == PoolState::active)
      delete_pool(turn, *pool);
    if (ScheduleRecord* schedule = turn.state.schedule(ended.schedule))
      schedule_step(turn, *schedule);
  }
  turn.ended.clear();
}

}  // namespace batchyard::engine
