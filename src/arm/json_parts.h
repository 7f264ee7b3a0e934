// Parts of JSON objects that may not be there.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace batchyard::arm {

// Of our own rows: what is no object is an empty one.
boost::json::object object_of(std::string_view text);
// Empty when there is no text of that name.
std::string text_at(const boost::json::object& object, std::string_view name);
// 0 when there is no whole number of that name.
std::int64_t number_at(const boost::json::object& object, std::string_view name);
// Nothing when there is no object of that name.
const boost::json::object* object_at(const boost::json::object& object, std::string_view name);

}  // namespace batchyard::arm
