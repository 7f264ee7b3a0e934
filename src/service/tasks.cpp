#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "api/codec.h"
#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/container_rules.h"
#include "service/entities.h"
#include "service/new_task.h"
#include "service/service.h"
#include "service/statistics.h"
#include "service/storage_files.h"
#include "service/task_rules.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t spec_size_max = 1 << 20;  // of one task as stored

// The few members that decide are read straight from the body: this is the hot path of a
// submission.
const json::value* at(const json::object& object, std::string_view first, std::string_view second) {
  const json::value* outer = object.if_contains(first);
  return outer != nullptr && outer->is_object() ? outer->get_object().if_contains(second) : nullptr;
}

}  // namespace

Result<> check_task(const json::object& task, const StorageFacts& storage) {
  TRY(check_container_task(task));
  if (const json::value* gang = task.if_contains("multiInstanceSettings")) {
    const json::value* slots = task.if_contains("requiredSlots");
    if (slots != nullptr && slots->to_number<int>() != 1)
      return bad_property("requiredSlots", json::serialize(*slots),
                          "It must be 1 for a multi-instance task.");
    TRY(check_resource_files(gang->as_object(), "commonResourceFiles", storage));
  }
  TRY(check_output_files(task, storage));
  return check_resource_files(task, "resourceFiles", storage);
}

namespace {

Result<TaskFacts> facts_of(const json::object& task) {
  TaskFacts facts;
  if (const json::value* slots = task.if_contains("requiredSlots"))
    facts.slots = slots->to_number<std::int32_t>();
  if (task.contains("multiInstanceSettings")) {
    const json::value* instances = at(task, "multiInstanceSettings", "numberOfInstances");
    facts.instances = instances == nullptr ? 1 : instances->to_number<std::int32_t>();
  }
  if (const json::value* retries = at(task, "constraints", "maxTaskRetryCount"))
    facts.retries = retries->to_number<std::int32_t>();
  facts.rules = TRY(task_rules_of(task));
  return facts;
}

}  // namespace

Result<engine::NewTask> new_task(json::object& task, const StorageFacts& storage) {
  TRY(check_task(task, storage));
  engine::NewTask made;
  made.id = TRY(TaskId::parse(std::string_view(task.at("id").as_string()), "id"));
  made.facts = TRY(facts_of(task));
  made.container = task.contains("containerSettings");
  task.erase("id");
  made.spec = json::serialize(task);
  if (made.spec.size() > spec_size_max)
    return refusal("RequestEntityTooLarge",
                   fmt::format("The task {} is {} bytes long; at most {} are stored. Use fewer "
                               "resource files, or an archive of them.",
                               made.id.text(), made.spec.size(), spec_size_max));
  return made;
}

