// Images of one's own, and what Marketplace images are bound to (docs/images.md):
//   GET /batchyard/images, GET and DELETE /batchyard/images/NAME
//   PUT /batchyard/images/NAME            {"upload": U, "id": "/subscriptions/…", "agent": …}
//   POST /batchyard/images/NAME/capture   {"pool": P, "node": N, "whole": true, …}
//   GET /batchyard/bindings, PUT {"to": T} and DELETE /batchyard/bindings/PUBLISHER/OFFER/SKU[/V]
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "preflight/image_id.h"
#include "service/json_parts.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t pools_looked_at = 100'000;
constexpr const char* image_id_property =
    "virtualMachineConfiguration.imageReference.virtualMachineImageId";

json::object image_json(const ImageRecord& image) {
  json::object shown{{"name", image.name},
                     {"system", image.system},
                     {"nodeAgentSKUId", image.agent},
                     {"size", image.size},
                     {"sha256", image.digest},
                     {"created", to_iso8601(image.made)},
                     {"source", image.source},
                     {"layers", image.layers.size() + (image.on_machine ? 1U : 0U)}};
  if (!image.id.empty()) shown["id"] = image.id;
  if (!image.left_out.empty()) shown["leftOut"] = image.left_out;
  if (image.on_machine) shown["onMachine"] = true;
  return shown;
}

Result<json::object> body_object(const std::string& body) {
  if (body.empty()) return json::object();
  json::value value = TRY(api::parse_body(body));
  if (!value.is_object()) return bad_property("body", body.substr(0, 100), "Give a JSON object.");
  return std::move(value.get_object());
}

Result<ImageWish> wish_of(const std::string& name, const json::object& body) {
  ImageWish wish{.name = name,
                 .id = text_at(body, "id"),
                 .agent = text_at(body, "agent"),
                 .source = text_at(body, "source")};
  if (!is_image_name(name))
    return bad_property("name", name,
                        "Give 1 to 80 letters, digits, '.', '-' and '_' that do not begin with "
                        "'.' or '-', and neither host nor host-copy.");
  if (!wish.id.empty() && !preflight::is_image_id(wish.id))
    return bad_property("id", wish.id,
                        "Give an image's whole id, /subscriptions/S/resourceGroups/G/providers/"
                        "Microsoft.Compute/galleries/GALLERY/images/NAME with or without "
                        "/versions/VERSION, or …/Microsoft.Compute/images/NAME, or leave it out.");
  return wish;
}

Result<> check_agent(const Catalogue& catalogue, const std::string& agent) {
  if (agent.empty() || catalogue.agent(agent) != nullptr) return Done();
  return bad_property("agent", agent,
                      "No such node agent is known, for example batch.node.ubuntu 22.04; "
                      "batchyard catalogue images shows them.");
}

std::unexpected<Error> no_such_path(const Call& call) {
  return refusal(
      "InvalidUri",
      fmt::format("The requested URI does not represent any resource on the server: {} {}.",
                  call.request.method, call.raw_path()));
}

std::unexpected<Error> no_image(const std::string& name) {
  return refusal("ImageNotFound",
                 fmt::format("The specified image does not exist: {}. batchyard image list shows "
                             "those that are there.",
                             name));
}

}  // namespace

// The pools whose nodes boot it, and what it is bound to.
Result<std::vector<std::string>> Service::users_of_image(const ImageRecord& image) const {
  const std::vector<ImageRecord> images = ports_.images->images();
  const std::vector<ImageBinding> bindings = ports_.images->bindings();
  std::vector<std::string> users;
  const engine::Page page =
      TRY(ports_.store->list({.kind = engine::EntityKind::pool, .limit = pools_looked_at}));
  for (const engine::Row& row : page.rows) {
    const std::string boots = TRY(from_json<PoolStatus>(row.status)).facts.boots;
    if (boots.empty()) continue;
    const ImageRecord* booted =
        find_image(images, is_own_image(boots) ? boots : binding_of(bindings, boots));
    if (booted != nullptr && booted->name == image.name) users.push_back("pool " + row.key.id);
  }
  for (const ImageBinding& binding : bindings) {
    if (same_folded(binding.to, image.name)) users.push_back("binding " + binding.reference);
  }
  return users;
}

