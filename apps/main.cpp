// The program `batchyard`. What it is asked to be is decided here: a stand-in for ssh, a node's
// first process, what runs a task's container, or one of the commands of apps/cli.
#include <signal.h>

#include <cstring>

#include "apps/cli/commands.h"
#include "edge/container/container_run.h"
#include "edge/fleet/node_init.h"
#include "edge/launch/client.h"

namespace {

bool is_called(const char* program, const char* name) {
  const char* slash = std::strrchr(program, '/');
  return std::strcmp(slash == nullptr ? program : slash + 1, name) == 0;
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (is_called(arguments[0], "ssh"))
    return batchyard::edge::launch_main(argument_count, arguments);
  if (argument_count > 1 && std::strcmp(arguments[1], "launch") == 0)
    return batchyard::edge::launch_main(argument_count - 1, arguments + 1);
  if (argument_count > 1 && std::strcmp(arguments[1], "node-init") == 0)
    return batchyard::fleet::node_init(argument_count - 2, arguments + 2);
  if (argument_count > 1 && std::strcmp(arguments[1], "container") == 0)
    return batchyard::edge::container_main(argument_count - 1, arguments + 1);
  return batchyard::cli::commands_main(argument_count, arguments);
}
