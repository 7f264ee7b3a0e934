// GET /batchyard/explain/KIND/[PARENT/]ID: why an entity is in its state (docs/explain.md).
#include <fmt/format.h>

#include <boost/json.hpp>

#include "explain/explanation.h"
#include "service/entity_path.h"
#include "service/findings.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

// Empty texts are left out.
json::object without_empty(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  json::object object;
  for (const auto& [name, text] : members) {
    if (!text.empty()) object[name] = text;
  }
  return object;
}

json::object explanation_entity(const explain::Explanation& explanation) {
  json::object entity{{"entity", explanation.entity},
                      {"state", explanation.state},
                      {"summary", explanation.summary}};
  if (explanation.since) entity["since"] = to_iso8601(*explanation.since);
  json::array& reasons = entity["reasons"].emplace_array();
  for (const explain::Reason& reason : explanation.reasons)
    reasons.push_back(without_empty({{"code", reason.code},
                                     {"message", reason.message},
                                     {"cure", reason.cure},
                                     {"entity", reason.entity}}));
  json::array& next = entity["next"].emplace_array();
  for (const explain::Upcoming& upcoming : explanation.next)
    next.push_back({{"time", to_iso8601(upcoming.time)}, {"what", upcoming.what}});
  if (!explanation.phases.empty()) {
    json::array& phases = entity["phases"].emplace_array();
    for (const explain::Phase& phase : explanation.phases) {
      json::object one{{"what", phase.what}, {"from", to_iso8601(phase.from)}};
      if (phase.until) {
        one["until"] = to_iso8601(*phase.until);
        one["took"] = to_iso8601(std::max(*phase.until - phase.from, Duration(0)));
      }
      phases.push_back(std::move(one));
    }
  }
  json::array& history = entity["history"].emplace_array();
  for (const engine::EventRecord& event : explanation.history)
    history.push_back(without_empty({{"time", to_iso8601(event.when)},
                                     {"what", event.what},
                                     {"detail", event.detail},
                                     {"by", event.by},
                                     {"state", event.state}}));
  return entity;
}

// What is wrong with the pool's definition comes last: the pool was made all the same.
void add_findings(const json::array& findings, const std::string& pool,
                  explain::Explanation& explanation) {
  for (const json::value& finding : findings) {
    const auto text = [&](std::string_view name) {
      return std::string_view(finding.at(name).as_string());
    };
    if (text("severity") == "note") continue;
    explanation.reasons.push_back(
        {std::string(text("rule")),
         fmt::format("{}: {} {}", text("property"), text("message"), text("why")),
         finding.as_object().contains("patch")
             ? fmt::format("`batchyard describe pool {}` has the patch that mends the definition.",
                           pool)
             : "",
         ""});
  }
}

}  // namespace

void Service::explain_entity(Call call) {
  const auto answer = [&]() -> Result<> {
    const engine::EntityKey key =
        TRY(key_of_path(call.raw_path(), "/batchyard/explain/", explain::explained_kinds));
    explain::Explanation explanation = TRY(explain::explain(*ports_.store, key, call.now));
    if (key.kind == engine::EntityKind::pool && explanation.state != "gone")
      add_findings(TRY(findings_in(TRY(row_of(key.kind, "", key.id)), *ports_.catalogue, {})),
                   key.id, explanation);
    answer_entity(call, "explanations/@Element", explanation_entity(explanation));
    return Done();
  };
  if (const Result<> done = answer(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
