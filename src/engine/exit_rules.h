// What the end of a task means for its job and for the tasks that depend on it (exitConditions).
#pragma once

#include "model/status.h"

namespace batchyard::engine {

struct Outcome {
  JobAction job_action = JobAction::none;  // taken only when the job acts on failures
  bool satisfies = true;
};

// `rules` nothing: the task has none, and the defaults count: exit code 0 satisfies and asks for
// nothing, every other end blocks and terminates the job.
Outcome outcome_of(const TaskRules* rules, const protocol::RunEnd& end);

}  // namespace batchyard::engine
