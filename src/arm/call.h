// One request on its way through the management plane: what was asked, in which version, by whom,
// and how to answer.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "base/http_message.h"
#include "base/query.h"
#include "base/time.h"

namespace batchyard::arm {

// Who asks.
struct Caller {
  std::string principal;  // its object id
  std::string client;     // as messages call it
};

struct Call {
  HttpRequest request;
  HttpReply reply;
  api::Version version = api::newest_arm;
  std::string version_text;             // as it was asked for
  std::vector<std::string> parameters;  // of the path, decoded
  std::map<std::string, std::string> query;
  bool body_required = false;
  std::optional<api::ArmOperation> operation;  // of the contract
  Caller caller;
  std::string request_id;
  Time now;

  std::string base_url() const { return request.scheme + "://" + request.host; }
  std::string_view path() const {
    return std::string_view(request.target).substr(0, request.target.find('?'));
  }
  std::string_view query_value(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? std::string_view() : std::string_view(found->second);
  }
};

// ---- answers: each uses the call up ----

void answer_error(Call& call, const Error& error);
void answer_json(Call& call, const boost::json::value& body, int status = 200,
                 std::vector<HttpHeader> headers = {});
// A list in whole or, with `next`, its part; that is what the next part starts behind.
void answer_list(Call& call, boost::json::array values,
                 const std::optional<std::string>& next = {});
// The part of a list that `maxresults` and the skip token of its next link ask for. Each value has
// a name, as the member `key`, and they are in the order of their names.
void answer_page(Call& call, boost::json::array values, std::string_view key = "name");
void answer_empty(Call& call, int status, std::vector<HttpHeader> headers = {});

// The body, in canonical form; an empty object where none is needed and none was sent.
Result<boost::json::value> canonical_body(const Call& call, api::Model model);

HttpResponse error_response(const HttpRequest& request, const Error& error,
                            std::string_view request_id, Time now);

// ETags are quoted here: "0x8D…"; of what belongs to an account they are weak.
std::string etag_of(std::int64_t version);
std::string weak_etag_of(std::int64_t version);
// What If-Match and If-None-Match ask of something with that ETag; empty: it is not there.
Result<> check_conditions(const Call& call, std::string_view etag);

}  // namespace batchyard::arm
