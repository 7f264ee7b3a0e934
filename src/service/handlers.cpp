// Handlers of VM extensions, beside the contract (docs/extensions.md):
//   GET /batchyard/extensions
//   GET, PUT {"script": TEXT, "reboots": true} and DELETE /batchyard/extensions/PUBLISHER/TYPE
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/handler_port.h"
#include "service/json_parts.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

constexpr std::size_t script_max = std::size_t{256} << 10;
constexpr std::size_t handler_name_max = 100;

json::object handler_json(const ExtensionHandler& handler) {
  json::object shown{{"publisher", handler.publisher},
                     {"type", handler.type},
                     {"reboots", handler.reboots},
                     {"size", handler.script.size()},
                     {"builtIn", handler.built_in}};
  if (!handler.built_in) shown["registered"] = to_iso8601(handler.registered);
  return shown;
}

Result<> check_handler_name(const char* property, const std::string& name) {
  const bool good = !name.empty() && name.size() <= handler_name_max && name.front() != '.' &&
                    name.find_first_not_of(
                        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789.-_") == std::string::npos;
  if (good) return Done();
  return bad_property(property, name,
                      "Give 1 to 100 letters, digits, '.', '-' and '_', as pools name it: "
                      "Microsoft.HpcCompute/NvidiaGpuDriverLinux.");
}

Result<std::string> script_of(const json::object& body) {
  std::string script = text_at(body, "script");
  if (trim(script).empty())
    return bad_property("script", "",
                        "Give the text of a script, for the shell or with a #! line.");
  if (script.size() > script_max)
    return bad_property(
        "script", fmt::format("{} bytes", script.size()),
        fmt::format("A handler has at most {} KiB. Let it fetch what it needs.", script_max >> 10));
  if (!is_plain_utf8(script))
    return bad_property("script", "bytes that are no text",
                        "A handler is a text. Let it fetch the program that it runs.");
  return script;
}

}  // namespace

Result<> Service::keep_handler(Call& call) {
  const json::value body = TRY(api::parse_body(call.request.body));
  if (!body.is_object())
    return bad_property("body", call.request.body.substr(0, 100), "Give a JSON object.");
  ExtensionHandler handler{.publisher = call.parameters[0], .type = call.parameters[1]};
  TRY(check_handler_name("publisher", handler.publisher));
  TRY(check_handler_name("type", handler.type));
  handler.script = TRY(script_of(body.get_object()));
  if (const json::value* reboots = body.get_object().if_contains("reboots")) {
    if (!reboots->is_bool())
      return bad_property("reboots", json::serialize(*reboots), "Give true or false.");
    handler.reboots = reboots->get_bool();
  }
  handler.registered = call.now;
  json::object shown = handler_json(handler);
  TRY(ports_.handlers->keep(std::move(handler)));
  answer_entity(call, "extensions/@Element", std::move(shown));
  return Done();
}

Result<> Service::operate_handler(Call& call) {
  const std::string& method = call.request.method;
  if (call.parameters.empty() && method == "GET") {
    json::array all;
    for (const ExtensionHandler& handler : ports_.handlers->handlers())
      all.push_back(handler_json(handler));
    answer_list(call, "extensions", std::move(all), std::nullopt);
    return Done();
  }
  const bool one = call.parameters.size() == 2;
  if (one && method == "PUT") return keep_handler(call);
  if (!one || (method != "GET" && method != "DELETE"))
    return refusal(
        "InvalidUri",
        fmt::format("The requested URI does not represent any resource on the server: {} {}. There "
                    "are GET /batchyard/extensions, and GET, PUT and DELETE "
                    "/batchyard/extensions/PUBLISHER/TYPE.",
                    method, call.raw_path()));
  const std::string& publisher = call.parameters[0];
  const std::string& type = call.parameters[1];
  if (method == "DELETE") {
    if (TRY(ports_.handlers->remove(publisher, type))) {
      answer_empty(call, 204);
      return Done();
    }
  } else {
    const std::vector<ExtensionHandler> handlers = ports_.handlers->handlers();
    if (const ExtensionHandler* handler = find_handler(handlers, publisher, type)) {
      json::object shown = handler_json(*handler);
      shown["script"] = handler->script;
      answer_entity(call, "extensions/@Element", std::move(shown));
      return Done();
    }
  }
  return refusal("ResourceNotFound",
                 fmt::format("The specified resource does not exist: an operator has registered no "
                             "handler of {}/{}. batchyard extension list shows those that there "
                             "are.",
                             publisher, type));
}

void Service::operate_handlers(Call call) {
  std::vector<std::string> parts;
  for (const std::string_view part : split(call.raw_path().substr(1), '/'))
    parts.push_back(percent_decode(part).value_or(std::string(part)));
  call.parameters.assign(parts.begin() + 2, parts.end());
  const Result<> done =
      ports_.handlers == nullptr
          ? Result<>(refusal("InvalidUri", "This service keeps no handlers of extensions."))
          : operate_handler(call);
  if (!done) answer_error(call, done.error());
}

}  // namespace batchyard::service
