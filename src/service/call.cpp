#include "service/call.h"

#include <fmt/format.h>

#include <charconv>

#include "base/error_codes.h"
#include "base/text.h"

namespace batchyard::service {

namespace {

// ETags look like the service's own: 0x8D and twelve digits.
constexpr std::string_view etag_start = "0x8D";

std::unexpected<Error> bad_header(std::string_view name, std::string_view value,
                                  const std::string& reason) {
  return refusal(
      "InvalidHeaderValue",
      fmt::format(
          "The value for one of the HTTP headers is not in the correct format: {} is '{}'. {}",
          name, value, reason),
      {{"HeaderName", std::string(name)}, {"HeaderValue", std::string(value)}, {"Reason", reason}});
}

Result<std::optional<std::int64_t>> parse_match(const HttpRequest& request, std::string_view name) {
  const std::string_view text = trim(request.header(name));
  if (text.empty()) return std::nullopt;
  if (text == "*") return -1;
  // An ETag that is not ours matches nothing.
  return version_of_etag(text).value_or(-2);
}

Result<std::optional<Time>> parse_since(const HttpRequest& request, std::string_view name) {
  const std::string_view text = request.header(name);
  if (text.empty()) return std::nullopt;
  const std::optional<Time> time = parse_http_date(text);
  if (!time)
    return bad_header(name, text, "Give an HTTP date, for example Tue, 24 Nov 2026 09:30:00 GMT.");
  return time;
}

bool matches(std::int64_t wanted, std::int64_t version) {
  return wanted == -1 || wanted == version;
}

std::optional<std::string> hex_decode(std::string_view text) {
  std::string bytes;
  if (text.size() % 2 != 0) return std::nullopt;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, byte, 16);
    if (error != std::errc() || end != text.data() + at + 2) return std::nullopt;
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

std::unexpected<Error> bad_query(std::string_view name, std::string_view value,
                                 const std::string& reason) {
  return refusal(
      "InvalidQueryParameterValue",
      fmt::format("The value specified for one of the query parameters is invalid: {}: {}", name,
                  reason),
      {{"QueryParameterName", std::string(name)},
       {"QueryParameterValue", std::string(value)},
       {"Reason", reason}});
}

}  // namespace

std::string etag_of(std::int64_t version) {
  return fmt::format("{}{:012X}", etag_start, version);
}

std::optional<std::int64_t> version_of_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"')
    etag = etag.substr(1, etag.size() - 2);
  if (!etag.starts_with(etag_start)) return std::nullopt;
  etag.remove_prefix(etag_start.size());
  std::int64_t version = 0;
  const auto [end, error] = std::from_chars(etag.data(), etag.data() + etag.size(), version, 16);
  return error == std::errc() && end == etag.data() + etag.size() ? std::optional(version)
                                                                  : std::nullopt;
}

std::vector<HttpHeader> entity_headers(std::int64_t version, Time modified) {
  return {{"ETag", etag_of(version)}, {"Last-Modified", to_rfc1123(modified)}};
}

std::vector<HttpHeader> write_headers(const Call& call, std::int64_t version, Time modified,
                                      const std::string& location) {
  std::vector<HttpHeader> headers = entity_headers(version, modified);
  for (HttpHeader& header : action_headers(call, location)) headers.push_back(std::move(header));
  return headers;
}

std::vector<HttpHeader> action_headers(const Call& call, const std::string& location) {
  std::vector<HttpHeader> headers;
  const std::string url =
      call.base_url() + (location.empty() ? std::string(call.raw_path()) : location);
  headers.push_back({"DataServiceId", url});
  if (!location.empty()) headers.push_back({"Location", url});
  return headers;
}

Result<Conditions> parse_conditions(const HttpRequest& request) {
  Conditions found;
  found.if_match = TRY(parse_match(request, "If-Match"));
  found.if_none_match = TRY(parse_match(request, "If-None-Match"));
  found.if_modified_since = TRY(parse_since(request, "If-Modified-Since"));
  found.if_unmodified_since = TRY(parse_since(request, "If-Unmodified-Since"));
  const bool match_side = found.if_match || found.if_unmodified_since;
  const bool none_side = found.if_none_match || found.if_modified_since;
  if (match_side && none_side)
    return refusal("MultipleConditionHeadersNotSupported",
                   "Multiple condition headers are not supported: give If-Match with "
                   "If-Unmodified-Since, or If-None-Match with "
                   "If-Modified-Since, or one alone.");
  if (found.if_match) found.if_unmodified_since.reset();
  if (found.if_none_match) found.if_modified_since.reset();
  return found;
}

Result<> check_conditions(const Conditions& conditions, std::int64_t version, Time modified) {
  // Headers have whole seconds.
  const auto seconds = [](Time time) { return std::chrono::floor<std::chrono::seconds>(time); };
  const bool met = (!conditions.if_match || matches(*conditions.if_match, version)) &&
                   (!conditions.if_none_match || !matches(*conditions.if_none_match, version)) &&
                   (!conditions.if_modified_since ||
                    seconds(modified) > seconds(*conditions.if_modified_since)) &&
                   (!conditions.if_unmodified_since ||
                    seconds(modified) <= seconds(*conditions.if_unmodified_since));
  if (met) return Done();
  return refusal("ConditionNotMet",
                 "The condition specified using HTTP conditional header(s) is not met.",
                 {{"CurrentETag", etag_of(version)}, {"LastModified", to_iso8601(modified)}});
}

Result<std::size_t> page_size(const Call& call, std::size_t most) {
  const std::string_view text = call.query_value("maxresults");
  if (text.empty()) return most;
  const std::optional<std::int64_t> wanted = parse_integer(text);
  if (!wanted) return bad_query("maxresults", text, "MaxResults must be a whole number");
  if (*wanted < 1) return bad_query("maxresults", text, "MaxResults cannot be less than 1");
  if (*wanted > static_cast<std::int64_t>(most))
    return bad_query("maxresults", text, fmt::format("MaxResults cannot be more than {}", most));
  return static_cast<std::size_t>(*wanted);
}

Result<std::string> start_after(const Call& call) {
  const std::string_view token = call.query_value("$skiptoken");
  std::optional<std::string> id = hex_decode(token);
  if (!id)
    return bad_query("$skiptoken", token,
                     "It must be the one of an odata.nextLink; follow that link as it is");
  return *std::move(id);
}

Result<bool> forced(const Call& call) {
  constexpr int first_shape = 4;
  const std::string_view text = call.query_value("force");
  if (text.empty()) return false;
  if (call.version.shape < first_shape)
    return refusal(
        "UnsupportedQueryParameter",
        "One of the query parameters specified in the request URI is not supported: force. "
        "It came with api-version 2024-07-01.20.0.",
        {{"QueryParameterName", "force"}, {"QueryParameterValue", std::string(text)}});
  if (!same_folded(text, "true") && !same_folded(text, "false"))
    return refusal("InvalidQueryParameterValue",
                   "The value specified for one of the query parameters is invalid: force must be "
                   "true or false.",
                   {{"QueryParameterName", "force"},
                    {"QueryParameterValue", std::string(text)},
                    {"Reason", "Give true or false"}});
  return same_folded(text, "true");
}

}  // namespace batchyard::service
