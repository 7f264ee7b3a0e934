#include "explain/facts.h"

namespace batchyard::explain {

namespace {

// Nothing when no job of it is under way.
Result<std::optional<JobStatus>> living_job(const Facts& facts, const ScheduleStatus& schedule) {
  std::optional<JobStatus> job;
  if (!schedule.recent.empty())
    job = TRY(facts.find<JobStatus>(engine::EntityKind::job, "", schedule.recent.text()));
  if (job && job->state == JobState::completed) job.reset();
  return job;
}

}  // namespace

Result<> explain_schedule(const Facts& facts, const std::string& id, const ScheduleStatus& schedule,
                          Explanation& to) {
  to.summary = fmt::format("Schedule {} is {} since {}; it has made {}.", id, word(schedule.state),
                           to_iso8601(schedule.state_since), counted(schedule.jobs_made, "job"));
  if (schedule.state == ScheduleState::disabled) {
    to.reasons.push_back(
        {"ScheduleDisabled",
         "It makes no jobs while it is disabled. Occurrences whose startWindow passes "
         "meanwhile are lost.",
         "Enable the schedule.", ""});
  }
  if (schedule.state != ScheduleState::active && schedule.state != ScheduleState::disabled)
    return Done();
  if (const std::optional<JobStatus> job = TRY(living_job(facts, schedule)))
    to.reasons.push_back({"RecentJobLives",
                          fmt::format("Its job {} is {}: there is no other one beside it.",
                                      schedule.recent.text(), word(job->state)),
                          schedule.facts.interval
                              ? "Let the job end: onAllTasksComplete, killJobOnCompletion of its "
                                "manager, or maxWallClockTime."
                              : "",
                          "job/" + schedule.recent.text()});
  if (facts.now() < schedule.facts.not_before)
    to.reasons.push_back(
        {"NotYet", fmt::format("doNotRunUntil is {}.", to_iso8601(schedule.facts.not_before)), "",
         ""});
  if (!schedule.next) {
    to.reasons.push_back({"NoMoreJobs",
                          schedule.facts.interval
                              ? "No occurrence is left before doNotRunAfter."
                              : "It has no recurrenceInterval: one job was all.",
                          "Update the schedule, or delete it.", ""});
    return Done();
  }
  to.next.push_back({*schedule.next, "its next job is due"});
  if (schedule.facts.window != unlimited)
    to.next.push_back({later(*schedule.next, schedule.facts.window),
                       "that job is lost if it has not been made: startWindow"});
  if (schedule.facts.not_after)
    to.next.push_back({*schedule.facts.not_after, "the schedule is completed: doNotRunAfter"});
  return Done();
}

}  // namespace batchyard::explain
