// The pieces of which every entity is made. Only for the entities' own sources.
#pragma once

#include <boost/describe/enum_to_string.hpp>
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "base/error_codes.h"
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
    return refusal("InternalError", "a stored specification is malformed: " + row.key.id);
  return std::move(spec.get_object());
}

inline json::object start_of(const engine::Row& row, const std::string& url) {
  return {{"id", row.key.id}, {"url", url}, {"eTag", etag_of(row.version)}};
}

inline void append(json::object& to, json::object from) {
  for (auto& member : from) to.emplace(member.key(), std::move(member.value()));
}

// When it was made and written, and its state with the one before it.
template <class Status>
void show_states(json::object& entity, const Status& status) {
  entity["lastModified"] = text_of(status.modified);
  entity["creationTime"] = text_of(status.created);
  entity["state"] = word(status.state);
  entity["stateTransitionTime"] = text_of(status.state_since);
  if (!status.previous) return;
  entity["previousState"] = word(*status.previous);
  entity["previousStateTransitionTime"] = text_of(status.previous_since);
}

}  // namespace batchyard::service
