// GET and POST /batchyard/clock: the clock that the service goes by (docs/testing.md).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

json::object entity_of(const ClockReading& reading) {
  return {{"now", to_iso8601(reading.now)}, {"mode", reading.mode}};
}

// {"advance": "PT15M"} or {"to": "2026-11-24T09:15:02Z"}.
Result<ClockMove> move_of(std::string_view body) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  const auto text = [&](std::string_view name) {
    const json::value* member = value.as_object().if_contains(name);
    return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                    : std::string();
  };
  if (error || !value.is_object() || value.get_object().size() != 1)
    return bad_property("body", std::string(body.substr(0, 100)),
                        R"(Give {"advance": "PT15M"} or {"to": "2026-11-24T09:15:02Z"})");
  if (value.get_object().contains("to")) {
    const std::optional<Time> to = parse_iso8601(text("to"));
    if (!to) return bad_property("to", text("to"), "Give an instant: 2026-11-24T09:15:02Z");
    return ClockMove{.to = to};
  }
  const std::optional<Duration> advance = parse_duration(text("advance"));
  if (!advance || *advance == unlimited)
    return bad_property("advance", text("advance"), "Give an ISO 8601 duration: PT15M, P1D");
  return ClockMove{.to = {}, .advance = *advance};
}

}  // namespace

void Service::read_clock(Call call) {
  answer_entity(call, "clock", entity_of(ports_.clock().read()));
}

void Service::move_clock(Call call) {
  const Result<ClockMove> move = move_of(call.request.body);
  if (!move) return answer_error(call, move.error());
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.clock().move(*move, [kept](Result<ClockReading> reading) {
    if (!reading) return answer_error(*kept, reading.error());
    answer_entity(*kept, "clock", entity_of(*reading));
  });
}

}  // namespace batchyard::service
