// GET /batchyard/pools/{poolId}/findings[?calendar=true]: what the rules find in a pool as it is
// now. Nothing of it is stored: a later catalogue or another day may find something else.
#include <boost/json.hpp>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "preflight/preflight.h"
#include "service/findings.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// A pool as a user would define it: its spec, and what the status keeps of it.
json::object definition_of(const engine::Row& row, const PoolStatus& status) {
  json::object pool = json::parse(row.spec).as_object();
  pool["id"] = row.key.id;
  pool["vmSize"] = status.facts.vm_size;
  if (status.autoscale) {
    pool["enableAutoScale"] = true;
    pool["autoScaleFormula"] = status.autoscale->facts.formula;
    pool["autoScaleEvaluationInterval"] = to_iso8601(status.autoscale->facts.interval);
  } else {
    pool["targetDedicatedNodes"] = status.target_dedicated;
    pool["targetLowPriorityNodes"] = status.target_low_priority;
    pool["resizeTimeout"] = to_iso8601(status.resize_timeout);
  }
  return pool;
}

json::object finding_entity(const preflight::Finding& finding) {
  static constexpr const char* severities[] = {"error", "warning", "note"};
  json::object entity{{"rule", finding.rule->id},
                      {"severity", severities[static_cast<int>(finding.rule->severity)]},
                      {"property", preflight::property_of(finding.path)},
                      {"value", finding.value},
                      {"message", finding.wrong},
                      {"why", finding.rule->why},
                      {"source", finding.rule->source}};
  if (!finding.patch.empty()) entity["patch"] = finding.patch;
  return entity;
}

}  // namespace

Result<json::array> findings_in(const engine::Row& row, const Catalogue& catalogue,
                                std::string date) {
  const preflight::Definition pool(
      definition_of(row, TRY(from_json<PoolStatus>(row.status))),
      {.catalogue = &catalogue, .date = std::move(date), .shape_is_known = true});
  json::array findings;
  for (const preflight::Finding& finding : preflight::findings_of(pool))
    findings.push_back(finding_entity(finding));
  return findings;
}

void Service::show_findings(Call call) {
  const auto run = [&]() -> Result<> {
    const std::vector<std::string_view> parts = split(call.raw_path().substr(1), '/');
    const std::string id = percent_decode(parts[2]).value_or(std::string(parts[2]));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", id));
    const bool calendar = call.query_value("calendar") == "true";
    json::array findings = TRY(findings_in(
        row, *ports_.catalogue, calendar ? to_iso8601(call.now).substr(0, 10) : std::string()));
    answer_entity(call, "findings", {{"poolId", row.key.id}, {"findings", std::move(findings)}});
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
