// The core of an agent: what does this node do next? It takes the server's orders, the ends of
// processes and of downloads, and the time; it never touches the machine itself (node/ports.h
// does). One thread uses it.
#pragma once

#include <boost/json/fwd.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "hardware/share.h"
#include "node/ports.h"
#include "node/retention.h"
#include "protocol/messages.h"

namespace batchyard::node {

// What the node is, from the fleet and the probe.
struct Identity {
  PoolId pool;
  NodeId node;
  std::string token;
  std::string incarnation;
  std::string ip_address;
  std::string host_name;
  std::string launch_endpoint;
  std::string root;           // AZ_BATCH_NODE_ROOT_DIR as tasks see it
  protocol::Probe probe;      // of the machine
  protocol::Promise promise;  // of the node's size…
  bool emulates = false;      // …which is emulated as far as the machine does not have it
  bool windows = false;       // a command line is one text there, and every program reads it itself
};

struct Run;
struct Chore;

class Node {
 public:
  Node(Identity identity, Ports& ports);
  ~Node();

  // What an earlier agent of this node has kept. Before anything else.
  void restore(const std::string& name, const std::string& text, Time now);
  // Instead of restore(), when the node has started anew since: its processes are gone, its files
  // are not. The caller drops the record.
  void bury(const std::string& name, const std::string& text, Time now);
  // Once, after the records: goes on with what had not got to a process. `alive` are the processes
  // that live or whose end will be told.
  void resume(const std::vector<std::string>& alive, Time now);

  // The first message of every link.
  protocol::Hello hello() const;
  void on_message(const protocol::ToAgent& message, Time now);
  void on_process_ended(const std::string& id, const ProcessEnd& end, Time now);
  void on_fetched(const std::string& id, const Result<>& outcome, Time now);
  void on_uploaded(const std::string& id, const Result<>& outcome, Time now);
  // By the order's directory.
  void on_deployed(const std::string& directory, const Result<>& outcome, Time now);
  // The machine was looked at again.
  void on_probed(protocol::Probe probe, Time now);
  // The link to the server is there (its first word is hello()), or is lost.
  void on_link(bool up, Time now);
  void tick(Time now);
  Time next_deadline() const;

  // Where the files of a task, of a job (no task) or of the node (neither) lie, below the root.
  static std::string directory_of(const JobId& job, const TaskId& task);

 private:
  void start_run(const protocol::RunTask& order, Time now);
  void start_application(const protocol::RunApplication& order, Time now);
  void end_as_told(const protocol::EndRun& order, Time now);
  void end_run(const protocol::EndRun& order, Time now);
  void forget(const protocol::Forget& order, Time now);
  void change_run(const protocol::ChangeRun& order);
  void remove_files(const protocol::RemoveFiles& order);

  void prepare(Run& run, Time now);
  void prepared(Run& run, Time now);
  void launch(Run& run, const std::string& command_line, bool coordination, Time now);
  // What a command line means here; nothing when a quote is left open.
  std::optional<std::vector<std::string>> words_of(const std::string& command_line) const;
  void become_ready(Run& run);
  // How anything of this run is started: environment, directory, user.
  ProcessOrder rank_template(const Run& run) const;
  void finish(Run& run, protocol::RunEnd end, Time now);
  void process_ended(Run& run, const ProcessEnd& end, Time now);
  void command_ended(Run& run, protocol::RunEnd end, Time now);
  void want_upload(Run& run);
  void may_upload(const protocol::MayUpload& order);
  void end_upload(Run& run, const std::optional<protocol::Failure>& why, Time now);
  void stop_uploads(Time now);
  void keep(const Run& run);
  void drop_stale(const protocol::RunKey& key);
  Run* find(const protocol::RunKey& key);
  std::vector<std::string> environment_of(const Run& run) const;
  std::vector<std::string> common_environment() const;

  // ---- chores (chore.cpp) ----
  static bool is_chore(std::string_view record);
  Chore* find_chore(const JobId& job, protocol::JobTaskKind kind);
  void run_chore(const protocol::RunJobTask& order, Time now);
  void begin_chore(const protocol::RunJobTask& order, Time now);
  void try_chore(Chore& chore, Time now);
  void chore_fetched(Chore& chore, Time now);
  void chore_ended(Chore& chore, const ProcessEnd& end, Time now);
  void chore_failed(Chore& chore, protocol::RunEnd end, bool may_retry, Time now);
  void close_chore(Chore& chore, Time now);
  void end_chore(Chore& chore, const protocol::Failure& why, Time now);
  void end_job_task(const protocol::EndJobTask& order, Time now);
  void forget_job(const protocol::ForgetJob& order, Time now);
  void end_late_chores(Time now);
  void tell(const Chore& chore);
  void keep(const Chore& chore);
  void restore_chore(const std::string& name, const std::string& text);
  void bury_chore(const std::string& text, Time now);
  void resume_chore(Chore& chore, bool alive, Time now);
  std::vector<std::string> environment_of(const Chore& chore) const;

