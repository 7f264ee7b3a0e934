#include "service/extension_rules.h"

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"
#include "service/handler_port.h"
#include "service/json_parts.h"

namespace batchyard::service {

namespace {

constexpr const char* driver_publisher = "Microsoft.HpcCompute";
constexpr const char* gpu_driver = "NvidiaGpuDriverLinux";
constexpr const char* rdma_driver = "InfiniBandDriverLinux";
// Of the names of added ones: no user takes such a name by chance.
constexpr std::string_view added_mark = "Batchyard.";

bool brings(const Image* image, std::string_view token) {
  if (image == nullptr) return false;
  return std::ranges::any_of(image->has, [&](const std::string& one) {
    return one == token || one.starts_with(std::string(token) + ":");
  });
}

bool installs(const api::VirtualMachineConfiguration& machine, const Catalogue& catalogue,
              std::string_view token) {
  return std::ranges::any_of(machine.extensions, [&](const api::VMExtension& one) {
    const Extension* known = catalogue.extension(one.publisher.value_or(""), one.type.value_or(""));
    return known != nullptr && std::ranges::find(known->installs, token) != known->installs.end();
  });
}

std::string json_text(const json::object& extension, std::string_view name) {
  const json::value* value = extension.if_contains(name);
  return value == nullptr ? std::string() : json::serialize(*value);
}

}  // namespace

const ExtensionHandler* find_handler(const std::vector<ExtensionHandler>& handlers,
                                     std::string_view publisher, std::string_view type) {
  for (const ExtensionHandler& handler : handlers) {
    if (same_folded(handler.publisher, publisher) && same_folded(handler.type, type))
      return &handler;
  }
  return nullptr;
}

std::vector<std::string> drivers_of(const api::PoolAddParameter& pool, const Catalogue& catalogue) {
  const Size* size = catalogue.size(pool.vmSize.value_or(""));
  if (size == nullptr || !pool.virtualMachineConfiguration) return {};
  const api::VirtualMachineConfiguration& machine = *pool.virtualMachineConfiguration;
  const Agent* agent = catalogue.agent(machine.nodeAgentSKUId.value_or(""));
  const bool is_linux = agent == nullptr || agent->os == "linux";
  if (!is_linux || !machine.imageReference || !machine.imageReference->publisher) return {};
  const api::ImageReference& reference = *machine.imageReference;
  const Image* image = catalogue.image(*reference.publisher, reference.offer.value_or(""),
                                       reference.sku.value_or(""));
  std::vector<std::string> drivers;
  const std::string kind = catalogue.driver_of(*size);
  if (!kind.empty() && same_folded(size->gpu_vendor, "nvidia") && !brings(image, kind) &&
      !installs(machine, catalogue, kind))
    drivers.emplace_back(gpu_driver);
  if (!size->rdma.empty() && !brings(image, "rdma") && !installs(machine, catalogue, "rdma"))
    drivers.emplace_back(rdma_driver);
  return drivers;
}

json::array extensions_of(const json::object& pool, const PoolFacts& facts) {
  const json::value* machine = pool.if_contains("virtualMachineConfiguration");
  const json::value* list =
      machine == nullptr ? nullptr : machine->as_object().if_contains("extensions");
  json::array extensions = list == nullptr ? json::array() : list->as_array();
  for (const std::string& driver : facts.drivers)
    extensions.push_back(json::object{{"name", std::string(added_mark) + driver},
                                      {"publisher", driver_publisher},
                                      {"type", driver}});
  return extensions;
}

bool is_added(const json::object& extension) {
  return text_at(extension, "name").starts_with(added_mark);
}

std::vector<protocol::Extension> extensions_to_run(const json::object& pool, const PoolFacts& facts,
                                                   const std::vector<ExtensionHandler>& handlers,
                                                   const Catalogue& catalogue) {
  std::vector<protocol::Extension> extensions;
  for (const json::value& one : extensions_of(pool, facts)) {
    const json::object& given = one.as_object();
    protocol::Extension extension{.name = text_at(given, "name"),
                                  .publisher = text_at(given, "publisher"),
                                  .type = text_at(given, "type"),
                                  .after = {},
                                  .settings = json_text(given, "settings"),
                                  .protected_settings = json_text(given, "protectedSettings"),
                                  .script = {},
                                  .reboots = false,
                                  .installs = {}};
    if (const json::value* after = given.if_contains("provisionAfterExtensions")) {
      for (const json::value& name : after->as_array())
        extension.after.emplace_back(name.as_string());
    }
    if (const ExtensionHandler* handler =
            find_handler(handlers, extension.publisher, extension.type)) {
      extension.script = handler->script;
      extension.reboots = handler->reboots;
    }
    if (const Extension* known = catalogue.extension(extension.publisher, extension.type))
      extension.installs = known->installs;
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

}  // namespace batchyard::service
