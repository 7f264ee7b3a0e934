// A job's preparation task runs on a node before the first of the job's tasks there, its release
// task after the last: ordered, ended, and ordered again when a node has started anew.
#include <algorithm>

#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

namespace {

using protocol::JobTaskKind;
using protocol::StartTaskPhase;
using protocol::StartTaskReport;

bool is_over(StartTaskPhase phase) {
  return phase == StartTaskPhase::succeeded || phase == StartTaskPhase::failed;
}

// Where the job's tasks ran, which they did after its preparation, and a release task is there to
// run.
bool release_due(const JobRecord& job, const Preparation& preparation) {
  return !job.helpers().release.empty() && preparation.status.used &&
         preparation.status.preparation.phase != StartTaskPhase::running;
}

bool release_awaited(const JobRecord& job, const Preparation& preparation) {
  const std::optional<StartTaskReport>& release = preparation.status.release;
  return release_due(job, preparation) && (!release || !is_over(release->phase));
}

// Nothing that is ordered of this node can be expected to happen. One that fails its gate still
// does what it is told.
bool is_beyond_reach(const NodeRecord& node, Time now) {
  return (node.status.state == NodeState::unusable && (!is_closed(node) || node.status.faulty)) ||
         (!node.linked && later(node.unlinked_since, requeue_after) <= now);
}

StartTaskReport begun(Turn& turn) {
  StartTaskReport report;
  report.phase = StartTaskPhase::running;
  report.generation = turn.next_attempt();
  report.end.started = turn.now;
  return report;
}

StartTaskReport failed(const Turn& turn, StartTaskReport report, Failure why) {
  report.phase = StartTaskPhase::failed;
  report.end.failure = std::move(why);
  report.end.ended = turn.now;
  return report;
}

StartTaskReport lost(const Turn& turn, StartTaskReport report) {
  return failed(turn, std::move(report),
                {.category = protocol::FailureCategory::servererror,
                 .code = "TaskEnded",
                 .message = "The node that ran the task is gone, or could not be reached any more.",
                 .details = {}});
}

void order(Turn& turn, const JobRecord& job, const Preparation& preparation, JobTaskKind kind) {
  const StartTaskReport& report =
      kind == JobTaskKind::release ? *preparation.status.release : preparation.status.preparation;
  turn.perform(StartJobTask{.pool = preparation.status.pool,
                            .node = preparation.node->id,
                            .job = job.id,
                            .job_created = job.status.created,
                            .kind = kind,
                            .generation = report.generation,
                            .helpers = job.helpers()});
}

void tell_end(Turn& turn, const JobRecord& job, const Preparation& preparation) {
  turn.tell(*preparation.node,
            protocol::EndJobTask{.generation = preparation.status.preparation.generation,
                                 .job = job.id,
                                 .kind = JobTaskKind::preparation,
                                 .failure = ended_by("the end of its job")});
}

// The tasks of this job that wait on the node for its preparation.
std::vector<TaskIndex> waiting_tasks(const JobRecord& job, const NodeRecord& node) {
  std::vector<TaskIndex> waiting;
  for (const NodeRun& run : node.runs) {
    if (run.job == &job && job.tasks[run.task].state == TaskState::preparing)
      waiting.push_back(run.task);
  }
  return waiting;
}

void start_waiting(Turn& turn, JobRecord& job, const NodeRecord& node) {
  for (const TaskIndex at : waiting_tasks(job, node)) {
    const std::vector<Seat>& seats = job.tasks[at].detail->seats;
    if (std::ranges::all_of(seats, [&](const Seat& seat) { return is_prepared(job, seat.id); }))
      run_prepared(turn, job, at);
  }
}

void preparation_changed(Turn& turn, NodeRecord& node, JobRecord& job, Preparation& preparation,
                         StartTaskReport report) {
  if (preparation.status.preparation.phase != StartTaskPhase::running) return;
  const StartTaskPhase phase = report.phase;
  set_preparation(turn, job, preparation, std::move(report), "PreparationChanged");
  if (phase == StartTaskPhase::succeeded)
    start_waiting(turn, job, node);
  else if (phase == StartTaskPhase::failed) {
    for (const TaskIndex at : waiting_tasks(job, node)) requeue_prepared(turn, job, at);
  }
}

// The preparation's or release's report of that generation on this node.
StartTaskReport* find_report(Turn& turn, const NodeRecord& node, const JobId& id, JobTaskKind kind,
                             std::int64_t generation) {
  JobRecord* job = turn.state.job(id);
  if (job == nullptr) return nullptr;
  const auto found = job->preparations.find(node.id);
  if (found == job->preparations.end()) return nullptr;
  PreparationStatus& status = found->second.status;
  StartTaskReport* report = kind == JobTaskKind::preparation ? &status.preparation
                            : status.release                 ? &*status.release
                                                             : nullptr;
  return report != nullptr && report->generation == generation ? report : nullptr;
}

bool is_known(const std::vector<protocol::JobTaskReport>& known, const JobId& job,
              std::int64_t generation) {
  return std::ranges::any_of(known, [&](const protocol::JobTaskReport& one) {
    return one.job == job && one.report.generation == generation;
  });
}

// What the agent does not know was never begun there: it is ordered again, or not wanted any more.
void resume_unknown(Turn& turn, NodeRecord& node, JobRecord& job,
                    const std::vector<protocol::JobTaskReport>& known) {
  Preparation& preparation = job.preparations.at(node.id);
  const StartTaskReport& prepared = preparation.status.preparation;
  if (prepared.phase == StartTaskPhase::running) {
    if (is_known(known, job.id, prepared.generation)) {
      if (releases(job)) tell_end(turn, job, preparation);
    } else if (releases(job)) {
      set_preparation(turn, job, preparation, lost(turn, prepared), "PreparationEnded");
    } else {
      order(turn, job, preparation, JobTaskKind::preparation);
    }
  }
  const std::optional<StartTaskReport>& release = preparation.status.release;
  if (release && release->phase == StartTaskPhase::running &&
      !is_known(known, job.id, release->generation))
    order(turn, job, preparation, JobTaskKind::release);
}

}  // namespace

