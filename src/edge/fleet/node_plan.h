// What the fleet tells a node's first process: a handful of words on its command line, and
// descriptors at fixed numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace batchyard::fleet {

struct NodePlan {
  bool isolated = false;
  std::string node_directory;     // on the machine: root/, agent/, tmp/, boot_id
  std::string program_directory;  // of the agent's program
  std::string data_directory;     // stays visible at its path even below /tmp
  std::string hosts_file;
  std::string host_name;
  std::uint32_t address = 0;
  std::string port;  // the node's link in the pool's hub
};

std::vector<std::string> to_arguments(const NodePlan& plan);
std::optional<NodePlan> parse_plan(int argument_count, char** arguments);

// Descriptors of the first process. Without namespaces the first two are /dev/null.
inline constexpr int hub_descriptor =
    3;  // the pool's hub: alive as long as one of its nodes holds it
inline constexpr int machine_descriptor = 4;  // the machine's network namespace, where agents live
inline constexpr int go_descriptor = 5;       // one byte: the node is on record and may be built
inline constexpr int report_descriptor = 6;   // "ok", or why not
inline constexpr int descriptors_end = 7;

// The pool's bridge in its hub.
inline constexpr char bridge_name[] = "pool";

// Where an isolated node's agent finds its things. The directory /mnt of the machine is left as it
// is.
inline constexpr char node_root[] = "/mnt/batch/tasks";
inline constexpr char node_agent[] = "/mnt/batch/agent";
inline constexpr char node_program[] = "/mnt/batch/program";

// Files of etc/, which lie over the machine's in an isolated node.
struct AccountFile {
  const char* name;
  unsigned mode;
};
inline constexpr AccountFile account_files[] = {
    {"passwd", 0644}, {"shadow", 0600}, {"group", 0644}};

// Files of agent/.
inline constexpr char command_file[] = "command";  // the agent's words, each ended by a NUL
inline constexpr char token_file[] = "token";
inline constexpr char log_file[] = "agent.log";

}  // namespace batchyard::fleet
