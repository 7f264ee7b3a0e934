// The tasks that a job brings along: its preparation, release and manager tasks. What a job may say
// of them, what the engine decides by, and what is shown of what was left out.
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>

#include "base/result.h"
#include "engine/command.h"
#include "model/status.h"
#include "service/storage_files.h"

namespace batchyard::service {

// `job` is canonical: a JobAddParameter or a job's spec.
Result<> check_helpers(const boost::json::object& job, const StorageFacts& storage);
std::optional<JobHelpers> helpers_of(const boost::json::object& job);
// The job manager as the task that is added with the job; nothing when the job has none.
Result<std::optional<engine::NewTask>> manager_of(const boost::json::object& job,
                                                  const StorageFacts& storage);
// Adds the defaults to a job's entity.
void fill_helpers(boost::json::object& job, const JobFacts& facts);

}  // namespace batchyard::service
