// What an agent proves its node with.
#pragma once

#include <string>

#include "apps/agent/agent.h"
#include "edge/package/deployer.h"

namespace batchyard::agent {

std::string token_of(const AgentOptions& options);
edge::DeployerOptions deployer_options(const AgentOptions& options);

}  // namespace batchyard::agent