Result<> Service::check_boots(const PoolFacts& facts, const boost::json::object& pool) const {
  if (ports_.images == nullptr || !ports_.images->boots() || facts.windows || facts.boots.empty() ||
      !is_own_image(facts.boots))
    return Done();
  const std::vector<ImageRecord> images = ports_.images->images();
  const ImageRecord* image = find_image(images, facts.boots);
  if (image == nullptr)
    return bad_property(image_id_property, facts.boots,
                        "There is no such image here. Import it under this id (batchyard image "
                        "import ID --from DIRECTORY or ARCHIVE), or give the name of one that "
                        "batchyard image list shows.");
  const json::value* machine = pool.if_contains("virtualMachineConfiguration");
  const std::string agent =
      machine == nullptr ? std::string() : text_at(machine->as_object(), "nodeAgentSKUId");
  if (image->agent.empty() || same_folded(image->agent, agent)) return Done();
  return bad_property(
      "virtualMachineConfiguration.nodeAgentSKUId", agent,
      fmt::format("The image {} ({}) fits the agent {}. Give that, or import the image with "
                  "--agent '{}'.",
                  image->name, image->system, image->agent, agent));
}

void Service::operate_images(Call call) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(call.raw_path().substr(1), '/'))
    parts.push_back(percent_decode(part).value_or(std::string(part)));
  call.parameters.assign(parts.begin() + 2, parts.end());
  if (ports_.images == nullptr) return answer_error(call, no_such_path(call).error());
  const auto run = [&]() -> Result<> {
    return parts[1] == "bindings" ? operate_binding(call) : operate_image(call);
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

Result<json::object> Service::own_image_entity(const ImageRecord& image) const {
  json::object entity = image_json(image);
  const std::vector<std::string> names = TRY(users_of_image(image));
  json::array users;
  for (const std::string& user : names) users.emplace_back(user);
  entity["usedBy"] = std::move(users);
  return entity;
}

Result<> Service::list_images(Call& call) const {
  json::array all;
  for (const ImageRecord& image : ports_.images->images()) {
    json::object entity = TRY(own_image_entity(image));
    all.push_back(std::move(entity));
  }
  answer_list(call, "images", std::move(all), std::nullopt);
  return Done();
}

Result<> Service::remove_image(Call& call, const ImageRecord& image) {
  const std::vector<std::string> users = TRY(users_of_image(image));
  if (!users.empty())
    return refusal("ImageInUse",
                   fmt::format("The image {} is used by {}. Delete those pools and bindings first.",
                               image.name, join(users, ", ")),
                   {{"UsedBy", join(users, ", ")}});
  TRY(ports_.images->remove(image.name));
  answer_empty(call, 204);
  return Done();
}

Result<> Service::operate_image(Call& call) {
  const std::string method = call.request.method;
  const std::size_t depth = call.parameters.size();
  if (depth == 0 && method == "GET") return list_images(call);
  if (depth == 2 && call.parameters[1] == "capture" && method == "POST") return capture_image(call);
  if (depth != 1) return no_such_path(call);
  if (method == "PUT") return import_image(call);
  const std::vector<ImageRecord> images = ports_.images->images();
  const ImageRecord* image = find_image(images, call.parameters[0]);
  if (image == nullptr) return no_image(call.parameters[0]);
  if (method == "DELETE") return remove_image(call, *image);
  if (method != "GET") return no_such_path(call);
  json::object entity = TRY(own_image_entity(*image));
  answer_entity(call, "images/@Element", std::move(entity));
  return Done();
}

ImagePort::OnImage Service::answer_image(Call& call) {
  return [kept = std::make_shared<Call>(std::move(call))](Result<ImageRecord> made) {
    if (!made) return answer_error(*kept, made.error());
    answer_entity(*kept, "images/@Element", image_json(*made));
  };
}

Result<> Service::import_image(Call& call) {
  const json::object body = TRY(body_object(call.request.body));
  ImageWish wish = TRY(wish_of(call.parameters[0], body));
  TRY(check_agent(*ports_.catalogue, wish.agent));
  const std::string upload = text_at(body, "upload");
  if (upload.empty())
    return bad_property("upload", "",
                        "Send the archive first (POST /batchyard/uploads), and name "
                        "its upload here.");
  ports_.images->import(std::move(wish), upload, answer_image(call));
  return Done();
}

Result<> Service::capture_image(Call& call) {
  const json::object body = TRY(body_object(call.request.body));
  ImageWish wish = TRY(wish_of(call.parameters[0], body));
  TRY(check_agent(*ports_.catalogue, wish.agent));
  const std::string pool_id = text_at(body, "pool");
  const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", pool_id));
  const engine::Row node = TRY(row_of(engine::EntityKind::node, pool_id, text_at(body, "node")));
  const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
  const bool at_rest = status.running_tasks == 0 &&
                       (status.state == NodeState::idle || status.state == NodeState::offline ||
                        status.state == NodeState::starttaskfailed);
  if (!at_rest)
    return refusal(
        "OperationInvalidForCurrentState",
        fmt::format("The specified operation is not valid for the current state of the "
                    "node: it is {} with {} tasks, and a node is captured at rest. "
                    "Disable its scheduling, and wait until it is offline without "
                    "tasks.",
                    boost::describe::enum_to_string(status.state, ""), status.running_tasks));
  wish.source = fmt::format("node {} of pool {}", node.key.id, pool.key.id);
  const json::value spec = json::parse(pool.spec);
  if (const json::value* machine = spec.as_object().if_contains("virtualMachineConfiguration");
      wish.agent.empty() && machine != nullptr)
    wish.agent = text_at(machine->as_object(), "nodeAgentSKUId");
  const json::value* whole = body.if_contains("whole");
  const bool all = whole != nullptr && whole->is_bool() && whole->get_bool();
  ports_.images->capture(
      std::move(wish), PoolId::trusted(pool.key.id), NodeId::trusted(node.key.id),
      all ? CaptureExtent::whole : CaptureExtent::difference, answer_image(call));
  return Done();
}

Result<> Service::operate_binding(Call& call) {
  const std::string& method = call.request.method;
  const std::size_t depth = call.parameters.size();
  if (depth == 0 && method == "GET") {
    json::array all;
    for (const ImageBinding& one : ports_.images->bindings())
      all.push_back(json::object{{"reference", one.reference}, {"to", one.to}});
    answer_list(call, "bindings", std::move(all), std::nullopt);
    return Done();
  }
  const std::string reference = join(call.parameters, "/");
  if (reference != "*" && depth != 3 && depth != 4)
    return bad_property("reference", reference,
                        "Give PUBLISHER/OFFER/SKU, with or without /VERSION, or * for all others.");
  if (method == "DELETE") {
    TRY(ports_.images->bind({reference, {}}));
    answer_empty(call, 204);
    return Done();
  }
  if (method != "PUT") return no_such_path(call);
  const std::string to = text_at(TRY(body_object(call.request.body)), "to");
  const std::vector<ImageRecord> images = ports_.images->images();
  const ImageRecord* image = find_image(images, to);
  if (image == nullptr && to != boots_host && to != boots_host_copy)
    return to.empty() ? Result<>(bad_property("to", to, "Give host, host-copy or an image's name."))
                      : Result<>(no_image(to));
  TRY(ports_.images->bind({reference, image == nullptr ? to : image->name}));
  answer_empty(call, 204);
  return Done();
}

}  // namespace batchyard::service
