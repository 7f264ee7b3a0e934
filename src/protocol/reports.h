// What messages tell of a node and of what ran on it; an entity's status keeps the same structs.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "protocol/hardware.h"

namespace batchyard::protocol {

struct NameValue {
  std::string name;
  std::string value;
};
BOOST_DESCRIBE_STRUCT(NameValue, (), (name, value))

// Why something failed, in the API's words (TaskFailureInformation).
enum class FailureCategory { usererror, servererror };
BOOST_DESCRIBE_ENUM(FailureCategory, usererror, servererror)
struct Failure {
  FailureCategory category = FailureCategory::usererror;
  std::string
      code;  // "FailureExitCode", "CommandProgramNotFound", "TaskEnded"…: reference/jobs-tasks.md
  std::string message;
  std::vector<NameValue> details;
};
BOOST_DESCRIBE_STRUCT(Failure, (), (category, code, message, details))

// One run: an attempt of a task. In a gang every member has the same job, task and attempt.
struct RunKey {
  JobId job;
  TaskId task;
  std::int64_t attempt =
      0;  // strictly increasing per task, and never given twice, even to a task of the same id
  auto operator<=>(const RunKey&) const = default;
};
BOOST_DESCRIBE_STRUCT(RunKey, (), (job, task, attempt))

enum class RunPhase {
  preparing,  // directories, resource files
  coordinating,
  ready,      // a gang member whose coordination command succeeded; waits for the others
  running,    // the application (or, on a member that is not the primary, the gang) runs
  uploading,  // the command has ended; its output files wait for leave to go, or are on their way
  ended,
};
BOOST_DESCRIBE_ENUM(RunPhase, preparing, coordinating, ready, running, uploading, ended)

// The container of a run, as its engine tells (TaskContainerExecutionInformation).
struct ContainerInfo {
  std::string container_id;
  std::string state;
  std::string error;
};
BOOST_DESCRIBE_STRUCT(ContainerInfo, (), (container_id, state, error))

// How a run ended on one node. For a member that is not the primary, the exit code is its
// coordination command's.
struct RunEnd {
  std::optional<std::int32_t> exit_code;  // nothing when no process was started
  std::optional<Failure> failure;         // nothing on success
  Time started;                           // when the command was started; Time() when it was not
  Time ended;
  Time kept_until{};  // its files stay so long (retentionTime); Time::max(): for ever
  std::optional<ContainerInfo> container;
};
BOOST_DESCRIBE_STRUCT(RunEnd, (), (exit_code, failure, started, ended, kept_until, container))

struct KnownRun {
  RunKey key;
  RunPhase phase = RunPhase::preparing;
  std::int32_t member = 0;
  RunEnd end;  // when phase is ended
};
BOOST_DESCRIBE_STRUCT(KnownRun, (), (key, phase, member, end))

// An application package that a pool or a task refers to, as it is at the moment of the order.
struct Package {
  std::string application;  // its id as it was created
  std::string version;
  bool by_default = false;  // the reference names no version
  std::string content;      // what the server keeps it as; empty: there is no such package any more
  std::string sha256;       // of the archive, hexadecimal
  std::int64_t size = 0;    // of the archive
};
BOOST_DESCRIBE_STRUCT(Package, (), (application, version, by_default, content, sha256, size))

enum class StartTaskPhase { none, running, succeeded, failed };
BOOST_DESCRIBE_ENUM(StartTaskPhase, none, running, succeeded, failed)
struct StartTaskReport {
  StartTaskPhase phase = StartTaskPhase::none;
  std::int64_t generation = 0;  // of the RunStartTask it belongs to
  std::int32_t retry_count = 0;
  Time last_retry;
  RunEnd end;  // of the last try
};
BOOST_DESCRIBE_STRUCT(StartTaskReport, (), (phase, generation, retry_count, last_retry, end))

// What a node runs for a job beside the job's tasks: before its first task there, and after its
// last.
enum class JobTaskKind { preparation, release };
BOOST_DESCRIBE_ENUM(JobTaskKind, preparation, release)
struct JobTaskReport {
  JobId job;
  JobTaskKind kind = JobTaskKind::preparation;
  StartTaskReport report;  // its generation is the RunJobTask's
};
BOOST_DESCRIBE_STRUCT(JobTaskReport, (), (job, kind, report))

}  // namespace batchyard::protocol
