// A row of the store as the API's entity, whole and in the newest version: what the user sent, the
// defaults the service fills in, and what the engine knows. Views per version and $select come
// after (api/view.h).
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/store.h"
#include "model/status.h"

namespace batchyard::service {

Result<boost::json::object> pool_entity(const engine::Row& row, const std::string& base_url);
Result<boost::json::object> node_entity(const engine::Row& row, const engine::Row& pool,
                                        const std::string& base_url);
Result<boost::json::object> job_entity(const engine::Row& row, const std::string& base_url);
Result<boost::json::object> schedule_entity(const engine::Row& row, const std::string& base_url);
Result<boost::json::object> task_entity(const engine::Row& row, const std::string& base_url,
                                        const JobFacts& job);
boost::json::array subtask_entities(const std::string& job, const std::string& task,
                                    const TaskStatus& status, const std::string& base_url);

Result<boost::json::object> certificate_entity(const engine::Row& row, const std::string& base_url);
// What a job's preparation and release tasks did on a node.
Result<boost::json::object> preparation_entity(const engine::Row& row, const JobHelpers& helpers,
                                               const std::string& base_url);
// As operators see them; an application without its packages.
Result<boost::json::object> application_entity(const engine::Row& row);
Result<boost::json::object> package_entity(const engine::Row& row);

// Of a start task's report, and of a preparation or release task's.
boost::json::object start_task_info(const protocol::StartTaskReport& report);
// The default of userIdentity.
void fill_user(boost::json::object& task);
// The key of a certificate's row: "<algorithm>-<thumbprint>", lower case.
std::string certificate_id(std::string_view algorithm, std::string_view thumbprint);

boost::json::object failure_entity(const Failure& failure);
boost::json::object container_entity(const protocol::ContainerInfo& container);
boost::json::object autoscale_run_entity(const AutoScaleRun& run);

}  // namespace batchyard::service
