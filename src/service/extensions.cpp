// The extensions of a node, and what became of each.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/view.h"
#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/extension_rules.h"
#include "service/handler_port.h"
#include "service/json_parts.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

using protocol::ExtensionReport;
using protocol::ExtensionState;

// How a state is told: in the words of Azure's instance views.
struct StateWords {
  const char* provisioning;
  const char* code;
  const char* shown;
  const char* level;
  std::string message;
};

std::string name_of(const ExtensionReport& report) {
  return report.publisher + "/" + report.type;
}

StateWords words_of(const ExtensionReport& report) {
  switch (report.state) {
    case ExtensionState::waiting:
      return {"Creating", "ProvisioningState/creating", "Waiting", "Info",
              "It waits for the extensions before it."};
    case ExtensionState::running:
      return {"Creating", "ProvisioningState/transitioning", "Running", "Info",
              fmt::format("Its handler runs since {}.", to_iso8601(report.started))};
    case ExtensionState::restarting:
      return {"Creating", "ProvisioningState/transitioning", "Restarting", "Info",
              "Its handler has asked for the node to start anew, and runs again then."};
    case ExtensionState::succeeded:
      return {"Succeeded", "ProvisioningState/succeeded", "Provisioning succeeded", "Info",
              fmt::format("Its handler succeeded at {}.", to_iso8601(report.ended))};
    case ExtensionState::failed:
      return {"Failed", "ProvisioningState/failed", "Provisioning failed", "Error",
              report.exit_code
                  ? fmt::format("Its handler ended with exit code {}. Correct settings "
                                "or handler, then reboot or reimage the node.",
                                *report.exit_code)
                  : "Its handler did not end by itself: the node's errors say why."};
    case ExtensionState::notrun:
      break;
  }
  return {"Failed", "ProvisioningState/notRun", "Not run", "Warning",
          fmt::format("No handler of {0} was registered when the node started. Register one "
                      "(batchyard extension register {0} --script FILE) and reboot the node, or do "
                      "in the pool's start task what this extension would do.",
                      name_of(report))};
}

// What came of an extension whose node has not told anything yet.
ExtensionReport untold(const json::object& extension, const PoolFacts& facts) {
  return {.name = text_at(extension, "name"),
          .publisher = text_at(extension, "publisher"),
          .type = text_at(extension, "type"),
          .state = facts.extensions ? ExtensionState::waiting : ExtensionState::notrun};
}

json::object output_status(const char* stream, const char* outcome, const std::string& text) {
  return {{"code", fmt::format("ComponentStatus/{}/{}", stream, outcome)},
          {"displayStatus", outcome},
          {"level", "Info"},
          {"message", text}};
}

json::object extension_entity(const json::object& extension, const ExtensionReport& report,
                              const NodeStatus& node) {
  StateWords words = words_of(report);
  if (is_added(extension))
    words.message +=
        " The service has added it (--install-drivers), for the pool's image lacks what its size "
        "needs.";
  Time told = report.ended != Time() ? report.ended : report.started;
  if (told == Time()) told = node.booted == Time() ? node.state_since : node.booted;
  json::array statuses{{{"code", words.code},
                        {"displayStatus", words.shown},
                        {"level", words.level},
                        {"message", words.message},
                        {"time", to_iso8601(told)}}};
  json::object view{{"name", report.name}, {"statuses", std::move(statuses)}};
  if (report.ended != Time()) {
    const char* outcome = report.state == ExtensionState::failed ? "failed" : "succeeded";
    json::array outputs;
    outputs.push_back(output_status("StdOut", outcome, report.output));
    outputs.push_back(output_status("StdErr", outcome, report.error));
    view["subStatuses"] = std::move(outputs);
  }
  return {{"provisioningState", words.provisioning},
          {"vmExtension", extension},
          {"instanceView", std::move(view)}};
}

}  // namespace

Result<json::array> Service::node_extensions(const Call& call) const {
  const engine::Row pool = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
  const engine::Row node =
      TRY(row_of(engine::EntityKind::node, call.parameters[0], call.parameters[1]));
  const PoolStatus pool_status = TRY(from_json<PoolStatus>(pool.status));
  const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
  const std::vector<std::string> names = TRY(
      api::parse_select(api::Model::NodeVMExtension, call.version, call.query_value("$select")));
  json::array entities;
  for (const json::value& one :
       extensions_of(json::parse(pool.spec).as_object(), pool_status.facts)) {
    const json::object& extension = one.as_object();
    const auto report = std::ranges::find_if(status.extensions, [&](const ExtensionReport& known) {
      return same_folded(known.name, text_at(extension, "name"));
    });
    json::object entity = extension_entity(
        extension,
        report == status.extensions.end() ? untold(extension, pool_status.facts) : *report, status);
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
    const PoolStatus status = TRY(from_json<PoolStatus>(pool.status));
    const json::array known = extensions_of(json::parse(pool.spec).as_object(), status.facts);
    json::array entities = TRY(node_extensions(call));
    for (std::size_t at = 0; at < known.size(); ++at) {
      if (!same_folded(text_at(known[at].as_object(), "name"), call.parameters[2])) continue;
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
