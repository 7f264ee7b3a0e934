// What an operator may do beside the Azure contract, with the account's signature:
//   POST /batchyard/pools/{poolId}/nodes/{nodeId}/preempt   {"away": "PT1M"}
// takes a low-priority node away for a while, as a cloud does that needs its machine.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/canonical.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// How long a preempted node stays away when nothing is said.
constexpr Duration away_default = std::chrono::minutes(1);

Result<Duration> away_of(const std::string& body) {
  if (body.empty()) return away_default;
  const json::value value = TRY(api::parse_body(body));
  const json::value* away = value.is_object() ? value.get_object().if_contains("away") : nullptr;
  if (away == nullptr) return away_default;
  const std::optional<Duration> time =
      away->is_string() ? parse_duration(std::string_view(away->get_string())) : std::nullopt;
  if (!time || *time < Duration(0))
    return bad_property("away", json::serialize(*away), "Give a duration, for example PT1M.");
  return *time;
}

}  // namespace

void Service::operate(Call call) {
  const std::vector<std::string_view> parts = split(call.raw_path().substr(1), '/');
  const bool known =
      parts.size() == 6 && parts[1] == "pools" && parts[3] == "nodes" && parts[5] == "preempt";
  if (!known)
    return answer_error(
        call, refusal("InvalidUri", fmt::format("The requested URI does not represent any resource "
                                                "on the server: {}.",
                                                call.raw_path()))
                  .error());
  if (call.request.method != "POST")
    return answer_error(
        call, refusal("UnsupportedHttpVerb",
                      fmt::format("The resource doesn't support the specified Http Verb: {}.",
                                  call.request.method))
                  .error());
  const Result<Duration> away = away_of(call.request.body);
  if (!away) return answer_error(call, away.error());
  engine::PreemptNode command{
      .pool = PoolId::trusted(percent_decode(parts[2]).value_or(std::string(parts[2]))),
      .node = NodeId::trusted(percent_decode(parts[4]).value_or(std::string(parts[4]))),
      .away = *away};
  act(std::move(call), std::move(command), 202);
}

}  // namespace batchyard::service
