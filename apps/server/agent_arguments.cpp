#include "apps/server/agent_arguments.h"

#include "base/described_json.h"
#include "base/text.h"

namespace batchyard::server {

std::string link_of(const std::string& endpoint) {
  return (endpoint.starts_with("http:") ? "ws" : "wss") + endpoint.substr(endpoint.find("://")) +
         "/batchyard/link";
}

std::vector<std::string> agent_arguments(const fleet::AgentSeat& seat, const std::string& link,
                                         const std::string& ca_file) {
  std::vector<std::string> arguments{"agent",
                                     "--server",
                                     link,
                                     "--pool",
                                     seat.pool.text(),
                                     "--node",
                                     seat.node.text(),
                                     "--token-file",
                                     seat.token_file,
                                     "--incarnation",
                                     seat.incarnation,
                                     "--ip-address",
                                     seat.ip_address,
                                     "--host-name",
                                     seat.host_name,
                                     "--root-dir",
                                     seat.root_directory,
                                     "--state-dir",
                                     seat.state_directory,
                                     "--program-dir",
                                     seat.program_directory};
  arguments.insert(arguments.end(),
                   {"--promise", to_json(seat.promise), "--gpus", join(seat.gpus, ",")});
  if (seat.emulates) arguments.emplace_back("--emulate");
  if (seat.own_root) arguments.emplace_back("--own-root");
  if (!seat.cgroup.empty()) arguments.insert(arguments.end(), {"--cgroup", seat.cgroup});
  if (!seat.network_namespace.empty())
    arguments.insert(arguments.end(), {"--network-namespace", seat.network_namespace});
  if (!ca_file.empty()) arguments.insert(arguments.end(), {"--ca-file", ca_file});
  return arguments;
}

}  // namespace batchyard::server
