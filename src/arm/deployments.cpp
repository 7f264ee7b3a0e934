// Deployments of templates. One is answered before it has begun; where its client asks how far it
// is, its record says so.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "arm/codes.h"
#include "arm/deployment_run.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"
#include "templates/functions.h"
#include "templates/hash.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::size_t deployment_name_max = 64;  // characters, as published
constexpr std::size_t deployments_max = 800;     // in a group, as published; then the oldest go
constexpr std::size_t runs_max = 100;            // that go on at a time

Result<> check_deployment_name(std::string_view name) {
  const bool good =
      name.size() <= deployment_name_max && std::ranges::all_of(name, [](char letter) {
        return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
               std::string_view("-_.()").contains(letter);
      });
  if (good) return Done();
  return refuse("InvalidDeploymentName",
                fmt::format("The name '{}' of a deployment is not valid: letters, digits, '-', "
                            "'_', '.', '(' and ')' are allowed, {} at most.",
                            name, deployment_name_max));
}

// A template as it is kept: what stands in for a secret is one.
json::object without_secrets(json::object source) {
  json::value* parameters = source.if_contains("parameters");
  if (parameters == nullptr || !parameters->is_object()) return source;
  for (auto& one : parameters->get_object()) {
    json::object* declared = one.value().if_object();
    if (declared != nullptr && templates::is_secure(text_at(*declared, "type")))
      declared->erase("defaultValue");
  }
  return source;
}

Record record_of(const std::string& group, const std::string& name,
                 const DeploymentRecord& deployment) {
  return {.kind = RecordKind::deployment,
          .parent = group,
          .name = name,
          .body = text_of(deployment),
          .version = 0,
          .modified = deployment.changed};
}

// Interrupted, whatever it was at.
void end_interrupted(DeploymentRecord& record) {
  const json::object error{
      {"code", "DeploymentInterrupted"},
      {"message",
       "Batchyard ended while the deployment went on. Deploy it again: what is there "
       "already is taken as it is."}};
  for (DeploymentOperation& one : record.operations) {
    if (one.state != "Running") continue;
    one.state = "Failed";
    one.error = error;
  }
  record.state = "Failed";
  record.error = failure_of({error});
}

// "provisioningState eq 'Failed'": the state; nothing when it asks for anything else.
std::optional<std::string> state_wanted(std::string_view filter) {
  const std::vector<std::string_view> words = split(trim(filter), ' ');
  const bool good = words.size() == 3 && same_folded(words[0], "provisioningState") &&
                    same_folded(words[1], "eq") && words[2].size() > 2 &&
                    words[2].starts_with('\'') && words[2].ends_with('\'');
  if (!good) return std::nullopt;
  return std::string(words[2].substr(1, words[2].size() - 2));
}

}  // namespace

std::string Management::deployment_id(std::string_view group, std::string_view name) const {
  return fmt::format(
      "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Resources/deployments/{}",
      site_.subscription, group, name);
}

Result<Record> Management::deployment_named(const Call& call) const {
  const Record group = TRY(group_named(call.parameters.at(1)));
  const std::string& name = call.parameters.at(2);
  std::optional<Record> found =
      TRY(ports_.registry->read(RecordKind::deployment, group.name, name));
  if (found) return *std::move(found);
  return arm::refuse("DeploymentNotFound",
                     fmt::format("Deployment '{}' could not be found. `az deployment group list "
                                 "--resource-group {}` shows those there are.",
                                 name, group.name));
}

// The oldest of those that have ended, when there are too many.
Result<> Management::make_room(const std::string& group) {
  std::vector<Record> all = TRY(ports_.registry->list(RecordKind::deployment, group));
  if (all.size() < deployments_max) return Done();
  std::ranges::sort(all, {}, &Record::modified);
  for (const Record& one : all) {
    if (!deployment_in(one).ended()) continue;
    TRY(ports_.registry->erase(RecordKind::deployment_template, group, one.name));
    TRY(ports_.registry->erase(RecordKind::deployment, group, one.name));
    return Done();
  }
  return Done();
}

