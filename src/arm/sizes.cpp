// What there is at a location: machine sizes of the catalogue, and quotas.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "arm/management.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

json::object capability(std::string_view name, std::string value) {
  return {{"name", name}, {"value", std::move(value)}};
}

std::string number(double value) {
  return fmt::format("{:g}", value);
}

json::object size_entity(const Size& size) {
  json::array capabilities;
  capabilities.push_back(capability("MaxResourceVolumeMB", number(size.disk_gib * 1024)));
  capabilities.push_back(capability("vCPUs", std::to_string(size.cores)));
  capabilities.push_back(capability("MemoryGB", number(size.memory_gib)));
  if (!size.generations.empty()) {
    std::string generations;
    for (const int one : size.generations)
      generations += fmt::format("{}V{}", generations.empty() ? "" : ",", one);
    capabilities.push_back(capability("HyperVGenerations", std::move(generations)));
  }
  if (size.gpus > 0) capabilities.push_back(capability("GPUs", std::to_string(size.gpus)));
  if (size.premium_storage)
    capabilities.push_back(capability("PremiumIO", *size.premium_storage ? "True" : "False"));
  capabilities.push_back(capability("LowPriorityCapable", "True"));
  capabilities.push_back(capability("RdmaEnabled", size.rdma.empty() ? "False" : "True"));
  json::object entity{{"name", size.name},
                      {"familyName", fmt::format("standard{}Family", size.family)},
                      {"capabilities", std::move(capabilities)}};
  if (!size.ends.empty()) entity["batchSupportEndOfLife"] = size.ends + "T00:00:00Z";
  return entity;
}

}  // namespace

void Management::list_sizes(Call call) {
  json::array values;
  for (const Size& size : ports_.catalogue->facts().sizes) {
    if (!size.offered || !size.virtual_machine) continue;
    json::object entity = size_entity(size);
    api::view(api::Model::ArmSupportedSku, call.version, entity);
    values.push_back(std::move(entity));
  }
  answer_list(call, std::move(values));
}

void Management::list_cloud_service_sizes(Call call) {
  json::array values;
  for (const Size& size : ports_.catalogue->facts().sizes) {
    if (!size.offered || size.cloud_services != Offer::yes) continue;
    json::object entity = size_entity(size);
    api::view(api::Model::ArmSupportedSku, call.version, entity);
    values.push_back(std::move(entity));
  }
  answer_list(call, std::move(values));
}

void Management::get_quotas(Call call) {
  answer_json(call, json::object{{"accountQuota", accounts_max}});
}

}  // namespace batchyard::arm
