// One function per command: checks first, changes afterwards (engine/evolve.h), so that a refusal
// has changed nothing.
#pragma once

#include "engine/command.h"
#include "engine/evolve.h"
#include "engine/turn.h"

namespace batchyard::engine {

Reply reply_of(const PoolRecord& pool);
// How many of its dedicated, or of its low-priority, nodes are not leaving.
std::int32_t staying(const PoolRecord& pool, bool dedicated);

Result<Reply> decide(Turn& turn, AddPool& command);
Result<Reply> decide(Turn& turn, ReplacePool& command);
Result<Reply> decide(Turn& turn, ResizePool& command);
Result<Reply> decide(Turn& turn, StopResize& command);
Result<Reply> decide(Turn& turn, DeletePool& command);

Result<Reply> decide(Turn& turn, AddJob& command);
Result<Reply> decide(Turn& turn, ReplaceJob& command);
Result<Reply> decide(Turn& turn, TerminateJob& command);
Result<Reply> decide(Turn& turn, DeleteJob& command);
Result<Reply> decide(Turn& turn, DisableJob& command);
Result<Reply> decide(Turn& turn, EnableJob& command);

Result<Reply> decide(Turn& turn, AddTasks& command);
Result<Reply> decide(Turn& turn, TerminateTask& command);
Result<Reply> decide(Turn& turn, DeleteTask& command);
Result<Reply> decide(Turn& turn, ReactivateTask& command);
Result<Reply> decide(Turn& turn, UpdateTask& command);

Result<Reply> decide(Turn& turn, AgentSaid& command);
Result<Reply> decide(Turn& turn, AgentLost& command);
Result<Reply> decide(Turn& turn, FleetMade& command);
Result<Reply> decide(Turn& turn, FleetFailed& command);
Result<Reply> decide(Turn& turn, FleetUnmade& command);
Result<Reply> decide(Turn& turn, Tick& command);

Result<Reply> decide(Turn& turn, RemoveNodes& command);
Result<Reply> decide(Turn& turn, ActOnNode& command);
Result<Reply> decide(Turn& turn, PreemptNode& command);
Result<Reply> decide(Turn& turn, InjectFault& command);
Result<Reply> decide(Turn& turn, ClearFaults& command);
Result<Reply> decide(Turn& turn, SetNodeUser& command);
Result<Reply> decide(Turn& turn, RemoveNodeUser& command);

Result<Reply> decide(Turn& turn, AddCertificate& command);
Result<Reply> decide(Turn& turn, ReplaceCertificate& command);
Result<Reply> decide(Turn& turn, DeleteCertificate& command);
Result<Reply> decide(Turn& turn, CancelCertificateDeletion& command);

Result<Reply> decide(Turn& turn, EnableAutoScale& command);
Result<Reply> decide(Turn& turn, DisableAutoScale& command);
Result<Reply> decide(Turn& turn, EvaluateAutoScale& command);

Result<Reply> decide(Turn& turn, AddSchedule& command);
Result<Reply> decide(Turn& turn, ReplaceSchedule& command);
Result<Reply> decide(Turn& turn, SteerSchedule& command);

Result<Reply> decide(Turn& turn, SetApplication& command);
Result<Reply> decide(Turn& turn, DeleteApplication& command);
Result<Reply> decide(Turn& turn, DeclarePackage& command);
Result<Reply> decide(Turn& turn, StorePackage& command);
Result<Reply> decide(Turn& turn, ActivatePackage& command);
Result<Reply> decide(Turn& turn, DeletePackage& command);

// ---- shared between them
// ---------------------------------------------------------------------------------------------

// A conditional write: the row is still the one that the caller has read.
Result<> check_version(std::int64_t current, const std::optional<std::int64_t>& wanted);

// decide_pool: gives back nodes that leave and are free; ends the resize, or the pool, when nothing
// is awaited any more.
void resize_step(Turn& turn, PoolRecord& pool);
void want_node(Turn& turn, NodeRecord& node);
engine::NodeOrder order_of(const NodeRecord& node);
void pool_deadline(Turn& turn, PoolRecord& pool);
// decide_certificate: what a pool refers to must be there and not on its way out.
Result<> check_certificates(const State& state, const PoolFacts& facts);

// decide_package: each of these is there and active, unless it is among `held`: what is referred to
// already may have gone since.
Result<> check_packages(const State& state, const std::vector<PackageReference>& wanted,
                        const std::vector<PackageReference>& held = {});
// What the references mean now. One that means nothing any more has no content.
std::vector<protocol::Package> packages_of(const State& state,
                                           const std::vector<PackageReference>& references);

Result<PoolRecord*> usable_pool(Turn& turn, const PoolId& id,
                                const std::optional<std::int64_t>& if_version);
PoolRecord& make_pool(Turn& turn, AddPool& command);
// The pool is on its way out; nothing when it is not there any more.
void delete_pool(Turn& turn, PoolRecord& pool);
// New targets, whatever the pool is doing.
void start_resize(Turn& turn, PoolRecord& pool, std::int32_t dedicated, std::int32_t low_priority);

// decide_autoscale: samples that are due, and the formula when its time has come.
void begin_autoscale(Turn& turn, PoolRecord& pool, AutoScaleFacts facts);
// Whether enough time has gone by since autoscale was last asked for.
Result<> check_enable_pause(const PoolRecord& pool, Time now);
std::unexpected<Error> being_resized();
// A size asked for together with other changes (rescale.cpp): what is refused is refused before
// anything has changed.
Result<> check_rescale(const Turn& turn, const PoolRecord& pool, const Rescale& wanted);
void rescale(Turn& turn, PoolRecord& pool, Rescale wanted);
void autoscale_deadline(Turn& turn, PoolRecord& pool);
Time next_autoscale(const PoolRecord& pool);

// decide_schedule: jobs that are due; the end of a schedule that has nothing more to do.
void schedule_step(Turn& turn, ScheduleRecord& schedule);
Time next_occurrence(const State& state, const ScheduleRecord& schedule);

// decide_auto_pool: makes the pool that a job or a schedule wants for itself; `owner` is its id.
PoolId make_auto_pool(Turn& turn, const PoolPlan& plan, std::string_view owner);
// Why it cannot be made; the schedulingError of the job that wants it.
std::optional<Failure> auto_pool_error(const State& state, const PoolPlan& plan);
// What follows when jobs have ended: after every command.
void settle_ended_jobs(Turn& turn);

// decide_job
Result<> check_new_job(Turn& turn, const JobId& id);
JobRecord& make_job(Turn& turn, AddJob& command, const ScheduleId& schedule);
void delete_job(Turn& turn, JobRecord& job, bool force);

// decide_job: what follows from a job's tasks having ended or its time being up.
void job_step(Turn& turn, JobRecord& job);
// Refuses what a job on its way out does not allow any more: changes, and new tasks.
Result<> check_open(const JobRecord& job);
void job_deadline(Turn& turn, JobRecord& job);
// When a job that ends with its tasks stops to wait for the first one (first_task_pause).
Time first_task_deadline(const JobRecord& job);  // of other jobs: long ago
// Unless the job is on its way out already.
void terminate_job(Turn& turn, JobRecord& job, std::string reason);
// Ends a job that is on its way out without waiting for its nodes: what runs there is taken for
// ended. A completed job's release tasks go on; with a deleted job they are gone, too.
void abandon_job(Turn& turn, JobRecord& job);
// Unless it is on its way out, or disabled.
void disable_job(Turn& turn, JobRecord& job, DisableTasks tasks);

// decide_run: the life of a run between its start and its end.
void begin_run(Turn& turn, JobRecord& job, TaskIndex at, const std::vector<NodeRecord*>& nodes);
void member_ready(Turn& turn, NodeRecord& node, const protocol::MemberReady& said);
void member_ended(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member,
                  const protocol::RunEnd& end);
// Output files may go when no other attempt can be under way.
void upload_wanted(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member);
// What a run has of its node's hardware.
void run_granted(Turn& turn, NodeRecord& node, const protocol::RunKey& key, std::int32_t member,
                 const protocol::Grant& grant);
// The node's processes are gone: every run with a seat there is requeued (`counted`: for a user's
// sake).
void lose_runs(Turn& turn, NodeRecord& node, bool counted);
// The user, or a limit, ends a task: at once when it waits, else when its nodes have said so.
void end_task(Turn& turn, JobRecord& job, Task& task, const Failure& why);
// Ends a run so that the task waits again (`counted`: for a user's sake).
void requeue_run(Turn& turn, JobRecord& job, Task& task, std::string_view why, bool counted);
// Takes a run that is being ended for ended, without its nodes having said so.
void abandon_run(Turn& turn, JobRecord& job, Task& task);
// Those of tasks that have not completed in the time that a task is given (task_lifetime).
void end_old_runs(Turn& turn, NodeRecord& node);
// New constraints reach the nodes that run the task.
void tell_constraints(Turn& turn, const JobRecord& job, const Task& task);
void resume_runs(Turn& turn, NodeRecord& node, const std::vector<protocol::KnownRun>& known);
Failure ended_by(std::string_view who);

// decide_run: a task whose nodes are prepared starts; one whose node could not be prepared waits
// again.
void run_prepared(Turn& turn, JobRecord& job, TaskIndex at);
void requeue_prepared(Turn& turn, JobRecord& job, TaskIndex at);

// decide_preparation: a job's preparation and release tasks on its nodes.
// Whether the job's tasks may start on the node.
bool is_prepared(const JobRecord& job, const NodeId& node);
// Orders the preparation where it has not run; false when a task on these nodes has to wait for it.
bool prepare_nodes(Turn& turn, JobRecord& job, const std::vector<NodeRecord*>& nodes);
// The job is such that nothing of it is prepared any more, and its nodes are released.
bool releases(const JobRecord& job);
// The job ends: what still prepares is ended.
void end_preparations(Turn& turn, JobRecord& job);
// …and taken for ended, without its nodes having said so; the release is ordered where it is due.
void abandon_preparations(Turn& turn, JobRecord& job);
// Orders the release where it is due; true when nothing is awaited of any node.
bool release_nodes(Turn& turn, JobRecord& job);
// The job has ended: nodes and memory need no more of it, the rows stay. A completed job keeps
// those whose release is still awaited.
void forget_preparations(Turn& turn, JobRecord& job);
void job_task_changed(Turn& turn, NodeRecord& node, protocol::JobTaskReport& said);
void resume_job_tasks(Turn& turn, NodeRecord& node, std::vector<protocol::JobTaskReport>& known);
// The node has started anew, with its files.
void renew_preparations(Turn& turn, NodeRecord& node);
// The node is silent for long, or given up: what runs there of these tasks is put down as lost.
bool awaits_job_tasks(const NodeRecord& node);
void lose_job_tasks(Turn& turn, NodeRecord& node);
// The node leaves its pool (the rows stay), or is made anew without its files (nothing stays).
void leave_jobs(Turn& turn, NodeRecord& node, Leaving leaving);

// depart: a node that stops, starts anew or goes, after its tasks have ended as the option says.
// Its state is what will be done: leavingpool, rebooting, reimaging, deallocating.
bool departs(const NodeRecord& node);
// Not with the fleet, for it was deallocated or preempted; it stays in the pool.
bool is_away(const NodeRecord& node);
void send_off(Turn& turn, NodeRecord& node, NodeState to, Deallocation option,
              std::string_view what);
// How the tasks of a node end when it shall be free.
void give_up_runs(Turn& turn, NodeRecord& node, Deallocation option);
// Does what its state says once its tasks have ended; nothing before.
void departure_step(Turn& turn, NodeRecord& node);
// When departure_step has something to do without anything else happening; Time::max(): never.
Time departure_deadline(const NodeRecord& node);
void come_back(Turn& turn, NodeRecord& node);

// gate: judges the node by its facts, and keeps what fails.
void judge_node(Turn& turn, NodeRecord& node);

// decide_extensions: what the node's agent tells of its extensions.
void extensions_changed(Turn& turn, NodeRecord& node, protocol::ExtensionsChanged& said);

// decide_fault: faults that were asked for and are due.
void plan_faults(Turn& turn, PoolRecord& pool);
void fault_step(Turn& turn, PoolRecord& pool);
Time next_fault(const PoolRecord& pool);
// What is to show on the node now.
std::vector<protocol::Fault> faults_on(const NodeRecord& node);
// A fault that keeps the pool from getting nodes; nothing: none.
std::optional<ResizeError> allocation_fault(const PoolRecord& pool);

// decide_node
// Where the gate, its packages, images and start task let the node go.
void settle_node(Turn& turn, NodeRecord& node);
void agent_gone(Turn& turn, NodeRecord& node);
void node_deadline(Turn& turn, NodeRecord& node);
// How long an agent may be silent before its node is unknown, and before its tasks are started
// elsewhere.
inline constexpr Duration unknown_after = std::chrono::seconds(60);
inline constexpr Duration requeue_after = std::chrono::minutes(5);

// The next instant at which a Tick has something to do; Time::max() when there is none.
Time next_deadline(const State& state);

}  // namespace batchyard::engine
