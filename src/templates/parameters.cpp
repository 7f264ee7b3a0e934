// What is declared of parameters and outputs, and whether a value is that.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "templates/deployment.h"
#include "templates/functions.h"

namespace batchyard::templates {

namespace json = boost::json;

namespace {

constexpr std::string_view definitions_start = "#/definitions/";
constexpr int references_max = 32;  // of one declaration to another

struct TypeFacts {
  std::string_view folded;
  std::string_view shown;
};
constexpr TypeFacts types[] = {
    {"string", "String"}, {"securestring", "SecureString"}, {"int", "Int"},    {"bool", "Bool"},
    {"object", "Object"}, {"secureobject", "SecureObject"}, {"array", "Array"}};

const TypeFacts* type_named(std::string_view type) {
  const auto found = std::ranges::find(types, fold(type), &TypeFacts::folded);
  return found == std::end(types) ? nullptr : found;
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::optional<std::int64_t> number_member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? std::optional(value->get_int64()) : std::nullopt;
}

bool is_of(const json::value& value, std::string_view type) {
  if (type == "int") return value.is_int64();
  if (type == "bool") return value.is_bool();
  if (type == "array") return value.is_array();
  return type.ends_with("string") ? value.is_string() : value.is_object();
}

// One value against its declaration, and its parts against theirs.
class Check {
 public:
  explicit Check(const json::object* definitions) : definitions_(definitions) {}

  Result<> run(const json::object& given, const json::value& value, const std::string& name,
               bool hidden) {
    const json::object declared = TRY(whole_declaration(given, definitions_));
    const std::string type = fold(text_member(declared, "type"));
    if (type_named(type) == nullptr) return unknown_type(name, text_member(declared, "type"));
    const json::value* nullable = declared.if_contains("nullable");
    if (value.is_null() && nullable != nullptr && *nullable == true) return Done();
    if (!is_of(value, type))
      return wrong(fmt::format("The value of '{}' is {}; its type is '{}'.", name, kind_name(value),
                               text_member(declared, "type")));
    hidden = hidden || is_secure(type);
    TRY(check_allowed(declared, value, name, hidden));
    TRY(check_bounds(declared, value, name));
    if (value.is_object()) return check_members(declared, value.get_object(), name, hidden);
    const json::value* element = declared.if_contains("items");
    if (!value.is_array() || element == nullptr || !element->is_object()) return Done();
    std::size_t at = 0;
    for (const json::value& one : value.get_array())
      TRY(run(element->get_object(), one, path_below(name, at++), hidden));
    return Done();
  }

 private:
  static std::unexpected<Error> unknown_type(const std::string& name, const std::string& type) {
    return wrong(
        fmt::format("The type '{}' of '{}' is not known. There are string, securestring, "
                    "int, bool, object, secureObject and array.",
                    type, name));
  }

  static Result<> check_allowed(const json::object& declared, const json::value& value,
                                const std::string& name, bool hidden) {
    const json::value* allowed = declared.if_contains("allowedValues");
    if (allowed == nullptr || !allowed->is_array()) return Done();
    const json::array& list = allowed->get_array();
    const auto is_listed = [&](const json::value& one) {
      return std::ranges::find(list, one) != list.end();
    };
    if (is_listed(value)) return Done();
    if (value.is_array() && std::ranges::all_of(value.get_array(), is_listed)) return Done();
    if (hidden) return wrong(fmt::format("The value of '{}' is none of its allowed values.", name));
    return wrong(fmt::format("The value {} of '{}' is not allowed. Allowed are: {}.",
                             json::serialize(value), name, json::serialize(list)));
  }

  static Result<> check_bounds(const json::object& declared, const json::value& value,
                               const std::string& name) {
    const bool counts = !value.is_int64();
    std::int64_t size = 0;
    if (value.is_int64())
      size = value.get_int64();
    else if (value.is_string())
      size = static_cast<std::int64_t>(value.get_string().size());
    else if (value.is_array())
      size = static_cast<std::int64_t>(value.get_array().size());
    else
      return Done();
    const auto least = number_member(declared, counts ? "minLength" : "minValue");
    const auto most = number_member(declared, counts ? "maxLength" : "maxValue");
    const std::string what = counts ? fmt::format("The length of '{}'", name)
                                    : fmt::format("The value of '{}', {},", name, size);
    if (least && size < *least)
      return wrong(fmt::format("{} is below {}, which it must have at least.", what, *least));
    if (most && size > *most)
      return wrong(fmt::format("{} is above {}, which it may have at most.", what, *most));
    return Done();
  }

  Result<> check_members(const json::object& declared, const json::object& value,
                         const std::string& name, bool hidden) {
    const json::value* members = declared.if_contains("properties");
    if (members == nullptr || !members->is_object()) return Done();
    for (const auto& one : members->get_object()) {
      if (!one.value().is_object()) continue;
      const std::string inner = path_below(name, std::string_view(one.key()));
      const json::value* given = member_of(value, one.key());
      const json::object whole = TRY(whole_declaration(one.value().get_object(), definitions_));
      const json::value* nullable = whole.if_contains("nullable");
      if (given == nullptr && nullable != nullptr && *nullable == true) continue;
      if (given == nullptr) return wrong(fmt::format("'{}' is missing. Give it.", inner));
      TRY(run(whole, *given, inner, hidden));
    }
    const json::value* others = declared.if_contains("additionalProperties");
    for (const auto& one : value) {
      if (member_of(members->get_object(), one.key()) != nullptr || others == nullptr) continue;
      const std::string inner = path_below(name, std::string_view(one.key()));
      if (others->is_object()) TRY(run(others->get_object(), one.value(), inner, hidden));
      if (*others == false) return wrong(fmt::format("'{}' is not declared. Take it out.", inner));
    }
    return Done();
  }

  const json::object* definitions_;
};

}  // namespace

bool is_secure(std::string_view type) {
  return fold(type).starts_with("secure");
}

std::string shown_type(std::string_view type) {
  const TypeFacts* facts = type_named(type);
  return std::string(facts == nullptr ? type : facts->shown);
}

Result<json::object> whole_declaration(const json::object& declared,
                                       const json::object* definitions) {
  json::object whole = declared;
  for (int step = 0; step < references_max; ++step) {
    const std::string reference = text_member(whole, "$ref");
    if (reference.empty()) return whole;
    const json::value* found = nullptr;
    if (reference.starts_with(definitions_start) && definitions != nullptr)
      found =
          definitions->if_contains(std::string_view(reference).substr(definitions_start.size()));
    if (found == nullptr || !found->is_object())
      return wrong(
          fmt::format("The '$ref' '{}' is not among the template's definitions.", reference));
    whole.erase("$ref");
    for (const auto& one : found->get_object()) {
      if (!whole.contains(one.key())) whole[one.key()] = one.value();
    }
  }
  return wrong("The definitions of the template refer to each other in a circle.");
}

Result<> check_value(const json::object& declared, const json::object* definitions,
                     const json::value& value, const std::string& name) {
  return Check(definitions).run(declared, value, name, false);
}

}  // namespace batchyard::templates
