// Job schedules. Occurrences are counted from the schedule's beginning, one every interval; each is
// good for one job, which can be made from the occurrence on until its start window is over or the
// next occurrence has come. At most one job of a schedule is active.
#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/check.h"
#include "base/error_codes.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

namespace json = boost::json;

Result<ScheduleRecord*> existing(Turn& turn, const ScheduleId& id,
                                 const std::optional<std::int64_t>& if_version) {
  ScheduleRecord* schedule = turn.state.schedule(id);
  if (schedule == nullptr)
    return refusal("JobScheduleNotFound", "The specified job schedule does not exist.");
  TRY(check_version(schedule->version, if_version));
  return schedule;
}

// Refuses what a schedule on its way out does not allow any more.
Result<> check_open(const ScheduleRecord& schedule) {
  switch (schedule.status.state) {
    case ScheduleState::completed:
      return refusal("JobScheduleCompleted",
                     "The specified job schedule is already in a completed state.");
    case ScheduleState::terminating:
      return refusal("JobScheduleBeingTerminated",
                     "The specified job schedule is being terminated.");
    case ScheduleState::deleting:
      return refusal("JobScheduleBeingDeleted",
                     "The specified job schedule has been marked for deletion and is being garbage "
                     "collected.");
    default:
      return Done();
  }
}

Reply reply_of(const ScheduleRecord& schedule) {
  return {.version = schedule.version, .modified = schedule.status.modified};
}

// Its job that is not completed, if there is one.
JobRecord* active_job(State& state, const ScheduleRecord& schedule) {
  JobRecord* job = state.job(schedule.status.recent);
  return job == nullptr || job->status.state == JobState::completed ? nullptr : job;
}

std::vector<JobRecord*> jobs_of(State& state, const ScheduleRecord& schedule) {
  std::vector<JobRecord*> jobs;
  for (auto& [id, job] : state.jobs) {
    if (job.status.schedule == schedule.id) jobs.push_back(&job);
  }
  return jobs;
}

// The occurrence after `last`; nothing when there is none.
std::optional<Time> after(const ScheduleFacts& facts, Time last) {
  if (!facts.interval) return std::nullopt;
  const Time next = later(last, *facts.interval);
  return next > facts.not_after.value_or(Time::max() - Duration(1)) ? std::nullopt
                                                                    : std::optional(next);
}

// The last instant at which a job can be made of an occurrence.
Time closes(const ScheduleFacts& facts, Time occurrence) {
  Time end = later(occurrence, facts.window);
  if (facts.not_after) end = std::min(end, *facts.not_after);
  return end;
}

// Occurrences that can have no job any more are passed over.
std::optional<Time> pass_lost(const ScheduleFacts& facts, std::optional<Time> next, Time now) {
  if (!next || *next > now) return next;
  if (facts.interval) *next += (now - *next) / *facts.interval * *facts.interval;
  return now <= closes(facts, *next) ? next : after(facts, *next);
}

// A recurring schedule with an end lasts until then, even when no occurrence is left.
bool has_ended(const ScheduleFacts& facts, const std::optional<Time>& next, Time now) {
  if (facts.not_after && now >= *facts.not_after) return true;
  return !next && !(facts.interval && facts.not_after);
}

// The pool that all of its jobs share is there, or is made now; false when it cannot be, which its
// next job tells.
bool has_pool(Turn& turn, ScheduleRecord& schedule) {
  const PoolPlan& plan = *schedule.status.facts.pool;
  const PoolRecord* pool = turn.state.pool(schedule.status.pool);
  if (pool != nullptr && pool->status.state != PoolState::deleting) return true;
  if (auto_pool_error(turn.state, plan)) return false;
  schedule.status.pool = make_auto_pool(turn, plan, schedule.id.text());
  return true;
}

