// The pools that jobs and schedules make for themselves: from what a user describes to what the
// engine makes.
#include <boost/json.hpp>

#include "api/codec.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/job_rules.h"
#include "service/pool_rules.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t prefix_max = 20;

// The word of the contract for what is wrong with an auto pool.
std::string code_of(const Error& error) {
  if (error.code.starts_with("AutoScaling") || error.code == "InvalidAutoScalingSettings")
    return "InvalidAutoScaleFormulaInAutoPool";
  for (const Detail& detail : error.details) {
    if (detail.key != "PropertyName") continue;
    if (detail.value.starts_with("certificate")) return "InvalidCertificatesInAutoPool";
    if (detail.value.starts_with("applicationPackage"))
      return "InvalidApplicationPackageReferencesInAutoPool";
  }
  return "InvalidAutoPoolSettings";
}

Failure scheduling_error_of(const Error& error) {
  Failure failure{protocol::FailureCategory::usererror, code_of(error), error.message, {}};
  for (const Detail& detail : error.details) failure.details.push_back({detail.key, detail.value});
  return failure;
}

Result<> fill_plan(PoolPlan& plan, const json::value& described, const StorageFacts& storage,
                   const Catalogue& catalogue) {
  const auto pool = api::read<api::PoolAddParameter>(described);
  TRY(check_pool(described.as_object(), catalogue));
  TRY(check_start_task(described.as_object(), storage));
  plan.facts = facts_of(pool, catalogue);
  plan.target_dedicated = pool.targetDedicatedNodes.value_or(0);
  plan.target_low_priority = pool.targetLowPriorityNodes.value_or(0);
  plan.resize_timeout = TRY(resize_timeout_of(pool.resizeTimeout));
  plan.autoscale = TRY(autoscale_of(pool));
  return Done();
}

std::unexpected<Error> missing(const char* property, const char* cure) {
  return refusal("MissingRequiredProperty",
                 std::string("A required property was not specified in the request body: ") +
                     property + ". " + cure,
                 {{"PropertyName", property}});
}

}  // namespace

Result<> check_pool_info(const api::JobAddParameter& job, JobMaker maker) {
  const bool names = job.poolInfo && job.poolInfo->poolId;
  if (!job.poolInfo || !job.poolInfo->autoPoolSpecification) {
    if (!names)
      return missing("poolInfo.poolId",
                     "Give the pool that runs the job's tasks, or an autoPoolSpecification.");
    return check_id(*job.poolInfo->poolId, "poolInfo.poolId");
  }
  if (names)
    return bad_property("poolInfo.autoPoolSpecification", "",
                        "Give either poolId or autoPoolSpecification, not both.");
  const api::AutoPoolSpecification& automatic = *job.poolInfo->autoPoolSpecification;
  const std::string prefix = automatic.autoPoolIdPrefix.value_or("");
  if (prefix.size() > prefix_max)
    return bad_property("poolInfo.autoPoolSpecification.autoPoolIdPrefix", prefix,
                        "It has at most 20 characters.");
  if (!prefix.empty()) TRY(check_id(prefix, "poolInfo.autoPoolSpecification.autoPoolIdPrefix"));
  const std::string lifetime = automatic.poolLifetimeOption.value_or("");
  if (maker == JobMaker::user && same_folded(lifetime, "jobschedule"))
    return bad_property("poolInfo.autoPoolSpecification.poolLifetimeOption", lifetime,
                        "A pool can live as long as a job schedule only when the schedule makes "
                        "it. Give job.");
  if (!automatic.pool)
    return missing("poolInfo.autoPoolSpecification.pool", "Describe the pool that shall be made.");
  return Done();
}

std::optional<PoolPlan> pool_plan_of(const json::value& job, const StorageFacts& storage,
                                     const Catalogue& catalogue) {
  const json::value* automatic =
      job.at("poolInfo").as_object().if_contains("autoPoolSpecification");
  if (automatic == nullptr) return std::nullopt;
  json::value pool = automatic->at("pool");
  pool.as_object()["id"] = "auto";
  const auto described = api::read<api::AutoPoolSpecification>(*automatic);
  PoolPlan plan;
  plan.prefix = described.autoPoolIdPrefix.value_or("");
  plan.of_schedule = same_folded(described.poolLifetimeOption.value_or(""), "jobschedule");
  plan.keep_alive = described.keepAlive.value_or(false);
  if (const Result<> possible = fill_plan(plan, pool, storage, catalogue); !possible)
    plan.error = scheduling_error_of(possible.error());
  erase_kept_by_status(pool.as_object());
  plan.spec = json::serialize(pool);
  return plan;
}

}  // namespace batchyard::service
