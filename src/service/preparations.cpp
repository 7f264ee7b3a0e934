// What a job's preparation and release tasks did on each node, also on those that are gone.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "service/entities.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::object execution_info(const protocol::StartTaskReport& report, const std::string& node_url,
                            const std::string& job, const TaskId& task) {
  json::object info = start_task_info(report);
  const std::string root = fmt::format("workitems/{}/job-1/{}", job, task.text());
  info["taskRootDirectory"] = root;
  info["taskRootDirectoryUrl"] = node_url + "/files/" + root;
  return info;
}

}  // namespace

Result<json::object> preparation_entity(const engine::Row& row, const JobHelpers& helpers,
                                        const std::string& base_url) {
  const PreparationStatus status = TRY(from_json<PreparationStatus>(row.status));
  const std::string node_url =
      fmt::format("{}/pools/{}/nodes/{}", base_url, status.pool.text(), row.key.id);
  json::object entity{
      {"poolId", status.pool.text()}, {"nodeId", row.key.id}, {"nodeUrl", node_url}};
  if (status.preparation.phase != protocol::StartTaskPhase::none)
    entity["jobPreparationTaskExecutionInfo"] =
        execution_info(status.preparation, node_url, row.key.parent, helpers.preparation);
  if (status.release) {
    json::object info = execution_info(*status.release, node_url, row.key.parent, helpers.release);
    info.stable_erase("retryCount");  // it has no retries
    entity["jobReleaseTaskExecutionInfo"] = std::move(info);
  }
  return entity;
}

void Service::list_preparations(Call call) {
  const auto job = [&]() -> Result<JobHelpers> {
    const engine::Row row = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const JobHelpers helpers =
        TRY(from_json<JobStatus>(row.status)).facts.helpers.value_or(JobHelpers());
    if (helpers.preparation.empty())
      return refusal(
          "JobPreparationTaskOrReleaseTaskNotSpecified",
          "The specified job has neither a job preparation task nor a job release task.");
    return helpers;
  };
  const Result<JobHelpers> helpers = job();
  if (!helpers) return answer_error(call, helpers.error());
  const std::string filter(call.query_value("$filter"));
  list(
      call, "jobpreparationandreleasetaskstatuslist",
      {.kind = engine::EntityKind::preparation,
       .parent = call.parameters[0],
       .filter = nullptr,
       .after = {}},
      filter,
      [&](const engine::Row& row) { return preparation_entity(row, *helpers, call.base_url()); },
      api::Model::JobPreparationAndReleaseTaskExecutionInformation);
}

}  // namespace batchyard::service
