// How a node's agent is started: the words of its command line, after the program's name.
#pragma once

#include <string>
#include <vector>

#include "edge/fleet/local_fleet.h"

namespace batchyard::server {

// Where agents dial a service of that endpoint.
std::string link_of(const std::string& endpoint);

// `ca_file` is empty when nothing vouches for the service.
std::vector<std::string> agent_arguments(const fleet::AgentSeat& seat, const std::string& link,
                                         const std::string& ca_file);

}  // namespace batchyard::server
