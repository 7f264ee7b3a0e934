#include "apps/cli/api_client.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <cstdlib>

#include "apps/cli/exit_code.h"
#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/http/client.h"
#include "service/shared_key.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view api_version = "2024-07-01.20.0";

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Result<> need(std::string& value, const char* name, const char* option) {
  if (value.empty()) value = variable(name);
  if (!value.empty()) return Done();
  return fail(
      Kind::invalid, "",
      fmt::format(
          "{} is not set: give {}, or read the file that `batchyard up --env-file FILE` writes",
          name, option));
}

// The service's own words: code and message, without the lines that repeat the request's id.
Error error_of(const HttpResponse& response) {
  Error error{.kind = response.status == 404 ? Kind::not_found : Kind::conflict,
              .code = {},
              .message = {},
              .details = {},
              .cause = {}};
  boost::system::error_code bad;
  const json::value body = json::parse(response.body, bad);
  if (bad || !body.is_object() || !body.as_object().contains("code")) {
    error.message = fmt::format("the service answered {} {}", response.status, response.reason);
    return error;
  }
  error.code = body.at("code").as_string();
  const std::string text(body.at("message").at("value").as_string());
  error.message = text.substr(0, text.find("\nRequestId:"));
  if (const json::value* values = body.as_object().if_contains("values")) {
    for (const json::value& value : values->as_array())
      error.details.push_back(
          {std::string(value.at("key").as_string()), std::string(value.at("value").as_string())});
  }
  return error;
}

}  // namespace

Result<> Connection::complete() {
  TRY(need(endpoint, "AZURE_BATCH_ENDPOINT", "--endpoint URL"));
  TRY(need(account, "AZURE_BATCH_ACCOUNT", "--account NAME"));
  TRY(need(key, "AZURE_BATCH_ACCESS_KEY", "--key KEY"));
  if (ca_file.empty()) ca_file = variable("REQUESTS_CA_BUNDLE");
  while (endpoint.ends_with('/')) endpoint.pop_back();
  if (endpoint.find("://") == std::string::npos) endpoint = "https://" + endpoint;
  return Done();
}

struct ApiClient::Answer {
  HttpResponse response;
  json::value body;
};

class ApiClient::Wire {
 public:
  explicit Wire(Connection made)
      : connection(std::move(made)), client({.ca_file = connection.ca_file}) {}
  Connection connection;
  edge::Client client;
};

ApiClient::ApiClient(Connection connection)
    : wire_(std::make_unique<Wire>(std::move(connection))) {}
ApiClient::~ApiClient() = default;

Result<HttpRequest> ApiClient::request(const std::string& method, const std::string& path,
                                       std::string body,
                                       std::vector<std::pair<std::string, std::string>> headers) {
  const bool absolute = path.starts_with("http");
  std::string url = absolute ? path : wire_->connection.endpoint + path;
  if (!absolute && path.find("api-version=") == std::string::npos)
    url += fmt::format("{}api-version={}", path.find('?') == std::string::npos ? '?' : '&',
                       api_version);
  HttpRequest made = TRY(edge::request_for(method, url));
  for (auto& [name, value] : headers) made.headers.push_back({std::move(name), std::move(value)});
  if (!body.empty() && made.header("Content-Type").empty())
    made.headers.push_back({"Content-Type", "application/json; odata=minimalmetadata"});
  made.body = std::move(body);
  service::sign({wire_->connection.account, {wire_->connection.key}}, made, edge::now());
  return made;
}

Result<ApiClient::Answer> ApiClient::send(
    const std::string& method, const std::string& path, std::string body,
    std::vector<std::pair<std::string, std::string>> headers) {
  const HttpRequest made = TRY(request(method, path, std::move(body), std::move(headers)));
  Answer answer{TRY(wire_->client.send(made)), {}};
  if (answer.response.status >= 400) {
    // The service's own words do not name what was asked for.
    Error error = error_of(answer.response);
    error.details.push_back({"Request", method + " " + path});
    return std::unexpected(std::move(error));
  }
  return answer;
}

