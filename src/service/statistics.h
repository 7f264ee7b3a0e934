// What is known of the use of pools, jobs and tasks: `$expand=stats`, the statistics of the account
// and the usage metrics. Times and counts are the engine's; what no agent measures (processor
// times, input and output) is 0 where the contract demands a number, and left out elsewhere.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "engine/store.h"
#include "service/call.h"

namespace batchyard::service {

// Whether the request's `$expand` names `stats`. Any other word is refused.
Result<bool> expands_stats(const Call& call);

Result<boost::json::object> pool_statistics(const engine::Row& pool, engine::StoreReader& store,
                                            const Call& call);
Result<boost::json::object> job_statistics(const engine::Row& job, const Call& call);
// Over the schedule's jobs, as many as are not deleted.
Result<boost::json::object> schedule_statistics(const engine::Row& schedule,
                                                engine::StoreReader& store, const Call& call);
Result<boost::json::object> task_statistics(const engine::Row& task, const Call& call);

// Over all pools, over all jobs.
Result<boost::json::object> all_pool_statistics(engine::StoreReader& store, const Call& call);
Result<boost::json::object> all_job_statistics(engine::StoreReader& store, const Call& call);

struct Interval {
  Time start;
  Time end;
};
struct UsagePage {
  boost::json::array metrics;
  std::optional<std::string> next;  // the pool to go on after
};
// The use of those pools within the interval, by the nodes that they have now; nothing of a pool
// without any.
Result<UsagePage> usage_metrics(engine::StoreReader& store, engine::Query pools,
                                const Interval& interval);

}  // namespace batchyard::service
