#include "arm/deployment_run.h"

#include <fmt/format.h>

#include <algorithm>

#include "arm/json_parts.h"

namespace batchyard::arm {

namespace json = boost::json;

namespace {

bool succeeded(int status) {
  return status / 100 == 2;
}

HttpRequest request_for(std::string method, const std::string& id, std::string_view action,
                        std::string_view version) {
  return {.method = std::move(method),
          .target = fmt::format("{}{}?api-version={}", id, action, version),
          .headers = {{"Content-Type", "application/json"}},
          .body = {},
          .host = "management"};
}

}  // namespace

json::object error_told(const HttpResponse& response) {
  const json::object body = object_of(response.body);
  const json::object* error = object_at(body, "error");
  if (error == nullptr)
    return {{"code", "InternalServerError"},
            {"message", fmt::format("It was answered with status {}.", response.status)}};
  json::object told = *error;
  const std::string message = text_at(told, "message");
  told["message"] = message.substr(0, message.rfind("\nRequestId:"));
  return told;
}

void DeploymentRun::start() {
  record_.state = "Running";
  proceed();
}

void DeploymentRun::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
}

bool DeploymentRun::is_cancelled() {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

void DeploymentRun::when_ended(std::function<void()> done) {
  {
    const std::lock_guard lock(mutex_);
    if (!ended_) return waiting_.push_back(std::move(done));
  }
  done();
}

void DeploymentRun::proceed() {
  ports_.later([self = shared_from_this()] { self->step(); });
}

// The next that is to be put and whose predecessors are there.
const templates::Resource* DeploymentRun::next() {
  for (; at_ < plan_->resources().size(); ++at_) {
    const templates::Resource& one = plan_->resources()[at_];
    const bool waits_in_vain =
        std::ranges::any_of(one.after, [&](std::size_t other) { return failed_.contains(other); });
    if (waits_in_vain) failed_.insert(at_);
    if (!one.existing && !one.skipped && !waits_in_vain) return &one;
  }
  return nullptr;
}

void DeploymentRun::step() {
  if (is_cancelled())
    return end("Canceled", {{"code", "DeploymentCanceled"},
                            {"message",
                             "The deployment was canceled. What was deployed before "
                             "stays."}});
  const templates::Resource* resource = next();
  if (resource == nullptr) return finish();
  if (!question_failed_.empty()) return failed(*resource, 0, std::exchange(question_failed_, {}));
  Result<json::object> body = plan_->body_of(*resource);
  if (body) return put(*resource, *std::move(body));
  if (body.error().code == templates::unanswered) return ask_question(*plan_->open_question());
  failed(*resource, 0, error_object(body.error()));
}

void DeploymentRun::put(const templates::Resource& resource, json::object body) {
  record_.operations.push_back({.id = ports_.new_guid(),
                                .state = "Running",
                                .resource_id = resource.id,
                                .resource_type = resource.type,
                                .resource_name = resource.name,
                                .started = ports_.now(),
                                .changed = ports_.now(),
                                .error = {}});
  if (!keep()) return;
  HttpRequest request = request_for("PUT", resource.id, "", resource.api_version);
  request.body = json::serialize(body);
  ports_.ask(std::move(request), [self = shared_from_this(), &resource](HttpResponse response) {
    auto shared = std::make_shared<HttpResponse>(std::move(response));
    self->ports_.later([self, &resource, shared] { self->put_was_answered(resource, *shared); });
  });
}

// What answers with 202 is there all the same, but for deployments: these go on.
void DeploymentRun::put_was_answered(const templates::Resource& resource,
                                     const HttpResponse& response) {
  if (!succeeded(response.status)) return failed(resource, response.status, error_told(response));
  if (is_nested(resource))
    return ports_.when_ended(resource.id, [self = shared_from_this(), &resource] {
      self->ports_.later([self, &resource] { self->look_at_nested(resource); });
    });
  end_operation(resource, "Succeeded", response.status, {});
}

void DeploymentRun::look_at_nested(const templates::Resource& resource) {
  const auto looked = [self = shared_from_this(), &resource](HttpResponse response) {
    const json::object entity = object_of(response.body);
    const json::object* properties = object_at(entity, "properties");
    const json::object none;
    const json::object& seen = properties == nullptr ? none : *properties;
    if (text_at(seen, "provisioningState") == "Succeeded")
      return self->end_operation(resource, "Succeeded", response.status, {});
    const json::object* error = object_at(seen, "error");
    self->failed(resource, response.status, error == nullptr ? error_told(response) : *error);
  };
  ports_.ask(request_for("GET", resource.id, "", resource.api_version), looked);
}

void DeploymentRun::ask_question(const templates::Question& question) {
  HttpRequest request = request_for(question.lists_keys ? "POST" : "GET", question.id,
                                    question.lists_keys ? "/listKeys" : "", question.api_version);
  ports_.ask(std::move(request), [self = shared_from_this(), question](HttpResponse response) {
    auto shared = std::make_shared<HttpResponse>(std::move(response));
    self->ports_.later([self, question, shared] {
      if (succeeded(shared->status))
        self->plan_->answer(question, object_of(shared->body));
      else
        self->question_failed_ = error_told(*shared);
      self->step();
    });
  });
}

void DeploymentRun::failed(const templates::Resource& resource, int status, json::object error) {
  failed_.insert(at_);
  error = plan_->masked(std::move(error)).get_object();
  json::object detail = error;
  detail["target"] = resource.id;
  failures_.push_back(std::move(detail));
  end_operation(resource, "Failed", status, std::move(error));
}

void DeploymentRun::end_operation(const templates::Resource& resource, std::string state,
                                  int status, json::object error) {
  const bool begun =
      !record_.operations.empty() && record_.operations.back().resource_id == resource.id;
  if (!begun)
    record_.operations.push_back({.id = ports_.new_guid(),
                                  .state = {},
                                  .resource_id = resource.id,
                                  .resource_type = resource.type,
                                  .resource_name = resource.name,
                                  .started = ports_.now(),
                                  .error = {}});
  DeploymentOperation& operation = record_.operations.back();
  operation.state = std::move(state);
  operation.status = status;
  operation.changed = ports_.now();
  operation.error = std::move(error);
  plan_->forget(resource.id);
  ++at_;
  if (keep()) proceed();
}

void DeploymentRun::finish() {
  if (!failures_.empty()) return end("Failed", failure_of(std::exchange(failures_, {})));
  if (!question_failed_.empty())
    return end("Failed", failure_of({std::exchange(question_failed_, {})}));
  Result<json::object> outputs = plan_->outputs();
  if (outputs) {
    record_.outputs = *std::move(outputs);
    return end("Succeeded", {});
  }
  if (outputs.error().code == templates::unanswered) return ask_question(*plan_->open_question());
  end("Failed", failure_of({error_object(outputs.error())}));
}

bool DeploymentRun::keep() {
  record_.changed = ports_.now();
  const Result<> kept = ports_.keep(record_);
  if (!kept) end("Failed", error_object(kept.error()));
  return kept.has_value();
}

void DeploymentRun::end(std::string state, json::object error) {
  record_.state = std::move(state);
  record_.error = plan_->masked(std::move(error)).get_object();
  record_.changed = ports_.now();
  ports_.end(record_);
  std::vector<std::function<void()>> waiting;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    waiting = std::move(waiting_);
  }
  for (const std::function<void()>& one : waiting) one();
}

}  // namespace batchyard::arm
