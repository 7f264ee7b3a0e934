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

constexpr std::string_view stars = "*******";
constexpr std::size_t secret_min = 3;  // letters; what is shorter stands anywhere

void gather_texts(const json::value& value, std::vector<std::string>& texts) {
  if (value.is_string() && value.get_string().size() >= secret_min)
    texts.emplace_back(value.get_string());
  if (value.is_array()) {
    for (const json::value& one : value.get_array()) gather_texts(one, texts);
  }
  if (value.is_object()) {
    for (const auto& one : value.get_object()) gather_texts(one.value(), texts);
  }
}

json::value with_stars(json::value value, const std::vector<std::string>& secrets) {
  if (value.is_array()) {
    for (json::value& one : value.get_array()) one = with_stars(std::move(one), secrets);
  } else if (value.is_object()) {
    for (auto& one : value.get_object()) one.value() = with_stars(std::move(one.value()), secrets);
  } else if (value.is_string()) {
    std::string text(value.get_string());
    for (const std::string& secret : secrets) {
      for (std::size_t at = text.find(secret); at != std::string::npos;
           at = text.find(secret, at + stars.size()))
        text.replace(at, secret.size(), stars);
    }
    return json::value(text);
  }
  return value;
}

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

void Deployment::hide_secrets() {
  for (const auto& [name, shown] : shown_parameters_) {
    if (shown.get_object().contains("value")) continue;
    json::value& value = parameters_[fold(std::string_view(name))];
    value = value.is_object() ? json::value(json::object()) : json::value(stars);
  }
  variables_.clear();
}

json::value Deployment::masked(const json::value& value) const {
  std::vector<std::string> secrets;
  for (const auto& [name, shown] : shown_parameters_) {
    const auto secret = parameters_.find(fold(std::string_view(name)));
    if (!shown.get_object().contains("value") && secret != parameters_.end())
      gather_texts(secret->second, secrets);
  }
  return with_stars(value, secrets);
}

void Deployment::answer(const Question& question, json::value value) {
  answers_[question.key()] = std::move(value);
}

void Deployment::forget(std::string_view id) {
  std::erase_if(answers_, [&](const auto& one) { return one.first.contains(fold(id)); });
}

}  // namespace batchyard::templates
