#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/http_status.h"
#include "base/text.h"
#include "service/call.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::string_view json_type = "application/json;odata=minimalmetadata";
// Of a message or a detail of an error, in bytes; they may tell what was sent.
constexpr std::size_t error_text_max = 16 << 10;

int status_of(const HttpRequest& request, Kind kind, bool read_condition) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  return kind == Kind::unmet && read_condition && reads ? 304 : http_status(kind);
}

std::vector<HttpHeader> common_headers(const HttpRequest& request, std::string_view request_id) {
  std::vector<HttpHeader> headers{{"request-id", std::string(request_id)},
                                  {"DataServiceVersion", "3.0"},
                                  {"Server", "Batchyard"},
                                  {"X-Content-Type-Options", "nosniff"}};
  if (request.scheme == "https")
    headers.push_back({"Strict-Transport-Security", "max-age=31536000; includeSubDomains"});
  const std::string_view id = request.header("client-request-id");
  if (!id.empty() && same_folded(request.header("return-client-request-id"), "true"))
    headers.push_back({"client-request-id", std::string(id)});
  return headers;
}

std::string_view first_line(std::string_view text) {
  return text.substr(0, text.find_first_of("\r\n"));
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
  const bool read_condition =
      !request.header("If-None-Match").empty() || !request.header("If-Modified-Since").empty();
  response.status = status_of(request, error.kind, read_condition);
  response.headers = common_headers(request, request_id);
  // What went wrong inside is for the log; the caller learns where to find it.
  const std::string text =
      error.kind == Kind::internal
          ? "The server encountered an internal error. Its log tells more under this request id."
          : error.message;
  const std::string shown = readable(text, error_text_max);
  response.reason = first_line(shown);
  if (error.kind == Kind::busy) response.headers.push_back({"Retry-After", "5"});
  if (request.method == "HEAD" || response.status == 304) return response;
  json::object body{
      {"odata.metadata",
       fmt::format(
           "{}://{}/$metadata#Microsoft.Azure.Batch.Protocol.Entities.Container.errors/@Element",
           request.scheme, readable(request.host, error_text_max))},
      {"code", error.code},
      {"message",
       {{"lang", "en-US"},
        {"value", fmt::format("{}\nRequestId:{}\nTime:{}", shown, request_id, to_iso8601(now))}}}};
  if (!error.details.empty()) {
    json::array values;
    for (const Detail& detail : error.details)
      values.push_back({{"key", readable(detail.key, error_text_max)},
                        {"value", readable(detail.value, error_text_max)}});
    body["values"] = std::move(values);
  }
  response.headers.push_back({"Content-Type", std::string(json_type)});
  response.body = json::serialize(body);
  return response;
}

void answer_error(Call& call, const Error& error) {
  call.reply(error_response(call.request, error, call.request_id, call.now));
}

void answer_entity(Call& call, std::string_view set, json::object entity,
                   std::vector<HttpHeader> headers) {
  json::object whole;
  whole.reserve(entity.size() + 1);
  whole["odata.metadata"] = fmt::format("{}/$metadata#{}", call.base_url(), set);
  for (auto& member : entity) whole.emplace(member.key(), std::move(member.value()));
  send(call, 200, std::move(headers), json::serialize(whole));
}

void answer_list(Call& call, std::string_view set, json::array values,
                 const std::optional<std::string>& next) {
  json::object body{{"odata.metadata", fmt::format("{}/$metadata#{}", call.base_url(), set)}};
  body["value"] = std::move(values);
  if (next) {
    std::string url = fmt::format("{}{}?api-version={}", call.base_url(), call.raw_path(),
                                  call.query_value("api-version"));
    for (const auto& [name, value] : call.query) {
      if (name != "api-version" && name != "$skiptoken" && name != "timeout")
        url += fmt::format("&{}={}", name, percent_encode(value));
    }
    body["odata.nextLink"] = url + "&$skiptoken=" + hex_encode(*next);
  }
  send(call, 200, {}, json::serialize(body));
}

void answer_empty(Call& call, int status, std::vector<HttpHeader> headers) {
  send(call, status, std::move(headers), {});
}

void answer_bytes(Call& call, HttpResponse response) {
  std::vector<HttpHeader> headers = common_headers(call.request, call.request_id);
  for (HttpHeader& header : response.headers) headers.push_back(std::move(header));
  response.headers = std::move(headers);
  call.reply(std::move(response));
}

}  // namespace batchyard::service