namespace {

json::object added_entity(const Call& call, const std::string& job, const std::string& task,
                          std::int64_t version, Time modified) {
  return {{"status", "Success"},
          {"taskId", task},
          {"eTag", etag_of(version)},
          {"lastModified", to_iso8601(modified)},
          {"location", fmt::format("{}/jobs/{}/tasks/{}", call.base_url(), job, task)}};
}

json::object refused_entity(const std::string& task, const Error& error) {
  json::object problem{{"code", error.code},
                       {"message", {{"lang", "en-US"}, {"value", error.message}}}};
  if (!error.details.empty()) {
    json::array values;
    for (const Detail& detail : error.details)
      values.push_back({{"key", detail.key}, {"value", detail.value}});
    problem["values"] = std::move(values);
  }
  return {{"status", error.kind == Kind::internal || error.kind == Kind::busy ? "ServerError"
                                                                              : "ClientError"},
          {"taskId", task},
          {"error", std::move(problem)}};
}

// A collection on its way: which of its tasks went to the engine, and what became of the others.
struct Collection {
  Call call;
  std::vector<std::string> ids;
  std::vector<std::optional<Error>> refusals;  // by task; nothing for those that went on
};

// One of its tasks as the body has it: canonical, or why it is not.
struct Candidate {
  std::string id;
  Result<json::object> task;
};

std::vector<Candidate> candidates_of(json::value body) {
  std::vector<Candidate> candidates;
  for (json::value& task : body.at("value").as_array()) {
    std::string id(task.at("id").as_string());
    candidates.push_back({std::move(id), std::move(task.as_object())});
  }
  return candidates;
}

bool is_of_value(const Error& error) {
  return error.code == "InvalidPropertyValue" || error.code == "MissingRequiredProperty";
}

// Of a body that was refused for a value inside one of its tasks, which is that task's fault alone.
// Nothing when it is the request that cannot be read: a task has no id, or unknown properties.
std::optional<std::vector<Candidate>> judged_one_by_one(const Call& call, const Error& refusal) {
  const auto property = std::ranges::find(refusal.details, "PropertyName", &Detail::key);
  if (!is_of_value(refusal) || property == refusal.details.end() ||
      !property->value.starts_with("value["))
    return std::nullopt;
  std::vector<Candidate> candidates;
  json::value body = *api::parse_body(call.request.body);
  for (json::value& task : body.at("value").as_array()) {
    const json::value* id = task.is_object() ? task.get_object().if_contains("id") : nullptr;
    if (id == nullptr || !id->is_string()) return std::nullopt;
    std::string name(id->get_string());
    const Result<> read = api::canonicalize(api::Model::TaskAddParameter, call.version, task);
    if (!read && !is_of_value(read.error())) return std::nullopt;
    candidates.push_back({std::move(name), read ? Result<json::object>(std::move(task.as_object()))
                                                : std::unexpected(read.error())});
  }
  return candidates;
}

void answer_collection(Collection& collection, const engine::Reply& reply) {
  json::array values;
  values.reserve(collection.ids.size());
  std::size_t next = 0;
  for (std::size_t number = 0; number < collection.ids.size(); ++number) {
    const std::string& id = collection.ids[number];
    if (collection.refusals[number]) {
      values.push_back(refused_entity(id, *collection.refusals[number]));
    } else if (const Result<std::int64_t>& item = reply.items[next++]; !item) {
      values.push_back(refused_entity(id, item.error()));
    } else {
      values.push_back(
          added_entity(collection.call, collection.call.parameters[0], id, *item, reply.modified));
    }
  }
  answer_list(collection.call, "taskaddresult", std::move(values), std::nullopt);
}

}  // namespace

void Service::add_task(Call call) {
  const auto make = [&]() -> Result<engine::AddTasks> {
    json::value body = TRY(body_of(call));
    engine::AddTasks command{.job = JobId::trusted(call.parameters[0]), .tasks = {}};
    TRY(check_account(call.parameters[0], body.as_object()));
    command.tasks.push_back(TRY(new_task(body.as_object(), ports_.storage)));
    return command;
  };
  Result<engine::AddTasks> command = make();
  if (!command) return answer_error(call, command.error());
  const std::string location =
      fmt::format("/jobs/{}/tasks/{}", call.parameters[0], command->tasks.front().id.text());
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(*std::move(command), [kept, location](Result<engine::Reply> reply) {
    if (!reply) return answer_error(*kept, reply.error());
    const Result<std::int64_t>& item = reply->items.front();
    if (!item) return answer_error(*kept, item.error());
    answer_empty(*kept, 201, write_headers(*kept, *item, reply->modified, location));
  });
}

void Service::add_tasks(Call call) {
  Result<json::value> body = body_of(call);
  std::optional<std::vector<Candidate>> candidates;
  if (body) {
    candidates = candidates_of(*std::move(body));
  } else {
    candidates = judged_one_by_one(call, body.error());
    if (!candidates) return answer_error(call, body.error());
  }
  auto collection = std::make_shared<Collection>();
  engine::AddTasks command{.job = JobId::trusted(call.parameters[0]), .tasks = {}};
  command.tasks.reserve(candidates->size());
  const auto make = [&](Candidate& candidate) -> Result<engine::NewTask> {
    json::object task = TRY(std::move(candidate.task));
    TRY(check_account(command.job.text(), task));
    return new_task(task, ports_.storage);
  };
  for (Candidate& candidate : *candidates) {
    Result<engine::NewTask> made = make(candidate);
    collection->ids.push_back(std::move(candidate.id));
    collection->refusals.push_back(made ? std::nullopt : std::optional(made.error()));
    if (made) command.tasks.push_back(*std::move(made));
  }
  collection->call = std::move(call);
  ports_.inbox->submit(std::move(command), [collection](Result<engine::Reply> reply) {
    if (!reply) return answer_error(collection->call, reply.error());
    answer_collection(*collection, *reply);
  });
}

