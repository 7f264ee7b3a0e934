// A node's process 1, run by the fleet as `… node-init ARGUMENTS` (never by users). Waits for the
// word to go, builds the node from inside, reports, then reaps orphans and keeps an agent running
// until the node ends. It decides nothing and keeps next to no memory. SIGHUP: end the agent and
// start it again with what the command file says now. SIGTERM: end the node.
#pragma once

namespace batchyard::fleet {

int node_init(int argument_count, char** arguments);

}  // namespace batchyard::fleet
