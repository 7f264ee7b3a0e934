// What a job may be, wherever one is described: when it is added or changed, and as what a
// schedule makes.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "api/generated/structs.h"
#include "base/result.h"
#include "catalogue/catalogue.h"
#include "model/status.h"
#include "service/storage_files.h"

namespace batchyard::service {

enum class JobMaker { user, schedule };

// jobs.cpp: each refusal names the property and the cure.
Result<> check_job(const api::JobAddParameter& job);
// The pool is left out when it is the job's own.
JobFacts facts_of(const api::JobAddParameter& job);

// auto_pools.cpp: the job names a pool, or describes one; never both.
Result<> check_pool_info(const api::JobAddParameter& job, JobMaker maker);
// The pool that is described in a job's (canonical JSON) poolInfo, if one is. What cannot be is no
// refusal but the plan's error: the job then tells it as its schedulingError.
std::optional<PoolPlan> pool_plan_of(const boost::json::value& job, const StorageFacts& storage,
                                     const Catalogue& catalogue);

}  // namespace batchyard::service
