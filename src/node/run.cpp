#include "node/run.h"

#include <fmt/format.h>

#include <cstring>

#include "base/text.h"
#include "node/node.h"

namespace batchyard::node {

namespace {

namespace json = boost::json;

const json::value* find(const json::object* object, std::string_view name) {
  return object == nullptr ? nullptr : object->if_contains(name);
}

const json::object* object_at(const json::object* object, std::string_view name) {
  const json::value* value = find(object, name);
  return value == nullptr ? nullptr : value->if_object();
}

std::string text_at(const json::object* object, std::string_view name) {
  const json::value* value = find(object, name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<Spec::File> files_at(const json::object* object, std::string_view name) {
  std::vector<Spec::File> files;
  const json::value* list = find(object, name);
  if (list == nullptr || !list->is_array()) return files;
  for (const json::value& one : list->get_array()) {
    const json::object* file = one.if_object();
    const std::string container = text_at(file, "storageContainerUrl");
    files.push_back({.url = container.empty() ? text_at(file, "httpUrl") : container,
                     .path = text_at(file, "filePath"),
                     .mode = text_at(file, "fileMode"),
                     .container = !container.empty(),
                     .prefix = text_at(file, "blobPrefix")});
  }
  return files;
}

Spec::UploadCondition condition_of(std::string_view text) {
  if (same_folded(text, "tasksuccess")) return Spec::UploadCondition::success;
  if (same_folded(text, "taskfailure")) return Spec::UploadCondition::failure;
  return Spec::UploadCondition::completion;
}

std::vector<protocol::NameValue> pairs_at(const json::object* object, std::string_view name) {
  std::vector<protocol::NameValue> pairs;
  const json::value* list = find(object, name);
  if (list == nullptr || !list->is_array()) return pairs;
  for (const json::value& one : list->get_array())
    pairs.push_back({text_at(one.if_object(), "name"), text_at(one.if_object(), "value")});
  return pairs;
}

std::vector<Spec::Output> outputs_at(const json::object* task) {
  std::vector<Spec::Output> outputs;
  const json::value* list = find(task, "outputFiles");
  if (list == nullptr || !list->is_array()) return outputs;
  for (const json::value& one : list->get_array()) {
    const json::object* container =
        object_at(object_at(one.if_object(), "destination"), "container");
    outputs.push_back({.condition = condition_of(
                           text_at(object_at(one.if_object(), "uploadOptions"), "uploadCondition")),
                       .what = {.pattern = text_at(one.if_object(), "filePattern"),
                                .container_url = text_at(container, "containerUrl"),
                                .path = text_at(container, "path"),
                                .headers = pairs_at(container, "uploadHeaders")}});
  }
  return outputs;
}

// The words for a failure whose parts the API's examples show.
protocol::Failure user_failure(std::string code, std::string message,
                               std::vector<protocol::NameValue> details = {}) {
  return {protocol::FailureCategory::usererror, std::move(code), std::move(message),
          std::move(details)};
}

}  // namespace

Spec read_spec(std::string_view text, std::string_view own_key) {
  Spec spec;
  boost::system::error_code error;
  const json::value whole = json::parse(text, error);
  const json::object* task = error ? nullptr : whole.if_object();
  spec.command_line = text_at(task, "commandLine");
  const json::object* gang = object_at(task, "multiInstanceSettings");
  spec.coordination = text_at(gang, "coordinationCommandLine");
  spec.common_files = files_at(gang, "commonResourceFiles");
  spec.files = files_at(task, "resourceFiles");
  spec.environment = pairs_at(task, "environmentSettings");
  spec.outputs = outputs_at(task);
  spec.container = read_container(task);
  spec.user.name = text_at(object_at(task, "userIdentity"), "username");
  const json::object* automatic = object_at(object_at(task, "userIdentity"), "autoUser");
  spec.user.admin = same_folded(text_at(automatic, "elevationLevel"), "admin");
  spec.user.task_scope = same_folded(text_at(automatic, "scope"), "task");
  spec.user.own_key = own_key;
  // A start task and a release task have no constraints, and some of their members as their own.
  const json::object* constraints = object_at(task, "constraints");
  if (constraints == nullptr) constraints = task;
  spec.wall_clock = parse_duration(text_at(constraints, "maxWallClockTime")).value_or(unlimited);
  spec.retention =
      parse_duration(text_at(constraints, "retentionTime")).value_or(std::chrono::days(7));
  if (const json::value* retries = find(constraints, "maxTaskRetryCount");
      retries != nullptr && retries->is_int64())
    spec.retries = static_cast<std::int32_t>(retries->get_int64());
  return spec;
}

std::string Run::name() const {
  return fmt::format("run-{}-{}-{}", fold(order.key.job.text()), fold(order.key.task.text()),
                     order.key.attempt);
}

std::string Run::directory() const {
  return Node::directory_of(order.key.job, order.key.task);
}

void Run::set_constraints(std::string_view constraints) {
  boost::system::error_code error;
  json::value whole = json::parse(order.spec, error);
  json::value changed = error ? json::value() : json::parse(constraints, error);
  if (error || !whole.is_object()) return;
  whole.get_object()["constraints"] = std::move(changed);
  order.spec = json::serialize(whole);
  const Spec read = read_spec(order.spec, {});
  spec.wall_clock = read.wall_clock;
  spec.retention = read.retention;
}

void Node::change_run(const protocol::ChangeRun& order) {
  Run* run = find(order.key);
  if (run == nullptr || run->phase == protocol::RunPhase::ended) return;
  run->set_constraints(order.constraints);
  keep(*run);
}

std::optional<protocol::Failure> failure_of(const ProcessEnd& end,
                                            const std::string& command_line) {
  if (end.container_failure) return end.container_failure;
  if (end.exit_code == 0) return std::nullopt;
  if (end.lost)
    return protocol::Failure{protocol::FailureCategory::servererror,
                             "Unknown",
                             "The process vanished without a record of its end.",
                             {}};
  if (end.error && end.not_found)
    return user_failure(
        "CommandProgramNotFound", "The specified command program is not found",
        {{"Message", fmt::format("{}: {}", command_line, std::strerror(*end.error))}});
  if (end.error)
    return user_failure(
        "CommandLaunchFailed", "The specified command could not be launched",
        {{"Message", fmt::format("{}: {}", command_line, std::strerror(*end.error))}});
  const std::string how =
      end.signal ? fmt::format("The task was ended by signal {}", *end.signal)
                 : fmt::format("The task exited with exit code {}", end.exit_code.value_or(-1));
  return user_failure("FailureExitCode", "The task exited with an exit code representing a failure",
                      {{"Message", how}});
}

protocol::RunEnd end_of(const ProcessEnd& end, const std::string& command_line) {
  protocol::RunEnd run{.exit_code = end.exit_code,
                       .failure = failure_of(end, command_line),
                       .started = end.started,
                       .ended = end.ended};
  run.container = end.container;
  if (end.signal) run.exit_code = 128 + *end.signal;
  return run;
}

namespace {

protocol::Failure transfer_failure(const Error& error, bool ours) {
  protocol::Failure failure{
      ours ? protocol::FailureCategory::servererror : protocol::FailureCategory::usererror,
      error.code,
      error.message,
      {}};
  for (const Detail& detail : error.details) failure.details.push_back({detail.key, detail.value});
  return failure;
}

}  // namespace

protocol::Failure fetch_failure_of(const Error& error) {
  const bool users = error.code == "BlobNotFound" || error.code == "BlobAccessDenied" ||
                     error.code == "ResourceContainerNotFound" ||
                     error.code == "ResourceContainerAccessDenied";
  return transfer_failure(error, !users);
}

protocol::Failure upload_failure_of(const Error& error) {
  const bool users = error.code == "FileUploadAccessDenied" ||
                     error.code == "FileUploadContainerNotFound" ||
                     error.code == "FileUploadConflict";
  return transfer_failure(error, !users);
}

FetchOrder fetch_order(std::string id, const Spec::File& file, const std::string& directory,
                       const User& user) {
  return {.id = std::move(id),
          .url = file.url,
          .path = directory + "/" + file.path,
          .mode = file.mode,
          .user = user,
          .within = directory,
          .container = file.container,
          .prefix = file.prefix};
}

void set_variable(std::vector<std::string>& environment, const std::string& name,
                  const std::string& value) {
  const std::string start = name + "=";
  for (std::string& one : environment) {
    if (one.starts_with(start)) {
      one = start + value;
      return;
    }
  }
  environment.push_back(start + value);
}

}  // namespace batchyard::node
