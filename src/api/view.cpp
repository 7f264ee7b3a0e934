#include "api/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.h"

namespace batchyard::api {

namespace {

namespace json = boost::json;

void view_model(const ModelSchema& schema, Version version, json::object& object);

void view_value(const Member& member, Version version, json::value& value) {
  if (member.type != Type::model)
    return;
  const ModelSchema& schema = schema_of(static_cast<Model>(member.index));
  if (value.is_object() && member.shape == Shape::map) {
    for (auto& part : value.get_object()) {
      if (part.value().is_object())
        view_model(schema, version, part.value().get_object());
    }
  } else if (value.is_object()) {
    view_model(schema, version, value.get_object());
  } else if (value.is_array()) {
    for (json::value& part : value.get_array()) {
      if (part.is_object())
        view_model(schema, version, part.get_object());
    }
  }
}

void view_model(const ModelSchema& schema, Version version, json::object& object) {
  bool rename = false;
  std::vector<json::string_view> gone;
  for (auto& part : object) {
    const std::string_view name = part.key();
    if (name.starts_with("odata."))
      continue;
    const Member* member = schema.find(name);
    if (member == nullptr || (member->in & version.mask()) == 0 || (member->flags & Member::secret) != 0) {
      gone.push_back(part.key());
      continue;
    }
    rename = rename || (version.old_slots && name == "taskSlotsPerNode");
    view_value(*member, version, part.value());
  }
  for (const json::string_view name : gone)
    object.erase(std::string(name));
  if (rename) {
    json::value slots = std::move(object["taskSlotsPerNode"]);
    object.erase("taskSlotsPerNode");
    object["maxTasksPerNode"] = std::move(slots);
  }
}

}  // namespace

void view(Model model, Version version, json::object& entity) { view_model(schema_of(model), version, entity); }

Result<std::vector<std::string>> parse_select(Model model, Version version, std::string_view text) {
  std::vector<std::string> names;
  if (trim(text).empty())
    return names;
  const ModelSchema& schema = schema_of(model);
  for (const std::string_view part : split(text, ',')) {
    const std::string name(trim(part));
    const std::string_view present = version.old_slots && name == "maxTasksPerNode" ? "taskSlotsPerNode" : std::string_view(name);
    const Member* member = schema.find(present);
    if (member == nullptr || (member->in & version.mask()) == 0) {
      std::string known;
      for (const Member& one : schema.members) {
        if ((one.in & version.mask()) != 0)
          known += (known.empty() ? "" : ", ") + std::string(one.name);
      }
      const std::string reason = fmt::format("'{}' is not a property of {}. Known are: {}.", name, schema.name, known);
      return fail(Kind::invalid, "InvalidQueryParameterValue",
                  "The value specified for one of the query parameters is invalid: $select: " + reason,
                  {{"QueryParameterName", "$select"}, {"QueryParameterValue", std::string(text)}, {"Reason", reason}});
    }
    names.push_back(name);
  }
  return names;
}

void select(const std::vector<std::string>& names, json::object& entity) {
  if (names.empty())
    return;
  json::object kept;
  for (auto& part : entity) {
    const std::string_view name = part.key();
    if (name == "odata.metadata" || std::ranges::find(names, name) != names.end())
      kept.emplace(part.key(), std::move(part.value()));
  }
  entity = std::move(kept);
}

}  // namespace batchyard::api
