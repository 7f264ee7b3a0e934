// What the service itself knows of an entity, beside what the user sent (its `spec`, canonical API
// JSON). A status is stored as JSON (base/described_json.h), is what a restart loads, and is what a
// GET shows together with the spec.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "model/task_status.h"
#include "protocol/messages.h"

namespace batchyard {

// ---- pool
// ------------------------------------------------------------------------------------------------------------

enum class PoolState { active, deleting };
BOOST_DESCRIBE_ENUM(PoolState, active, deleting)
enum class AllocationState { steady, resizing, stopping };
BOOST_DESCRIBE_ENUM(AllocationState, steady, resizing, stopping)
enum class Deallocation { requeue, terminate, taskcompletion, retaineddata };
BOOST_DESCRIBE_ENUM(Deallocation, requeue, terminate, taskcompletion, retaineddata)

// The facts of a pool's spec that the engine decides by.
struct PoolFacts {
  std::string vm_size;          // as the catalogue spells it, lower case
  std::int32_t cores = 1;       // of the size
  std::int32_t task_slots = 1;  // per node
  bool spread =
      false;  // taskSchedulingPolicy.nodeFillType; the default is spread in the API, see service
  bool inter_node = false;  // enableInterNodeCommunication
  bool start_task = false;
  bool start_task_gates = true;  // waitForSuccess
  bool set_up = false;           // accounts, certificates or mounts come before the start task
  std::vector<std::string> certificates;  // it refers to: "sha1-<thumbprint>"
  std::vector<PackageReference> packages;
  bool containers = false;    // its tasks run in containers
  bool windows = false;       // its nodes are
  protocol::Promise promise;  // what its size has
  std::string boots{};        // "publisher/offer/sku/version", or an own image (model/image.h)
  bool extensions{};          // some run on its nodes before anything else
  std::vector<std::string> drivers{};  // types of those that the service adds to the pool's own
};
BOOST_DESCRIBE_STRUCT(PoolFacts, (),
                      (vm_size, cores, task_slots, spread, inter_node, start_task, start_task_gates,
                       set_up, certificates, packages, containers, windows, promise, boots,
                       extensions, drivers))

// Something that is to fail on purpose, from `at` until `until`; at once and once, when it is of a
// kind that takes no time.
struct PlannedFault {
  std::int64_t id = 0;
  std::string node;  // its id, its number in the order of creation ("1"), or "*": all
  protocol::Fault fault;
  Time at;
  Time until = Time::max();
  bool begun = false;
  bool over = false;
  std::string outcome;  // what came of one that takes no time
};
BOOST_DESCRIBE_STRUCT(PlannedFault, (), (id, node, fault, at, until, begun, over, outcome))

// …as it is asked for: of the pool of that id, or of every pool ("*"), counting from its creation.
struct FaultPlan {
  std::string pool;
  std::string node = "*";
  protocol::Fault fault;
  Duration after{};
  std::optional<Time> at;  // in place of `after`
  Duration lasts = unlimited;
};

struct ResizeError {
  std::string code;  // "AllocationFailed", "AllocationTimedOut", "ResizeStopped"
  std::string message;
  std::vector<NameValue> values;
};
BOOST_DESCRIBE_STRUCT(ResizeError, (), (code, message, values))

struct AutoScaleFacts {
  std::string formula;
  Duration interval = std::chrono::minutes(15);
};
BOOST_DESCRIBE_STRUCT(AutoScaleFacts, (), (formula, interval))

// What came of an evaluation of the formula.
struct AutoScaleRun {
  Time at;
  std::string results;
  std::optional<ResizeError> error;  // the pool was left as it is
};
BOOST_DESCRIBE_STRUCT(AutoScaleRun, (), (at, results, error))

struct AutoScaleStatus {
  bool on = false;  // true; stored for filters
  AutoScaleFacts facts;
  Time next;  // when the formula runs again
  std::optional<AutoScaleRun> run;
};
BOOST_DESCRIBE_STRUCT(AutoScaleStatus, (), (on, facts, next, run))

struct PoolStatus {
  PoolFacts facts;
  PoolState state = PoolState::active;
  Time state_since;
  AllocationState allocation = AllocationState::steady;
  Time allocation_since;
  std::vector<ResizeError> resize_errors;
  std::int32_t target_dedicated = 0;
  std::int32_t target_low_priority = 0;
  std::int32_t current_dedicated = 0;  // nodes that the fleet has made and not yet taken back
  std::int32_t current_low_priority = 0;
  Duration resize_timeout = std::chrono::minutes(15);
  Deallocation deallocation = Deallocation::requeue;
  std::int64_t next_node = 0;  // number of the next node's id
  std::int64_t start_generation =
      0;  // counts the pool's start tasks: a changed one runs when a node starts again
  Time created;
  Time modified;
  bool removing = false;  // the resize takes named nodes away
  Duration core_time{};   // of dedicated nodes that have left: time allocated × cores
  std::optional<AutoScaleStatus> autoscale;  // nothing: its targets are the user's
  Time autoscale_asked;                      // when autoscale was last enabled or changed
  std::vector<PlannedFault> faults;          // in the order in which they were asked for
  std::int64_t last_fault = 0;               // its id
  Time resize_since{};                       // when the last resize began
};
BOOST_DESCRIBE_STRUCT(PoolStatus, (),
                      (facts, state, state_since, allocation, allocation_since, resize_errors,
                       target_dedicated, target_low_priority, current_dedicated,
                       current_low_priority, resize_timeout, deallocation, next_node,
                       start_generation, created, modified, removing, core_time, autoscale,
                       autoscale_asked, faults, last_fault, resize_since))

// A pool that a job or a schedule has made for itself (autoPoolSpecification).
struct PoolPlan {
  std::string prefix;        // of its id
  bool of_schedule = false;  // lives as long as the schedule, not as the job
  bool keep_alive = false;   // is left when that has ended
  PoolFacts facts;
  std::int32_t target_dedicated = 0;
  std::int32_t target_low_priority = 0;
  Duration resize_timeout = std::chrono::minutes(15);
  std::optional<AutoScaleFacts> autoscale;
  std::string spec;
  std::optional<Failure> error;  // why no such pool can be: the schedulingError of its job
};
BOOST_DESCRIBE_STRUCT(PoolPlan, (),
                      (prefix, of_schedule, keep_alive, facts, target_dedicated,
                       target_low_priority, resize_timeout, autoscale, spec, error))

// ---- node
// ------------------------------------------------------------------------------------------------------------

enum class NodeState {
  creating,
  starting,
  waitingforstarttask,
  starttaskfailed,
  idle,
  running,
  leavingpool,
  offline,
  unusable,
  unknown,
  preempted,
  rebooting,
  reimaging,
  upgradingos,
  deallocating,
  deallocated
};
BOOST_DESCRIBE_ENUM(NodeState, creating, starting, waitingforstarttask, starttaskfailed, idle,
                    running, leavingpool, offline, unusable, unknown, preempted, rebooting,
                    reimaging, upgradingos, deallocating, deallocated)
enum class SchedulingState { enabled, disabled };
BOOST_DESCRIBE_ENUM(SchedulingState, enabled, disabled)

struct NodeError {
  std::string code;
  std::string message;
  std::vector<NameValue> details;
};
BOOST_DESCRIBE_STRUCT(NodeError, (), (code, message, details))

// A line of node.recentTasks.
struct RecentTask {
  JobId job;
  TaskId task;
  std::int32_t member = 0;  // subtaskId; 0 for the primary and for plain tasks
  TaskState state = TaskState::running;
  Time start;
  std::optional<Time> end;
  std::optional<std::int32_t> exit_code;
  std::optional<Failure> failure;
};
BOOST_DESCRIBE_STRUCT(RecentTask, (), (job, task, member, state, start, end, exit_code, failure))

struct NodeStatus {
  NodeState state = NodeState::creating;
  Time state_since;
  bool dedicated = true;
  Time allocated;  // allocationTime: when the fleet had made it
  Time booted;     // lastBootTime: when its agent first joined in this incarnation
  std::string ip_address;
  std::string host_name;
  std::string incarnation;  // of the last Hello
  std::string agent_version;
  std::string launch_endpoint;
  protocol::Probe probe;
  protocol::StartTaskReport start_task;
  std::vector<NodeError> errors;
  std::int64_t tasks_run = 0;        // totalTasksRun
  std::int64_t tasks_succeeded = 0;  // totalTasksSucceeded
  std::int32_t running_tasks = 0;
  std::int32_t running_slots = 0;
  std::vector<RecentTask> recent;  // newest first, at most 10
  std::int32_t losses = 0;         // times it died since its last joining
  Time modified;
  SchedulingState scheduling = SchedulingState::enabled;
  bool draining = false;  // its tasks end first; then what its state says is done
  Deallocation option = Deallocation::requeue;  // …and how they end
  std::int64_t life = 0;                        // the fleet starts it anew for a higher one…
  std::int64_t image = 0;                       // …and without its files for a higher one of these
  std::string past_incarnation;  // of the life before: nothing that it still says counts
  Time data_until;      // what ended tasks left here is kept so long; Time::max(): for ever
  Time returns;         // a preempted node: when it is made again
  bool faulty = false;  // it could not be set up in this incarnation
  std::vector<protocol::Account> users;   // added by users
  std::vector<std::string> certificates;  // that were installed on it: "sha1-<thumbprint>"
  // Of its pool, when it joined in this incarnation: later ones come when it starts anew.
  std::vector<PackageReference> packages;
  bool deploying = false;      // these are on their way to it: it runs nothing yet
  bool awaits_images = false;  // of containers: it runs nothing yet
  // What became of its extensions on this disk, and whether it runs nothing yet for their sake.
  std::vector<protocol::ExtensionReport> extensions;
  bool awaits_extensions = false;
  // The gate: its checks that fail, by their names, and how often they began to in this life.
  std::vector<std::string> failing;
  std::int32_t gate_failures = 0;
  bool quarantined = false;  // too often: it takes no tasks in this life
  // How this life came about; Time(): not yet, or there was nothing to wait for.
  Time begun;       // when the fleet was asked for it
  Time made;        // when the fleet had it
  Time extended;    // when its extensions were through
  Time deployed;    // when the pool's packages were on it
  Time has_images;  // when it had the images of containers
};
BOOST_DESCRIBE_STRUCT(NodeStatus, (),
                      (state, state_since, dedicated, allocated, booted, ip_address, host_name,
                       incarnation, agent_version, launch_endpoint, probe, start_task, errors,
                       tasks_run, tasks_succeeded, running_tasks, running_slots, recent, losses,
                       modified, scheduling, draining, option, life, image, past_incarnation,
                       data_until, returns, faulty, users, certificates, packages, deploying,
                       awaits_images, extensions, awaits_extensions, failing, gate_failures,
                       quarantined, begun, made, extended, deployed, has_images))

// ---- job
// -------------------------------------------------------------------------------------------------------------

enum class JobState { active, disabling, disabled, enabling, terminating, completed, deleting };
BOOST_DESCRIBE_ENUM(JobState, active, disabling, disabled, enabling, terminating, completed,
                    deleting)

// What the engine decides by of a job's preparation, release and manager tasks. An empty id: the
// job has none.
struct JobHelpers {
  TaskId preparation;
  bool preparation_gates = true;   // waitForSuccess
  bool preparation_reruns = true;  // rerunOnNodeRebootAfterSuccess
  TaskId release;
  TaskId manager;
  bool manager_ends_job = true;      // killJobOnCompletion
  bool manager_exclusive = true;     // runExclusive: no other task on its node
  bool manager_low_priority = true;  // allowLowPriorityNode
};
BOOST_DESCRIBE_STRUCT(JobHelpers, (),
                      (preparation, preparation_gates, preparation_reruns, release, manager,
                       manager_ends_job, manager_exclusive, manager_low_priority))

// A job that ends when all its tasks are complete, and has none, waits so long for the first one:
// programs add the job and then its tasks.
inline constexpr Duration first_task_pause = std::chrono::minutes(1);

struct JobFacts {
  PoolId pool;
  std::int32_t priority = 0;
  Duration max_wall_clock = unlimited;   // from the job's creation
  bool terminate_when_done = false;      // onAllTasksComplete
  bool act_on_failure = false;           // onTaskFailure = performexitoptionsjobaction
  std::int32_t max_parallel_tasks = -1;  // -1: no limit
  std::int32_t max_task_retries = 0;     // what a task without a value of its own takes
  std::optional<JobHelpers> helpers;     // nothing: the job has none of them
  bool own_pool = false;           // the pool was made for this job and goes when it is completed
  bool uses_dependencies = false;  // usesTaskDependencies
  bool preemptible = false;        // allowTaskPreemption
};
BOOST_DESCRIBE_STRUCT(JobFacts, (),
                      (pool, priority, max_wall_clock, terminate_when_done, act_on_failure,
                       max_parallel_tasks, max_task_retries, helpers, uses_dependencies,
                       preemptible, own_pool))

// Tasks by state; `*_slots` sums their required slots.
struct TaskCounts {
  std::int64_t active = 0, running = 0, completed = 0, succeeded = 0, failed = 0;
  std::int64_t active_slots = 0, running_slots = 0, completed_slots = 0, succeeded_slots = 0,
               failed_slots = 0;
};
BOOST_DESCRIBE_STRUCT(TaskCounts, (),
                      (active, running, completed, succeeded, failed, active_slots, running_slots,
                       completed_slots, succeeded_slots, failed_slots))

// What its completed tasks took, for statistics.
struct JobUsage {
  Duration wall_clock{};
  Duration wait{};  // between a task's creation and the start of its last run
  std::int64_t retries = 0;
};
BOOST_DESCRIBE_STRUCT(JobUsage, (), (wall_clock, wait, retries))

struct JobStatus {
  JobFacts facts;
  JobState state = JobState::active;
  Time state_since;
  std::optional<JobState> previous;
  Time previous_since;
  Time created;
  Time modified;
  Time start;  // executionInfo.startTime
  std::optional<Time> end;
  std::string terminate_reason;
  TaskCounts counts;
  JobUsage usage;
  ScheduleId schedule;  // that made it; empty: a user did
  std::optional<Failure> scheduling_error;
};
BOOST_DESCRIBE_STRUCT(JobStatus, (),
                      (facts, state, state_since, previous, previous_since, created, modified,
                       start, end, terminate_reason, counts, usage, schedule, scheduling_error))

// ---- preparation
// -----------------------------------------------------------------------------------------------------

// What a job's preparation and release tasks did on one node. The row lies in its job under the
// node's id, and outlives the node.
struct PreparationStatus {
  PoolId pool;
  protocol::StartTaskReport preparation;
  std::optional<protocol::StartTaskReport> release;  // nothing: not ordered
  bool used = false;                                 // a task of the job was started here since
  bool again = false;  // the node has started anew since: it runs again before the next task
  Time created;
  Time modified;
};
BOOST_DESCRIBE_STRUCT(PreparationStatus, (),
                      (pool, preparation, release, used, again, created, modified))

// ---- certificate
// --------------------------------------------------------------------------------------------------------

enum class CertificateState { active, deleting, deletefailed };
BOOST_DESCRIBE_ENUM(CertificateState, active, deleting, deletefailed)

struct CertificateStatus {
  CertificateState state = CertificateState::active;
  Time state_since;
  std::optional<CertificateState> previous;
  Time previous_since;
  std::vector<std::string> used_by;  // why it could not be deleted: "pool p", "node n of pool p"
  Time created;
  Time modified;
};
BOOST_DESCRIBE_STRUCT(CertificateStatus, (),
                      (state, state_since, previous, previous_since, used_by, created, modified))

}  // namespace batchyard
