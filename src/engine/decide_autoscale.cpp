// Pools whose targets a formula sets: when it runs, and what follows from it.
#include <fmt/format.h>

#include <algorithm>
#include <boost/describe/enum_from_string.hpp>

#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"
#include "engine/samples.h"
#include "formula/formula.h"

namespace batchyard::engine {

namespace {

// How soon autoscale may be enabled again (source: the service's limit).
constexpr Duration enable_pause = std::chrono::seconds(30);

struct Evaluated {
  AutoScaleRun run;
  formula::Targets targets;
};

Evaluated run_formula(const PoolRecord& pool, const std::string& text, Time now) {
  Evaluated evaluated{.run = {.at = now, .results = {}, .error = {}}, .targets = {}};
  std::optional<formula::Fault> fault;
  formula::Program program;
  if (formula::Checked<formula::Program> parsed = formula::parse(text))
    program = *std::move(parsed);
  else
    fault = std::move(parsed).error();
  formula::Outcome outcome = formula::evaluate(program, scope_of(pool, now));
  if (!fault) fault = std::move(outcome.fault);
  evaluated.run.results = std::move(outcome.results);
  evaluated.targets = std::move(outcome.targets);
  if (fault)
    evaluated.run.error =
        ResizeError{.code = "AutoScalingFormulaEvaluationError",
                    .message = "The formula could not be evaluated: " + formula::show(text, *fault),
                    .values = {{"Message", formula::show(text, *fault)}}};
  return evaluated;
}

// The pool has, or is being brought to, what the formula wants.
bool fits(const PoolRecord& pool, const formula::Targets& targets) {
  return targets.dedicated == pool.status.target_dedicated &&
         targets.low_priority == pool.status.target_low_priority &&
         targets.dedicated == staying(pool, true) && targets.low_priority == staying(pool, false);
}

void run_autoscale(Turn& turn, PoolRecord& pool) {
  AutoScaleStatus& autoscale = *pool.status.autoscale;
  Evaluated evaluated = run_formula(pool, autoscale.facts.formula, turn.now);
  const bool failed = evaluated.run.error.has_value();
  autoscale.run = std::move(evaluated.run);
  autoscale.next = turn.now + autoscale.facts.interval;
  turn.note(pool, failed ? "PoolAutoScaleFailed" : "PoolAutoScale");
  if (failed) return;
  boost::describe::enum_from_string(evaluated.targets.deallocation.c_str(),
                                    pool.status.deallocation);
  if (fits(pool, evaluated.targets)) return;
  for (JobRecord* job : pool.jobs) unpark(*job);
  turn.schedule(&pool);
  start_resize(turn, pool, evaluated.targets.dedicated, evaluated.targets.low_priority);
}

std::unexpected<Error> bad_settings(std::string message, const char* property) {
  return refusal("InvalidAutoScalingSettings", std::move(message), {{"PropertyName", property}});
}

}  // namespace

void begin_autoscale(Turn& turn, PoolRecord& pool, AutoScaleFacts facts) {
  pool.status.autoscale =
      AutoScaleStatus{.on = true, .facts = std::move(facts), .next = {}, .run = {}};
  pool.status.resize_timeout = PoolStatus().resize_timeout;  // the user's has no say here
  take_sample(pool, turn.now);
  run_autoscale(turn, pool);
}

void autoscale_deadline(Turn& turn, PoolRecord& pool) {
  if (!pool.status.autoscale || pool.status.state != PoolState::active) return;
  take_sample(pool, turn.now);
  if (pool.status.autoscale->next <= turn.now) run_autoscale(turn, pool);
}

Time next_autoscale(const PoolRecord& pool) {
  if (!pool.status.autoscale || pool.status.state != PoolState::active) return Time::max();
  const Time sample = pool.samples ? pool.samples->next : Time();
  return std::min(pool.status.autoscale->next, sample);
}

Result<> check_enable_pause(const PoolRecord& pool, Time now) {
  const Time asked = pool.status.autoscale_asked;
  if (asked == Time() || now >= asked + enable_pause) return Done();
  return refusal("TooManyEnableAutoScaleRequests",
                 fmt::format("Autoscale of this pool was enabled or changed less than {} ago. Try "
                             "again later.",
                             to_iso8601(enable_pause)));
}

Result<Reply> decide(Turn& turn, EnableAutoScale& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  PoolStatus& status = pool->status;
  TRY(check_enable_pause(*pool, turn.now));
  if (!command.formula && !(status.autoscale && command.interval))
    return bad_settings(status.autoscale
                            ? "Give a new autoScaleFormula, a new autoScaleEvaluationInterval, or "
                              "both."
                            : "Autoscale is off for this pool: give the autoScaleFormula that "
                              "shall size it.",
                        "autoScaleFormula");
  if (!status.autoscale && status.allocation != AllocationState::steady) return being_resized();
  AutoScaleFacts facts = status.autoscale ? status.autoscale->facts : AutoScaleFacts();
  if (command.formula) facts.formula = *std::move(command.formula);
  if (command.interval) facts.interval = *command.interval;
  status.autoscale_asked = turn.now;
  turn.touch(*pool, "PoolAutoScaleEnabled");
  begin_autoscale(turn, *pool, std::move(facts));
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, DisableAutoScale& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, command.if_version));
  if (!pool->status.autoscale) return reply_of(*pool);
  pool->status.autoscale.reset();
  pool->samples.reset();
  turn.touch(*pool, "PoolAutoScaleDisabled");
  return reply_of(*pool);
}

Result<Reply> decide(Turn& turn, EvaluateAutoScale& command) {
  PoolRecord* pool = TRY(usable_pool(turn, command.id, std::nullopt));
  if (!pool->status.autoscale)
    return bad_settings(
        "Autoscale is off for this pool. Enable it first, if only with the formula that keeps the "
        "pool as it is.",
        "enableAutoScale");
  Reply reply = reply_of(*pool);
  reply.run = run_formula(*pool, command.formula, turn.now).run;
  return reply;
}

}  // namespace batchyard::engine
