#include "arm/call.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/canonical.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "base/http_status.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr std::string_view json_type = "application/json; charset=utf-8";
constexpr std::int64_t page_max = 1000;           // of a list, as published
constexpr std::size_t error_text_max = 16 << 10;  // bytes; a message may tell what was sent

// Azure Resource Manager's own words for some.
int arm_status(Kind kind) {
  if (kind == Kind::unauthenticated) return 401;
  return kind == Kind::busy ? 429 : http_status(kind);
}

std::vector<HttpHeader> common_headers(const HttpRequest& request, std::string_view request_id) {
  std::vector<HttpHeader> headers{{"Cache-Control", "no-cache"},
                                  {"Pragma", "no-cache"},
                                  {"Expires", "-1"},
                                  {"x-ms-request-id", std::string(request_id)},
                                  {"x-ms-correlation-request-id", std::string(request_id)},
                                  {"X-Content-Type-Options", "nosniff"},
                                  {"Server", "Batchyard"}};
  if (request.scheme == "https")
    headers.push_back({"Strict-Transport-Security", "max-age=31536000; includeSubDomains"});
  const std::string_view id = request.header("x-ms-client-request-id");
  if (!id.empty() && same_folded(request.header("x-ms-return-client-request-id"), "true"))
    headers.push_back({"x-ms-client-request-id", std::string(id)});
  return headers;
}

void send(Call& call, int status, std::vector<HttpHeader> headers, std::string body) {
  HttpResponse response;
  response.status = status;
  response.headers = common_headers(call.request, call.request_id);
  for (HttpHeader& header : headers) response.headers.push_back(std::move(header));
  if (!body.empty()) response.headers.push_back({"Content-Type", std::string(json_type)});
  response.body = std::move(body);
  call.reply(std::move(response));
}

}  // namespace

HttpResponse error_response(const HttpRequest& request, const Error& error,
                            std::string_view request_id, Time now) {
  HttpResponse response;
  response.status = arm_status(error.kind);
  response.headers = common_headers(request, request_id);
  const std::string text =
      error.kind == Kind::internal
          ? "The server encountered an internal error. Its log tells more under this request id."
          : error.message;
  const std::string shown = readable(text, error_text_max);
  if (error.kind == Kind::busy) response.headers.push_back({"Retry-After", "5"});
  if (error.kind == Kind::unauthenticated)
    response.headers.push_back(
        {"WWW-Authenticate",
         fmt::format("Bearer authorization_uri=\"{}://{}/adfs\", error=\"invalid_token\"",
                     request.scheme, readable(request.host, error_text_max))});
  if (request.method == "HEAD") return response;
  json::object inner{
      {"code", error.code},
      {"message", fmt::format("{}\nRequestId:{}\nTime:{}", shown, request_id, to_iso8601(now))}};
  json::array details;
  for (const Detail& detail : error.details) {
    if (detail.key == detail_of_target) {
      inner["target"] = detail.value;
      continue;
    }
    if (detail.key == "PropertyName") inner["target"] = readable(detail.value, error_text_max);
    details.push_back({{"code", readable(detail.key, error_text_max)},
                       {"message", readable(detail.value, error_text_max)}});
  }
  if (!details.empty()) inner["details"] = std::move(details);
  response.headers.push_back({"Content-Type", std::string(json_type)});
  response.body = json::serialize(json::object{{"error", std::move(inner)}});
  return response;
}

void answer_error(Call& call, const Error& error) {
  call.reply(error_response(call.request, error, call.request_id, call.now));
}

void answer_json(Call& call, const json::value& body, int status, std::vector<HttpHeader> headers) {
  send(call, status, std::move(headers), json::serialize(body));
}

void answer_list(Call& call, json::array values, const std::optional<std::string>& next) {
  json::object body;
  body["value"] = std::move(values);
  if (next) {
    std::string url =
        fmt::format("{}{}?api-version={}", call.base_url(), call.path(), call.version_text);
    for (const auto& [name, value] : call.query) {
      if (name != "api-version" && name != "$skiptoken")
        url += fmt::format("&{}={}", name, percent_encode(value));
    }
    body["nextLink"] = url + "&$skiptoken=" + base64url_encode(*next);
  }
  answer_json(call, body);
}

void answer_page(Call& call, json::array values, std::string_view key) {
  const auto order = [key](const json::value& one, const json::value& other) {
    return fold(text_at(one.get_object(), key)) < fold(text_at(other.get_object(), key));
  };
  std::ranges::sort(values, order);
  const std::string_view maximum = call.query_value("maxresults");
  const std::optional<std::int64_t> most = maximum.empty() ? page_max : parse_integer(maximum);
  if (!most || *most < 1)
    return answer_error(
        call, arm::refuse("InvalidQueryParameterValue",
                          fmt::format("The value '{}' of the query parameter 'maxresults' is not "
                                      "valid. Give a whole number of at least 1.",
                                      maximum))
                  .error());
  std::optional<std::string> behind;
  if (const std::string_view token = call.query_value("$skiptoken"); !token.empty()) {
    behind = base64url_decode(token);
    if (!behind)
      return answer_error(
          call, arm::refuse("InvalidQueryParameterValue",
                            fmt::format("The value '{}' of the query parameter '$skiptoken' is "
                                        "none that was given out. Begin the list anew.",
                                        token))
                    .error());
  }
  json::array part;
  std::optional<std::string> next;
  for (json::value& value : values) {
    const std::string name = text_at(value.get_object(), key);
    if (behind && fold(name) <= fold(*behind)) continue;
    if (part.size() == static_cast<std::size_t>(std::min(*most, page_max))) {
      next = text_at(part.back().get_object(), key);
      break;
    }
    part.push_back(std::move(value));
  }
  answer_list(call, std::move(part), next);
}

void answer_empty(Call& call, int status, std::vector<HttpHeader> headers) {
  send(call, status, std::move(headers), {});
}

Result<json::value> canonical_body(const Call& call, api::Model model) {
  json::value body = json::object();
  if (!call.request.body.empty() || call.body_required) {
    body = TRY(api::parse_body(call.request.body));
    TRY(api::canonicalize(model, call.version, body));
  }
  return body;
}

std::string etag_of(std::int64_t version) {
  return fmt::format("\"0x8D{:012X}\"", version);
}

std::string weak_etag_of(std::int64_t version) {
  return "W/" + etag_of(version);
}

Result<> check_conditions(const Call& call, std::string_view etag) {
  // Weak and strong ones are compared as equals: what they tell of is one text each.
  const auto names = [&](std::string_view wanted) {
    const auto bare = [](std::string_view tag) {
      tag = trim(tag);
      return tag.starts_with("W/") ? tag.substr(2) : tag;
    };
    if (trim(wanted) == "*") return !etag.empty();
    return !etag.empty() && std::ranges::any_of(split(wanted, ','), [&](std::string_view one) {
      return bare(one) == bare(etag);
    });
  };
  for (const auto& [header, met] :
       {std::pair("If-Match", true), std::pair("If-None-Match", false)}) {
    const std::string_view wanted = call.request.header(header);
    if (!wanted.empty() && names(wanted) != met)
      return arm::refuse("ConditionNotMet",
                         fmt::format("The condition {}: {} is not met: {}.", header, wanted,
                                     etag.empty() ? "there is no such resource"
                                                  : fmt::format("its ETag is {}", etag)));
  }
  return Done();
}

}  // namespace batchyard::arm
