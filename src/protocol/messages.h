// What agent and server say to each other. The link may break at any moment, so every order can be
// repeated: an agent knows a run by (job, task, attempt) and starts it once; it keeps what it knows
// of an ended run until `Forget`, which the server sends only after the end is durable.
#pragma once

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "protocol/extensions.h"
#include "protocol/reports.h"

namespace batchyard::protocol {

inline constexpr int version = 1;

// ---- agent to server
// -------------------------------------------------------------------------------------------------

// First on every link. `incarnation` changes when the node starts anew (its processes are gone),
// not when the agent does.
struct Hello {
  std::int32_t version = protocol::version;
  PoolId pool;
  NodeId node;
  std::string token;  // proves the identity
  std::string incarnation;
  std::string agent_version;
  std::string ip_address;
  std::string host_name;
  std::string launch_endpoint;  // host:port where peers of a gang reach this agent
  Probe probe;
  StartTaskReport start_task;
  std::vector<KnownRun> runs;
  std::vector<JobTaskReport> job_tasks;
};
BOOST_DESCRIBE_STRUCT(Hello, (),
                      (version, pool, node, token, incarnation, agent_version, ip_address,
                       host_name, launch_endpoint, probe, start_task, runs, job_tasks))

struct StartTaskChanged {
  StartTaskReport report;
};
BOOST_DESCRIBE_STRUCT(StartTaskChanged, (), (report))

// A gang member's coordination command has succeeded.
struct MemberReady {
  RunKey key;
  std::int32_t member = 0;
  RunEnd coordination;
};
BOOST_DESCRIBE_STRUCT(MemberReady, (), (key, member, coordination))

// Repeated after every Hello (as KnownRun) until Forget arrives.
struct RunEnded {
  RunKey key;
  std::int32_t member = 0;
  RunEnd end;
};
BOOST_DESCRIBE_STRUCT(RunEnded, (), (key, member, end))

// The command has ended and there are files to upload. They may overwrite what another attempt has
// written, so the server must say first that this attempt is the current one. Said again by Hello
// (phase `uploading`).
struct UploadWanted {
  RunKey key;
  std::int32_t member = 0;
};
BOOST_DESCRIBE_STRUCT(UploadWanted, (), (key, member))

struct FileEntry {
  std::string name;  // relative to the asked root, '/' between parts
  bool directory = false;
  std::int64_t size = 0;
  std::int32_t mode = 0;
  Time modified;
  Time created;
};
BOOST_DESCRIBE_STRUCT(FileEntry, (), (name, directory, size, mode, modified, created))
struct FileAnswer {
  std::int64_t request = 0;
  std::string error_code;  // empty on success; "FileNotFound", "OperationInvalidForCurrentState"…
  std::string error_message;
  std::vector<FileEntry> entries;  // one for `properties` and `read`
  std::string data_base64;         // of `read`
  bool more = false;               // of `list`: there are names after the last of these
};
BOOST_DESCRIBE_STRUCT(FileAnswer, (),
                      (request, error_code, error_message, entries, data_base64, more))

// Told when it starts, at every retry, and at its end; repeated in every Hello until ForgetJob.
struct JobTaskChanged {
  JobTaskReport report;
};
BOOST_DESCRIBE_STRUCT(JobTaskChanged, (), (report))

// Every 30 s while the link stands: how busy the node's machine was since the last report. What
// counts is the machine, for the nodes of one machine share it.
struct NodeUsage {
  double cpu = 0;     // part of the processors' time: 0 to 1
  double memory = 0;  // megabytes in use
  double disk = 0;    // gigabytes in use where the node's files are
  std::int64_t disk_read_bytes = 0;
  std::int64_t disk_write_bytes = 0;
  std::int64_t disk_read_ops = 0;
  std::int64_t disk_write_ops = 0;
  std::int64_t network_in_bytes = 0;
  std::int64_t network_out_bytes = 0;
};
BOOST_DESCRIBE_STRUCT(NodeUsage, (),
                      (cpu, memory, disk, disk_read_bytes, disk_write_bytes, disk_read_ops,
                       disk_write_ops, network_in_bytes, network_out_bytes))

// The packages of DeployPackages are in place. Said again after every Hello.
struct PackagesDeployed {};
BOOST_DESCRIBE_STRUCT(PackagesDeployed, (), ())

// ---- server to agent
// -------------------------------------------------------------------------------------------------

// Answers Hello. What the agent needs to know of its pool.
struct Welcome {
  std::string account_name;
  std::string account_url;  // AZ_BATCH_ACCOUNT_URL
  std::int32_t task_slots = 1;
  std::int32_t cores = 1;  // of the pool's size: slots of the MPI host files
  bool dedicated = true;
};
BOOST_DESCRIBE_STRUCT(Welcome, (), (account_name, account_url, task_slots, cores, dedicated))

// Runs the pool's start task (with its own retries), unless this generation ran already in this
// incarnation.
struct RunStartTask {
  std::int64_t generation = 0;
  std::string spec;  // the API's startTask as canonical JSON text
};
BOOST_DESCRIBE_STRUCT(RunStartTask, (), (generation, spec))

struct GangMember {
  std::int32_t member = 0;  // 0 is the primary; others are the subtask ids
  NodeId node;
  std::string ip_address;
  std::string host_name;
  std::string launch_endpoint;
};
BOOST_DESCRIBE_STRUCT(GangMember, (), (member, node, ip_address, host_name, launch_endpoint))
struct Gang {
  std::int32_t member = 0;  // who the reader is
  std::string secret;       // shared by the members of this attempt alone
  std::vector<GangMember> members;
  std::string no_fabric{};  // why its members cannot use RDMA with each other; empty: they can
};
BOOST_DESCRIBE_STRUCT(Gang, (), (member, secret, members, no_fabric))

struct RunTask {
  RunKey key;
  std::int32_t slots = 1;
  std::string spec;                        // the API's task as canonical JSON text
  std::vector<NameValue> job_environment;  // commonEnvironmentSettings of the job
  std::optional<Gang> gang;
  TaskId preparation;  // the job's preparation task, which has run here; empty: the job has none
  std::string authentication_token;  // empty: the task asks for none
  // Of the node, when the order was given: a node that has started anew since does not follow it.
  // Empty: any.
  std::string incarnation{};
  std::vector<Package> packages{};  // in place before its command starts
};
BOOST_DESCRIBE_STRUCT(RunTask, (),
                      (key, slots, spec, job_environment, gang, preparation, authentication_token,
                       incarnation, packages))

// Every member is ready: the primary starts the application command.
struct RunApplication {
  RunKey key;
};
BOOST_DESCRIBE_STRUCT(RunApplication, (), (key))

// Ends the run and its whole process tree; answered by RunEnded (at once when the run is not
// known). `failure` is what the end is put down to; nothing when a gang's member is released
// because the primary has ended.
struct EndRun {
  RunKey key;
  std::optional<Failure> failure;
};
BOOST_DESCRIBE_STRUCT(EndRun, (), (key, failure))

// The end is durable: the agent may forget the run; its files stay until retention or RemoveTask.
struct Forget {
  RunKey key;
};
BOOST_DESCRIBE_STRUCT(Forget, (), (key))

// Answers UploadWanted: the attempt is the current one and stays so until its RunEnded.
struct MayUpload {
  RunKey key;
};
BOOST_DESCRIBE_STRUCT(MayUpload, (), (key))

// Deletes a task's directory, or the job's when `task` is empty.
struct RemoveFiles {
  JobId job;
  TaskId task;
};
BOOST_DESCRIBE_STRUCT(RemoveFiles, (), (job, task))

// `upload_logs`: what the agent itself has said goes to a container, whatever job and path are.
enum class FileVerb { list, properties, read, remove, upload_logs };
BOOST_DESCRIBE_ENUM(FileVerb, list, properties, read, remove, upload_logs)
struct FileRequest {
  std::int64_t request = 0;
  FileVerb verb = FileVerb::list;
  JobId job;  // with task: the root is the task's directory; both empty: the node's root directory
  TaskId task;
  std::string path;
  bool recursive = false;
  std::int64_t offset = 0;
  std::int64_t length = 0;  // of `read`, at most 1 MiB
  // Of `upload_logs`: logs written between the two times go to this container, below `path`; the
  // answer's entries are the files that were sent.
  std::string url;
  Time from;
  Time until = Time::max();
  // Of `list`: the names come sorted, those after `after` that start with `prefix`, at most
  // `limit`.
  std::string after;
  std::string prefix;
  std::int64_t limit = 1000;
};
BOOST_DESCRIBE_STRUCT(FileRequest, (),
                      (request, verb, job, task, path, recursive, offset, length, url, from, until,
                       after, prefix, limit))

// Runs a job's preparation or release task (with its own retries), unless this generation ran
// already in this incarnation.
struct RunJobTask {
  std::int64_t generation = 0;  // an attempt's number: never given twice
  JobId job;
  JobTaskKind kind = JobTaskKind::preparation;
  TaskId task;         // its id: its directory in the job's
  TaskId preparation;  // of the job; for a release task
  std::string spec;    // the API's jobPreparationTask or jobReleaseTask as canonical JSON text
  std::vector<NameValue> job_environment;
};
BOOST_DESCRIBE_STRUCT(RunJobTask, (),
                      (generation, job, kind, task, preparation, spec, job_environment))

// Ends it and its whole process tree; answered by JobTaskChanged when it was running.
struct EndJobTask {
  std::int64_t generation = 0;
  JobId job;
  JobTaskKind kind = JobTaskKind::preparation;
  Failure failure;
};
BOOST_DESCRIBE_STRUCT(EndJobTask, (), (generation, job, kind, failure))

// The node's part in the job is over and durable: what is known of its preparation and release may
// be forgotten; their files stay until retention or RemoveFiles.
struct ForgetJob {
  JobId job;
};
BOOST_DESCRIBE_STRUCT(ForgetJob, (), (job))

// The user has changed the constraints of a task that runs: its wall clock and its retention.
struct ChangeRun {
  RunKey key;
  std::string constraints;  // the API's taskConstraints as canonical JSON text
};
BOOST_DESCRIBE_STRUCT(ChangeRun, (), (key, constraints))

// An account of the node: of the pool's userAccounts, or added to this node alone. A password is
// known by its crypt(3) hash only; without one nobody logs in by password.
struct Account {
  std::string name;
  bool admin = false;
  Time expires = Time::max();
  std::string password_hash;
  std::string ssh_public_key;
  std::int64_t uid = -1;  // -1: the node chooses
  std::int64_t gid = -1;
};
BOOST_DESCRIBE_STRUCT(Account, (), (name, admin, expires, password_hash, ssh_public_key, uid, gid))

struct Certificate {
  std::string name;    // "sha1-<thumbprint>"
  std::string format;  // "pfx" or "cer"
  std::string data_base64;
  std::string password;
  bool for_start_task = true;  // visibility
  bool for_tasks = true;
  bool for_remote_users = true;
};
BOOST_DESCRIBE_STRUCT(Certificate, (),
                      (name, format, data_base64, password, for_start_task, for_tasks,
                       for_remote_users))

// A registry of container images, and how it lets us in.
struct Registry {
  std::string server;
  std::string user_name;
  std::string password;
};
BOOST_DESCRIBE_STRUCT(Registry, (), (server, user_name, password))

// containerConfiguration: images that are there before the start task, and the registries of all.
struct ContainerWishes {
  std::vector<std::string> images;
  std::vector<Registry> registries;
};
BOOST_DESCRIBE_STRUCT(ContainerWishes, (), (images, registries))

// What the pool wants on the node before its start task and its tasks: said after every Hello,
// before RunStartTask. Done at most once in an incarnation, except the accounts.
struct SetUpNode {
  std::vector<Account> accounts;
  std::vector<Certificate> certificates;
  std::string mounts;  // mountConfiguration as canonical JSON text; empty: none
  std::optional<ContainerWishes> containers{};  // its tasks run in containers
  std::vector<Extension> extensions{};          // before these containers, and all that runs here
  std::vector<ExtensionReport> extended{};      // what is known of them from lives of this disk
};
BOOST_DESCRIBE_STRUCT(SetUpNode, (),
                      (accounts, certificates, mounts, containers, extensions, extended))

// All accounts that users added to this node, in place of those told before.
struct SetUsers {
  std::vector<Account> accounts;
};
BOOST_DESCRIBE_STRUCT(SetUsers, (), (accounts))

// The node cannot be set up: it takes no tasks in this incarnation. Agent to server, again after
// every Hello.
struct NodeFault {
  std::string code;
  std::string message;
  std::vector<NameValue> details;
};
BOOST_DESCRIBE_STRUCT(NodeFault, (), (code, message, details))

// The pool's application packages: in place before its start task and its tasks. Said after every
// Hello, before RunStartTask; the first of an incarnation counts.
struct DeployPackages {
  std::vector<Package> packages;
};
BOOST_DESCRIBE_STRUCT(DeployPackages, (), (packages))

// The node can run containers, and has the images of SetUpNode. Agent to server, again after every
// SetUpNode.
struct ImagesReady {};
BOOST_DESCRIBE_STRUCT(ImagesReady, (), ())

// The node has other facts than those of its Hello. Agent to server.
struct ProbeChanged {
  Probe probe;
};
BOOST_DESCRIBE_STRUCT(ProbeChanged, (), (probe))

// What a run was given of the node's hardware, when its command starts. Agent to server; part of
// what is shown of the task.
struct RunGranted {
  RunKey key;
  std::int32_t member = 0;
  Grant grant;
};
BOOST_DESCRIBE_STRUCT(RunGranted, (), (key, member, grant))

// All faults that are to show on the node, in place of those told before.
struct SetFaults {
  std::vector<Fault> faults;
};
BOOST_DESCRIBE_STRUCT(SetFaults, (), (faults))

using FromAgent = std::variant<Hello, StartTaskChanged, MemberReady, RunEnded, FileAnswer,
                               JobTaskChanged, NodeFault, UploadWanted, NodeUsage, PackagesDeployed,
                               ImagesReady, ProbeChanged, RunGranted, ExtensionsChanged>;
using ToAgent = std::variant<Welcome, RunStartTask, RunTask, RunApplication, EndRun, Forget,
                             RemoveFiles, FileRequest, RunJobTask, EndJobTask, ForgetJob, ChangeRun,
                             SetUpNode, SetUsers, MayUpload, DeployPackages, SetFaults>;

}  // namespace batchyard::protocol
