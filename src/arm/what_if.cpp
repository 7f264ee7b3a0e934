// What a deployment would change, without changing it: each of its resources as it is and as it
// would be.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"
#include "templates/deployment.h"
#include "templates/relaxed_json.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

bool is_same(std::string_view name, const json::value& before, const json::value& after) {
  if (before == after) return true;
  if (!before.is_string() || !after.is_string()) return false;
  if (name != "location")
    return same_folded(std::string_view(before.get_string()), std::string_view(after.get_string()));
  std::string text;
  for (const char letter : std::string_view(after.get_string())) {
    if (letter != ' ') text += letter;
  }
  return same_folded(text, std::string_view(before.get_string()));
}

// What the template says and the resource does not have, or has otherwise. Of what the template
// does not say nothing is known.
void compare(const json::object& before, const json::object& after, const std::string& path,
             json::array& delta) {
  for (const auto& one : after) {
    const std::string name(one.key());
    const std::string here = path.empty() ? name : path + "." + name;
    const json::value* old = before.if_contains(name);
    if (old == nullptr) {
      delta.push_back(json::object{{"path", here},
                                   {"propertyChangeType", "Create"},
                                   {"before", nullptr},
                                   {"after", one.value()}});
    } else if (old->is_object() && one.value().is_object()) {
      compare(old->get_object(), one.value().get_object(), here, delta);
    } else if (!is_same(name, *old, one.value())) {
      delta.push_back(json::object{{"path", here},
                                   {"propertyChangeType", "Modify"},
                                   {"before", *old},
                                   {"after", one.value()}});
    }
  }
}

// One look after the other.
class Foresight : public std::enable_shared_from_this<Foresight> {
 public:
  struct Ports {
    std::function<void(HttpRequest, HttpReply)> ask;
    std::function<void(std::function<void()>)> later;
    std::function<void(json::array)> done;
  };

  Foresight(std::unique_ptr<templates::Deployment> plan, bool ids_only, Ports ports)
      : plan_(std::move(plan)), ids_only_(ids_only), ports_(std::move(ports)) {}

  void step() {
    const std::vector<templates::Resource>& all = plan_->resources();
    while (at_ < all.size() && (all[at_].existing || all[at_].skipped)) ++at_;
    if (at_ == all.size()) return ports_.done(std::move(changes_));
    const templates::Resource& one = all[at_++];
    HttpRequest request{.method = "GET",
                        .target = one.id + "?api-version=" + one.api_version,
                        .headers = {},
                        .body = {},
                        .host = "management"};
    ports_.ask(std::move(request), [self = shared_from_this(), &one](HttpResponse response) {
      self->look(one, response);
      self->ports_.later([self] { self->step(); });
    });
  }

 private:
  void look(const templates::Resource& resource, const HttpResponse& response) {
    json::object change{{"resourceId", resource.id}};
    const bool is_there = response.status == 200;
    const Result<json::object> body = plan_->body_of(resource);
    if (!is_there)
      change["changeType"] = "Create";
    else if (!body || ids_only_)
      change["changeType"] = "Deploy";
    else
      add_delta(object_of(response.body), *body, change);
    if (!ids_only_) add_states(resource, response, body, change);
    changes_.push_back(std::move(change));
  }

  static void add_delta(const json::object& before, const json::object& after,
                        json::object& change) {
    json::array delta;
    compare(before, after, "", delta);
    change["changeType"] = delta.empty() ? "NoChange" : "Modify";
    if (!delta.empty()) change["delta"] = std::move(delta);
  }

  static void add_states(const templates::Resource& resource, const HttpResponse& response,
                         const Result<json::object>& body, json::object& change) {
    if (response.status == 200) change["before"] = object_of(response.body);
    json::object after{{"id", resource.id},
                       {"name", resource.name.substr(resource.name.rfind('/') + 1)},
                       {"type", resource.type},
                       {"apiVersion", resource.api_version}};
    if (body) {
      for (const auto& one : *body) after[one.key()] = one.value();
    }
    change["after"] = std::move(after);
  }

  std::unique_ptr<templates::Deployment> plan_;
  bool ids_only_;
  Ports ports_;
  std::size_t at_ = 0;
  json::array changes_;
};

bool asks_for_ids_only(const std::string& body) {
  const json::object whole = object_of(body);
  const json::object* properties = object_at(whole, "properties");
  const json::object* settings =
      properties == nullptr ? nullptr : object_at(*properties, "whatIfSettings");
  return settings != nullptr && same_folded(text_at(*settings, "resultFormat"), "ResourceIdOnly");
}

}  // namespace

void Management::foresee_deployment(Call call) {
  Result<Plan> plan = plan_of(call);
  if (!plan) return answer_error(call, plan.error());
  (*plan)->hide_secrets();
  const bool ids_only = asks_for_ids_only(templates::plain_json(call.request.body));
  auto shared = std::make_shared<Call>(std::move(call));
  auto foresight = std::make_shared<Foresight>(
      *std::move(plan), ids_only,
      Foresight::Ports{.ask =
                           [this, caller = shared->caller](HttpRequest request, HttpReply reply) {
                             ask_as(caller, std::move(request), std::move(reply));
                           },
                       .later = ports_.later,
                       .done =
                           [shared](json::array changes) {
                             answer_json(*shared,
                                         json::object{{"status", "Succeeded"},
                                                      {"properties",
                                                       {{"correlationId", shared->request_id},
                                                        {"changes", std::move(changes)}}}});
                           }});
  foresight->step();
}

}  // namespace batchyard::arm
