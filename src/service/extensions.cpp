// The extensions that a pool's nodes were to have. They are handlers of Azure's machines, and are
// not run here: each node says so.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::object extension_entity(const json::object& extension, const NodeStatus& node) {
  const std::string name(extension.at("name").as_string());
  json::array statuses{
      {{"code", "ProvisioningState/notRun"},
       {"displayStatus", "Not run"},
       {"level", "Warning"},
       {"message",
        "This service does not run virtual machine extensions. Do in the pool's start task what "
        "this extension would do."},
       {"time", to_iso8601(node.booted == Time() ? node.state_since : node.booted)}}};
  return {{"provisioningState", "Failed"},
          {"vmExtension", extension},
          {"instanceView", {{"name", name}, {"statuses", std::move(statuses)}}}};
}

json::array extensions_of(const json::value& spec) {
  const json::value* machine = spec.as_object().if_contains("virtualMachineConfiguration");
  const json::value* list =
      machine == nullptr ? nullptr : machine->as_object().if_contains("extensions");
  return list == nullptr ? json::array() : list->as_array();
}

}  // namespace

Result<json::array> Service::node_extensions(const Call& call) const {
  const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
  const engine::Row node =
      TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
  const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
  const std::vector<std::string> names = TRY(
      api::parse_select(api::Model::NodeVMExtension, call.version, call.query_value("$select")));
  json::array entities;
  for (const json::value& extension : extensions_of(json::parse(pool.spec))) {
    json::object entity = extension_entity(extension.as_object(), status);
    api::view(api::Model::NodeVMExtension, call.version, entity);
    api::select(names, entity);
    entities.push_back(std::move(entity));
  }
  return entities;
}

void Service::list_extensions(Call call) {
  if (const Result<std::size_t> size = page_size(call, 1000); !size)
    return answer_error(call, size.error());
  Result<json::array> entities = node_extensions(call);
  if (!entities) return answer_error(call, entities.error());
  answer_list(call, "extensions", *std::move(entities), std::nullopt);
}

void Service::get_extension(Call call) {
  const auto run = [&]() -> Result<> {
    const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const json::array known = extensions_of(json::parse(pool.spec));
    json::array entities = TRY(node_extensions(call));
    for (std::size_t at = 0; at < known.size(); ++at) {
      if (!same_folded(std::string_view(known[at].at("name").as_string()), call.parameters[2]))
        continue;
      answer_entity(call, "extensions/@Element", std::move(entities[at].as_object()));
      return Done();
    }
    return refusal(
        "ResourceNotFound",
        fmt::format("The specified resource does not exist: the node has no extension {}.",
                    call.parameters[2]));
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
