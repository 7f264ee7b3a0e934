#include "engine/exit_rules.h"

#include <algorithm>

namespace batchyard::engine {

namespace {

// What the user says about this end; nothing when the defaults are left to count.
const ExitOptions* options_of(const ExitRules& rules, const protocol::RunEnd& end) {
  const ExitOptions* otherwise = rules.otherwise ? &*rules.otherwise : nullptr;
  if (end.exit_code) {
    const auto fits = [&](const ExitCodes& codes) {
      return codes.first <= *end.exit_code && *end.exit_code <= codes.last;
    };
    const auto found = std::ranges::find_if(rules.codes, fits);
    if (found != rules.codes.end()) return &found->options;
  }
  if (!end.failure) return nullptr;  // `default` never covers success
  if (end.failure->code.starts_with("FileUpload"))
    return rules.file_upload ? &*rules.file_upload : otherwise;
  const bool never_started = !end.exit_code && end.failure->code != "TaskEnded";
  return never_started && rules.pre_processing ? &*rules.pre_processing : otherwise;
}

}  // namespace

Outcome outcome_of(const TaskRules* rules, const protocol::RunEnd& end) {
  const bool good = !end.failure;
  Outcome outcome{.job_action = good ? JobAction::none : JobAction::terminate, .satisfies = good};
  const ExitOptions* options =
      rules == nullptr || !rules->exits ? nullptr : options_of(*rules->exits, end);
  if (options == nullptr) return outcome;
  outcome.job_action = options->job_action.value_or(outcome.job_action);
  outcome.satisfies = options->satisfies.value_or(outcome.satisfies);
  return outcome;
}

}  // namespace batchyard::engine
