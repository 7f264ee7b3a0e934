// A task as a caller describes it: what is allowed, and the command's form of it. Also the job's
// own tasks are checked so (job_helpers.h).
#pragma once

#include <boost/json/fwd.hpp>

#include "base/result.h"
#include "engine/command.h"
#include "service/storage_files.h"

namespace batchyard::service {

// What is not allowed, or not served, of a task that is canonical otherwise.
Result<> check_task(const boost::json::object& task, const StorageFacts& storage);

// `task` is canonical; what remains of it is the spec.
Result<engine::NewTask> new_task(boost::json::object& task, const StorageFacts& storage);

}  // namespace batchyard::service
