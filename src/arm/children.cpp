#include "arm/children.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "api/view.h"
#include "arm/ask.h"
#include "arm/codes.h"
#include "arm/json_parts.h"
#include "base/text.h"

namespace batchyard::arm {

namespace {

namespace json = boost::json;

std::string whole_path_of(const ChildKind& kind, const std::string& name) {
  return fmt::format("/batchyard/whole/{}{}{}", kind.folder, name.empty() ? "" : "/",
                     percent_encode(name));
}

// The data plane's is not quoted.
std::string etag_in(const json::object& whole) {
  return fmt::format("W/\"{}\"", text_at(whole, "eTag"));
}

json::object entity_of(const Parent& parent, const ChildKind& kind, const json::object& whole,
                       api::Version version) {
  json::object entity = kind.entity(whole, parent.id);
  entity["etag"] = etag_in(whole);
  api::view(kind.model, version, entity);
  api::spell(kind.model, version, entity);
  return entity;
}

// An error of the data plane, whose ETags are not quoted.
void answer_told(Call& call, const ChildKind& kind, Error error) {
  for (Detail& detail : error.details)
    if (detail.key == "CurrentETag") detail.value = fmt::format("W/\"{}\"", detail.value);
  answer_error(call, kind.told(std::move(error)));
}

// Asks, and goes on with the call when the answer is there; errors are the call's answer.
template <class Then>
void ask_for(const Parent& parent, const ChildKind& kind, Call call, DataRequest request,
             Then then) {
  request.version = data_version_of(call.version);
  ask_data_plane(
      *parent.host, parent.name, std::move(request),
      [call = std::move(call), &kind, then = std::move(then)](Result<json::object> answer) mutable {
        if (!answer) return answer_told(call, kind, std::move(answer).error());
        then(std::move(call), *std::move(answer));
      });
}

std::unexpected<Error> bad_query(std::string_view name, std::string_view value,
                                 std::string_view cure) {
  return refuse("InvalidQueryParameterValue",
                fmt::format("The value '{}' of the query parameter '{}' is not valid. {}", value,
                            name, cure));
}

// "properties/vmSize,properties/metadata": which properties to show; empty: all.
Result<std::vector<std::string>> selected(const ChildKind& kind, const Call& call) {
  constexpr std::string_view start = "properties/";
  const std::string_view text = call.query_value("$select");
  std::vector<std::string> names;
  if (trim(text).empty()) return names;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view name = trim(part);
    if (!name.starts_with(start))
      return bad_query("$select", text,
                       "Name what stands below properties, for example "
                       "properties/provisioningState.");
    const Result<std::vector<std::string>> known =
        api::parse_select(kind.properties, call.version, name.substr(start.size()));
    if (!known) {
      for (const Detail& detail : known.error().details) {
        if (detail.key == "Reason") return bad_query("$select", text, detail.value);
      }
      return std::unexpected(known.error());
    }
    names.push_back(known->front());
  }
  return names;
}

// Where a list goes on is told in the data plane's own next link.
std::optional<std::string> token_in(const json::object& list) {
  constexpr std::string_view name = "$skiptoken=";
  const std::string link = text_at(list, "odata.nextLink");
  const std::size_t at = link.find(name);
  if (at == std::string::npos) return std::nullopt;
  return link.substr(at + name.size());
}

Result<std::string> list_target(const ChildKind& kind, const Call& call) {
  std::string query;
  const auto add = [&](std::string_view name, std::string_view value) {
    query += fmt::format("{}{}={}", query.empty() ? '?' : '&', name, percent_encode(value));
  };
  if (const std::string_view most = call.query_value("maxresults"); !most.empty())
    add("maxresults", most);
  if (const std::string_view filter = call.query_value("$filter"); !trim(filter).empty())
    add("$filter", TRY(to_data_filter(filter, kind.filter_words)));
  if (const std::string_view token = call.query_value("$skiptoken"); !token.empty()) {
    const std::optional<std::string> data_token = base64url_decode(token);
    if (!data_token)
      return bad_query("$skiptoken", token, "It must be the one of a nextLink; follow that link.");
    add("$skiptoken", *data_token);
  }
  return whole_path_of(kind, {}) + query;
}

std::vector<HttpHeader> headers_of(const json::object& whole) {
  std::vector<HttpHeader> headers{{"ETag", etag_in(whole)}};
  if (const std::optional<Time> modified = parse_iso8601(text_at(whole, "lastModified")))
    headers.push_back({"Last-Modified", to_rfc1123(*modified)});
  return headers;
}

void show_named(const Parent& parent, const ChildKind& kind, Call call, const std::string& name) {
  ask_for(parent, kind, std::move(call), {.method = "GET", .target = whole_path_of(kind, name)},
          [parent, &kind](Call there, const json::object& whole) {
            answer_json(there, entity_of(parent, kind, whole, there.version), 200,
                        headers_of(whole));
          });
}

// "delete-p1-8D000000000012": the name between.
std::string name_in(const ChildKind& kind, std::string_view operation) {
  if (operation.starts_with(kind.prefix)) operation.remove_prefix(kind.prefix.size());
  return std::string(operation.substr(0, operation.rfind('-')));
}

}  // namespace

