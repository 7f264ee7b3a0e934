// The short text of an event: why an entity is as it is, or where, as its status says it.
#pragma once

#include <string>

#include "model/application_status.h"
#include "model/schedule_status.h"
#include "model/status.h"

namespace batchyard::engine {

// What a job's preparation and release have come to on a node, in one word; the API has none.
//   waiting ──> preparing ──> prepared | failed;  releasing ──> released
const char* state_of(const PreparationStatus& status);

std::string detail_of(const PoolStatus& status);
std::string detail_of(const NodeStatus& status);
std::string detail_of(const JobStatus& status);
std::string detail_of(const TaskStatus& status);
std::string detail_of(const ScheduleStatus& status);
std::string detail_of(const PreparationStatus& status);
std::string detail_of(const CertificateStatus& status);
std::string detail_of(const ApplicationStatus& status);
std::string detail_of(const PackageStatus& status);

}  // namespace batchyard::engine
