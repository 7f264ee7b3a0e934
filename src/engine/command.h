// What the engine can be asked. Commands come from the service (users), from agents (the link) and
// from the fleet. A refusal changes nothing; an accepted command is durable before its answer is
// given.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "base/time.h"
#include "engine/fleet.h"
#include "model/application_status.h"
#include "model/schedule_status.h"
#include "model/status.h"
#include "protocol/messages.h"

namespace batchyard::engine {

// `if_version`: the row's version that the caller has read and decided by; another one by now is
// refused with ConditionNotMet (Kind::unmet).

// ---- pools: PoolExists, PoolNotFound, PoolBeingDeleted, PoolBeingResized
// --------------------------------------------
struct AddPool {
  PoolId id;
  PoolFacts facts;
  std::int32_t target_dedicated = 0;
  std::int32_t target_low_priority = 0;
  Duration resize_timeout = std::chrono::minutes(15);
  std::string spec;
  std::optional<AutoScaleFacts> autoscale;  // then the targets are the formula's
};
// Another size for a pool that is there: targets or a formula. Targets that are not given stay.
struct Rescale {
  std::optional<std::int32_t> target_dedicated;
  std::optional<std::int32_t> target_low_priority;
  Duration resize_timeout = std::chrono::minutes(15);
  Deallocation deallocation = Deallocation::requeue;
  std::optional<AutoScaleFacts> autoscale;  // then the targets are the formula's
};
// PATCH: `spec` is the whole new one. With `new_start_task`, nodes run it when they start the next
// time. With `scale` the pool is sized anew, too: both happen, or neither does.
struct ReplacePool {
  PoolId id;
  PoolFacts facts;
  bool new_start_task = false;
  std::string spec;
  std::optional<std::int64_t> if_version;
  std::string only_when_empty = {};  // a changed property that needs a pool without nodes
  std::optional<Rescale> scale = {};
};
struct ResizePool {
  PoolId id;
  std::optional<std::int32_t> target_dedicated;
  std::optional<std::int32_t> target_low_priority;
  Duration resize_timeout = std::chrono::minutes(15);
  Deallocation deallocation = Deallocation::requeue;
  std::optional<std::int64_t> if_version;
};
struct StopResize {
  PoolId id;
  std::optional<std::int64_t> if_version;
};
struct DeletePool {
  PoolId id;
  std::optional<std::int64_t> if_version;
};

// ---- autoscale: InvalidAutoScalingSettings, TooManyEnableAutoScaleRequests
// --------------------------------------------
// The formula is well formed. What is not given stays.
struct EnableAutoScale {
  PoolId id;
  std::optional<std::string> formula;
  std::optional<Duration> interval;
  std::optional<std::int64_t> if_version;
};
struct DisableAutoScale {
  PoolId id;
  std::optional<std::int64_t> if_version;
};
// Changes nothing: the run is in the reply.
struct EvaluateAutoScale {
  PoolId id;
  std::string formula;
};

// ---- jobs: JobExists, JobNotFound, JobBeingDeleted, JobBeingTerminated, JobCompleted
// --------------------------------
struct NewTask {
  TaskId id;
  TaskFacts facts;
  std::string spec;
  bool container = false;  // has containerSettings
};
struct AddJob {
  JobId id;
  JobFacts facts;
  std::string spec;
  std::optional<NewTask> manager = {};  // its job manager task, added with it
  std::optional<PoolPlan> pool = {};    // the job's own; facts.pool is empty then
};
struct ReplaceJob {
  JobId id;
  JobFacts facts;
  std::string spec;
  std::optional<std::int64_t> if_version;
};
struct TerminateJob {
  JobId id;
  std::string reason;  // "UserTerminate" when the user gave none
  std::optional<std::int64_t> if_version;
  bool force = false;  // does not wait for the nodes that run or ran its tasks
};
struct DeleteJob {
  JobId id;
  std::optional<std::int64_t> if_version;
  bool force = false;
};
enum class DisableTasks { requeue, terminate, wait };
struct DisableJob {
  JobId id;
  DisableTasks tasks = DisableTasks::requeue;
  std::optional<std::int64_t> if_version;
};
struct EnableJob {
  JobId id;
  std::optional<std::int64_t> if_version;
};

// ---- job schedules: JobScheduleExists, JobScheduleNotFound, JobScheduleCompleted…
// --------------------------------
// `spec` has the jobs' specification as its member jobSpecification.
struct AddSchedule {
  ScheduleId id;
  ScheduleFacts facts;
  std::string spec;
};
// With `new_times` the occurrences are counted anew.
struct ReplaceSchedule {
  ScheduleId id;
  ScheduleFacts facts;
  bool new_times = false;
  std::string spec;
  std::optional<std::int64_t> if_version;
};
enum class ScheduleVerb { enable, disable, terminate, remove };
struct SteerSchedule {
  ScheduleId id;
  ScheduleVerb verb = ScheduleVerb::enable;
  std::optional<std::int64_t> if_version;
  bool force = false;  // of terminate and remove: does not wait for the nodes of its jobs
};

// ---- tasks: TaskExists, TaskNotFound, TaskCompleted, TaskNotCompleted, TaskSucceeded
// --------------------------------
// The command as a whole is refused for the job's sake only; each task has its own verdict in
// Reply::items.
struct AddTasks {
  JobId job;
  std::vector<NewTask> tasks;
};
struct TerminateTask {
  JobId job;
  TaskId id;
  std::optional<std::int64_t> if_version;
};
struct DeleteTask {
  JobId job;
  TaskId id;
  std::optional<std::int64_t> if_version;
};
struct ReactivateTask {
  JobId job;
  TaskId id;
  std::optional<std::int64_t> if_version;
};
// PUT: other constraints. `spec` is the whole new one, made from that of the task created then.
struct UpdateTask {
  JobId job;
  TaskId id;
  Time created;
  std::optional<std::int32_t> retries;
  std::string spec;
  std::string constraints;  // canonical JSON, for the nodes that run it
  std::optional<std::int64_t> if_version;
};

// ---- from agents; `node` was proved by the link
// ---------------------------------------------------------------------
struct AgentSaid {
  PoolId pool;
  NodeId node;
  protocol::FromAgent message;  // never a FileAnswer: the service takes those
};
struct AgentLost {
  PoolId pool;
  NodeId node;
};

// ---- from the fleet
// -------------------------------------------------------------------------------------------------
struct FleetMade {
  NodeMade node;
};
// Could not be made, or was made and has died.
struct FleetFailed {
  PoolId pool;
  NodeId node;
  Error error;
};
struct FleetUnmade {
  PoolId pool;
  NodeId node;
};

// ---- nodes: NodeNotFound, NodeBeing…, NodeStateUnusable, NodeAlreadyInTargetSchedulingState,
// OperationInvalidForCurrentState
// ----------------------------------------------------------------------------------------------
struct RemoveNodes {
  PoolId id;
  std::vector<NodeId> nodes;
  Duration resize_timeout = std::chrono::minutes(15);
  Deallocation deallocation = Deallocation::requeue;
  std::optional<std::int64_t> if_version;
};
enum class NodeAction { reboot, reimage, deallocate, start, disable_scheduling, enable_scheduling };
struct ActOnNode {
  PoolId pool;
  NodeId node;
  NodeAction action = NodeAction::reboot;
  Deallocation option = Deallocation::requeue;  // of the tasks that run there
};
// Of the operator: the machine under a low-priority node is wanted elsewhere for a while.
struct PreemptNode {
  PoolId pool;
  NodeId node;
  Duration away = std::chrono::minutes(1);
};
// What is to fail in the pool on purpose (docs/hardware.md). Its id is given here, and told in the
// reply's version.
struct InjectFault {
  PoolId pool;
  FaultPlan plan;
};
// 0: all of them.
struct ClearFaults {
  PoolId pool;
  std::int64_t id = 0;
};
// NodeUserExists, NodeUserNotFound. `add` false: an account of that name gets everything anew but
// its being an administrator.
struct SetNodeUser {
  PoolId pool;
  NodeId node;
  protocol::Account account;
  bool add = true;
};
struct RemoveNodeUser {
  PoolId pool;
  NodeId node;
  std::string name;
};

// ---- certificates, by "<algorithm>-<thumbprint>": CertificateExists, CertificateNotFound,
// CertificateBeingDeleted, CertificateStateActive
// ----------------------------------------------------------------------------------------------
struct AddCertificate {
  std::string id;
  std::string spec;
};
// The same certificate in another wrapping: data, format, password.
struct ReplaceCertificate {
  std::string id;
  std::string spec;
  std::optional<std::int64_t> if_version;
};
struct DeleteCertificate {
  std::string id;
};
struct CancelCertificateDeletion {
  std::string id;
};

// ---- applications and their packages: ApplicationExists, ApplicationNotFound,
// ApplicationPackageNotFound, ApplicationPackagesNotEmpty, RequestedDefaultVersionNotActive,
// ApplicationPackageBlobNotFound
// ----------------------------------------------------------------------------------------------
// What is not given stays, or has its default when the application is added.
struct SetApplication {
  ApplicationId id;
  bool add = false;
  std::optional<std::string> display_name;
  std::optional<PackageVersion> default_version;  // empty: none
  std::optional<bool> allow_updates = {};
  std::optional<std::string> tags = {};  // a JSON object
};
struct DeleteApplication {
  ApplicationId id;
};
// The archive will be put into the account's storage, as that blob. Adds the package when there is
// none.
struct DeclarePackage {
  ApplicationId application;
  PackageVersion version;
  std::string blob;                      // of a package that has one, it stays
  std::optional<std::string> tags = {};  // a JSON object
};
// The archive is kept, and waits for its activation. Adds the package when there is none.
struct StorePackage {
  ApplicationId application;
  PackageVersion version;
  PackageContent content;
};
struct ActivatePackage {
  ApplicationId application;
  PackageVersion version;
  std::string format;
  std::optional<PackageContent> content = {};  // as it lay in the storage
};
struct DeletePackage {
  ApplicationId application;
  PackageVersion version;
};

// A deadline has passed, or nothing else happened for a while.
struct Tick {};

using AnyCommand = std::variant<
    AddPool, ReplacePool, ResizePool, StopResize, DeletePool, AddJob, ReplaceJob, TerminateJob,
    DeleteJob, AddTasks, TerminateTask, DeleteTask, ReactivateTask, AgentSaid, AgentLost, FleetMade,
    FleetFailed, FleetUnmade, Tick, DisableJob, EnableJob, UpdateTask, RemoveNodes, ActOnNode,
    PreemptNode, SetNodeUser, RemoveNodeUser, AddCertificate, ReplaceCertificate, DeleteCertificate,
    CancelCertificateDeletion, EnableAutoScale, DisableAutoScale, EvaluateAutoScale, AddSchedule,
    ReplaceSchedule, SteerSchedule, SetApplication, DeleteApplication, DeclarePackage, StorePackage,
    ActivatePackage, DeletePackage, InjectFault, ClearFaults>;

// One of them. What moves and destroys it is compiled once, in command.cpp: it is long, and
// everybody who submits needs it.
struct Command : AnyCommand {
  using AnyCommand::variant;
  Command(Command&& other) noexcept;
  Command& operator=(Command&& other) noexcept;
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command();
};

struct Reply {
  std::int64_t version = 0;                 // of the entity that was written; 0 when it is gone
  Time modified;                            // its lastModified
  std::vector<Result<std::int64_t>> items;  // of AddTasks, in the order of its tasks: versions
  std::optional<AutoScaleRun> run = {};     // of EvaluateAutoScale
};

// Called once, on the engine's thread, after the commit (or at once on refusal).
using OnDone = std::move_only_function<void(Result<Reply>)>;

// Where commands go. From any thread; answers in the order of submission.
class Inbox {
 public:
  virtual ~Inbox() = default;
  virtual void submit(Command command, OnDone done) = 0;
};

}  // namespace batchyard::engine
