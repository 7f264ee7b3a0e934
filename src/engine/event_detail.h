// The short text of an event: why an entity is as it is, or where, as its status says it.
#pragma once

#include <string>

#include "model/status.h"

namespace batchyard::engine {

std::string detail_of(const PoolStatus& status);
std::string detail_of(const NodeStatus& status);
std::string detail_of(const JobStatus& status);
std::string detail_of(const TaskStatus& status);

}  // namespace batchyard::engine
