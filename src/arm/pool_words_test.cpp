// Whatever a pool of this plane can have, in every version: the data plane has a word for it, in
// the version that it is asked in, and it comes back as it was.
#include "arm/pool_words.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>

#include "api/schema.h"
#include "api/view.h"
#include "arm/children.h"
#include "arm/filter_words.h"

namespace batchyard::arm {
namespace {

namespace json = boost::json;
using api::Member;
using api::ModelSchema;

const std::string some_account = "/subscriptions/s/…/batchAccounts/lab1";

bool in(const Member& member, api::Version version) {
  return (member.in & version.mask()) != 0;
}

// One legal value of a member that is no model.
json::value sample(const Member& member, api::Version version) {
  switch (member.type) {
    case api::Type::boolean:
      return true;
    case api::Type::integer32:
    case api::Type::integer64:
    case api::Type::number:
      return 7;
    case api::Type::duration:
      return "PT10M";
    case api::Type::datetime:
      return "2026-11-24T09:30:00Z";
    case api::Type::any:
      return json::object{{"a", 1}};
    case api::Type::choice:
      for (const api::Choice& choice : api::enum_schema(member.index).choices)
        if ((choice.in & version.mask()) != 0) return json::string(choice.name);
      return nullptr;
    default:
      return "some-text";
  }
}

json::value in_its_shape(const Member& member, json::value value) {
  if (member.shape == api::Shape::list) return json::array{std::move(value)};
  if (member.shape == api::Shape::map) return json::object{{"some-key", std::move(value)}};
  return value;
}

using Wrap = std::function<json::value(json::value)>;
using Visit = std::function<void(const std::string& path, json::object properties)>;

// Every member that can be set, at any depth, alone in the properties of a pool.
void each_member(const ModelSchema& schema, api::Version version, const std::string& path,
                 const Wrap& wrap, const Visit& visit) {
  for (const Member& member : schema.members) {
    constexpr int unseen = Member::read_only | Member::secret;
    if (!in(member, version) || (member.flags & unseen) != 0) continue;
    const std::string here = path + "/" + std::string(member.name);
    const Wrap deeper = [&](json::value value) {
      json::object object{{std::string(member.name), in_its_shape(member, std::move(value))}};
      return wrap(std::move(object));
    };
    if (member.type == api::Type::model) {
      each_member(api::schema_of(static_cast<api::Model>(member.index)), version, here, deeper,
                  visit);
      continue;
    }
    json::value value = sample(member, version);
    if (here == "/applicationPackages/id") value = some_account + "/applications/some-app";
    if (here == "/certificates/id") value = some_account + "/certificates/sha1-0a0b";
    visit(here, deeper(std::move(value)).as_object());
  }
}

// The first name in it that the model does not have in that version; empty: it has all.
std::string unknown_in(const json::value& value, const ModelSchema& schema, api::Version version) {
  for (const auto& part : value.as_object()) {
    const Member* member = schema.find(part.key());
    if (member == nullptr || !in(*member, version))
      return std::string(schema.name) + "." + std::string(part.key());
    if (member->type != api::Type::model) continue;
    const ModelSchema& inner = api::schema_of(static_cast<api::Model>(member->index));
    std::vector<const json::value*> parts;
    if (member->shape == api::Shape::list)
      for (const json::value& one : part.value().as_array()) parts.push_back(&one);
    else if (member->shape == api::Shape::map)
      for (const auto& one : part.value().as_object()) parts.push_back(&one.value());
    else
      parts.push_back(&part.value());
    for (const json::value* one : parts)
      if (const std::string name = unknown_in(*one, inner, version); !name.empty()) return name;
  }
  return {};
}

// Where a value can come back in other words: it is compared as the answer has it.
json::object there_and_back(const json::object& properties, api::Version version,
                            const std::string& path) {
  const Result<json::object> whole =
      whole_of_pool(json::object{{"properties", properties}}, some_account);
  EXPECT_TRUE(whole) << path << ": " << whole.error().message;
  if (!whole) return {};
  const api::Version spoken = *api::parse_version(data_version_of(version));
  EXPECT_EQ(unknown_in(whole->at("pool"), api::schema_of(api::Model::PoolAddParameter), spoken), "")
      << path;
  json::object answer = *whole;
  json::object& pool = answer["pool"].as_object();
  for (const char* name : {"targetDedicatedNodes", "targetLowPriorityNodes"})
    if (!pool.contains(name)) pool[name] = 0;
  pool["id"] = "p";
  pool["state"] = "active";
  if (!pool.contains("vmSize")) pool["vmSize"] = "some-size";
  json::object entity = entity_of_pool(answer, some_account);
  api::view(api::Model::ArmPool, version, entity);
  api::spell(api::Model::ArmPool, version, entity);
  return entity.at("properties").as_object();
}

bool contains(const json::value& whole, const json::value& part) {
  if (part.is_array()) {
    return whole.is_array() && whole.get_array().size() == part.get_array().size() &&
           contains(whole.get_array().at(0), part.get_array().at(0));
  }
  if (!part.is_object()) return whole == part;
  if (!whole.is_object()) return false;
  for (const auto& member : part.get_object()) {
    const json::value* found = whole.get_object().if_contains(member.key());
    if (found == nullptr || !contains(*found, member.value())) return false;
  }
  return true;
}

TEST(PoolWords, WhateverCanBeSetComesBackInEveryVersion) {
  std::size_t members = 0;
  for (const api::VersionFacts& facts : api::arm_versions()) {
    const api::Version version = *api::find_arm_version(facts.text);
    const Visit visit = [&](const std::string& path, json::object properties) {
      // Retired on the data plane with 2024-07-01.20.0, and refused by name.
      if (path == "/applicationLicenses" && data_version_of(version) == "2024-07-01.20.0") return;
      // Said of a resize, and shown with it.
      if (path == "/scaleSettings/fixedScale/nodeDeallocationOption") return;
      if (path.starts_with("/scaleSettings/fixedScale/resizeTimeout"))
        properties["scaleSettings"].as_object()["fixedScale"].as_object()["targetDedicatedNodes"] =
            1;
      if (path == "/vmSize") properties["vmSize"] = "SOME-TEXT";
      // An interval is nothing without its formula.
      if (path == "/scaleSettings/autoScale/evaluationInterval")
        properties["scaleSettings"].as_object()["autoScale"].as_object()["formula"] = "f";
      const json::object back = there_and_back(properties, version, path);
      EXPECT_TRUE(contains(back, properties))
          << facts.text << path << ": " << json::serialize(properties) << " came back as "
          << json::serialize(back);
      ++members;
    };
    each_member(
        api::schema_of(api::Model::ArmPoolProperties), version, "",
        [](json::value value) { return value; }, visit);
  }
  EXPECT_GT(members, 1500u);
}

TEST(PoolWords, AnErrorNamesPropertiesAsTheyAreCalledHere) {
  const Error error = told_of_pool(
      {.kind = Kind::invalid,
       .code = "InvalidPropertyValue",
       .message = "The value 'x' of property 'virtualMachineConfiguration.dataDisks[0].lun' is not "
                  "valid. Change certificateReferences, or the startTask.commandLine.",
       .details = {{"PropertyName", "virtualMachineConfiguration.dataDisks[0].lun"},
                   {"PropertyValue", "x"}}});
  EXPECT_EQ(error.message,
            "The value 'x' of property "
            "'properties.deploymentConfiguration.virtualMachineConfiguration.dataDisks[0].lun' is "
            "not valid. Change properties.certificates, or the startTask.commandLine.");
  EXPECT_EQ(error.details[0].value,
            "properties.deploymentConfiguration.virtualMachineConfiguration.dataDisks[0].lun");
  EXPECT_EQ(error.details[1].value, "x");
}

TEST(FilterWords, TextsAreNotTakenForNames) {
  static constexpr FilterWord::Value states[] = {{"Succeeded", "'active'"}};
  static constexpr FilterWord words[] = {
      {"name", "id"},
      {"properties/provisioningState", "state", FilterWord::Sort::text, states},
      {"properties/creationTime", "creationTime", FilterWord::Sort::time}};
  EXPECT_EQ(
      to_data_filter("name eq 'name' and not (properties/provisioningState ne 'Succeeded')", words)
          .value(),
      "id eq 'name' and not (state ne 'active')");
  EXPECT_EQ(to_data_filter("name eq 'O''Brien'", words).value(), "id eq 'O''Brien'");
  EXPECT_EQ(
      to_data_filter("properties/creationTime gt DateTime'2026-01-01T00:00:00Z'", words).value(),
      "creationTime gt datetime'2026-01-01T00:00:00Z'");
  EXPECT_EQ(to_data_filter("id eq 'x'", words).error().code, "InvalidQueryParameterValue");
}

}  // namespace
}  // namespace batchyard::arm
