// What a task may ask for beyond a place to run: dependencies, exit conditions, affinity.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "base/result.h"
#include "model/status.h"

namespace batchyard::service {

// Of a canonical task; nothing when it asks for none of it.
Result<std::optional<TaskRules>> task_rules_of(const boost::json::object& task);

}  // namespace batchyard::service
