#include "templates/deployment.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "templates/functions.h"
#include "templates/members.h"
#include "templates/names.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

constexpr const char* template_schema =
    "https://schema.management.azure.com/schemas/2019-04-01/"
    "deploymentTemplate.json#";
constexpr std::array sections{"$schema",   "contentVersion", "languageVersion", "apiProfile",
                              "metadata",  "definitions",    "functions",       "parameters",
                              "variables", "resources",      "outputs"};

}  // namespace

Deployment::Deployment(json::object source, json::object parameters, Facts facts)
    : source_(std::move(source)), given_(std::move(parameters)), facts_(std::move(facts)) {}
Deployment::~Deployment() = default;

Result<std::unique_ptr<Deployment>> Deployment::open(json::object source, json::object parameters,
                                                     Facts facts) {
  std::unique_ptr<Deployment> deployment(
      new Deployment(std::move(source), std::move(parameters), std::move(facts)));
  TRY(deployment->check_sections());
  TRY(deployment->check_expressions(deployment->source_, "$"));
  TRY(deployment->take_parameters());
  TRY(deployment->plan());
  return deployment;
}

const json::object* Deployment::section(const char* name) const {
  return object_in(source_, name);
}

Result<> Deployment::check_sections() {
  const std::string schema = text_in(source_, "$schema");
  if (!schema.contains("eploymentTemplate.json"))
    return wrong(
        fmt::format("At '$.$schema': the schema '{}' is not that of a template for a "
                    "resource group. Use '{}'.",
                    schema, template_schema));
  if (schema.contains("/subscriptionDeployment") || schema.contains("/managementGroup") ||
      schema.contains("/tenantDeployment"))
    return wrong(
        "At '$.$schema': the template is for another scope than a resource group. Set "
        "Bicep's targetScope to 'resourceGroup'.");
  if (text_in(source_, "contentVersion").empty())
    return wrong("At '$.contentVersion': the template has no version. Give it one, '1.0.0.0'.");
  for (const auto& one : source_) {
    if (std::ranges::find(sections, std::string_view(one.key())) == sections.end())
      return wrong(fmt::format("At '$': the section '{}' is not served here. There are: {}.",
                               std::string_view(one.key()), fmt::join(sections, ", ")));
  }
  for (const auto& [name, most] :
       {std::pair("parameters", parameters_max), std::pair("variables", variables_max),
        std::pair("outputs", outputs_max)}) {
    const json::value* there = source_.if_contains(name);
    if (there != nullptr && !there->is_object())
      return wrong(fmt::format("At '$.{}': it must be an object.", name));
    if (there != nullptr && there->get_object().size() > most)
      return wrong(fmt::format("At '$.{}': there are {}; {} are allowed.", name,
                               there->get_object().size(), most));
  }
  const std::string language = text_in(source_, "languageVersion");
  symbolic_ = language.starts_with("2.");
  const json::value* resources = source_.if_contains("resources");
  if (resources == nullptr || (!resources->is_array() && !resources->is_object()))
    return wrong("At '$.resources': the template has no resources. An empty array is good.");
  if (resources->is_object() && !symbolic_)
    return wrong("At '$.resources': it is an object, which takes \"languageVersion\": \"2.0\".");
  if (resources->is_array() && symbolic_)
    return wrong("At '$.resources': in languageVersion 2.0 it is an object of symbolic names.");
  return Done();
}

// Every expression is read before anything is deployed, those of nested templates when it is their
// turn: they have names of their own.
Result<> Deployment::check_expressions(const json::value& value, const std::string& where) const {
  if (value.is_array()) {
    std::size_t at = 0;
    for (const json::value& one : value.get_array())
      TRY(check_expressions(one, path_below(where, at++)));
  } else if (value.is_object()) {
    const bool at_top = where == "$";
    for (const auto& one : value.get_object()) {
      const bool own_names = at_top && (one.key() == "functions" || one.key() == "metadata" ||
                                        one.key() == "definitions");
      const bool nested = one.key() == "template" && where.ends_with(".properties");
      if (!own_names && !nested) TRY(check_expressions(one.value(), path_below(where, one.key())));
    }
  } else if (value.is_string() && is_expression(std::string_view(value.get_string()))) {
    const Result<Expression> parsed = parse_expression(value.get_string());
    if (!parsed) return at_path(where, parsed.error());
    if (const Result<> known = check_expression(*parsed); !known)
      return at_path(where, known.error());
  }
  return Done();
}

Result<> Deployment::check_expression(const Expression& expression) const {
  if (const auto* access = std::get_if<Access>(&expression.node)) {
    TRY(check_expression(*access->owner));
    return check_expression(*access->key);
  }
  const auto* call = std::get_if<Call>(&expression.node);
  if (call == nullptr) return Done();
  for (const Expression& argument : call->arguments) TRY(check_expression(argument));
  if (call->name.contains('.'))
    return function_source(call->name) != nullptr ? Result<>(Done()) : unknown_function(call->name);
  const Function* function = function_named(call->name);
  if (function == nullptr) return unknown_function(call->name);
  TRY(check_arity(*function, call->arguments.size()));
  const bool names_something = function->name == "parameters" || function->name == "variables";
  const auto* name = names_something ? std::get_if<Literal>(&call->arguments[0].node) : nullptr;
  if (name == nullptr || !name->value.is_string()) return Done();
  const std::string text(name->value.get_string());
  const bool is_parameter = function->name == "parameters";
  const json::object* parameters = section("parameters");
  const bool known = is_parameter ? parameters != nullptr && member_of(*parameters, text) != nullptr
                                  : variable_source(text) != nullptr;
  if (known) return Done();
  return wrong(fmt::format("The template {} '{}' is not found. Declare it in '{}'.",
                           is_parameter ? "parameter" : "variable", text, function->name));
}

Result<> Deployment::take_parameters() {
  const json::object none;
  const json::object& declared = section("parameters") != nullptr ? *section("parameters") : none;
  std::vector<std::string> known;
  for (const auto& one : declared) known.emplace_back(one.key());
  for (const auto& one : given_) {
    if (member_of(declared, one.key()) == nullptr)
      return wrong(
          fmt::format("The template parameter '{}' is given, and the template declares "
                      "none of that name. There are: '{}'.",
                      std::string_view(one.key()), join(known, ", ")));
  }
  for (const auto& one : declared) {
    const std::string name(one.key());
    const std::string where = path_below("$.parameters", name);
    if (!one.value().is_object())
      return at_path(where, wrong("A parameter is declared by an object with a type.").error());
    const json::object whole =
        TRY(whole_declaration(one.value().get_object(), section("definitions")));
    const json::value value = TRY(parameter(name));
    if (const Result<> good = check_value(whole, section("definitions"), value, name); !good)
      return at_path(where, good.error());
    json::object shown{{"type", shown_type(text_in(whole, "type"))}};
    if (!is_secure(text_in(whole, "type"))) shown["value"] = value;
    shown_parameters_[name] = std::move(shown);
  }
  return Done();
}

}  // namespace batchyard::templates
