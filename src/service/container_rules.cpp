#include "service/container_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.h"
#include "model/container.h"
#include "service/json_parts.h"

namespace batchyard::service {

namespace {

std::unexpected<Error> no_identity(std::string property) {
  return bad_property(std::move(property), "",
                      "Batchyard has no managed identities. Give username and password of the "
                      "registry.");
}

std::string detail_of(const Error& error, std::string_view key) {
  const auto found = std::ranges::find(error.details, key, &Detail::key);
  return found == error.details.end() ? std::string() : found->value;
}

// What found the fault knows the value, not where it stands in the body.
std::unexpected<Error> found_at(const std::string& property, const Error& error) {
  return bad_property(property, detail_of(error, "PropertyValue"), detail_of(error, "Reason"));
}

Result<> check_image_name(const std::string& property, std::string_view image) {
  const Result<ImageName> parsed = parse_image(image);
  if (!parsed) return found_at(property, parsed.error());
  return Done();
}

Result<> check_mount_sources(const json::object& settings, std::string_view where) {
  const json::value* list = settings.if_contains("containerHostBatchBindMounts");
  if (list == nullptr || !list->is_array()) return Done();
  std::set<std::string> sources;
  for (std::size_t at = 0; at < list->get_array().size(); ++at) {
    const json::value& mount = list->get_array()[at];
    const std::string property =
        fmt::format("{}.containerHostBatchBindMounts[{}].source", where, at);
    const std::string source = text_at(mount.as_object(), "source");
    if (source.empty())
      return bad_property(property, source,
                          "Say which directory: Shared, Startup, VfsMounts, Task, JobPrep or "
                          "Applications.");
    if (!sources.insert(fold(source)).second)
      return bad_property(property, source, "It is in the list twice.");
  }
  if (!sources.contains("task") &&
      !same_folded(text_at(settings, "workingDirectory"), "containerimagedefault"))
    return bad_property(std::string(where) + ".workingDirectory",
                        text_at(settings, "workingDirectory", "taskWorkingDirectory"),
                        "The task's directory is not in the container. Add the source Task to "
                        "containerHostBatchBindMounts, or set this to containerImageDefault.");
  return Done();
}

bool may_be_admin(const json::object& task) {
  const json::value* user = task.if_contains("userIdentity");
  if (user == nullptr || !user->is_object()) return false;
  // What a named account may do, its pool says; the node looks again.
  if (user->get_object().contains("username")) return true;
  const json::value* automatic = user->get_object().if_contains("autoUser");
  return automatic != nullptr && automatic->is_object() &&
         same_folded(text_at(automatic->get_object(), "elevationLevel"), "admin");
}

}  // namespace

Result<> check_containers(const api::PoolAddParameter& pool) {
  if (!pool.virtualMachineConfiguration) return Done();
  const auto& configuration = pool.virtualMachineConfiguration->containerConfiguration;
  if (!configuration) {
    if (pool.startTask && pool.startTask->containerSettings)
      return bad_property("startTask.containerSettings", "given",
                          "The pool has no virtualMachineConfiguration.containerConfiguration. "
                          "Add it, or leave containerSettings out.");
    return Done();
  }
  const std::string where = "virtualMachineConfiguration.containerConfiguration";
  for (std::size_t at = 0; at < configuration->containerImageNames.size(); ++at)
    TRY(check_image_name(fmt::format("{}.containerImageNames[{}]", where, at),
                         configuration->containerImageNames[at]));
  for (std::size_t at = 0; at < configuration->containerRegistries.size(); ++at) {
    if (configuration->containerRegistries[at].identityReference)
      return no_identity(fmt::format("{}.containerRegistries[{}].identityReference", where, at));
  }
  return Done();
}

Result<> check_container_task(const json::object& task, std::string_view owner) {
  const json::value* given = task.if_contains("containerSettings");
  if (given == nullptr || !given->is_object()) {
    const json::value* command = task.if_contains("commandLine");
    if (command == nullptr || !command->is_string() ||
        trim(std::string_view(command->get_string())).empty())
      return bad_property(std::string(owner) + "commandLine", "", "It must not be empty.");
    return Done();
  }
  const json::object& settings = given->get_object();
  const std::string where = std::string(owner) + "containerSettings";
  TRY(check_image_name(where + ".imageName", text_at(settings, "imageName")));
  if (const json::value* registry = settings.if_contains("registry");
      registry != nullptr && registry->is_object() &&
      registry->get_object().contains("identityReference"))
    return no_identity(where + ".registry.identityReference");
  TRY(check_mount_sources(settings, where));
  const auto options =
      container_options(text_at(settings, "containerRunOptions"), may_be_admin(task));
  if (!options) return found_at(where + ".containerRunOptions", options.error());
  return Done();
}

}  // namespace batchyard::service
