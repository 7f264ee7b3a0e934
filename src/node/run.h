// What a node knows of one run, and of what it runs beside.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "node/ports.h"
#include "protocol/messages.h"

namespace batchyard::node {

// How long uploads go on without a link: shorter than the time after which the server gives a task
// of an unreachable node to another (requeue_after in engine/decide.h), by more than a dead link
// can go unnoticed on one side.
inline constexpr Duration upload_alone_max = std::chrono::minutes(4);

// The members of the API's task or start task that the node goes by; read from the canonical JSON.
struct Spec {
  std::string command_line;
  std::string coordination;  // of a gang; may be empty
  std::vector<protocol::NameValue> environment;
  struct File {
    std::string url;
    std::string path;
    std::string mode;
    bool container = false;
    std::string prefix;
  };
  std::vector<File> files;         // resourceFiles
  std::vector<File> common_files;  // commonResourceFiles of a gang
  User user;
  Duration wall_clock = unlimited;
  Duration retention = std::chrono::days(7);
  std::int32_t retries = 0;  // of a start or preparation task: the node retries these itself
  enum class UploadCondition { completion, success, failure };
  struct Output {
    UploadCondition condition = UploadCondition::completion;
    UploadOrder::Output what;
  };
  std::vector<Output> outputs;  // outputFiles
  // containerSettings. A mount's path is here a ContainerHostDataPath.
  std::optional<ContainerOrder> container;
};
Spec read_spec(std::string_view json, std::string_view own_key);
// containers.cpp: its containerSettings, if it has any.
std::optional<ContainerOrder> read_container(const boost::json::object* task);

struct Run {
  protocol::RunTask order;
  Spec spec;
  protocol::RunPhase phase = protocol::RunPhase::preparing;
  bool application_ordered = false;  // RunApplication came
  bool application_started = false;
  std::set<std::string> fetching;  // downloads that are awaited
  std::optional<protocol::RunEnd> fetch_failure;
  std::string process;  // the one that runs; empty: none
  std::optional<protocol::RunEnd> coordination;
  bool ending = false;
  std::optional<protocol::Failure> ending_for;  // nothing: released
  std::optional<protocol::Grant> grant;         // of the node's hardware; nothing: not yet
  bool ended_by_server = false;                 // …or by a newer attempt; not by its own time limit
  Time started;
  protocol::RunEnd end;         // while uploading: the command's
  bool uploading = false;       // the files are on their way
  bool upload_stopped = false;  // …and were called back, because the server may have given up on us

  bool is_gang() const { return order.gang.has_value(); }
  std::int32_t member() const { return order.gang ? order.gang->member : 0; }
  bool is_primary() const { return member() == 0; }
  std::string name() const;       // of its records and processes: letters that a file name may have
  std::string directory() const;  // below the root
  void set_constraints(std::string_view constraints);  // of the order and of the spec
};

// A command beside the runs, with retries of its own. One without a job is the pool's start task.
struct Chore {
  protocol::RunJobTask order;
  Spec spec;
  protocol::StartTaskReport report;
  std::set<std::string> fetching;
  std::optional<protocol::RunEnd> fetch_failure;
  std::string process;
  std::int32_t tries = 0;
  Time tried;                                // the wall clock limit of a try counts from here
  std::optional<protocol::Failure> ending;   // it is being ended for this: no further try
  std::optional<protocol::RunJobTask> next;  // begins when this one has ended

  bool is_start_task() const { return order.job.empty(); }
  bool is_busy() const { return !process.empty() || !fetching.empty(); }
  Time deadline() const {
    return report.phase == protocol::StartTaskPhase::running ? later(tried, spec.wall_clock)
                                                             : Time::max();
  }
  std::string name() const;       // of its record and its process
  std::string directory() const;  // below the root
};

// In the API's words: an exit code other than 0, a program that is missing, a file that could not
// be had…
std::optional<protocol::Failure> failure_of(const ProcessEnd& end, const std::string& command_line);
protocol::RunEnd end_of(const ProcessEnd& end, const std::string& command_line);
protocol::Failure fetch_failure_of(const Error& error);
protocol::Failure upload_failure_of(const Error& error);

// A resource file's download into `directory`, a task's or its wd.
FetchOrder fetch_order(std::string id, const Spec::File& file, const std::string& directory,
                       const User& user);

// Where a package is unpacked, below the root. Another archive of the same version has a place of
// its own: those that use the one before are not disturbed.
std::string directory_of(const protocol::Package& package);
// Whether something that is awaited (Run::fetching) is a package.
bool is_package(const std::string& awaited);

// "NAME=value" lists: a later value of the same name wins.
void set_variable(std::vector<std::string>& environment, const std::string& name,
                  const std::string& value);

}  // namespace batchyard::node
