// What a pool may be, wherever one is described: when it is added or changed, and as the pool that
// a job or a schedule makes for itself.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "api/generated/structs.h"
#include "base/result.h"
#include "catalogue/catalogue.h"
#include "engine/command.h"
#include "engine/store.h"
#include "model/status.h"
#include "service/storage_files.h"

namespace batchyard::service {

// pools.cpp: what Azure refuses is refused (src/preflight), of a pool's canonical JSON; each
// refusal names the property and the cure.
Result<> check_pool(const boost::json::object& pool, const Catalogue& catalogue);
// Of its canonical JSON: the files of its start task.
Result<> check_start_task(const boost::json::object& pool, const StorageFacts& storage);
PoolFacts facts_of(const api::PoolAddParameter& pool, const Catalogue& catalogue);
Result<Duration> resize_timeout_of(const std::optional<std::string>& text);
// A pool's spec with members replaced, as a change of the row that was read.
Result<engine::ReplacePool> change_of(const engine::Row& row, const boost::json::object& before,
                                      boost::json::object spec, const Catalogue& catalogue);
Deallocation deallocation_of(const std::optional<std::string>& text);
// What the status tells is not kept twice.
void erase_kept_by_status(boost::json::object& spec);

// autoscale.cpp: nothing when the pool's targets are given by hand. InvalidAutoScalingSettings,
// AutoScalingFormulaTooLong, AutoScalingFormulaSyntaxError.
Result<std::optional<AutoScaleFacts>> autoscale_of(const api::PoolAddParameter& pool);

}  // namespace batchyard::service
