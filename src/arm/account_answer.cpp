#include "arm/account_answer.h"

#include <boost/json.hpp>

#include "arm/json_parts.h"
#include "arm/management.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

constexpr int first_refusal = 300;

Kind kind_of_status(int status) {
  switch (status) {
    case 403:
      return Kind::forbidden;
    case 404:
      return Kind::not_found;
    case 405:
      return Kind::bad_verb;
    case 409:
      return Kind::conflict;
    case 412:
      return Kind::unmet;
    case 413:
      return Kind::too_large;
    case 416:
      return Kind::bad_range;
    case 503:
      return Kind::busy;
    default:
      return status >= 500 ? Kind::internal : Kind::invalid;
  }
}

// Without the request's id and time, which this plane puts behind it anew.
std::string text_of_message(const json::object& error) {
  const json::object* message = object_at(error, "message");
  const std::string text = message == nullptr ? std::string() : text_at(*message, "value");
  return text.substr(0, text.rfind("\nRequestId:"));
}

}  // namespace

Result<json::object> body_of_answer(const HttpResponse& answer) {
  json::object body = object_of(answer.body);
  if (answer.status < first_refusal) return body;
  Error error;
  error.kind = kind_of_status(answer.status);
  error.code = text_at(body, "code");
  error.message = text_of_message(body);
  if (error.code.empty()) error.code = answer.status == 404 ? "ResourceNotFound" : "InternalError";
  if (error.message.empty())
    error.message = answer.status == 404 ? "The account was not found." : "The account failed.";
  if (const json::value* values = body.if_contains("values"); values && values->is_array()) {
    for (const json::value& one : values->get_array()) {
      if (one.is_object())
        error.details.push_back(
            {text_at(one.get_object(), "key"), text_at(one.get_object(), "value")});
    }
  }
  return std::unexpected(std::move(error));
}

void Management::ask_account(const SharedCall& call, const Question& question,
                             std::function<void(const Result<json::object>&)> then) {
  const Result<Record> account = account_named(*call);
  if (!account) return answer_error(*call, account.error());
  HttpRequest request{.method = question.method, .target = question.target};
  request.scheme = call->request.scheme;
  request.host = call->request.host;
  if (!question.body.empty()) request.body = json::serialize(question.body);
  ports_.accounts->ask(
      account->name, std::move(request),
      [then = std::move(then)](const HttpResponse& answer) { then(body_of_answer(answer)); });
}

std::string Management::storage_query(const Call& call) const {
  return may_change(call) ? "?storageUrl=write" : "?storageUrl=read";
}

}  // namespace batchyard::arm
