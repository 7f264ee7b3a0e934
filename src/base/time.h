// Instants and durations, and their texts on the wire. Nothing here asks what time it is: `now` is
// always an argument (tools/tidy keeps clocks out of everything below edge/).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace batchyard {

using Duration = std::chrono::milliseconds;
using Time = std::chrono::sys_time<Duration>;  // UTC

// The service's word for "no limit": P10675199DT2H48M5.4775807S.
inline constexpr Duration unlimited = Duration::max();

// ISO 8601, UTC, with trailing zeros of the fraction trimmed: 2026-11-23T09:15:02.25Z.
std::string to_iso8601(Time time);
// RFC 1123, whole seconds: Mon, 23 Nov 2026 09:15:02 GMT. What HTTP headers carry.
std::string to_rfc1123(Time time);

// Accepts Z or an offset, and up to nine digits of fraction (cut to milliseconds).
std::optional<Time> parse_iso8601(std::string_view text);
// Accepts RFC 1123 and RFC 850.
std::optional<Time> parse_http_date(std::string_view text);

// ISO 8601 durations. Years count 365 days and months 30, as the service does. Negative ones are
// refused. "P10675199DT2H48M5.4775807S" and longer read as `unlimited`.
std::optional<Duration> parse_duration(std::string_view text);
// Normalised: PT20M, P1DT12H30M5.5S, PT0S; `unlimited` as the service writes it.
std::string to_iso8601(Duration duration);

// `time + duration` without overflow: never later than Time::max().
Time later(Time time, Duration duration);

}  // namespace batchyard
