#include "arm/deployment_record.h"

#include "arm/json_parts.h"

namespace batchyard::arm {

namespace json = boost::json;

namespace {

json::object operation_kept(const DeploymentOperation& one) {
  return {{"id", one.id},
          {"state", one.state},
          {"resourceId", one.resource_id},
          {"resourceType", one.resource_type},
          {"resourceName", one.resource_name},
          {"started", to_iso8601(one.started)},
          {"changed", to_iso8601(one.changed)},
          {"status", one.status},
          {"error", one.error}};
}

Time time_at(const json::object& object, std::string_view name) {
  return parse_iso8601(text_at(object, name)).value_or(Time());
}

json::object copy_at(const json::object& object, std::string_view name) {
  const json::object* found = object_at(object, name);
  return found == nullptr ? json::object() : *found;
}

DeploymentOperation operation_in(const json::object& kept) {
  return {.id = text_at(kept, "id"),
          .state = text_at(kept, "state"),
          .resource_id = text_at(kept, "resourceId"),
          .resource_type = text_at(kept, "resourceType"),
          .resource_name = text_at(kept, "resourceName"),
          .started = time_at(kept, "started"),
          .changed = time_at(kept, "changed"),
          .status = static_cast<int>(number_at(kept, "status")),
          .error = copy_at(kept, "error")};
}

// As clients are shown a status: in one word.
std::string status_word(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "NoContent";
    case 400:
      return "BadRequest";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 500:
      return "InternalServerError";
    default:
      return std::to_string(status);
  }
}

json::array references_to(const std::vector<std::string>& ids) {
  json::array all;
  for (const std::string& id : ids) all.push_back(json::object{{"id", id}});
  return all;
}

}  // namespace

std::string text_of(const DeploymentRecord& record) {
  json::array operations;
  for (const DeploymentOperation& one : record.operations)
    operations.push_back(operation_kept(one));
  return json::serialize(json::object{{"state", record.state},
                                      {"operation", record.operation},
                                      {"correlation", record.correlation},
                                      {"hash", record.hash},
                                      {"started", to_iso8601(record.started)},
                                      {"changed", to_iso8601(record.changed)},
                                      {"parameters", record.parameters},
                                      {"outputs", record.outputs},
                                      {"error", record.error},
                                      {"resources", json::value_from(record.resources)},
                                      {"operations", std::move(operations)}});
}

DeploymentRecord deployment_in(const Record& record) {
  const json::object kept = object_of(record.body);
  DeploymentRecord deployment{.state = text_at(kept, "state"),
                              .operation = text_at(kept, "operation"),
                              .correlation = text_at(kept, "correlation"),
                              .hash = text_at(kept, "hash"),
                              .started = time_at(kept, "started"),
                              .changed = time_at(kept, "changed"),
                              .parameters = copy_at(kept, "parameters"),
                              .outputs = copy_at(kept, "outputs"),
                              .error = copy_at(kept, "error"),
                              .resources = {},
                              .operations = {}};
  if (const json::value* ids = kept.if_contains("resources"); ids != nullptr && ids->is_array()) {
    for (const json::value& id : ids->get_array()) {
      if (id.is_string()) deployment.resources.emplace_back(id.get_string());
    }
  }
  const json::value* operations = kept.if_contains("operations");
  if (operations != nullptr && operations->is_array()) {
    for (const json::value& one : operations->get_array()) {
      if (one.is_object()) deployment.operations.push_back(operation_in(one.get_object()));
    }
  }
  return deployment;
}

json::object deployment_entity(const std::string& id, const std::string& name,
                               const DeploymentRecord& record) {
  json::object properties{
      {"templateHash", record.hash},
      {"parameters", record.parameters},
      {"mode", "Incremental"},
      {"provisioningState", record.state},
      {"timestamp", to_iso8601(record.changed)},
      {"duration", to_iso8601(record.changed - record.started)},
      {"correlationId", record.correlation},
      {"providers", json::array{json::object{{"namespace", "Microsoft.Batch"}}}},
      {"dependencies", json::array()}};
  if (record.state == "Succeeded") {
    properties["outputs"] = record.outputs;
    properties["outputResources"] = references_to(record.resources);
  }
  if (!record.error.empty()) properties["error"] = record.error;
  return {{"id", id},
          {"name", name},
          {"type", "Microsoft.Resources/deployments"},
          {"properties", std::move(properties)}};
}

json::object operation_entity(const std::string& id, const DeploymentOperation& operation) {
  json::object properties{{"provisioningOperation", "Create"},
                          {"provisioningState", operation.state},
                          {"timestamp", to_iso8601(operation.changed)},
                          {"duration", to_iso8601(operation.changed - operation.started)},
                          {"targetResource",
                           {{"id", operation.resource_id},
                            {"resourceType", operation.resource_type},
                            {"resourceName", operation.resource_name}}}};
  if (operation.status != 0) properties["statusCode"] = status_word(operation.status);
  if (!operation.error.empty())
    properties["statusMessage"] = json::object{{"status", "Failed"}, {"error", operation.error}};
  return {{"id", id + "/operations/" + operation.id},
          {"operationId", operation.id},
          {"properties", std::move(properties)}};
}

json::object progress_of(const DeploymentRecord& record) {
  json::object progress{{"status", record.state}};
  if (!record.error.empty()) progress["error"] = record.error;
  return progress;
}

json::object failure_of(json::array details) {
  return {
      {"code", "DeploymentFailed"},
      {"message",
       "At least one resource deployment operation failed. `az deployment operation group list` "
       "lists the operations."},
      {"details", std::move(details)}};
}

json::object error_object(const Error& error) {
  return {{"code", error.code}, {"message", error.message}};
}

}  // namespace batchyard::arm
