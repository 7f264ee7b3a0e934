// What a node's core asks of the world around it. The agent (apps/agent) does it for real, the
// simulated world in memory. Calls return at once; what takes time is answered through Node::on_….
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "protocol/messages.h"

namespace batchyard::node {

// Under whom a command runs.
struct User {
  bool admin = false;
  bool task_scope = false;   // an account of this task alone; otherwise the pool's
  std::string own_key = {};  // of the task, when task_scope
  std::string name = {};     // one of the pool's userAccounts, in place of the two above
  std::int64_t uid = -1;     // its numbers
  std::int64_t gid = -1;
};

// What a command runs in. Without an image nothing is run: `fetch` is brought to the node.
struct ContainerOrder {
  struct Mount {
    std::string path;  // relative to the root, and the same inside; empty: all of it
    bool read_only = false;
  };
  std::string image;
  std::string options;           // containerRunOptions
  bool image_directory = false;  // the command starts where the image says
  std::vector<Mount> mounts;
  std::vector<std::string> fetch;
  std::vector<protocol::Registry> registries;  // the first of a name counts
};

// What a command may have of the node's GPUs.
struct DeviceGrant {
  std::vector<std::string> gpus;      // UUIDs
  std::set<std::int32_t> minors;      // of their device files…
  std::set<std::int32_t> withheld{};  // …and of those that are not its
  bool emulated = false;
};

struct ProcessOrder {
  std::string id;  // names it for good: also after the agent was started again
  std::vector<std::string> arguments;
  std::vector<std::string> environment;  // NAME=value
  std::string directory;                 // relative to the node's root
  std::string out;                       // files, relative to the root
  std::string error;
  User user;
  bool keep_tree = false;  // what it leaves behind goes on until end_tree()
  // Without arguments the image's own command is run.
  std::optional<ContainerOrder> container{};
  std::optional<DeviceGrant> devices{};  // nothing: whatever the node has
};

// How a process ended. Exactly one of the first three, or `container_failure`.
struct ProcessEnd {
  std::optional<std::int32_t> exit_code;
  std::optional<std::int32_t> signal;
  std::optional<std::int32_t> error;  // errno: it could not be started
  bool not_found = false;             // …because there is no such program
  bool lost = false;                  // its shim vanished without a record
  Time started;
  Time ended;
  // There was no container to run it in.
  std::optional<protocol::Failure> container_failure{};
  std::optional<protocol::ContainerInfo> container{};
};

struct FetchOrder {
  std::string id;
  std::string url;
  std::string path;  // relative to the root
  std::string mode;  // octal; empty: 0770
  User user;
  std::string within;      // a directory below the root that `path` lies in and may not lead out of
  bool container = false;  // `url` is a container's: every blob with `prefix` goes below `path`
  std::string prefix;
};

// Which of a run's files go where, now that its command has ended.
struct UploadOrder {
  struct Output {
    std::string pattern;
    std::string container_url;
    std::string path;  // a blob's name; for a pattern with wildcards what stands before the names
    std::vector<protocol::NameValue> headers;
  };
  std::string id;
  std::string directory;  // of the task, below the root: patterns start in its wd
  std::vector<Output> outputs;
  std::vector<std::string> environment;  // patterns may name these variables
  User user;
};

// An archive that the server keeps, unpacked into a directory of the node for everybody to read.
struct DeployOrder {
  std::string directory;  // relative to the root; never the same for another archive
  std::string content;    // what the server knows it by
  std::string sha256;     // hexadecimal
  std::int64_t size = 0;
};

class Ports {
 public:
  virtual ~Ports() = default;

  virtual void start_process(const ProcessOrder& order) = 0;  // → on_process_ended
  virtual void end_process(const std::string& id) = 0;        // its whole tree; → on_process_ended
  // Everything that the processes of this mark left behind (the mark is in their environment as
  // BATCHYARD_RUN).
  virtual void end_tree(const std::string& mark) = 0;
  virtual void forget_process(const std::string& id) = 0;  // its record is not needed any more

  // Makes `path` and `path`/wd for that user. DiskFull or another failure's code.
  virtual Result<> make_task_directory(const std::string& path, const User& user) = 0;
  // A file that only this user reads, and its directory.
  virtual void put_secret(const std::string& path, const std::string& bytes, const User& user) = 0;
  // Accounts of the node, in place of those before.
  virtual Result<> set_accounts(const std::vector<protocol::Account>& accounts) = 0;
  // All of a pool's mountConfiguration (canonical JSON). MountConfigurationError names the first
  // that failed.
  virtual Result<> mount(const std::string& mounts) = 0;
  virtual void remove(const std::string& path) = 0;    // later, slowly
  virtual void fetch(const FetchOrder& order) = 0;     // → on_fetched
  virtual void upload(const UploadOrder& order) = 0;   // → on_uploaded
  virtual void end_upload(const std::string& id) = 0;  // at once; → on_uploaded

  // Nothing is done when it is there already, from before or for another task. → on_deployed
  virtual void deploy(const DeployOrder& order) = 0;

  // Small texts that survive the agent.
  virtual void keep_record(const std::string& name, const std::string& text) = 0;
  virtual void drop_record(const std::string& name) = 0;

  virtual void send(protocol::FromAgent message) = 0;

  // Lets ranks of this gang be launched here, in the given environment; gives the variables that
  // make mpirun use it.
  virtual std::vector<std::string> open_gang(const std::string& mark, const protocol::Gang& gang,
                                             std::int32_t cores, const ProcessOrder& as) = 0;
  virtual void close_gang(const std::string& mark) = 0;

  // What the stand-ins of the GPU's tools show from now on (hardware/emulate.h).
  virtual void show_hardware(const std::string&) {}
  // Looks at the machine again → on_probed; false: there is nothing to see that was not there.
  virtual bool look() { return false; }
  // The last bytes of a file, relative to the root; at most 64 KiB.
  virtual std::string end_of(const std::string&) { return {}; }
  // What keeps a command from GPUs that are not its: "cgroup"; empty: nothing but variables.
  virtual std::string device_limit() { return {}; }
};

}  // namespace batchyard::node