// A completed job whose end was forced has not waited for its releases.
bool releases(const JobRecord& job) {
  return job.status.state == JobState::terminating || job.status.state == JobState::deleting ||
         job.status.state == JobState::completed;
}

bool is_prepared(const JobRecord& job, const NodeId& node) {
  if (job.helpers().preparation.empty() || !job.helpers().preparation_gates) return true;
  const auto found = job.preparations.find(node);
  return found != job.preparations.end() && !found->second.status.again &&
         found->second.status.preparation.phase == StartTaskPhase::succeeded;
}

bool prepare_nodes(Turn& turn, JobRecord& job, const std::vector<NodeRecord*>& nodes) {
  if (job.helpers().preparation.empty()) return true;
  bool prepared = true;
  for (NodeRecord* node : nodes) {
    Preparation& preparation = preparation_on(job, *node);
    if (preparation.status.preparation.phase == StartTaskPhase::none || preparation.status.again) {
      set_preparation(turn, job, preparation, begun(turn), "PreparationOrdered");
      order(turn, job, preparation, JobTaskKind::preparation);
    }
    prepared = prepared && is_prepared(job, node->id);
  }
  return prepared;
}

void end_preparations(Turn& turn, JobRecord& job) {
  for (const auto& [id, preparation] : job.preparations) {
    if (preparation.status.preparation.phase == StartTaskPhase::running)
      tell_end(turn, job, preparation);
  }
}

void abandon_preparations(Turn& turn, JobRecord& job) {
  for (auto& [id, preparation] : job.preparations) {
    const StartTaskReport& report = preparation.status.preparation;
    if (report.phase == StartTaskPhase::running)
      set_preparation(turn, job, preparation, failed(turn, report, ended_by("the end of its job")),
                      "PreparationAbandoned");
  }
  release_nodes(turn, job);
}

bool release_nodes(Turn& turn, JobRecord& job) {
  bool released = true;
  for (auto& [id, preparation] : job.preparations) {
    if (preparation.status.preparation.phase == StartTaskPhase::running &&
        is_beyond_reach(*preparation.node, turn.now))
      set_preparation(turn, job, preparation, lost(turn, preparation.status.preparation),
                      "PreparationLost");
    if (preparation.status.preparation.phase == StartTaskPhase::running) released = false;
    if (!release_awaited(job, preparation)) continue;
    const bool ordered = preparation.status.release.has_value();
    if (!ordered) set_release(turn, job, preparation, begun(turn), "ReleaseOrdered");
    if (is_beyond_reach(*preparation.node, turn.now)) {
      set_release(turn, job, preparation, lost(turn, *preparation.status.release), "ReleaseLost");
      continue;
    }
    if (!ordered) order(turn, job, preparation, JobTaskKind::release);
    released = false;
  }
  return released;
}

