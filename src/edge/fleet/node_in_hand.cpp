#include "edge/fleet/node_in_hand.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "edge/fleet/address.h"
#include "edge/fleet/node_group.h"
#include "edge/fleet/node_plan.h"
#include "edge/fleet/node_root.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string namespace_identity(std::int64_t pid) {
  char text[128];
  const ssize_t length =
      ::readlink(("/proc/" + std::to_string(pid) + "/ns/net").c_str(), text, sizeof text);
  return std::string(text, length > 0 ? static_cast<std::size_t>(length) : 0);
}

AgentSeat seat_of(const BuildSite& site, const NodeRecord& record,
                  const protocol::Promise& promise) {
  const std::string directory = site.directory.node(record.pool, record.node);
  AgentSeat seat;
  seat.pool = record.pool;
  seat.node = record.node;
  seat.ip_address = record.ip_address;
  seat.host_name = record.host_name;
  seat.incarnation = record.incarnation;
  seat.cgroup = record.cgroup;
  seat.promise = promise;
  seat.emulates = site.options.emulates;
  seat.gpus = record.gpus;
  // Where none were known of when the service started, what a driver brings since is the node's.
  if (site.options.gpus.empty() && promise.gpus > 0) seat.gpus = {std::string(all_gpus)};
  if (record.isolated) {
    seat.root_directory = node_root;
    seat.state_directory = node_agent;
    seat.program_directory = node_program;
    seat.network_namespace = "/proc/1/ns/net";
    seat.own_root = !layers_of(directory).empty();
  } else {
    seat.root_directory = directory + "/root";
    seat.state_directory = directory + "/agent";
    seat.program_directory = parent_path(site.options.agent_program);
  }
  seat.token_file = seat.state_directory + "/" + token_file;
  return seat;
}

// Copies of the machine's, for accounts of the node's own. Those of an earlier life stay.
Result<> copy_account_files(const std::string& directory) {
  TRY(make_directory(directory + "/etc", 0755));
  for (const AccountFile& file : account_files) {
    const std::string copy = directory + "/etc/" + file.name;
    if (read_file(copy)) continue;
    const Result<std::string> machine = read_file(std::string("/etc/") + file.name);
    if (machine) TRY(replace_file(copy, *machine, file.mode));
  }
  return Done{};
}

// Once for each disk: a node that starts anew boots what it has booted before.
Result<> prepare_boot(const BuildSite& site, const NodeRecord& record, const std::string& directory,
                      const std::string& image) {
  if (!site.options.boot || read_file(directory + "/" + boot_file)) return Done{};
  const std::vector<std::string> layers = TRY(site.options.boot(image));
  if (!layers.empty() && !record.isolated)
    return fail(Kind::invalid, "AllocationFailed",
                "The pool's image " + image +
                    " has a root file system of its own, and the nodes here are plain processes, "
                    "which have the machine's. Run the service as root where namespaces may be "
                    "made (`batchyard doctor` says what is missing), or give the pool an image "
                    "that is bound to host.");
  return write_boot(directory, layers);
}

Result<> prepare_directory(const BuildSite& site, const NodeRecord& record,
                           const std::string& image) {
  const std::string directory = site.directory.node(record.pool, record.node);
  TRY(make_directory(directory, 0755));
  TRY(make_directory(directory + "/root", 0755));
  TRY(make_directory(directory + "/agent", 0755));
  TRY(make_directory(directory + "/tmp", 01777));
  TRY(site.directory.write_image(record));
  TRY(prepare_boot(site, record, directory, image));
  TRY(replace_file(directory + "/boot_id", record.incarnation + "\n", 0444));
  if (record.isolated) {
    TRY(copy_account_files(directory));
    TRY(site.hosts.create());
    TRY(site.hosts.add(record.ip_address, record.host_name));
  }
  return Done{};
}

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

Result<Pipe> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return cannot("make a pipe");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

InitStart init_start(const BuildSite& site, const NodeRecord& record) {
  NodePlan plan;
  plan.isolated = record.isolated;
  plan.node_directory = site.directory.node(record.pool, record.node);
  plan.program_directory = parent_path(site.options.agent_program);
  plan.data_directory = site.options.data_directory;
  plan.hosts_file = site.hosts.path();
  plan.host_name = record.host_name;
  plan.address = subnet(record.pool_number, !record.isolated) + record.host_number;
  plan.port = record.port;
  InitStart start;
  start.command = site.options.init_command;
  for (std::string& word : to_arguments(plan)) start.command.push_back(std::move(word));
  start.log_file = plan.node_directory + "/init.log";
  start.namespaces = record.isolated;
  return start;
}