void make_next_job(Turn& turn, ScheduleRecord& schedule) {
  ScheduleStatus& status = schedule.status;
  const EntityKey key{EntityKind::schedule, "", schedule.id.text()};
  const Result<std::string> spec = turn.read_spec(key);
  check(spec.has_value(), "a schedule has no specification");
  AddJob command{
      .id = JobId::trusted(fmt::format("{}:job-{}", schedule.id.text(), ++status.jobs_made)),
      .facts = status.facts.job,
      .spec = json::serialize(json::parse(*spec).at("jobSpecification"))};
  if (const std::optional<ManagerPlan>& manager = status.facts.manager)
    command.manager = NewTask{manager->id, manager->facts, manager->spec};
  const std::optional<PoolPlan>& plan = status.facts.pool;
  if (plan && plan->of_schedule && has_pool(turn, schedule))
    command.facts.pool = status.pool;
  else
    command.pool = plan;
  status.recent = command.id;
  status.last = *std::exchange(status.next, after(status.facts, *status.next));
  turn.note(schedule, "ScheduleFired");
  make_job(turn, command, schedule.id);
}

void complete(Turn& turn, ScheduleRecord& schedule) {
  set_state(turn, schedule, ScheduleState::completed, "ScheduleCompleted");
  PoolRecord* pool = turn.state.pool(schedule.status.pool);
  if (pool != nullptr && pool->status.state == PoolState::active &&
      !schedule.status.facts.pool->keep_alive)
    delete_pool(turn, *pool);
}

void remove(Turn& turn, ScheduleRecord& schedule, bool force) {
  for (JobRecord* job : jobs_of(turn.state, schedule)) {
    if (force || job->status.state != JobState::deleting) delete_job(turn, *job, force);
  }
}

// With force what is on its way out already may be asked for again.
bool is_asked_again(const ScheduleRecord& schedule, const SteerSchedule& command) {
  if (!command.force) return false;
  return (command.verb == ScheduleVerb::terminate &&
          schedule.status.state == ScheduleState::terminating) ||
         (command.verb == ScheduleVerb::remove && schedule.status.state == ScheduleState::deleting);
}

// Of its jobs' manager. What is wrong with their pool, each job tells.
Result<> check_manager(const State& state, const ScheduleFacts& facts,
                       const std::vector<PackageReference>& held = {}) {
  if (!facts.manager || !facts.manager->facts.rules) return Done();
  return check_packages(state, facts.manager->facts.rules->packages, held);
}

Time first_occurrence(const ScheduleFacts& facts, Time now) {
  return std::max(facts.not_before, now);
}

}  // namespace

void schedule_step(Turn& turn, ScheduleRecord& schedule) {
  ScheduleStatus& status = schedule.status;
  switch (status.state) {
    case ScheduleState::active: {
      const std::optional<Time> next = pass_lost(status.facts, status.next, turn.now);
      if (next != std::exchange(status.next, next)) turn.note(schedule, "ScheduleMissed");
      if (active_job(turn.state, schedule) != nullptr) return;
      if (has_ended(status.facts, status.next, turn.now))
        complete(turn, schedule);
      else if (status.next && *status.next <= turn.now)
        make_next_job(turn, schedule);
      turn.deadline_set = true;
      return;
    }
    case ScheduleState::terminating:
      if (active_job(turn.state, schedule) == nullptr) complete(turn, schedule);
      return;
    case ScheduleState::deleting:
      if (jobs_of(turn.state, schedule).empty()) remove_schedule(turn, schedule);
      return;
    case ScheduleState::completed:
    case ScheduleState::disabled:
      return;
  }
}

Time next_occurrence(const State& state, const ScheduleRecord& schedule) {
  const ScheduleStatus& status = schedule.status;
  if (status.state != ScheduleState::active) return Time::max();
  const auto job = state.jobs.find(status.recent);
  const bool busy = job != state.jobs.end() && job->second.status.state != JobState::completed;
  // While its job is active, all that time can do is to let an occurrence pass.
  if (busy)
    return status.next ? later(closes(status.facts, *status.next), Duration(1)) : Time::max();
  return std::min(status.next.value_or(Time::max()), status.facts.not_after.value_or(Time::max()));
}