void forget_preparations(Turn& turn, JobRecord& job) {
  const bool gone = job.status.state == JobState::deleting;
  std::vector<const NodeRecord*> nodes;
  for (const auto& [id, preparation] : job.preparations) {
    if (gone || !release_awaited(job, preparation)) nodes.push_back(preparation.node);
  }
  for (const NodeRecord* node : nodes) {
    turn.tell(*node, protocol::ForgetJob{job.id});
    leave_preparation(turn, job, NodeId(node->id), Leaving::row_stays);
  }
}

void job_task_changed(Turn& turn, NodeRecord& node, protocol::JobTaskReport& said) {
  const StartTaskReport* report =
      find_report(turn, node, said.job, said.kind, said.report.generation);
  if (report == nullptr) {
    JobRecord* job = turn.state.job(said.job);
    if (job == nullptr || !job->preparations.contains(node.id))
      turn.tell(node, protocol::ForgetJob{said.job});
    else if (!is_over(said.report.phase))
      turn.tell(node, protocol::EndJobTask{.generation = said.report.generation,
                                           .job = said.job,
                                           .kind = said.kind,
                                           .failure = ended_by("a newer attempt")});
    return;
  }
  if (is_over(report->phase)) return;
  JobRecord& job = *turn.state.job(said.job);
  Preparation& preparation = job.preparations.at(node.id);
  if (said.kind == JobTaskKind::preparation)
    preparation_changed(turn, node, job, preparation, std::move(said.report));
  else
    set_release(turn, job, preparation, std::move(said.report), "ReleaseChanged");
  if (releases(job) || job.status.state == JobState::disabling) job_step(turn, job);
}

void resume_job_tasks(Turn& turn, NodeRecord& node, std::vector<protocol::JobTaskReport>& known) {
  for (JobRecord* job : std::vector<JobRecord*>(node.prepared_for)) {
    resume_unknown(turn, node, *job, known);
    if (releases(*job)) job_step(turn, *job);
  }
  for (protocol::JobTaskReport& said : known) job_task_changed(turn, node, said);
}

void renew_preparations(Turn& turn, NodeRecord& node) {
  for (JobRecord* job : node.prepared_for) {
    Preparation& preparation = job->preparations.at(node.id);
    const StartTaskPhase phase = preparation.status.preparation.phase;
    if (phase == StartTaskPhase::running && !releases(*job))
      set_preparation(turn, *job, preparation, {}, "PreparationLost");
    else if (is_over(phase) && job->helpers().preparation_reruns &&
             (phase == StartTaskPhase::succeeded || !job->helpers().preparation_gates))
      run_again(turn, *job, preparation);
  }
}

bool awaits_job_tasks(const NodeRecord& node) {
  return std::ranges::any_of(node.prepared_for, [&](const JobRecord* job) {
    const Preparation& preparation = job->preparations.at(node.id);
    return preparation.status.preparation.phase == StartTaskPhase::running ||
           (releases(*job) && release_awaited(*job, preparation));
  });
}

void lose_job_tasks(Turn& turn, NodeRecord& node) {
  for (JobRecord* job : std::vector<JobRecord*>(node.prepared_for)) {
    Preparation& preparation = job->preparations.at(node.id);
    if (preparation.status.preparation.phase == StartTaskPhase::running && !releases(*job))
      set_preparation(turn, *job, preparation, {}, "PreparationLost");
    if (releases(*job)) job_step(turn, *job);
  }
}

void leave_jobs(Turn& turn, NodeRecord& node, Leaving leaving) {
  for (JobRecord* job : std::vector<JobRecord*>(node.prepared_for)) {
    Preparation& preparation = job->preparations.at(node.id);
    PreparationStatus& status = preparation.status;
    if (status.preparation.phase == StartTaskPhase::running)
      set_preparation(turn, *job, preparation, lost(turn, status.preparation), "PreparationLost");
    if (status.release && !is_over(status.release->phase))
      set_release(turn, *job, preparation, lost(turn, *status.release), "ReleaseLost");
    leave_preparation(turn, *job, NodeId(node.id), leaving);
    if (releases(*job)) job_step(turn, *job);
  }
}

}  // namespace batchyard::engine
