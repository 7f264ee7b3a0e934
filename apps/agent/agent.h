// `batchyard agent`: one per node. Wires the node's core (src/node) to the machine: processes,
// files, downloads, launches, and the link to the server.
#pragma once

#include <string>

namespace batchyard::agent {

struct AgentOptions {
  std::string server;  // ws:// or wss:// URL of the link
  std::string ca_file;
  std::string pool;
  std::string node;
  std::string token_file;
  std::string incarnation;
  std::string ip_address;
  std::string host_name;
  std::string root_directory;     // AZ_BATCH_NODE_ROOT_DIR
  std::string state_directory;    // kept over restarts of the agent
  std::string program_directory;  // of batchyard and batchyard-shim, as tasks see it
  std::string network_namespace;  // tasks enter it; empty: none
  bool own_root = false;          // tasks live in a root file system of the node's own
  std::string promise = "{}";     // what the node's size has (protocol::Promise)
  bool emulates = false;          // …which is shown as if it were there
  std::string gpus = "all";       // of the machine's, that are the node's: UUIDs with commas
  std::string cgroup;             // for groups of the node's tasks; empty: none
};

// Runs until SIGTERM or SIGINT; tasks go on, and the next agent of this node takes them over. The
// exit code.
int agent_main(const AgentOptions& options);

}  // namespace batchyard::agent
