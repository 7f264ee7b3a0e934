#include "service/faults.h"

#include <fmt/format.h>

#include <boost/describe/enum_from_string.hpp>
#include <boost/json.hpp>

#include "base/text.h"
#include "service/json_parts.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

using protocol::FaultKind;

constexpr std::size_t plans_max = 1000;
constexpr std::int64_t xid_default = 79;

Result<Duration> duration_at(const json::object& body, std::string_view name, Duration otherwise) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return otherwise;
  const std::optional<Duration> time =
      value->is_string() ? parse_duration(std::string_view(value->get_string())) : std::nullopt;
  if (!time || *time <= Duration(0))
    return bad_property(std::string(name), json::serialize(*value),
                        "Give an ISO 8601 duration: PT30S, PT5M.");
  return *time;
}

Result<std::int64_t> number_at(const json::object& body, std::string_view name,
                               std::int64_t otherwise, std::int64_t least) {
  const json::value* value = body.if_contains(name);
  if (value == nullptr) return otherwise;
  if (!value->is_int64() || value->get_int64() < least || value->get_int64() > 1'000'000'000)
    return bad_property(std::string(name), json::serialize(*value),
                        fmt::format("Give a whole number from {} on.", least));
  return value->get_int64();
}

Result<> check_members(const json::object& body, FaultPool pool) {
  for (const auto& member : body) {
    const std::string_view name = member.key();
    const bool known = name == "kind" || name == "node" || name == "gpu" || name == "value" ||
                       name == "after" || name == "at" || name == "for" ||
                       (name == "pool" && pool == FaultPool::named);
    if (!known)
      return bad_property(std::string(name), json::serialize(member.value()),
                          "There are kind, node, gpu, value, after or at, and for.");
  }
  return Done();
}

// A node dies at once, and what follows from it takes its own time.
Result<> check_length(const json::object& body, FaultKind kind) {
  if (kind != FaultKind::lost || !body.contains("for")) return Done();
  return bad_property(
      "for", json::serialize(body.at("for")),
      "A lost node is lost at once, and made again as the pool wants. Leave it out.");
}

}  // namespace

Result<FaultPlan> read_fault_plan(const json::object& body, FaultPool pool) {
  TRY(check_members(body, pool));
  FaultPlan plan;
  const std::string kind = fold(text_at(body, "kind"));
  if (!boost::describe::enum_from_string(kind.c_str(), plan.fault.kind))
    return bad_property("kind", kind,
                        "Give one of xid, ecc, linkdown, drivermismatch, starttask, preempt, lost, "
                        "allocation and quota.");
  TRY(check_length(body, plan.fault.kind));
  plan.pool = text_at(body, "pool");
  if (pool == FaultPool::named && plan.pool.empty())
    return bad_property("pool", "", "Name the pool, or give * for all.");
  plan.node = text_at(body, "node", "*");
  const std::int64_t usual = plan.fault.kind == FaultKind::xid ? xid_default : 1;
  plan.fault.value = TRY(number_at(body, "value", usual, 1));
  plan.fault.gpu = static_cast<std::int32_t>(TRY(number_at(body, "gpu", 0, 0)));
  plan.after = TRY(duration_at(body, "after", Duration(0)));
  plan.lasts = TRY(duration_at(body, "for", unlimited));
  if (const json::value* at = body.if_contains("at")) {
    plan.at = at->is_string() ? parse_iso8601(std::string_view(at->get_string())) : std::nullopt;
    if (!plan.at || body.contains("after"))
      return bad_property("at", json::serialize(*at),
                          "Give an instant, 2026-11-24T09:15:02Z, or `after` in its place.");
  }
  return plan;
}

Result<std::vector<FaultPlan>> read_fault_plans(std::string_view text) {
  boost::system::error_code error;
  const json::value whole = json::parse(text, error);
  if (error || !whole.is_array() || whole.get_array().size() > plans_max)
    return bad_property("--faults", std::string(text.substr(0, 100)),
                        fmt::format("Give a JSON list of at most {} faults.", plans_max));
  std::vector<FaultPlan> plans;
  for (const json::value& one : whole.get_array()) {
    const std::string number = fmt::format("--faults[{}]", plans.size());
    if (!one.is_object())
      return bad_property(number, json::serialize(one), R"(Give {"pool": "p", "kind": "xid"}.)");
    Result<FaultPlan> plan = read_fault_plan(one.get_object(), FaultPool::named);
    if (!plan) return bad_property(number, json::serialize(one), plan.error().message);
    plans.push_back(*std::move(plan));
  }
  return plans;
}

}  // namespace batchyard::service
