// Where a task is placed.
#pragma once

#include "engine/turn.h"

namespace batchyard::engine {

// Starts what the pool's open nodes can take: jobs by priority, then by age; in a job first come,
// first served; spread over the nodes or packed. A task that fits the pool but not what is free
// just now is waited for (nothing overtakes it), so that gangs and many-slot tasks cannot starve.
// What can never run in the pool as it is (reference: multi-instance tasks in a pool without
// inter-node communication stay active for ever) is parked out of the way.
void schedule(Turn& turn, PoolRecord& pool);

}  // namespace batchyard::engine
