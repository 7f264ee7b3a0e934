// Commands in containers, and the images that the pool wants before anything runs here. What is
// decided is what a container sees: its mounts, its variables, its registries. The agent starts it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "node/node.h"
#include "node/run.h"

namespace batchyard::node {

namespace {

namespace json = boost::json;

std::string container_text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

// A directory that tasks may ask to have in their container, and the variables that name it.
struct HostPath {
  std::string_view source;
  std::string_view directory;  // below the root; empty: the task's, or the preparation task's
  std::vector<std::string_view> variables;
};
const std::vector<HostPath>& host_paths() {
  static const std::vector<HostPath> paths{
      {"Shared", "shared", {"AZ_BATCH_NODE_SHARED_DIR"}},
      {"Startup", "startup", {"AZ_BATCH_NODE_STARTUP_DIR", "AZ_BATCH_NODE_STARTUP_WORKING_DIR"}},
      {"VfsMounts", "fsmounts", {"AZ_BATCH_NODE_MOUNTS_DIR"}},
      {"Task",
       "",
       {"AZ_BATCH_TASK_DIR", "AZ_BATCH_TASK_WORKING_DIR", "AZ_BATCH_TASK_SHARED_DIR",
        "AZ_BATCH_CERTIFICATES_DIR", "HOME"}},
      {"JobPrep", "", {"AZ_BATCH_JOB_PREP_DIR", "AZ_BATCH_JOB_PREP_WORKING_DIR"}},
      {"Applications", "applications", {"AZ_BATCH_APP_PACKAGE_"}}};
  return paths;
}

void drop_variable(std::vector<std::string>& environment, std::string_view name) {
  const std::string start = std::string(name) + (name.ends_with('_') ? "" : "=");
  std::erase_if(environment, [&](const std::string& one) { return one.starts_with(start); });
}

protocol::Failure container_failure(std::string code, std::string message) {
  return {protocol::FailureCategory::usererror, std::move(code), std::move(message), {}};
}

}  // namespace

std::optional<ContainerOrder> read_container(const json::object* task) {
  const json::value* given = task == nullptr ? nullptr : task->if_contains("containerSettings");
  if (given == nullptr || !given->is_object()) return std::nullopt;
  const json::object& settings = given->get_object();
  ContainerOrder container;
  container.image = container_text(settings, "imageName");
  container.options = container_text(settings, "containerRunOptions");
  container.image_directory =
      same_folded(container_text(settings, "workingDirectory"), "containerImageDefault");
  if (const json::value* registry = settings.if_contains("registry");
      registry != nullptr && registry->is_object())
    container.registries.push_back({container_text(registry->get_object(), "registryServer"),
                                    container_text(registry->get_object(), "username"),
                                    container_text(registry->get_object(), "password")});
  const json::value* mounts = settings.if_contains("containerHostBatchBindMounts");
  if (mounts == nullptr || !mounts->is_array()) {
    container.mounts.emplace_back();
    return container;
  }
  for (const json::value& one : mounts->get_array()) {
    const json::value* read_only = one.as_object().if_contains("isReadOnly");
    container.mounts.push_back(
        {container_text(one.get_object(), "source"),
         read_only != nullptr && read_only->is_bool() && read_only->get_bool()});
  }
  return container;
}

std::optional<protocol::Failure> Node::put_in_container(
    ProcessOrder& order, const std::optional<ContainerOrder>& settings,
    const std::string& directory, const TaskId& preparation, const JobId& job) const {
  if (!settings) return std::nullopt;
  if (!set_up_ || !set_up_->containers)
    return container_failure(
        "ContainerInvalidSettings",
        "The pool has no containerConfiguration, so its nodes run no containers. Use a pool with "
        "virtualMachineConfiguration.containerConfiguration, or leave containerSettings out.");
  ContainerOrder container = *settings;
  const auto& pool_registries = set_up_->containers->registries;
  container.registries.insert(container.registries.end(), pool_registries.begin(),
                              pool_registries.end());
  // The image has its own programs and its own places for them.
  for (const std::string& variable : common_environment()) {
    if (variable.starts_with("PATH=") || variable.starts_with("LANG=") ||
        variable.starts_with("LD_LIBRARY_PATH="))
      std::erase(order.environment, variable);
  }
  const bool whole = container.mounts.size() == 1 && container.mounts[0].path.empty();
  if (!whole) {
    std::vector<ContainerOrder::Mount> mounts;
    for (const HostPath& path : host_paths()) {
      const auto wanted = std::ranges::find_if(container.mounts, [&](const auto& mount) {
        return same_folded(mount.path, path.source);
      });
      const bool of_task = path.source == "Task";
      const bool of_preparation = path.source == "JobPrep";
      if (wanted == container.mounts.end()) {
        for (const std::string_view variable : path.variables)
          drop_variable(order.environment, variable);
        continue;
      }
      if (of_preparation && preparation.empty()) continue;
      mounts.push_back({of_task          ? directory
                        : of_preparation ? directory_of(job, preparation)
                                         : std::string(path.directory),
                        wanted->read_only});
    }
    container.mounts = std::move(mounts);
  }
  order.container = std::move(container);
  return std::nullopt;
}

// ---- images of the pool
// --------------------------------------------------------------------------------------------------------------

// Fetched once in an incarnation. Also without images the process is started: it finds out whether
// containers can be run here at all.
void Node::want_images() {
  if (!set_up_->containers) return;
  if (images_there_) return ports_.send(protocol::ImagesReady());
  if (std::exchange(images_awaited_, true)) return;
  ProcessOrder order;
  order.id = images_process;
  order.directory = "startup";
  order.user.admin = true;
  order.container.emplace();
  order.container->fetch = set_up_->containers->images;
  order.container->registries = set_up_->containers->registries;
  ports_.start_process(order);
}

void Node::images_came(const ProcessEnd& end, Time now) {
  if (!std::exchange(images_awaited_, false) || !set_up_) return;
  if (const std::optional<protocol::Failure> failure = failure_of(end, "podman")) {
    fault_ = protocol::NodeFault{failure->code, failure->message, failure->details};
    start_task_waits_.reset();
  }
  images_there_ = !fault_;
  keep_set_up();
  if (fault_) return ports_.send(*fault_);
  ports_.send(protocol::ImagesReady());
  if (!start_task_waits_) return;
  const protocol::RunJobTask start = *std::exchange(start_task_waits_, {});
  run_chore(start, now);
}

// An earlier agent may have gone between its record and the start.
void Node::resume_images(bool alive) {
  if (!set_up_ || fault_ || images_there_ || is_extending()) return;
  if (alive)
    images_awaited_ = set_up_->containers.has_value();
  else
    want_images();
}

}  // namespace batchyard::node
