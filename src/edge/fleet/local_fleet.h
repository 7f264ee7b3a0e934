// The local fleet: every node is a group of processes on this machine. With namespaces a node has
// its own network (an address that only the nodes of its pool reach), mounts, host name, process
// ids and shared memory; without them (not root, or forbidden) it is plain processes with a
// directory and a loopback address.
//
// A node's process 1 is a small program, `node_init`: it builds the node, starts the node's agent
// and starts it again when it dies; its end is the end of the node. Nodes do not end with the
// service: one that starts again on the same data directory finds those that live by their records
// there. The agent lives in the node but uses the machine's own network (out-of-band management: it
// reaches the service's loopback, and peers reach it); tasks are put into the node's network by the
// path in AgentSeat.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/result.h"
#include "engine/fleet.h"

namespace batchyard::fleet {

// In the place of UUIDs: whatever GPUs there are.
inline constexpr std::string_view all_gpus = "all";

// What a node's agent is told of its place. Paths are as the agent sees them.
struct AgentSeat {
  PoolId pool;
  NodeId node;
  std::string ip_address;
  std::string host_name;
  std::string incarnation;      // another one whenever the node starts anew; lower-case UUID
  std::string root_directory;   // AZ_BATCH_NODE_ROOT_DIR: /mnt/batch/tasks with namespaces
  std::string state_directory;  // the agent's own: kept over restarts of the agent and of the node
  std::string program_directory;  // where the agent's program and its neighbours lie
  std::string token_file;         // readable by the agent's user alone
  std::string network_namespace;  // tasks enter it; empty without namespaces
  bool own_root = false;          // boots an image: tasks enter its view, too
  protocol::Promise promise;      // what the node's size has…
  bool emulates = false;          // …as if it were there, as far as the machine does not have it
  std::vector<std::string> gpus;  // of the machine, that are this node's: UUIDs, or all_gpus
  std::string
      cgroup;  // a version 2 group for the node's tasks to be made in; empty where there is none
};

enum class Isolation { automatic, namespaces, processes };

// What a node boots: layers, the top one first, as directories of the machine; none: the machine's
// own root.
using OnBoot = std::function<Result<std::vector<std::string>>(const std::string& image)>;

struct LocalFleetOptions {
  std::string data_directory;  // everything the fleet makes lies here or is recorded here
  std::string agent_program;   // an absolute path
  std::function<std::vector<std::string>(const AgentSeat&)>
      agent_arguments;                    // without the program's name
  std::vector<std::string> init_command;  // runs node_init(): {"/…/batchyard", "node-init"}
  Isolation isolation = Isolation::automatic;
  OnBoot boot = {};               // by the pool's image; empty: always the machine's root
  bool emulates = true;           // hardware that sizes have and this machine does not
  std::vector<std::string> gpus;  // of this machine, to be given to nodes: UUIDs
};

class LocalFleet : public engine::Fleet {
 public:
  // Reads the records of an earlier run. `listener` is called on the fleet's own thread and must
  // outlive the fleet. Refuses when namespaces are demanded and not to be had.
  static Result<std::unique_ptr<LocalFleet>> open(LocalFleetOptions options,
                                                  engine::FleetListener& listener);
  // Nodes go on; `stop_all` ends them.
  ~LocalFleet() override;

  // Once, before other orders: every wanted node is as if ordered now (one that still lives is
  // reported as made with the address that it had, another is built anew, as another incarnation),
  // and what is left of all others is removed.
  void adopt(std::vector<engine::NodeOrder> wanted);

  void make(engine::NodeOrder order) override;
  void unmake(PoolId pool, NodeId node) override;
  void lose(PoolId pool, NodeId node) override;
  void restart_agent(PoolId pool, NodeId node) override;

  // Ends every node and waits until no process, namespace, mount or cgroup of them is left. The
  // nodes' files stay until they are unmade or adopted by nobody. Nothing is reported to the
  // listener after it began; later orders are ignored.
  void stop_all();

  bool isolated() const;
  // One sentence for the user when nodes are not isolated; otherwise empty.
  const std::string& notice() const;

 private:
  class Thread;
  explicit LocalFleet(std::unique_ptr<Thread> thread);
  std::unique_ptr<Thread> thread_;
};

}  // namespace batchyard::fleet
