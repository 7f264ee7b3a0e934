#include "edge/fleet/node_init.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

#include "edge/fleet/address.h"
#include "edge/fleet/agent_keeper.h"
#include "edge/fleet/netlink.h"
#include "edge/fleet/node_mounts.h"
#include "edge/fleet/node_plan.h"
#include "edge/fleet/node_root.h"
#include "edge/fleet/system.h"

namespace batchyard::fleet {

namespace {

// False when the fleet has died before the node was on record: nobody would ever find it again.
bool wait_for_go() {
  char word = 0;
  ssize_t count = 0;
  do {
    count = ::read(go_descriptor, &word, 1);
  } while (count < 0 && errno == EINTR);
  ::close(go_descriptor);
  return count == 1;
}

void report(const std::string& text) {
  if (::write(report_descriptor, text.data(), text.size()) < 0) {
    // The fleet has gone; the next one finds the node unfinished on record and ends it.
  }
  ::close(report_descriptor);
}

// One end in the node, the other in the pool's hub, on its bridge.
Result<> build_network(const NodePlan& plan) {
  Netlink here = TRY(Netlink::open());
  Netlink hub = TRY(open_netlink_in(hub_descriptor));
  TRY(here.set_up("lo"));
  TRY(here.add_pair({.name = "eth0",
                     .peer_name = plan.port,
                     .peer_namespace = hub_descriptor,
                     .address = plan.address}));
  TRY(hub.join(plan.port, bridge_name));
  TRY(here.add_address("eth0", plan.address, subnet_prefix));
  return here.set_up("eth0");
}

// The agent's view, when it is another one than the node's.
Result<Descriptor> build_node(const NodePlan& plan) {
  if (!plan.isolated) return Descriptor();
  if (::sethostname(plan.host_name.data(), plan.host_name.size()) != 0)
    return cannot("set the node's host name");
  TRY(build_network(plan));
  const std::vector<std::string> layers = layers_of(plan.node_directory);
  if (layers.empty()) {
    TRY(build_mounts(plan));
    return Descriptor();
  }
  const Piece root = TRY(build_root(plan.node_directory, layers));
  TRY(build_mounts(plan));
  return enter_root(root, plan.host_name);
}

void close_on_exec(int descriptor) {
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

}  // namespace

int node_init(int argument_count, char** arguments) {
  const std::optional<NodePlan> plan = parse_plan(argument_count, arguments);
  if (!plan) {
    std::fputs("node-init is run by the service itself, for a node of a local pool.\n", stderr);
    return 2;
  }
  block_keeper_signals();
  // The fleet may be gone when the report is written.
  ::signal(SIGPIPE, SIG_IGN);
  for (int descriptor = hub_descriptor; descriptor < descriptors_end; ++descriptor)
    close_on_exec(descriptor);
  ::prctl(PR_SET_NAME, "node-init");
  if (!wait_for_go()) return 3;
  const Result<Descriptor> view = build_node(*plan);
  if (!view) {
    report(view.error().message);
    return 1;
  }
  if (::chdir("/") != 0) {
    report("cannot enter the node's root directory");
    return 1;
  }
  report("ok");
  keep_agent({.agent_directory = plan->isolated ? node_agent : plan->node_directory + "/agent",
              .agent_namespace = plan->isolated ? machine_descriptor : -1,
              .agent_view = view->number(),
              .ends_tree = !plan->isolated});
  return 0;
}

}  // namespace batchyard::fleet
