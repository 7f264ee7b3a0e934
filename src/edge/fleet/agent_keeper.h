// Keeps one agent running: starts it, starts it again when it has died (at once at first, slower
// and slower while it keeps dying), and reaps every orphan of the node meanwhile. This is all that
// a node's process 1 does once the node stands.
#pragma once

#include <string>

namespace batchyard::fleet {

struct Keeping {
  std::string agent_directory;  // where command and log lie
  int agent_namespace = -1;     // the network that the agent lives in; -1: the one it is in
  int agent_view = -1;          // the mounts that it lives among; -1: those that it is in
  bool ends_tree =
      false;  // at SIGTERM, kill every descendant first: there is no PID namespace that would
};

// Blocks the signals that `keep_agent` waits for; before anything can send them.
void block_keeper_signals();
// Returns when the node is to end.
void keep_agent(const Keeping& keeping);

}  // namespace batchyard::fleet
