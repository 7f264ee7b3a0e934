#include "api/view.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <string>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::api {

namespace {

namespace json = boost::json;

void view_model(const ModelSchema& schema, Version version, json::object& object);

void view_one(const Member& member, Version version, json::value& value) {
  if (member.type == Type::model && value.is_object())
    view_model(schema_of(static_cast<Model>(member.index)), version, value.get_object());
  else if (member.type == Type::integer64 && value.is_int64())
    value = std::to_string(value.get_int64());  // counters and lengths are texts on the wire
}

void view_value(const Member& member, Version version, json::value& value) {
  if (member.type != Type::model && member.type != Type::integer64) return;
  if (member.shape == Shape::list && value.is_array()) {
    for (json::value& part : value.get_array()) view_one(member, version, part);
  } else if (member.shape == Shape::map && value.is_object()) {
    for (auto& part : value.get_object()) view_one(member, version, part.value());
  } else {
    view_one(member, version, value);
  }
}

bool is_shown(const Member* member, Version version) {
  return member != nullptr && (member->in & version.mask()) != 0 &&
         (member->flags & Member::secret) == 0;
}

void view_model(const ModelSchema& schema, Version version, json::object& object) {
  for (std::size_t at = 0; at < object.size();) {
    auto& part = *(object.begin() + at);
    const std::string_view name = part.key();
    const Member* member = schema.find(name);
    if (!is_shown(member, version) && !name.starts_with("odata.")) {
      object.stable_erase(object.begin() + at);
      continue;
    }
    if (member != nullptr) view_value(*member, version, part.value());
    ++at;
  }
  if (!version.old_slots) return;
  if (const auto slots = object.find(new_slots_name); slots != object.end()) {
    json::value value = std::move(slots->value());
    object.stable_erase(slots);
    object.emplace(old_slots_name, std::move(value));
  }
}

// Versions that count no slots answer with the counts of tasks alone (source: the change list of
// 2020-09-01.12.0).
void view_task_counts(json::object& counts) {
  if (json::value* tasks = counts.if_contains("taskCounts");
      tasks != nullptr && tasks->is_object()) {
    json::object inner = std::move(tasks->get_object());
    counts = std::move(inner);
  }
}

}  // namespace

void view(Model model, Version version, json::object& entity) {
  view_model(schema_of(model), version, entity);
  if (model == Model::TaskCountsResult && version.old_slots) view_task_counts(entity);
}

namespace {

void spell_one(const Member& member, Version version, json::value& value) {
  if (member.type == Type::model && value.is_object())
    spell(static_cast<Model>(member.index), version, value.get_object());
  if (member.type != Type::choice || !value.is_string()) return;
  for (const Choice& choice : enum_schema(member.index).choices) {
    if ((choice.in & version.mask()) == 0 ||
        !same_folded(choice.name, std::string_view(value.get_string())))
      continue;
    value = choice.name;
    return;
  }
}

}  // namespace

void spell(Model model, Version version, json::object& entity) {
  for (auto& part : entity) {
    const Member* member = schema_of(model).find(part.key());
    if (member == nullptr) continue;
    if (member->shape == Shape::list && part.value().is_array()) {
      for (json::value& one : part.value().get_array()) spell_one(*member, version, one);
    } else if (member->shape == Shape::map && part.value().is_object()) {
      for (auto& one : part.value().get_object()) spell_one(*member, version, one.value());
    } else {
      spell_one(*member, version, part.value());
    }
  }
}

Result<std::vector<std::string>> parse_select(Model model, Version version, std::string_view text) {
  std::vector<std::string> names;
  if (trim(text).empty()) return names;
  const ModelSchema& schema = schema_of(model);
  for (const std::string_view part : split(text, ',')) {
    const std::string name(trim(part));
    if (member_named(schema, version, name) == nullptr) {
      std::string known;
      for (const Member& one : schema.members) {
        if ((one.in & version.mask()) != 0)
          known += (known.empty() ? "" : ", ") + std::string(one.name);
      }
      const std::string reason =
          fmt::format("'{}' is not a property of {}. Known are: {}.", name, schema.name, known);
      return refusal(
          "InvalidQueryParameterValue",
          "The value specified for one of the query parameters is invalid: $select: " + reason,
          {{"QueryParameterName", "$select"},
           {"QueryParameterValue", std::string(text)},
           {"Reason", reason}});
    }
    names.push_back(name);
  }
  return names;
}

void select(const std::vector<std::string>& names, json::object& entity) {
  if (names.empty()) return;
  json::object kept;
  for (auto& part : entity) {
    const std::string_view name = part.key();
    if (name == "odata.metadata" || std::ranges::find(names, name) != names.end())
      kept.emplace(part.key(), std::move(part.value()));
  }
  entity = std::move(kept);
}

}  // namespace batchyard::api
