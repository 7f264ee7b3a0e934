#include "arm/json_parts.h"

#include <boost/json.hpp>

namespace batchyard::arm {

namespace json = boost::json;

// As deep as a template with all that is nested in it.
constexpr std::size_t row_depth_max = 256;

json::object object_of(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = row_depth_max;
  json::value value = json::parse(text, error, {}, options);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

const json::object* object_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr ? value->if_object() : nullptr;
}

}  // namespace batchyard::arm
