// What pools and tasks may say of containers. What a task's pool has to do with it, the engine
// checks.
#pragma once

#include <boost/json/fwd.hpp>

#include <string_view>

#include "api/generated/structs.h"
#include "base/result.h"

namespace batchyard::service {

// containerConfiguration, and that a start task has containerSettings only beside it.
Result<> check_containers(const api::PoolAddParameter& pool);

// Of any task (canonical JSON): its containerSettings; without them it has a command line. Errors
// name properties below `owner`: "startTask."
Result<> check_container_task(const boost::json::object& task, std::string_view owner = {});

}  // namespace batchyard::service
