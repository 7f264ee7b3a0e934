// What the registry keeps of a deployment, and how clients are shown it.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "arm/registry.h"
#include "base/time.h"
#include "templates/deployment.h"

namespace batchyard::arm {

// One resource's part in it.
struct DeploymentOperation {
  std::string id;
  std::string state;  // "Running", "Succeeded", "Failed"
  std::string resource_id;
  std::string resource_type;
  std::string resource_name;
  Time started;
  Time changed;
  int status = 0;             // of the answer; 0 before there is one
  boost::json::object error;  // empty unless it failed
};

struct DeploymentRecord {
  std::string state = "Accepted";  // then "Running"; "Succeeded", "Failed" or "Canceled" at the end
  std::string operation;           // whose progress clients ask for
  std::string correlation;
  std::string hash;  // of the template
  Time started;
  Time changed;
  boost::json::object parameters;  // with types; what is secure has no value
  boost::json::object outputs;
  boost::json::object error;
  std::vector<std::string> resources;  // ids of those that it was to deploy
  std::vector<DeploymentOperation> operations;

  bool ended() const { return state != "Accepted" && state != "Running"; }
};

std::string text_of(const DeploymentRecord& record);
DeploymentRecord deployment_in(const Record& record);

// `id` is the deployment's.
boost::json::object deployment_entity(const std::string& id, const std::string& name,
                                      const DeploymentRecord& record);
boost::json::object operation_entity(const std::string& id, const DeploymentOperation& operation);
// {"status"[,"error"]}: how far it is.
boost::json::object progress_of(const DeploymentRecord& record);

// The error of a deployment that failed, of those of its parts.
boost::json::object failure_of(boost::json::array details);
boost::json::object error_object(const Error& error);

}  // namespace batchyard::arm
