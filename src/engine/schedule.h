// Where a task is placed.
#pragma once

#include "engine/turn.h"

namespace batchyard::engine {

// A task that has not completed so long after it was added is not started any more, and ended when
// it runs.
inline constexpr Duration task_lifetime = std::chrono::days(180);

// Starts what the pool's open nodes can take: jobs by priority, then by age; in a job first come,
// first served; spread over the nodes or packed. A task that fits the pool but not what is free
// just now is waited for (nothing overtakes it), so that gangs and many-slot tasks cannot starve.
// What can never run in the pool as it is (reference: multi-instance tasks in a pool without
// inter-node communication stay active for ever) is parked out of the way.
void schedule(Turn& turn, PoolRecord& pool);

// Ends tasks of jobs that allow it (allowTaskPreemption), so that tasks of jobs with a higher
// priority find room when those have ended. They wait again.
void preempt(Turn& turn, PoolRecord& pool);

// Whether the pool could run the task if all of its nodes were free.
bool possible(const PoolRecord& pool, const JobRecord& job, const Task& task);

// Whether the node is one for this task: not where its job's preparation failed, nor where a job
// manager's settings rule it out.
bool may_have(const NodeRecord& node, const JobRecord& job, const Task& task);

}  // namespace batchyard::engine
