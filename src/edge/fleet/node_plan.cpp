#include "edge/fleet/node_plan.h"

#include <cstdlib>
#include <string_view>

namespace batchyard::fleet {

std::vector<std::string> to_arguments(const NodePlan& plan) {
  return {plan.isolated ? "isolated" : "plain",
          plan.node_directory,
          plan.program_directory,
          plan.data_directory,
          plan.hosts_file,
          plan.host_name,
          std::to_string(plan.address),
          plan.port};
}

std::optional<NodePlan> parse_plan(int argument_count, char** arguments) {
  if (argument_count != 8) return std::nullopt;
  NodePlan plan;
  plan.isolated = std::string_view(arguments[0]) == "isolated";
  plan.node_directory = arguments[1];
  plan.program_directory = arguments[2];
  plan.data_directory = arguments[3];
  plan.hosts_file = arguments[4];
  plan.host_name = arguments[5];
  plan.address = static_cast<std::uint32_t>(std::strtoul(arguments[6], nullptr, 10));
  plan.port = arguments[7];
  return plan;
}

}  // namespace batchyard::fleet
