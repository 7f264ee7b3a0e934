// Looking into a JSON object, and filling in what is missing.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace batchyard::service {

namespace json = boost::json;

inline std::optional<std::string> optional_text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->get_string());
}

inline std::string text_at(const json::object& object, std::string_view name,
                           std::string_view otherwise = {}) {
  const json::value* value = object.if_contains(name);
  return std::string(value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                            : otherwise);
}

inline void fill(json::object& object, std::string_view name, json::value value) {
  if (!object.contains(name)) object.emplace(name, std::move(value));
}

// The object of that name, made when it is not there.
inline json::object& child(json::object& object, std::string_view name) {
  json::value& value = object[name];
  if (!value.is_object()) value.emplace_object();
  return value.get_object();
}

}  // namespace batchyard::service
