// Faults that users ask for, as they write them (docs/hardware.md).
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/status.h"

namespace batchyard::service {

// {"kind": "xid", "node": "*", "gpu": 0, "value": 79, "after": "PT30S", "for": "PT5M"}, with "at"
// in place of "after". `pool`: the pool may be named, too.
enum class FaultPool { in_the_path, named };
Result<FaultPlan> read_fault_plan(const boost::json::object& body, FaultPool pool);

// The file of `--faults`: a list of them, each with its pool.
Result<std::vector<FaultPlan>> read_fault_plans(std::string_view json);

}  // namespace batchyard::service