Result<Reply> decide(Turn& turn, AddSchedule& command) {
  if (const ScheduleRecord* taken = turn.state.schedule(command.id)) {
    if (taken->status.state == ScheduleState::deleting) TRY(check_open(*taken));
    return refusal("JobScheduleExists", "The specified job schedule already exists.");
  }
  if (turn.state.job(JobId::trusted(command.id.text())) != nullptr)
    return refusal("JobWithSameIdExists",
                   "A job with the specified id exists; jobs and schedules need ids of their own.");
  TRY(check_job_quota(turn.state));
  TRY(check_manager(turn.state, command.facts));
  ScheduleRecord& schedule = turn.state.schedules[command.id];
  schedule.id = command.id;
  schedule.status.facts = std::move(command.facts);
  schedule.status.created = schedule.status.state_since = turn.now;
  schedule.status.next = first_occurrence(schedule.status.facts, turn.now);
  turn.spec({EntityKind::schedule, "", schedule.id.text()}, std::move(command.spec));
  turn.touch(schedule, "ScheduleAdded");
  const Reply reply = reply_of(schedule);
  schedule_step(turn, schedule);
  return reply;
}

Result<Reply> decide(Turn& turn, ReplaceSchedule& command) {
  ScheduleRecord* schedule = TRY(existing(turn, command.id, command.if_version));
  TRY(check_open(*schedule));
  ScheduleStatus& status = schedule->status;
  const bool had_rules = status.facts.manager && status.facts.manager->facts.rules;
  TRY(check_manager(
      turn.state, command.facts,
      had_rules ? status.facts.manager->facts.rules->packages : std::vector<PackageReference>()));
  status.facts = std::move(command.facts);
  if (command.new_times) {
    // The interval counts from the last job on; without one, or without an interval, from now.
    const Time start = first_occurrence(status.facts, turn.now);
    status.next = status.last && status.facts.interval
                      ? std::max(later(*status.last, *status.facts.interval), start)
                      : start;
  }
  turn.spec({EntityKind::schedule, "", schedule->id.text()}, std::move(command.spec));
  turn.touch(*schedule, "ScheduleChanged");
  const Reply reply = reply_of(*schedule);
  schedule_step(turn, *schedule);
  return reply;
}

Result<Reply> decide(Turn& turn, SteerSchedule& command) {
  ScheduleRecord* schedule = TRY(existing(turn, command.id, command.if_version));
  const bool may_be_leaving =
      command.verb == ScheduleVerb::remove && schedule->status.state != ScheduleState::deleting;
  if (!may_be_leaving && !is_asked_again(*schedule, command)) TRY(check_open(*schedule));
  switch (command.verb) {
    case ScheduleVerb::enable:
      set_state(turn, *schedule, ScheduleState::active, "ScheduleEnabled");
      break;
    case ScheduleVerb::disable:
      set_state(turn, *schedule, ScheduleState::disabled, "ScheduleDisabled");
      break;
    case ScheduleVerb::terminate:
      set_state(turn, *schedule, ScheduleState::terminating, "ScheduleTerminating");
      if (JobRecord* job = active_job(turn.state, *schedule);
          job != nullptr && job->status.state != JobState::terminating &&
          job->status.state != JobState::deleting)
        terminate_job(turn, *job, "TerminateJobSchedule");
      if (JobRecord* job = turn.state.job(schedule->status.recent); command.force && job != nullptr)
        abandon_job(turn, *job);
      break;
    case ScheduleVerb::remove: {
      const PoolId own = schedule->status.facts.pool && !schedule->status.facts.pool->keep_alive
                             ? schedule->status.pool
                             : PoolId();
      set_state(turn, *schedule, ScheduleState::deleting, "ScheduleDeleting");
      remove(turn, *schedule, command.force);
      if (PoolRecord* pool = turn.state.pool(own);
          pool != nullptr && pool->status.state == PoolState::active)
        delete_pool(turn, *pool);
      break;
    }
  }
  const Reply reply = reply_of(*schedule);
  schedule_step(turn, *schedule);
  return reply;
}

}  // namespace batchyard::engine
