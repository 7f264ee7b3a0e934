// The pieces of which every entity is made. Only for the entities' own sources.
#pragma once

#include <boost/describe/enum_to_string.hpp>
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "base/time.h"
#include "engine/store.h"
#include "service/call.h"
#include "service/json_parts.h"

namespace batchyard::service {

template <class Enum>
std::string word(Enum value) {
  return boost::describe::enum_to_string(value, "");
}

inline std::string text_of(Time time) {
  return to_iso8601(time);
}

inline Result<json::object> spec_of(const engine::Row& row) {
  boost::system::error_code error;
  json::value spec = json::parse(row.spec, error);
  if (error || !spec.is_object())
    return fail(Kind::internal, "InternalError",
                "a stored specification is malformed: " + row.key.id);
  return std::move(spec.get_object());
}

inline json::object start_of(const engine::Row& row, const std::string& url) {
  return {{"id", row.key.id}, {"url", url}, {"eTag", etag_of(row.version)}};
}

inline void append(json::object& to, json::object from) {
  for (auto& member : from) to.emplace(member.key(), std::move(member.value()));
}

}  // namespace batchyard::service
