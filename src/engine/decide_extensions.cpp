// Extensions of nodes: they come before everything else, may want their node to start anew in
// between, and what has succeeded on its disk does not run again.
#include <utility>

#include "base/described_json.h"
#include "engine/decide.h"
#include "engine/evolve.h"

namespace batchyard::engine {

using protocol::ExtensionsPhase;

// An agent says again what it has said, and may be heard of a little longer than its node's life.
void extensions_changed(Turn& turn, NodeRecord& node, protocol::ExtensionsChanged& said) {
  if (!node.linked || !node.status.awaits_extensions || departs(node)) return;
  const protocol::ExtensionsChanged before{node.status.extensions, said.phase};
  if (to_json(before) != to_json(said)) {
    node.status.extensions = std::move(said.reports);
    turn.touch(node, "NodeExtensionsChanged");
  }
  if (said.phase == ExtensionsPhase::restart) {
    send_off(turn, node, NodeState::rebooting, Deallocation::requeue, "NodeRestartsForExtension");
    return departure_step(turn, node);
  }
  if (said.phase != ExtensionsPhase::done) return;
  node.status.awaits_extensions = false;
  node.status.extended = turn.now;
  turn.touch(node, "NodeExtended");
  judge_node(turn, node);
  settle_node(turn, node);
}

}  // namespace batchyard::engine