namespace {

Result<json::value> parsed(const HttpResponse& response) {
  if (response.body.empty()) return json::value();
  boost::system::error_code error;
  json::value body = json::parse(response.body, error);
  if (error) return fail(Kind::internal, "", "the service answered something that is no JSON");
  return body;
}

}  // namespace

Result<json::value> ApiClient::get(const std::string& path) {
  return parsed(TRY(send("GET", path, {}, {})).response);
}

Result<json::value> ApiClient::post(const std::string& path, const json::value& body) {
  return parsed(TRY(send("POST", path, json::serialize(body), {})).response);
}

Result<> ApiClient::post_empty(const std::string& path) {
  TRY(send("POST", path, {}, {}));
  return Done();
}

Result<> ApiClient::remove(const std::string& path) {
  TRY(send("DELETE", path, {}, {}));
  return Done();
}

Result<json::value> ApiClient::send_json(const std::string& method, const std::string& path,
                                         const json::object& body) {
  return parsed(
      TRY(send(method, path, body.empty() ? std::string() : json::serialize(body), {})).response);
}

Result<json::value> ApiClient::send_patiently(const std::string& method, const std::string& path,
                                              const json::object& body) {
  const HttpRequest made = TRY(request(method, path, json::serialize(body), {}));
  edge::Client patient(
      {.ca_file = wire_->connection.ca_file, .timeout = std::chrono::milliseconds(0)});
  const HttpResponse response = TRY(patient.send(made));
  if (response.status >= 400) return std::unexpected(error_of(response));
  return parsed(response);
}

Result<json::value> ApiClient::put_bytes(const std::string& path, std::string bytes) {
  return parsed(
      TRY(send("PUT", path, std::move(bytes), {{"Content-Type", "application/octet-stream"}}))
          .response);
}

Result<json::array> ApiClient::list(const std::string& path) {
  json::array all;
  std::string next = path;
  while (!next.empty()) {
    json::value page = TRY(get(next));
    for (json::value& one : page.as_object()["value"].as_array()) all.push_back(std::move(one));
    const json::value* link = page.as_object().if_contains("odata.nextLink");
    next = link == nullptr ? std::string() : std::string(link->as_string());
  }
  return all;
}

Result<std::string> ApiClient::read_file(const std::string& path, std::uint64_t offset) {
  Result<Answer> answer = send("GET", path, {}, {{"ocp-range", fmt::format("bytes={}-", offset)}});
  if (answer) return std::move(answer->response.body);
  if (answer.error().code == "InvalidRange") return std::string();
  return std::unexpected(std::move(answer).error());
}

Result<> ApiClient::follow(const std::string& path,
                           const std::function<bool(std::string_view)>& sink) {
  const HttpRequest made = TRY(request("GET", path, {}, {}));
  edge::Client patient(
      {.ca_file = wire_->connection.ca_file, .timeout = std::chrono::milliseconds(0)});
  // An error's body is JSON, a stream's never begins so.
  std::string refusal;
  bool stopped = false;
  Result<HttpResponse> response = patient.send(made, [&](std::string_view part) {
    if (!refusal.empty() || part.starts_with('{')) {
      refusal += part;
      return true;
    }
    stopped = !sink(part);
    return !stopped;
  });
  if (stopped) return Done();
  if (!response) return std::unexpected(std::move(response).error());
  response->body = std::move(refusal);
  if (response->status >= 400) return std::unexpected(error_of(*response));
  return Done();
}

int exit_code_of(const Error& error) {
  if (error.kind == Kind::busy) return ExitCode::unreachable;
  return error.kind == Kind::invalid && error.code.empty() ? ExitCode::usage : ExitCode::refused;
}

}  // namespace batchyard::cli
