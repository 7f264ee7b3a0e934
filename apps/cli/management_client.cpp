#include "apps/cli/management_client.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/text.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

constexpr std::string_view management_version = "2025-06-01";
constexpr std::chrono::minutes operation_max{10};
constexpr std::chrono::milliseconds operation_pause{200};

json::object object_in(const std::string& text) {
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  return !error && value.is_object() ? std::move(value.get_object()) : json::object();
}

std::string member_text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Error management_refusal(const HttpResponse& response) {
  const json::object body = object_in(response.body);
  const json::value* inner = body.if_contains("error");
  if (inner != nullptr && inner->is_object()) {
    std::string message = member_text(inner->get_object(), "message");
    message.resize(std::min(message.find('\n'), message.size()));
    return {Kind::conflict, member_text(inner->get_object(), "code"), std::move(message), {}, {}};
  }
  const std::string message = member_text(body, "error_description");
  return {
      Kind::conflict,
      member_text(body, "error"),
      message.empty() ? fmt::format("the management plane answered {}", response.status) : message,
      {},
      {}};
}

Result<> fill(std::string& value, const char* name) {
  const char* given = std::getenv(name);
  if (value.empty() && given != nullptr) value = given;
  if (!value.empty()) return Done();
  return fail(
      Kind::invalid, "",
      fmt::format("{} is not set. `batchyard up` prints it, and writes it with --env-file.", name));
}

}  // namespace

Result<> ManagementConnection::complete() {
  TRY(fill(endpoint, "BATCHYARD_MANAGEMENT"));
  TRY(fill(subscription, "AZURE_SUBSCRIPTION_ID"));
  TRY(fill(client, "AZURE_CLIENT_ID"));
  TRY(fill(secret, "AZURE_CLIENT_SECRET"));
  if (const char* bundle = std::getenv("REQUESTS_CA_BUNDLE"); ca_file.empty() && bundle != nullptr)
    ca_file = bundle;
  while (endpoint.ends_with('/')) endpoint.pop_back();
  return Done();
}

Result<HttpResponse> ManagementClient::exchange(const std::string& method, const std::string& url,
                                                const std::string& body) {
  HttpRequest request = TRY(edge::request_for(method, url));
  request.body = body;
  if (!token_.empty()) request.headers.push_back({"Authorization", "Bearer " + token_});
  if (!body.empty())
    request.headers.push_back({"Content-Type", token_.empty() ? "application/x-www-form-urlencoded"
                                                              : "application/json"});
  HttpResponse response = TRY(client_.send(request));
  if (response.status >= 300) return std::unexpected(management_refusal(response));
  return response;
}

Result<ManagementClient> ManagementClient::open(const ManagementConnection& connection) {
  ManagementClient client(connection, edge::Client({.ca_file = connection.ca_file}));
  const HttpResponse answer = TRY(client.exchange(
      "POST", connection.endpoint + "/adfs/oauth2/token",
      fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&resource={}",
                  percent_encode(connection.client), percent_encode(connection.secret),
                  percent_encode(connection.endpoint + "/"))));
  client.token_ = member_text(object_in(answer.body), "access_token");
  return client;
}

Result<json::value> ManagementClient::send(const std::string& method, const std::string& path,
                                           const std::string& body) {
  const bool ours = path.starts_with("/batchyard/");
  HttpResponse answer =
      TRY(exchange(method,
                   connection_.endpoint + path +
                       (ours ? std::string() : fmt::format("?api-version={}", management_version)),
                   body));
  const auto end = std::chrono::steady_clock::now() + operation_max;
  std::string location(answer.header("Location"));
  while (answer.status == 202 && !location.empty() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(operation_pause);
    answer = TRY(exchange("GET", location, {}));
  }
  if (answer.body.empty()) return json::value(json::object());
  boost::system::error_code error;
  json::value value = json::parse(answer.body, error);
  if (error) return fail(Kind::internal, "", "the management plane's answer is no JSON");
  return value;
}

}  // namespace batchyard::cli