// Whether it is new.
Result<bool> Management::begin_deployment(const Call& call, const std::string& operation) {
  const Record group = TRY(group_named(call.parameters.at(1)));
  const std::string name = call.parameters.at(2);
  TRY(check_deployment_name(name));
  Plan plan = TRY(plan_of(call));
  const std::string key = fold(deployment_id(group.name, name));
  const std::string source = json::serialize(without_secrets(plan->source()));
  DeploymentRecord record;
  record.operation = operation;
  record.correlation = call.request_id;
  record.hash = templates::unique_string(source);
  record.started = record.changed = call.now;
  record.parameters = plan->shown_parameters();
  for (const templates::Resource& one : plan->resources()) {
    if (!one.existing && !one.skipped) record.resources.push_back(one.id);
  }
  const auto keep = [this, group = group.name, name](const DeploymentRecord& one) -> Result<> {
    TRY(ports_.registry->put(record_of(group, name, one), {}));
    return Done();
  };
  auto run = std::make_shared<DeploymentRun>(
      std::move(plan), record,
      DeploymentRun::Ports{.now = ports_.now,
                           .new_guid = ports_.new_guid,
                           .later = ports_.later,
                           .ask =
                               [this, caller = call.caller](HttpRequest request, HttpReply reply) {
                                 ask_as(caller, std::move(request), std::move(reply));
                               },
                           .keep = keep,
                           .end =
                               [this, key, keep](const DeploymentRecord& one) {
                                 const std::lock_guard lock(runs_mutex_);
                                 (void)keep(one);
                                 runs_.erase(key);
                               },
                           .when_ended =
                               [this](const std::string& id, std::function<void()> done) {
                                 when_deployment_ended(id, std::move(done));
                               }});
  const std::lock_guard lock(runs_mutex_);
  if (runs_.contains(key))
    return arm::refuse("DeploymentActive",
                       fmt::format("The deployment '{}' goes on already. Wait for its end, cancel "
                                   "it, or give this one another name.",
                                   name));
  if (runs_.size() >= runs_max)
    return arm::refuse(
        "DeploymentQuotaExceeded",
        fmt::format("There are {} deployments that go on. Wait until one has ended.", runs_max));
  const bool is_new =
      !TRY(ports_.registry->read(RecordKind::deployment, group.name, name)).has_value();
  if (is_new) TRY(make_room(group.name));
  TRY(ports_.registry->put({.kind = RecordKind::deployment_template,
                            .parent = group.name,
                            .name = name,
                            .body = source,
                            .version = 0,
                            .modified = call.now},
                           {}));
  TRY(keep(record));
  runs_[key] = run;
  run->start();
  return is_new;
}

void Management::put_deployment(Call call) {
  const std::string operation = ports_.new_guid();
  const Result<bool> is_new = begin_deployment(call, operation);
  if (!is_new) return answer_error(call, is_new.error());
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  const std::string id = deployment_id(record->parent, record->name);
  const std::string progress = fmt::format("{}{}/operationStatuses/{}?api-version={}",
                                           call.base_url(), id, operation, call.version_text);
  answer_json(call, deployment_entity(id, record->name, deployment_in(*record)),
              *is_new ? 201 : 200, {{"Azure-AsyncOperation", progress}, {"Retry-After", "1"}});
}

void Management::get_deployment(Call call) {
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  answer_json(call, deployment_entity(deployment_id(record->parent, record->name), record->name,
                                      deployment_in(*record)));
}

void Management::deployment_exists(Call call) {
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  answer_empty(call, 204);
}