std::string data_version_of(api::Version version) {
  static constexpr std::string_view by_shape[] = {
      "2024-02-01.19.0", "2024-02-01.19.0", "2024-02-01.19.0", "2024-02-01.19.0",
      "2024-02-01.19.0", "2024-07-01.20.0", "2025-06-01"};
  static_assert(std::size(by_shape) == api::arm_shape_count);
  return std::string(by_shape[version.shape - api::shape_count]);
}

void show_child(const Parent& parent, const ChildKind& kind, Call call) {
  const std::string name = call.parameters.at(3);
  show_named(parent, kind, std::move(call), name);
}

void list_children(const Parent& parent, const ChildKind& kind, Call call) {
  Result<std::vector<std::string>> names = selected(kind, call);
  if (!names) return answer_error(call, names.error());
  Result<std::string> target = list_target(kind, call);
  if (!target) return answer_error(call, target.error());
  ask_for(parent, kind, std::move(call), {.method = "GET", .target = *std::move(target)},
          [parent, &kind, names = *std::move(names)](Call there, const json::object& list) {
            json::array values;
            for (const json::value& whole : list.at("value").as_array()) {
              json::object entity = entity_of(parent, kind, whole.get_object(), there.version);
              if (json::value* properties = entity.if_contains("properties"))
                api::select(names, properties->get_object());
              values.push_back(std::move(entity));
            }
            answer_list(there, std::move(values), token_in(list));
          });
}

void write_child(const Parent& parent, const ChildKind& kind, Call call,
                 const json::object& whole) {
  const std::string name = call.parameters.at(3);
  DataRequest request{.method = call.request.method,
                      .target = whole_path_of(kind, name),
                      .version = {},
                      .body = json::serialize(whole)};
  if (const std::string_view match = call.request.header("If-Match"); !match.empty())
    request.headers.push_back({"If-Match", std::string(match)});
  // Other values are ignored, as the contract has it.
  if (call.request.method == "PUT" && trim(call.request.header("If-None-Match")) == "*")
    request.headers.push_back({"If-None-Match", "*"});
  ask_for(parent, kind, std::move(call), std::move(request),
          [parent, &kind, name](Call there, const json::object&) {
            show_named(parent, kind, std::move(there), name);
          });
}

void act_on_child(const Parent& parent, const ChildKind& kind, Call call, std::string_view action) {
  const std::string name = call.parameters.at(3);
  DataRequest request{.method = "POST",
                      .target = fmt::format("{}/{}", kind.data_path(name), action)};
  ask_for(parent, kind, std::move(call), std::move(request),
          [parent, &kind, name](Call there, const json::object&) {
            show_named(parent, kind, std::move(there), name);
          });
}

void delete_child(const Parent& parent, const ChildKind& kind, Call call) {
  const std::string name = call.parameters.at(3);
  const auto begin = [parent, &kind, name](Call there, const json::object& whole) {
    const std::string mark = text_at(whole, "eTag").substr(2);  // without "0x"
    const std::string results =
        fmt::format("{}{}/{}/{}{}-{}?api-version={}", there.base_url(), parent.id, kind.results,
                    kind.prefix, name, mark, there.version_text);
    ask_for(parent, kind, std::move(there), {.method = "DELETE", .target = kind.data_path(name)},
            [results](Call last, const json::object&) {
              answer_empty(last, 202, {{"Location", results}, {"Retry-After", "1"}});
            });
  };
  // What is not there need not be deleted.
  DataRequest request{.method = "GET",
                      .target = whole_path_of(kind, name),
                      .version = data_version_of(call.version)};
  ask_data_plane(*parent.host, parent.name, std::move(request),
                 [call = std::move(call), &kind, begin](Result<json::object> whole) mutable {
                   if (whole) return begin(std::move(call), *whole);
                   if (whole.error().code == kind.not_found) return answer_empty(call, 204);
                   answer_told(call, kind, std::move(whole).error());
                 });
}

void show_deleted_child(const Parent& parent, const ChildKind& kind, Call call) {
  if (const std::optional<api::Version> version = api::find_arm_version(call.version_text))
    call.version = *version;
  const std::string name = name_in(kind, call.parameters.at(3));
  DataRequest request{.method = "GET",
                      .target = whole_path_of(kind, name),
                      .version = data_version_of(call.version)};
  ask_data_plane(*parent.host, parent.name, std::move(request),
                 [call = std::move(call), &kind](Result<json::object> whole) mutable {
                   if (!whole && whole.error().code == kind.not_found)
                     return answer_empty(call, 200);
                   if (!whole) return answer_told(call, kind, std::move(whole).error());
                   const json::object& child = *object_at(*whole, kind.member);
                   if (const std::optional<Error> failure = kind.deletion_failure(child))
                     return answer_error(call, *failure);
                   if (text_at(child, "state") != "deleting") return answer_empty(call, 200);
                   const std::string here = call.base_url() + std::string(call.request.target);
                   answer_empty(call, 202, {{"Location", here}, {"Retry-After", "1"}});
                 });
}

}  // namespace batchyard::arm
