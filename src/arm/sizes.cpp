// What there is at a location: machine sizes of the catalogue, and quotas.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "arm/management.h"
#include "base/text.h"

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

// The only filter that is published for sizes: familyName eq 'standardHFamily'.
Result<std::optional<std::string>> family_in(std::string_view filter) {
  if (trim(filter).empty()) return std::nullopt;
  std::vector<std::string_view> words;
  for (const std::string_view word : split(trim(filter), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  const bool good = words.size() == 3 && same_folded(words[0], "familyName") && words[1] == "eq" &&
                    words[2].size() > 2 && words[2].starts_with('\'') && words[2].ends_with('\'');
  if (good) return std::string(words[2].substr(1, words[2].size() - 2));
  return arm::refuse("InvalidQueryParameterValue",
                     fmt::format("The value '{}' of the query parameter '$filter' is not valid. "
                                 "Sizes are filtered by their family: familyName eq "
                                 "'standardHFamily'.",
                                 filter));
}

}  // namespace

void Management::list_offered(Call call, bool (*offered)(const Size&)) {
  const Result<std::optional<std::string>> family = family_in(call.query_value("$filter"));
  if (!family) return answer_error(call, family.error());
  json::array values;
  for (const Size& size : ports_.catalogue->facts().sizes) {
    if (!size.offered || !offered(size)) continue;
    json::object entity = size_entity(size);
    if (*family && !same_folded(text_at(entity, "familyName"), **family)) continue;
    api::view(api::Model::ArmSupportedSku, call.version, entity);
    values.push_back(std::move(entity));
  }
  answer_page(call, std::move(values));
}

void Management::list_sizes(Call call) {
  list_offered(std::move(call), [](const Size& size) { return size.virtual_machine; });
}

void Management::list_cloud_service_sizes(Call call) {
  list_offered(std::move(call), [](const Size& size) { return size.cloud_services == Offer::yes; });
}

void Management::get_quotas(Call call) {
  answer_json(call, json::object{{"accountQuota", accounts_max}});
}

}  // namespace batchyard::arm