  // ---- what the pool wants before anything runs (set_up.cpp) ----
  void set_up(const protocol::SetUpNode& order, Time now);
  void set_users(const protocol::SetUsers& order);
  void keep_set_up();
  void restore_set_up(const std::string& text);
  Result<> write_accounts();
  // Fills in the numbers of a named account; false when there is none of that name.
  bool find_account(User& user) const;
  static protocol::Failure no_account(const User& user);
  void put_certificates(const std::string& directory, const User& user,
                        bool protocol::Certificate::* visible);

  // ---- extensions (extensions.cpp) ----
  // What the pool runs on the node before anything else.
  struct Extending {
    std::vector<protocol::ExtensionReport> reports{};  // of set_up_->extensions, one each
    protocol::ExtensionsPhase phase = protocol::ExtensionsPhase::done;
    std::string process{};                  // of the one that runs
    bool ran = false;                       // one, since this agent was started
    bool looking = false;                   // at the machine, which may have what it had not before
    bool late = false;                      // …the one that runs takes too long
    std::vector<protocol::ToAgent> held{};  // orders that wait until they are through
  };
  bool is_extending() const { return extending_.phase != protocol::ExtensionsPhase::done; }
  bool holds(const protocol::ToAgent& message);
  void begin_extensions();
  void go_on_with_extensions(Time now);
  void start_extension(std::size_t at, Time now);
  void extension_ended(const ProcessEnd& end, Time now);
  void extension_failed(const protocol::Extension& extension,
                        const protocol::ExtensionReport& report, const std::string& why);
  void extensions_through(Time now);
  void resume_extensions(const std::vector<std::string>& alive, Time now);
  void end_late_extension(Time now);
  Time extension_deadline() const;
  void tell_extensions();
  std::vector<std::string> environment_of(const protocol::Extension& extension,
                                          const protocol::ExtensionReport& report) const;
  // Emulated hardware shows once what installs its driver has run.
  void hide_undriven(protocol::Probe& probe) const;

  // ---- application packages (packages.cpp) ----
  // What the pool wants on the node, in this incarnation.
  struct PoolPackages {
    std::vector<protocol::Package> packages;
    std::set<std::string> awaited;                     // directories
    std::optional<protocol::NodeFault> fault;          // one could not be had
    std::optional<protocol::RunStartTask> start_task;  // waits for them
  };
  void deploy_pool_packages(const protocol::DeployPackages& order);
  void await_pool_packages();
  void await_pool_packages(Chore& chore) const;
  void restore_pool_packages(const std::string& text);
  void pool_package_came(const std::string& directory, const Result<>& outcome, Time now);
  void start_task_ordered(const protocol::RunStartTask& order, Time now);
  // Orders what a run needs; its `fetching` grows by what is awaited.
  void await_packages(Run& run, Time now);
  void order_package(const protocol::Package& package);
  void add_packages(std::vector<std::string>& environment,
                    const std::vector<protocol::Package>& packages) const;

  // ---- containers (containers.cpp) ----
  static constexpr const char* images_process = "images";
  void want_images();
  void images_came(const ProcessEnd& end, Time now);
  void resume_images(bool alive);
  // Makes it a command in a container, when the task has settings of one. A failure when it cannot
  // be.
  std::optional<protocol::Failure> put_in_container(ProcessOrder& order,
                                                    const std::optional<ContainerOrder>& settings,
                                                    const std::string& directory,
                                                    const TaskId& preparation,
                                                    const JobId& job) const;

  // ---- hardware (hardware.cpp) ----
  void look_again();
  void tell_if_changed();
  void set_faults(const protocol::SetFaults& order);
  void restore_faults(const std::string& text);
  bool start_task_is_to_fail() const;
  void grant(Run& run);
  void add_hardware(std::vector<std::string>& environment, const Run& run) const;
  void add_devices(ProcessOrder& order, const Run& run) const;

  Identity identity_;
  Ports& ports_;
  protocol::Probe machine_;  // with what is emulated…
  protocol::Probe probe_;    // …and with what is to fail
  std::vector<protocol::Fault> faults_;
  DeviceShare share_;
  protocol::Welcome welcome_;
  std::map<protocol::RunKey, std::unique_ptr<Run>> runs_;
  // By job and kind; the start task's has no job.
  std::map<std::pair<JobId, protocol::JobTaskKind>, std::unique_ptr<Chore>> chores_;
  Retention retention_;
  std::optional<protocol::SetUpNode> set_up_;  // in this incarnation
  std::optional<protocol::NodeFault> fault_;   // …and it failed
  Extending extending_;
  std::vector<protocol::Account> users_;
  std::optional<PoolPackages> pool_packages_;  // nothing: the pool has none
  std::set<std::string> deploying_;            // directories under way, whoever waits for them
  bool images_awaited_ = false;                // what set_up_ wants of containers
  bool images_there_ = false;
  std::optional<protocol::RunJobTask> start_task_waits_;  // …for them
  std::optional<Time> unlinked_since_;                    // nothing while there is a link
};

}  // namespace batchyard::node
