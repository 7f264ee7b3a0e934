// Commands in containers, for the agent: each is written down for `batchyard container`, which a
// shim runs in the command's place, and what that one found is added to the command's end.
#pragma once

#include <string>

#include "apps/agent/agent.h"
#include "edge/process/shim_order.h"
#include "node/ports.h"

namespace batchyard::agent {

class Containers {
 public:
  explicit Containers(const AgentOptions& options);

  // `shim` is what the command would be without a container.
  edge::ShimOrder contain(const node::ProcessOrder& order, const protocol::Probe& probe,
                          edge::ShimOrder shim) const;
  // True when something may be left of a container: to be removed by remove().
  bool tell(const std::string& id, node::ProcessEnd& end) const;
  void forget(const std::string& id) const;
  // Slow. Without an id: of an earlier life of the node, all that is left.
  void remove(const std::string& id) const;

 private:
  std::string record_of(const std::string& id, const char* ending) const;

  AgentOptions options_;
  std::string store_;
};

}  // namespace batchyard::agent