void Service::get_task(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row job = TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    TRY(check_conditions(TRY(parse_conditions(call.request)), row.version, row.modified));
    const std::vector<std::string> names =
        TRY(api::parse_select(api::Model::CloudTask, call.version, call.query_value("$select")));
    json::object task =
        TRY(task_entity(row, call.base_url(), TRY(from_json<JobStatus>(job.status)).facts));
    if (TRY(expands_stats(call))) task["stats"] = TRY(task_statistics(row, call));
    api::view(api::Model::CloudTask, call.version, task);
    api::select(names, task);
    answer_entity(call, "tasks/@Element", std::move(task),
                  entity_headers(row.version, row.modified));
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::list_tasks(Call call) {
  const Result<engine::Row> job = row_of(engine::EntityKind::job, "", call.parameters[0]);
  if (!job) return answer_error(call, job.error());
  const Result<JobStatus> status = from_json<JobStatus>(job->status);
  if (!status) return answer_error(call, status.error());
  const std::string filter(call.query_value("$filter"));
  list(
      call, "tasks",
      {.kind = engine::EntityKind::task,
       .parent = call.parameters[0],
       .filter = nullptr,
       .after = {}},
      filter,
      [&](const engine::Row& row) -> Result<json::object> {
        json::object task = TRY(task_entity(row, call.base_url(), status->facts));
        if (TRY(expands_stats(call))) task["stats"] = TRY(task_statistics(row, call));
        return task;
      },
      api::Model::CloudTask);
}

void Service::list_subtasks(Call call) {
  const auto run = [&]() -> Result<> {
    TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    const TaskStatus status = TRY(from_json<TaskStatus>(row.status));
    const std::vector<std::string> names = TRY(api::parse_select(
        api::Model::SubtaskInformation, call.version, call.query_value("$select")));
    json::array subtasks = subtask_entities(row.key.parent, row.key.id, status, call.base_url());
    for (json::value& subtask : subtasks) {
      api::view(api::Model::SubtaskInformation, call.version, subtask.as_object());
      api::select(names, subtask.as_object());
    }
    answer_list(call, "subtaskinfo", std::move(subtasks), std::nullopt);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

void Service::terminate_task(Call call) {
  const auto make = [&]() -> Result<engine::TerminateTask> {
    TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    const auto version = TRY(guard(call, row));
    return engine::TerminateTask{JobId::trusted(call.parameters[0]),
                                 TaskId::trusted(call.parameters[1]), version};
  };
  Result<engine::TerminateTask> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 204);
}

void Service::delete_task(Call call) {
  const auto make = [&]() -> Result<engine::DeleteTask> {
    TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    const auto version = TRY(guard(call, row));
    return engine::DeleteTask{JobId::trusted(call.parameters[0]),
                              TaskId::trusted(call.parameters[1]), version};
  };
  Result<engine::DeleteTask> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::update_task(Call call) {
  const auto make = [&]() -> Result<engine::UpdateTask> {
    json::value body = TRY(body_of(call));
    TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    json::value spec = json::parse(row.spec);
    // What is left out goes back to its default.
    json::value& constraints = body.as_object()["constraints"];
    if (!constraints.is_object()) constraints.emplace_object();
    spec.as_object()["constraints"] = constraints;
    engine::UpdateTask command{.job = JobId::trusted(call.parameters[0]),
                               .id = TaskId::trusted(call.parameters[1]),
                               .retries = std::nullopt,
                               .spec = json::serialize(spec),
                               .constraints = json::serialize(constraints)};
    command.created = TRY(from_json<TaskStatus>(row.status)).created;
    command.if_version = TRY(guard(call, row));
    if (const json::value* retries = constraints.get_object().if_contains("maxTaskRetryCount"))
      command.retries = retries->to_number<std::int32_t>();
    return command;
  };
  Result<engine::UpdateTask> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::reactivate_task(Call call) {
  const auto make = [&]() -> Result<engine::ReactivateTask> {
    TRY(row_of(engine::EntityKind::job, "", call.parameters[0]));
    const engine::Row row =
        TRY(row_of(engine::EntityKind::task, call.parameters[0], call.parameters[1]));
    const auto version = TRY(guard(call, row));
    return engine::ReactivateTask{JobId::trusted(call.parameters[0]),
                                  TaskId::trusted(call.parameters[1]), version};
  };
  Result<engine::ReactivateTask> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 204);
}

}  // namespace batchyard::service
