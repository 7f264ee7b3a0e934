// What the service itself knows of a task beside its spec (see model/status.h).
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "protocol/reports.h"

namespace batchyard {

using protocol::Failure;
using protocol::NameValue;

enum class TaskState { active, preparing, running, completed };
BOOST_DESCRIBE_ENUM(TaskState, active, preparing, running, completed)

// dependsOn: what a task still waits for. Nothing is left of it once the task may run.
struct TaskRange {
  std::int32_t first = 0;
  std::int32_t last = 0;  // inclusive
};
BOOST_DESCRIBE_STRUCT(TaskRange, (), (first, last))
struct DependsOn {
  std::vector<std::string> ids;
  std::vector<TaskRange> ranges;
};
BOOST_DESCRIBE_STRUCT(DependsOn, (), (ids, ranges))

// exitConditions: what an end of the task means for its job and for those that wait for it.
enum class JobAction { none, disable, terminate };
BOOST_DESCRIBE_ENUM(JobAction, none, disable, terminate)
struct ExitOptions {
  std::optional<JobAction> job_action;
  std::optional<bool> satisfies;  // dependencyAction
};
BOOST_DESCRIBE_STRUCT(ExitOptions, (), (job_action, satisfies))
struct ExitCodes {
  std::int32_t first = 0;
  std::int32_t last = 0;  // inclusive
  ExitOptions options;
};
BOOST_DESCRIBE_STRUCT(ExitCodes, (), (first, last, options))
struct ExitRules {
  std::vector<ExitCodes> codes;  // exitCodes, then exitCodeRanges: the first that fits counts
  std::optional<ExitOptions> pre_processing;
  std::optional<ExitOptions> file_upload;
  std::optional<ExitOptions> otherwise;
};
BOOST_DESCRIBE_STRUCT(ExitRules, (), (codes, pre_processing, file_upload, otherwise))

// applicationPackageReferences: a package, or an application's default one.
struct PackageReference {
  ApplicationId application;
  PackageVersion version;  // empty: the default one at the time of deployment
  bool operator==(const PackageReference&) const = default;
};
BOOST_DESCRIBE_STRUCT(PackageReference, (), (application, version))

// What few tasks have, and the engine keeps beside the others (JobRecord::rules).
struct TaskRules {
  std::optional<DependsOn> depends_on;
  std::optional<ExitRules> exits;
  std::string affinity;  // the node that affinityInfo asks for, soft
  std::vector<PackageReference> packages;
};
BOOST_DESCRIBE_STRUCT(TaskRules, (), (depends_on, exits, affinity, packages))

// What a task needs of the scheduler.
struct TaskFacts {
  std::int32_t slots = 1;
  std::int32_t instances = 0;  // multiInstanceSettings.numberOfInstances; 0: a plain task
  std::optional<std::int32_t>
      retries;  // constraints.maxTaskRetryCount; nothing: the job's; -1: no limit
  std::optional<TaskRules> rules;
};
BOOST_DESCRIBE_STRUCT(TaskFacts, (), (slots, instances, retries, rules))

enum class ExecutionResult { success, failure };
BOOST_DESCRIBE_ENUM(ExecutionResult, success, failure)

// One instance of a multi-instance task; of member 0 (the primary) the task itself tells.
struct SubtaskStatus {
  std::int32_t member = 0;
  NodeId node;
  std::string ip_address;
  TaskState state = TaskState::preparing;
  Time state_since;
  std::optional<TaskState> previous;
  Time previous_since;
  Time start;
  std::optional<Time> end;
  std::optional<std::int32_t> exit_code;
  std::optional<Failure> failure;
  std::optional<ExecutionResult> result;
  std::optional<protocol::ContainerInfo> container;  // that its coordination command ran in
};
BOOST_DESCRIBE_STRUCT(SubtaskStatus, (),
                      (member, node, ip_address, state, state_since, previous, previous_since,
                       start, end, exit_code, failure, result, container))

struct TaskStatus {
  TaskFacts facts;
  TaskState state = TaskState::active;
  Time state_since;
  std::optional<TaskState> previous;
  Time previous_since;
  Time created;
  Time modified;
  std::int64_t attempt = 0;  // of the last run; 0: never ran
  PoolId pool;               // where the last run is or was; empty: never ran
  NodeId node;
  std::optional<Time> start;
  std::optional<Time> end;
  std::optional<std::int32_t> exit_code;
  std::optional<Failure> failure;
  std::optional<ExecutionResult> result;
  std::int32_t retries = 0;
  std::optional<Time> last_retry;
  std::int32_t requeues = 0;
  std::optional<Time> last_requeue;
  std::vector<SubtaskStatus> subtasks;  // members 1…n-1
  std::optional<Failure>
      ending;  // being ended for this reason: the run has been told, the end is awaited
  // Of the member that decided how the gang ends, while others still end.
  std::optional<protocol::RunEnd> verdict;
  bool requeue =
      false;  // a node was lost under the run: when its other members have ended it waits again
  bool requeue_counted = false;  // …because a user shrank the pool
  bool deleting = false;    // deleted by the user while it ran: the row goes with the run's end
  bool satisfies = false;   // completed so that tasks which depend on it may run
  std::string constraints;  // changed while it runs: what its nodes must be told
  // Its output files may be on their way: no other attempt starts before this one has ended or its
  // node is gone.
  bool uploading = false;
  std::optional<protocol::ContainerInfo> container;
  std::optional<protocol::Grant> grant;  // what the last run was given of its node's hardware
};
BOOST_DESCRIBE_STRUCT(TaskStatus, (),
                      (facts, state, state_since, previous, previous_since, created, modified,
                       attempt, pool, node, start, end, exit_code, failure, result, retries,
                       last_retry, requeues, last_requeue, subtasks, ending, verdict, requeue,
                       requeue_counted, deleting, satisfies, constraints, uploading, container,
                       grant))

}  // namespace batchyard