// Everything after the first process exists and before it may go on.
Result<> put_on_record(const BuildSite& site, NodeInHand& node) {
  NodeRecord& record = node.record;
  record.pid = node.process.pid;
  record.start_time = process_start_time(node.process.pid);
  record.boot_id = machine_boot_id();
  record.network_namespace = namespace_identity(record.pid);
  record.cgroup = make_node_group(site.installation,
                                  base_name(site.directory.pool(record.pool)) + "." +
                                      base_name(site.directory.node(record.pool, record.node)),
                                  node.process.pid);
  TRY(site.directory.write(record));
  TRY(write_agent_files(site, node));
  return Done{};
}

// A killed process that never went on ends in no time.
void await_end(const InitProcess& process) {
  pollfd ended{process.handle.number(), POLLIN, 0};
  ::poll(&ended, 1, 5000);
  reap_init(process);
}

}  // namespace

std::string host_name_of(const NodeId& node) {
  constexpr std::size_t label_max = 63;
  std::string name;
  for (const char letter : node.text()) {
    const bool upper = letter >= 'A' && letter <= 'Z';
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9');
    name += upper ? static_cast<char>(letter - 'A' + 'a') : plain ? letter : '-';
  }
  // The ends of long ids differ, not their beginnings.
  if (name.size() > label_max) name = "n" + name.substr(name.size() - (label_max - 1));
  while (!name.empty() && name.back() == '-') name.pop_back();
  while (!name.empty() && name.front() == '-') name.erase(0, 1);
  return name.empty() ? "node" : name;
}

Result<NodeInHand> begin_node(const BuildSite& site, engine::NodeOrder order, NodeRecord record) {
  record.incarnation = random_uuid();
  record.ip_address =
      address_text(subnet(record.pool_number, !record.isolated) + record.host_number);
  if (record.isolated) {
    record.host_name = host_name_of(record.node);
    record.port = "n" + record.incarnation.substr(0, 8);
  } else {
    char name[256] = {};
    ::gethostname(name, sizeof name - 1);
    record.host_name = name;
  }
  TRY(prepare_directory(site, record, order.boots));
  Pipe go = TRY(make_pipe());
  Pipe report = TRY(make_pipe());
  Descriptor machine;
  if (record.isolated) machine = TRY(open_file("/proc/self/ns/net", O_RDONLY));

  InitStart start = init_start(site, record);
  start.descriptors = {site.hub != nullptr ? site.hub->network_namespace() : -1, machine.number(),
                       go.read_end.number(), report.write_end.number()};
  NodeInHand node{std::move(record), std::move(order), {}, Up{}};
  node.process = TRY(start_init(start));
  if (const Result<> recorded = put_on_record(site, node); !recorded) {
    signal_init(node.process, SIGKILL);
    await_end(node.process);
    if (const Result<> ended = end_node_group(node.record.cgroup); !ended)
      return std::unexpected(ended.error());
    return std::unexpected(recorded.error());
  }
  ::fcntl(report.read_end.number(), F_SETFL, O_NONBLOCK);
  if (::write(go.write_end.number(), "g", 1) != 1) {
    // It has died; its handle says so and its report says why.
  }
  node.state = Building{std::move(report.read_end), std::string(), Clock::now() + build_time_max};
  return node;
}

Result<bool> write_agent_files(const BuildSite& site, const NodeInHand& node) {
  const AgentSeat seat = seat_of(site, node.record, node.order.promise);
  const std::string directory = site.directory.node(node.record.pool, node.record.node) + "/agent/";
  std::string command = seat.program_directory + "/" + base_name(site.options.agent_program);
  command += '\0';
  for (const std::string& word : site.options.agent_arguments(seat)) command += word + '\0';
  TRY(replace_file(directory + token_file, node.order.token, 0600));
  const Result<std::string> before = read_file(directory + command_file);
  if (before && *before == command) return false;
  TRY(replace_file(directory + command_file, command, 0600));
  return true;
}

Result<InitProcess> recognise(const NodeRecord& record) {
  if (record.boot_id != machine_boot_id())
    return fail(Kind::not_found, "NodeLost", "the machine has been started anew since");
  InitProcess process = TRY(find_init(static_cast<pid_t>(record.pid), record.start_time));
  if (namespace_identity(record.pid) != record.network_namespace)
    return fail(Kind::not_found, "NodeLost", "its first process is another one");
  return process;
}

}  // namespace batchyard::fleet
