// What resources and outputs come to, as far as their questions are answered.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/members.h"
#include "templates/names.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

// What says how a resource is deployed, and is no part of it.
constexpr std::array of_the_template{"type", "name",     "apiVersion", "dependsOn", "condition",
                                     "copy", "existing", "resources",  "comments",  "metadata"};

bool is_of_the_template(std::string_view member) {
  return std::ranges::find(of_the_template, member) != of_the_template.end();
}

}  // namespace

Result<json::object> Deployment::body_of(const Resource& resource) {
  question_.reset();
  Names names(*this, Stage::run);
  names.loops = resource.loops;
  json::object body;
  for (const auto& one : *resource.source) {
    if (is_of_the_template(one.key())) continue;
    json::value source = one.value();
    // A nested template's expressions are its own.
    json::value inner;
    if (is_nested(resource) && one.key() == "properties" && source.is_object())
      inner = std::exchange(source.get_object()["template"], json::value());
    json::value value = TRY(resolve(source, names, Unknown::refuses,
                                    path_below(resource.where, std::string_view(one.key()))));
    if (!inner.is_null()) value.get_object()["template"] = std::move(inner);
    body[one.key()] = std::move(value);
  }
  return body;
}

// Of an output with a copy loop, the list.
Result<json::value> Deployment::output_value(const json::object& source, Names& names,
                                             const std::string& where) {
  if (const json::object* copy = object_in(source, "copy")) {
    json::object loop = *copy;
    loop["name"] = "value";
    const json::value made = TRY(resolve(json::object{{"copy", json::array{std::move(loop)}}},
                                         names, Unknown::refuses, where));
    return made.at("value");
  }
  const json::value* value = source.if_contains("value");
  if (value == nullptr) return at_path(where, wrong("The output has no value.").error());
  return resolve(*value, names, Unknown::refuses, where + ".value");
}

Result<json::object> Deployment::outputs() {
  question_.reset();
  json::object shown;
  if (section("outputs") == nullptr) return shown;
  for (const auto& one : *section("outputs")) {
    const std::string where = path_below("$.outputs", std::string_view(one.key()));
    const json::object* source = one.value().if_object();
    if (source == nullptr)
      return at_path(where, wrong("An output is an object with a type and a value.").error());
    Names names(*this, Stage::run);
    if (const json::value* condition = source->if_contains("condition")) {
      if (TRY(resolve(*condition, names, Unknown::refuses, where + ".condition")) != true) continue;
    }
    const json::object whole = TRY(whole_declaration(*source, section("definitions")));
    json::object output{{"type", shown_type(text_in(whole, "type"))}};
    if (!is_secure(text_in(whole, "type"))) {
      json::value value = TRY(output_value(*source, names, where));
      if (const Result<> good =
              check_value(whole, section("definitions"), value, std::string(one.key()));
          !good)
        return at_path(where, good.error());
      output["value"] = std::move(value);
    }
    shown[one.key()] = std::move(output);
  }
  return shown;
}

void Deployment::answer(const Question& question, json::value value) {
  answers_[question.key()] = std::move(value);
}

void Deployment::forget(std::string_view id) {
  std::erase_if(answers_, [&](const auto& one) { return one.first.contains(fold(id)); });
}

}  // namespace batchyard::templates
