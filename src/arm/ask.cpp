#include "arm/ask.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "api/operations.h"
#include "arm/json_parts.h"
#include "base/http_status.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

// The error that a data plane's answer tells of, without what its envelope adds to the message.
Error error_in(const HttpResponse& response, const std::string& target) {
  const json::object body = object_of(response.body);
  Error error{
      .kind = kind_of_status(response.status),
      .code = body.contains("code")    ? text_at(body, "code")
              : response.status == 404 ? "ResourceNotFound"
                                       : "InternalError",
      .message = fmt::format("The account answered {} with status {}.", target, response.status)};
  if (const json::object* message = object_at(body, "message")) {
    const std::string text = text_at(*message, "value");
    error.message = text.substr(0, text.rfind("\nRequestId:"));
  }
  const json::value* values = body.if_contains("values");
  if (values == nullptr || !values->is_array()) return error;
  for (const json::value& value : values->get_array()) {
    if (const json::object* one = value.if_object())
      error.details.push_back({text_at(*one, "key"), text_at(*one, "value")});
  }
  return error;
}

void list_on(AccountHost& accounts, const std::string& account, std::string target,
             std::shared_ptr<json::array> gathered, OnList done) {
  HttpRequest request{.method = "GET", .target = std::move(target), .host = "account"};
  accounts.ask(account, request,
               [&accounts, account, target = request.target, gathered,
                done = std::move(done)](HttpResponse response) mutable {
                 if (response.status != 200)
                   return done(std::unexpected(error_in(response, target)));
                 json::object body = object_of(response.body);
                 if (json::value* values = body.if_contains("value");
                     values != nullptr && values->is_array()) {
                   for (json::value& value : values->get_array())
                     gathered->push_back(std::move(value));
                 }
                 const std::string next = text_at(body, "odata.nextLink");
                 if (next.empty()) return done(std::move(*gathered));
                 const std::size_t path = next.find('/', next.find("://") + 3);
                 list_on(accounts, account, next.substr(path), gathered, std::move(done));
               });
}

}  // namespace

Result<json::object> body_of_answer(const HttpResponse& response, const std::string& target) {
  if (response.status / 100 != 2) return std::unexpected(error_in(response, target));
  return object_of(response.body);
}

void ask_data_plane(AccountHost& accounts, const std::string& account, DataRequest wanted,
                    OnAnswer done) {
  HttpRequest request{.method = std::move(wanted.method),
                      .target = std::move(wanted.target),
                      .headers = std::move(wanted.headers),
                      .body = std::move(wanted.body),
                      .host = "account"};
  request.target += fmt::format(
      "{}api-version={}", request.target.contains('?') ? '&' : '?',
      wanted.version.empty() ? std::string(api::versions().back().text) : wanted.version);
  accounts.ask(account, request,
               [target = request.target, done = std::move(done)](HttpResponse response) mutable {
                 done(body_of_answer(response, target));
               });
}

void list_of(AccountHost& accounts, const std::string& account, std::string target, OnList done) {
  target += fmt::format("{}api-version={}", target.ends_with('?') ? "" : "&",
                        api::versions().back().text);
  list_on(accounts, account, std::move(target), std::make_shared<json::array>(), std::move(done));
}

}  // namespace batchyard::arm
