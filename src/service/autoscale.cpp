// Autoscale of pools: what is asked for, and the three operations.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "api/view.h"
#include "base/error_codes.h"
#include "formula/formula.h"
#include "service/entities.h"
#include "service/json_parts.h"
#include "service/pool_rules.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr Duration interval_min = std::chrono::minutes(5);
constexpr Duration interval_max = std::chrono::hours(168);

std::unexpected<Error> bad_settings(const char* property, const std::string& reason) {
  return refusal("InvalidAutoScalingSettings",
                 "The specified auto-scaling settings are invalid: " + reason,
                 {{"PropertyName", property}, {"Reason", reason}});
}

Result<> check_autoscale_formula(const std::string& text) {
  formula::Verdict verdict = formula::check_formula(text);
  const std::vector<Detail> details{{"PropertyName", "autoScaleFormula"},
                                    {"Message", verdict.message}};
  switch (verdict.flaw) {
    case formula::Flaw::none:
      break;
    case formula::Flaw::too_long:
      return refusal("AutoScalingFormulaTooLong", std::move(verdict.message), details);
    case formula::Flaw::syntax:
      return refusal("AutoScalingFormulaSyntaxError",
                     "The specified autoScaleFormula has a syntax error: " + verdict.message,
                     details);
  }
  return Done();
}

Result<Duration> interval_of(const std::string& text) {
  const Duration interval = *parse_duration(text);  // its form was checked with the body
  if (interval < interval_min || interval > interval_max)
    return bad_property("autoScaleEvaluationInterval", text,
                        "It must be at least 5 minutes (PT5M) and at most 168 hours (P7D).");
  return interval;
}

}  // namespace

Result<std::optional<AutoScaleFacts>> autoscale_of(const api::PoolAddParameter& pool) {
  const bool has_formula = !pool.autoScaleFormula.value_or("").empty();
  if (!pool.enableAutoScale.value_or(false)) {
    if (has_formula)
      return bad_settings("autoScaleFormula",
                          "an autoScaleFormula needs enableAutoScale to be true.");
    if (pool.autoScaleEvaluationInterval)
      return bad_settings("autoScaleEvaluationInterval",
                          "an autoScaleEvaluationInterval needs enableAutoScale to be true.");
    return std::optional<AutoScaleFacts>();
  }
  if (pool.targetDedicatedNodes || pool.targetLowPriorityNodes)
    return bad_settings(
        pool.targetDedicatedNodes ? "targetDedicatedNodes" : "targetLowPriorityNodes",
        "with enableAutoScale the formula sets the targets. Leave "
        "targetDedicatedNodes and targetLowPriorityNodes out.");
  if (!has_formula)
    return bad_settings("autoScaleFormula", "with enableAutoScale an autoScaleFormula is needed.");
  TRY(check_autoscale_formula(*pool.autoScaleFormula));
  AutoScaleFacts facts;
  facts.formula = *pool.autoScaleFormula;
  if (pool.autoScaleEvaluationInterval)
    facts.interval = TRY(interval_of(*pool.autoScaleEvaluationInterval));
  return std::optional(std::move(facts));
}

void Service::enable_autoscale(Call call) {
  const auto make = [&]() -> Result<engine::EnableAutoScale> {
    const json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    engine::EnableAutoScale command{.id = PoolId::trusted(row.key.id),
                                    .formula = optional_text(body.as_object(), "autoScaleFormula"),
                                    .interval = {}};
    command.if_version = TRY(guard(call, row));
    if (command.formula) TRY(check_autoscale_formula(*command.formula));
    if (const std::optional<std::string> text =
            optional_text(body.as_object(), "autoScaleEvaluationInterval"))
      command.interval = TRY(interval_of(*text));
    return command;
  };
  Result<engine::EnableAutoScale> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

void Service::disable_autoscale(Call call) {
  const auto make = [&]() -> Result<engine::DisableAutoScale> {
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    const auto version = TRY(guard(call, row));
    return engine::DisableAutoScale{PoolId::trusted(row.key.id), version};
  };
  Result<engine::DisableAutoScale> command = make();
  if (!command) return answer_error(call, command.error());
  write(std::move(call), *std::move(command), 200);
}

// A formula that is wrong is an answer, too: a run with an error.
void Service::evaluate_autoscale(Call call) {
  const auto make = [&]() -> Result<engine::EvaluateAutoScale> {
    const json::value body = TRY(body_of(call));
    const engine::Row row = TRY(row_of(engine::EntityKind::pool, "", call.parameters[0]));
    engine::EvaluateAutoScale command{
        PoolId::trusted(row.key.id),
        optional_text(body.as_object(), "autoScaleFormula").value_or("")};
    if (formula::check_formula(command.formula).flaw == formula::Flaw::too_long)
      TRY(check_autoscale_formula(command.formula));
    return command;
  };
  Result<engine::EvaluateAutoScale> command = make();
  if (!command) return answer_error(call, command.error());
  auto kept = std::make_shared<Call>(std::move(call));
  ports_.inbox->submit(*std::move(command), [kept](Result<engine::Reply> reply) {
    if (!reply) return answer_error(*kept, reply.error());
    json::object run = autoscale_run_entity(*reply->run);
    api::view(api::Model::AutoScaleRun, kept->version, run);
    answer_entity(*kept, "Microsoft.Azure.Batch.Protocol.Entities.AutoScaleRun", std::move(run),
                  {{"DataServiceId", kept->base_url() + std::string(kept->raw_path())}});
  });
}

}  // namespace batchyard::service
