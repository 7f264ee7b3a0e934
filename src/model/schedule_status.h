// What the service knows of a job schedule beside what the user sent; stored and shown as
// model/status.h says.
#pragma once

#include "model/status.h"

namespace batchyard {

enum class ScheduleState { active, completed, disabled, terminating, deleting };
BOOST_DESCRIBE_ENUM(ScheduleState, active, completed, disabled, terminating, deleting)

// The job manager task that each of its jobs has.
struct ManagerPlan {
  TaskId id;
  TaskFacts facts;
  std::string spec;
};
BOOST_DESCRIBE_STRUCT(ManagerPlan, (), (id, facts, spec))

struct ScheduleFacts {
  Time not_before;                   // doNotRunUntil; 1970: at once
  std::optional<Time> not_after;     // doNotRunAfter
  Duration window = unlimited;       // startWindow
  std::optional<Duration> interval;  // recurrenceInterval; nothing: one job
  JobFacts job;
  std::optional<ManagerPlan> manager;
  std::optional<PoolPlan> pool;  // made for it or for each of its jobs
};
BOOST_DESCRIBE_STRUCT(ScheduleFacts, (),
                      (not_before, not_after, window, interval, job, manager, pool))

struct ScheduleStatus {
  ScheduleFacts facts;
  ScheduleState state = ScheduleState::active;
  Time state_since;
  std::optional<ScheduleState> previous;
  Time previous_since;
  Time created;
  Time modified;
  std::optional<Time> last;  // the occurrence that had the last job
  std::optional<Time> next;  // the first one that has had none and is not lost
  std::optional<Time> end;
  std::int64_t jobs_made = 0;
  JobId recent;
  PoolId pool;  // made for it
};
BOOST_DESCRIBE_STRUCT(ScheduleStatus, (),
                      (facts, state, state_since, previous, previous_since, created, modified, last,
                       next, end, jobs_made, recent, pool))

}  // namespace batchyard
