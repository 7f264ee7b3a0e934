// The variables that a task sees (source: the service's table of environment variables).
#include <fmt/format.h>

#include "base/text.h"
#include "hardware/emulate.h"
#include "model/directories.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

namespace {

// Where the gang's primary may listen; the first port is the service's own.
constexpr int master_port = 6000;
constexpr int application_port = 6105;

std::string addresses(const protocol::Gang& gang, std::string_view separator) {
  std::vector<std::string> list;
  for (const protocol::GangMember& member : gang.members) list.push_back(member.ip_address);
  return join(list, separator);
}

void add_gang(std::vector<std::string>& environment, const protocol::Gang& gang,
              std::string_view task_directory, bool master) {
  const std::string& primary = gang.members.front().ip_address;
  set_variable(environment, "AZ_BATCH_HOST_LIST", addresses(gang, ","));
  set_variable(environment, "AZ_BATCH_NODE_LIST", addresses(gang, ";"));
  set_variable(environment, "AZ_BATCH_MASTER_NODE", fmt::format("{}:{}", primary, master_port));
  set_variable(environment, "AZ_BATCH_MASTER_PORT", std::to_string(application_port));
  set_variable(environment, "AZ_BATCH_IS_CURRENT_NODE_MASTER", master ? "true" : "false");
  set_variable(environment, "AZ_BATCH_TASK_SHARED_DIR", std::string(task_directory));
  std::string nodes = std::to_string(gang.members.size());
  for (const protocol::GangMember& member : gang.members)
    nodes += fmt::format(" {} 1", member.ip_address);
  set_variable(environment, "CCP_NODES", nodes);
}

void add_directories(std::vector<std::string>& environment, const std::string& directory) {
  environment.push_back("HOME=" + directory + "/wd");
  environment.push_back("AZ_BATCH_CERTIFICATES_DIR=" + directory + "/certs");
  environment.push_back("AZ_BATCH_TASK_DIR=" + directory);
  environment.push_back("AZ_BATCH_TASK_WORKING_DIR=" + directory + "/wd");
}

void add_names(std::vector<std::string>& environment, const JobId& job, const TaskId& task) {
  environment.push_back("AZ_BATCH_JOB_ID=" + job.text());
  environment.push_back("AZ_BATCH_TASK_ID=" + task.text());
}

void add_preparation(std::vector<std::string>& environment, const std::string& directory) {
  environment.push_back("AZ_BATCH_JOB_PREP_DIR=" + directory);
  environment.push_back("AZ_BATCH_JOB_PREP_WORKING_DIR=" + directory + "/wd");
}

// The task's own settings win over its job's.
void add_settings(std::vector<std::string>& environment,
                  const std::vector<protocol::NameValue>& of_job,
                  const std::vector<protocol::NameValue>& of_task) {
  for (const protocol::NameValue& setting : of_job)
    set_variable(environment, setting.name, setting.value);
  for (const protocol::NameValue& setting : of_task)
    set_variable(environment, setting.name, setting.value);
}

}  // namespace

std::vector<std::string> Node::common_environment() const {
  const std::string& root = identity_.root;
  const std::string usual = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  const bool stands_in = has_emulated_gpus(machine_);
  const std::string hardware = root + "/" + hardware_directory;
  std::vector<std::string> environment{
      "PATH=" + (stands_in ? hardware + "/bin:" : std::string()) + usual,
      "LANG=C.UTF-8",
      "AZ_BATCH_ACCOUNT_NAME=" + welcome_.account_name,
      "AZ_BATCH_ACCOUNT_URL=" + welcome_.account_url,
      "AZ_BATCH_NODE_ID=" + identity_.node.text(),
      "AZ_BATCH_NODE_IS_DEDICATED=" + std::string(welcome_.dedicated ? "true" : "false"),
      "AZ_BATCH_NODE_ROOT_DIR=" + root,
      "AZ_BATCH_NODE_SHARED_DIR=" + root + "/shared",
      "AZ_BATCH_NODE_STARTUP_DIR=" + root + "/startup",
      "AZ_BATCH_NODE_STARTUP_WORKING_DIR=" + root + "/startup/wd",
      "AZ_BATCH_NODE_MOUNTS_DIR=" + root + "/fsmounts",
      "AZ_BATCH_POOL_ID=" + identity_.pool.text(),
      "AZ_BATCH_TASK_RESERVED_EPHEMERAL_DISK_SPACE_BYTES=1000000"};
  if (stands_in) {
    environment.push_back("LD_LIBRARY_PATH=" + hardware + "/lib");
    environment.push_back("BATCHYARD_HARDWARE=" + hardware + "/state");
  }
  return environment;
}

std::vector<std::string> Node::environment_of(const Run& run) const {
  std::vector<std::string> environment = common_environment();
  const std::string directory = identity_.root + "/" + run.directory();
  add_directories(environment, directory);
  add_packages(environment, run.order.packages);
  add_names(environment, run.order.key.job, run.order.key.task);
  if (!run.order.preparation.empty())
    add_preparation(environment,
                    identity_.root + "/" + directory_of(run.order.key.job, run.order.preparation));
  if (!run.order.authentication_token.empty())
    environment.push_back("AZ_BATCH_AUTHENTICATION_TOKEN=" + run.order.authentication_token);
  environment.push_back("BATCHYARD_RUN=" + run.name());
  add_hardware(environment, run);
  if (run.is_gang()) add_gang(environment, *run.order.gang, directory, run.is_primary());
  add_settings(environment, run.order.job_environment, run.spec.environment);
  return environment;
}

std::vector<std::string> Node::environment_of(const Chore& chore) const {
  std::vector<std::string> environment = common_environment();
  add_directories(environment, identity_.root + "/" + chore.directory());
  add_packages(environment, {});
  if (!chore.is_start_task()) add_names(environment, chore.order.job, chore.order.task);
  if (chore.order.kind == protocol::JobTaskKind::release)
    add_preparation(environment,
                    identity_.root + "/" + directory_of(chore.order.job, chore.order.preparation));
  add_settings(environment, chore.order.job_environment, chore.spec.environment);
  return environment;
}

}  // namespace batchyard::node
