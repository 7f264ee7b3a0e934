#include "arm/ask.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "api/operations.h"
#include "arm/json_parts.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

// The error that a data plane's answer tells of.
Error error_in(const HttpResponse& response, const std::string& target) {
  const json::object body = object_of(response.body);
  const json::object* message = object_at(body, "message");
  return Error{.kind = response.status == 404 ? Kind::not_found : Kind::internal,
               .code = body.contains("code") ? text_at(body, "code") : "InternalError",
               .message = message != nullptr
                              ? text_at(*message, "value")
                              : fmt::format("The account answered {} with status {}.", target,
                                            response.status)};
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

void list_of(AccountHost& accounts, const std::string& account, std::string target, OnList done) {
  target += fmt::format("{}api-version={}", target.ends_with('?') ? "" : "&",
                        api::versions().back().text);
  list_on(accounts, account, std::move(target), std::make_shared<json::array>(), std::move(done));
}

}  // namespace batchyard::arm
