// One request on its way through the service: what was asked, in which version, and how to answer.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "base/http_message.h"
#include "base/query.h"
#include "base/time.h"

namespace batchyard::service {

struct Call {
  HttpRequest request;
  HttpReply reply;
  const api::OperationFacts* operation = nullptr;
  api::Version version = api::newest;
  std::vector<std::string> parameters;       // of the path, decoded
  std::map<std::string, std::string> query;  // decoded, by lower-case name
  std::string request_id;
  Time now;
  bool may_write = true;  // the sender may, whatever is asked here
  int overtaken = 0;      // how often others changed the row between its reading and its writing

  std::string base_url() const { return request.scheme + "://" + request.host; }
  std::string_view raw_path() const {
    return std::string_view(request.target).substr(0, request.target.find('?'));
  }
  std::string_view query_value(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view() : std::string_view(found->second);
  }
};

// ---- answers: each uses the call up
// ----------------------------------------------------------------------------------

// The error envelope; the HTTP status is the kind's.
void answer_error(Call& call, const Error& error);
// `set` is the odata.metadata word: "pools/@Element". `headers` are beside the common ones.
void answer_entity(Call& call, std::string_view set, boost::json::object entity,
                   std::vector<HttpHeader> headers = {});
// A list; `next` is the id to go on after, when there is more.
void answer_list(Call& call, std::string_view set, boost::json::array values,
                 const std::optional<std::string>& next);
void answer_empty(Call& call, int status, std::vector<HttpHeader> headers = {});
void answer_bytes(Call& call, HttpResponse response);

HttpResponse error_response(const HttpRequest& request, const Error& error,
                            std::string_view request_id, Time now);

// ---- ETags
// -----------------------------------------------------------------------------------------------------------
std::string etag_of(std::int64_t version);
std::optional<std::int64_t> version_of_etag(std::string_view etag);
std::vector<HttpHeader> entity_headers(std::int64_t version, Time modified);
// Those, with DataServiceId and, for an add, Location.
std::vector<HttpHeader> write_headers(const Call& call, std::int64_t version, Time modified,
                                      const std::string& location = {});

// Of an action on what has no ETag.
std::vector<HttpHeader> action_headers(const Call& call, const std::string& location = {});

// ---- conditional requests (contract: wire conventions, section 7)
// ----------------------------------------------------
struct Conditions {
  std::optional<std::int64_t> if_match;  // -1: any
  std::optional<std::int64_t> if_none_match;
  std::optional<Time> if_modified_since;
  std::optional<Time> if_unmodified_since;
  bool any() const { return if_match || if_none_match || if_modified_since || if_unmodified_since; }
};
Result<Conditions> parse_conditions(const HttpRequest& request);
// ConditionNotMet (304 for a read with if-none-match or if-modified-since, otherwise 412).
Result<> check_conditions(const Conditions& conditions, std::int64_t version, Time modified);

// ---- lists
// -----------------------------------------------------------------------------------------------------------
Result<std::size_t> page_size(const Call& call, std::size_t most);
Result<std::string> start_after(const Call& call);

// The query parameter `force`, which came with 2024-07-01.20.0.
Result<bool> forced(const Call& call);

}  // namespace batchyard::service