// What was deployed stays.
void Management::delete_deployment(Call call) {
  const auto erase = [&]() -> Result<> {
    const Record record = TRY(deployment_named(call));
    const std::lock_guard lock(runs_mutex_);
    if (runs_.contains(fold(deployment_id(record.parent, record.name))))
      return arm::refuse("DeploymentActive",
                         fmt::format("The deployment '{}' goes on. Cancel it first.", record.name));
    TRY(ports_.registry->erase(RecordKind::deployment_template, record.parent, record.name));
    TRY(ports_.registry->erase(RecordKind::deployment, record.parent, record.name));
    return Done();
  };
  if (const Result<> done = erase(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

void Management::list_deployments(Call call) {
  const auto list = [&]() -> Result<json::array> {
    const Record group = TRY(group_named(call.parameters.at(1)));
    const std::string_view filter = call.query_value("$filter");
    const std::optional<std::string> state = state_wanted(filter);
    if (!filter.empty() && !state)
      return arm::refuse("InvalidQueryParameterValue",
                         fmt::format("The value '{}' of the query parameter '$filter' is not "
                                     "served. Use provisioningState eq 'Failed', or another state.",
                                     filter));
    const std::string_view top = call.query_value("$top");
    const std::optional<std::int64_t> most = top.empty() ? deployments_max : parse_integer(top);
    if (!most || *most < 1)
      return arm::refuse("InvalidQueryParameterValue",
                         fmt::format("The value '{}' of the query parameter '$top' is not valid. "
                                     "Give a whole number of at least 1.",
                                     top));
    json::array values;
    for (const Record& one : TRY(ports_.registry->list(RecordKind::deployment, group.name))) {
      const DeploymentRecord record = deployment_in(one);
      if (state && !same_folded(record.state, *state)) continue;
      if (std::cmp_less(values.size(), *most))
        values.push_back(deployment_entity(deployment_id(one.parent, one.name), one.name, record));
    }
    return values;
  };
  Result<json::array> values = list();
  if (!values) return answer_error(call, values.error());
  answer_list(call, *std::move(values));
}

void Management::cancel_deployment(Call call) {
  const auto cancel = [&]() -> Result<> {
    const Record record = TRY(deployment_named(call));
    const std::lock_guard lock(runs_mutex_);
    const auto run = runs_.find(fold(deployment_id(record.parent, record.name)));
    if (run == runs_.end())
      return arm::refuse("DeploymentNotActive",
                         fmt::format("The deployment '{}' has ended: {}.", record.name,
                                     deployment_in(record).state));
    run->second->cancel();
    return Done();
  };
  if (const Result<> done = cancel(); !done) return answer_error(call, done.error());
  answer_empty(call, 204);
}

void Management::export_template(Call call) {
  const auto read = [&]() -> Result<json::object> {
    const Record record = TRY(deployment_named(call));
    const std::optional<Record> kept =
        TRY(ports_.registry->read(RecordKind::deployment_template, record.parent, record.name));
    return json::object{{"template", object_of(kept ? kept->body : std::string())}};
  };
  const Result<json::object> exported = read();
  if (!exported) return answer_error(call, exported.error());
  answer_json(call, *exported);
}

void Management::list_deployment_operations(Call call) {
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  const std::string id = deployment_id(record->parent, record->name);
  json::array values;
  for (const DeploymentOperation& one : deployment_in(*record).operations)
    values.push_back(operation_entity(id, one));
  answer_list(call, std::move(values));
}

void Management::get_deployment_operation(Call call) {
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  const DeploymentRecord deployment = deployment_in(*record);
  const auto found =
      std::ranges::find(deployment.operations, call.parameters.at(3), &DeploymentOperation::id);
  if (found == deployment.operations.end())
    return answer_error(call, arm::refuse("DeploymentOperationNotFound",
                                          fmt::format("The deployment '{}' has no operation '{}'.",
                                                      record->name, call.parameters.at(3)))
                                  .error());
  answer_json(call, operation_entity(deployment_id(record->parent, record->name), *found));
}

void Management::show_deployment_progress(Call call) {
  const Result<Record> record = deployment_named(call);
  if (!record) return answer_error(call, record.error());
  const DeploymentRecord deployment = deployment_in(*record);
  if (deployment.operation != call.parameters.at(3))
    return answer_error(
        call, arm::refuse("DeploymentOperationNotFound",
                          fmt::format("The deployment '{}' is not at '{}' any more: it was begun "
                                      "anew.",
                                      record->name, call.parameters.at(3)))
                  .error());
  std::vector<HttpHeader> headers;
  if (!deployment.ended()) headers.push_back({"Retry-After", "1"});
  answer_json(call, progress_of(deployment), 200, std::move(headers));
}

void Management::refuse_scope(Call call) {
  answer_error(call, arm::refuse("InvalidTemplateDeployment",
                                 "Deployments to a subscription are not served here. Deploy to a "
                                 "resource group: az deployment group create.")
                         .error());
}

void Management::when_deployment_ended(const std::string& id, std::function<void()> done) {
  std::shared_ptr<DeploymentRun> run;
  {
    const std::lock_guard lock(runs_mutex_);
    if (const auto found = runs_.find(fold(id)); found != runs_.end()) run = found->second;
  }
  if (run) return run->when_ended(std::move(done));
  done();
}

Result<> Management::end_interrupted_deployments() {
  for (const Record& group : TRY(ports_.registry->list(RecordKind::group, {}))) {
    for (const Record& one : TRY(ports_.registry->list(RecordKind::deployment, group.name))) {
      DeploymentRecord record = deployment_in(one);
      if (record.ended()) continue;
      end_interrupted(record);
      record.changed = ports_.now();
      TRY(ports_.registry->put(record_of(one.parent, one.name, record), {}));
    }
  }
  return Done();
}

// With their group.
Result<> Management::forget_deployments(const std::string& group) {
  const std::lock_guard lock(runs_mutex_);
  const std::string start = fold(deployment_id(group, ""));
  for (const auto& [key, run] : runs_) {
    if (key.starts_with(start))
      return arm::refuse(
          "DeploymentActive",
          fmt::format("A deployment to the resource group '{}' goes on. Wait for its "
                      "end, or cancel it.",
                      group));
  }
  for (const RecordKind kind : {RecordKind::deployment_template, RecordKind::deployment}) {
    for (const Record& one : TRY(ports_.registry->list(kind, group)))
      TRY(ports_.registry->erase(kind, group, one.name));
  }
  return Done();
}

}  // namespace batchyard::arm
