#include "apps/agent/credentials.h"

#include <fstream>

#include "edge/clock/clock.h"
#include "service/node_credential.h"

namespace batchyard::agent {

std::string token_of(const AgentOptions& options) {
  std::string token;
  std::ifstream(options.token_file) >> token;
  return token;
}

// wss://host:port/batchyard/link is the link; https://host:port is what else the service has.
edge::DeployerOptions deployer_options(const AgentOptions& options) {
  const bool secure = options.server.starts_with("wss://");
  const std::size_t start = options.server.find("://") + 3;
  const std::string authority =
      options.server.substr(start, options.server.find('/', start) - start);
  return {.root = options.root_directory,
          .service = (secure ? "https://" : "http://") + authority,
          .authorization = service::node_authorization({.pool = PoolId::trusted(options.pool),
                                                        .node = NodeId::trusted(options.node),
                                                        .token = token_of(options)}),
          .ca_file = options.ca_file,
          .boot = edge::boot_id()};
}

}  // namespace batchyard::agent
