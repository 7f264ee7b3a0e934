// The one codec of the contract's structs (api/generated/structs.h): from a body that
// canonicalize() has accepted, and back.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "api/canonical.h"
#include "api/generated/structs.h"

namespace batchyard::api {

namespace codec {

template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_map = false;
template <class T>
inline constexpr bool is_map<std::map<std::string, T>> = true;

template <class T>
void take(const boost::json::value& value, T& out) {
  if constexpr (std::is_same_v<T, std::string>) {
    out = value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
  } else if constexpr (std::is_same_v<T, bool>) {
    out = value.is_bool() && value.get_bool();
  } else if constexpr (std::is_arithmetic_v<T>) {
    out = value.is_number() ? value.to_number<T>() : T();
  } else if constexpr (is_vector<T>) {
    if (value.is_array()) {
      for (const boost::json::value& element : value.get_array()) take(element, out.emplace_back());
    }
  } else if constexpr (is_map<T>) {
    if (value.is_object()) {
      for (const auto& member : value.get_object())
        take(member.value(), out[std::string(member.key())]);
    }
  } else if (const boost::json::object* object = value.if_object()) {
    each_member(out, [&](const char* name, auto& member) {
      const boost::json::value* part = object->if_contains(name);
      if (part == nullptr) return;
      if constexpr (requires {
                      member.emplace();
                      member.has_value();
                    })
        take(*part, member.emplace());
      else
        take(*part, member);
    });
  }
}

template <class T>
boost::json::value give(const T& value) {
  if constexpr (std::is_same_v<T, std::string> || std::is_arithmetic_v<T>) {
    return boost::json::value(value);
  } else if constexpr (is_vector<T>) {
    boost::json::array array;
    for (const auto& element : value) array.push_back(give(element));
    return array;
  } else if constexpr (is_map<T>) {
    boost::json::object object;
    for (const auto& [name, element] : value) object[name] = give(element);
    return object;
  } else {
    boost::json::object object;
    each_member(value, [&](const char* name, const auto& member) {
      if constexpr (requires { member.has_value(); }) {
        if (member) object[name] = give(*member);
      } else if (!member.empty()) {
        object[name] = give(member);
      }
    });
    return object;
  }
}

}  // namespace codec

// `body` has been canonicalised as T's model.
template <class T>
T read(const boost::json::value& body) {
  T out;
  codec::take(body, out);
  return out;
}

template <class T>
boost::json::value write(const T& value) {
  return codec::give(value);
}

}  // namespace batchyard::api
