// Structs that Boost.Describe knows, to and from JSON text: the messages of the link and the status
// of entities.
//   BOOST_DESCRIBE_STRUCT(Name, (), (member, …))   BOOST_DESCRIBE_ENUM(Name, value, …)
// Members named as in C++; empty optionals, strings, vectors, and flags and times that are as in a
// new struct are left out; unknown members are ignored, so that a newer peer can say more. (The API
// has its own codec in api/, which is strict.)
#pragma once

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/mp11/algorithm.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace batchyard {

namespace described {

namespace json = boost::json;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;

// `initial` is the member in a new struct: what reading gives for one that is left out.
template <class T>
bool is_absent(const T& value, const T& initial) {
  if constexpr (is_optional<T>)
    return !value.has_value();
  else if constexpr (std::is_same_v<T, std::string> || is_vector<T> || is_map<T> || is_id<T>)
    return value.empty();
  else if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, Time>)
    return value == initial;
  else
    return false;
}

template <class T>
json::value to_value(const T& value) {
  if constexpr (is_optional<T>) {
    return value ? to_value(*value) : json::value();
  } else if constexpr (is_id<T>) {
    return json::value(value.text());
  } else if constexpr (std::is_same_v<T, Time>) {
    return json::value(value.time_since_epoch().count());
  } else if constexpr (std::is_same_v<T, Duration>) {
    return json::value(value.count());
  } else if constexpr (std::is_enum_v<T>) {
    return json::value(boost::describe::enum_to_string(value, "?"));
  } else if constexpr (is_vector<T>) {
    json::array array;
    array.reserve(value.size());
    for (const auto& element : value) array.push_back(to_value(element));
    return array;
  } else if constexpr (is_map<T>) {
    json::object object;
    for (const auto& [name, element] : value) object[name] = to_value(element);
    return object;
  } else if constexpr (std::is_class_v<T> && !std::is_same_v<T, std::string>) {
    static const T initial{};
    json::object object;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&](auto member) {
          const auto& part = value.*member.pointer;
          if (!is_absent(part, initial.*member.pointer)) object[member.name] = to_value(part);
        });
    return object;
  } else {
    return json::value(value);
  }
}

template <class T>
bool from_value(const json::value& value, T& out) {
  if constexpr (is_optional<T>) {
    if (value.is_null()) {
      out.reset();
      return true;
    }
    return from_value(value, out.emplace());
  } else if constexpr (is_id<T>) {
    if (!value.is_string()) return false;
    out = T::trusted(std::string_view(value.get_string()));
    return true;
  } else if constexpr (std::is_same_v<T, Time>) {
    if (!value.is_int64()) return false;
    out = Time(Duration(value.get_int64()));
    return true;
  } else if constexpr (std::is_same_v<T, Duration>) {
    if (!value.is_int64()) return false;
    out = Duration(value.get_int64());
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    if (!value.is_string()) return false;
    out.assign(value.get_string().data(), value.get_string().size());
    return true;
  } else if constexpr (std::is_same_v<T, bool>) {
    if (!value.is_bool()) return false;
    out = value.get_bool();
    return true;
  } else if constexpr (std::is_enum_v<T>) {
    return value.is_string() && boost::describe::enum_from_string(value.get_string().c_str(), out);
  } else if constexpr (std::is_arithmetic_v<T>) {
    if (!value.is_number()) return false;
    boost::system::error_code error;
    out = value.to_number<T>(error);
    return !error;
  } else if constexpr (is_vector<T>) {
    if (!value.is_array()) return false;
    for (const json::value& element : value.get_array()) {
      if (!from_value(element, out.emplace_back())) return false;
    }
    return true;
  } else if constexpr (is_map<T>) {
    if (!value.is_object()) return false;
    for (const auto& member : value.get_object()) {
      if (!from_value(member.value(), out[std::string(member.key())])) return false;
    }
    return true;
  } else {
    if (!value.is_object()) return false;
    bool good = true;
    boost::mp11::mp_for_each<boost::describe::describe_members<T, boost::describe::mod_public>>(
        [&](auto member) {
          if (const json::value* part = value.get_object().if_contains(member.name))
            good = from_value(*part, out.*member.pointer) && good;
        });
    return good;
  }
}

}  // namespace described

template <class T>
std::string to_json(const T& value) {
  return boost::json::serialize(described::to_value(value));
}

// An internal error when the text is not JSON or a member has the wrong type: only our own peers
// and our own store are read this way.
template <class T>
Result<T> from_json(std::string_view text) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(text, error);
  T out{};
  if (error || !described::from_value(value, out))
    return fail(Kind::internal, "InternalError", "a stored or received record is malformed");
  return out;
}

}  // namespace batchyard
