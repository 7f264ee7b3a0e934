// The changes that the state can go through. Each is total: it never refuses, keeps counts, queues
// and open nodes in step, and marks what must be written. Whether a change may happen is decided by
// the decide_*.cpp files.
#pragma once

#include <string_view>

#include "engine/command.h"
#include "engine/turn.h"

namespace batchyard::engine {

// ---- nodes
// -----------------------------------------------------------------------------------------------------------
NodeRecord& add_node(Turn& turn, PoolRecord& pool, bool dedicated);
void remove_node(Turn& turn, NodeRecord& node);
void set_state(Turn& turn, NodeRecord& node, NodeState state, std::string_view what);
// idle, running or offline, whichever its runs and its scheduling state say.
void set_working(Turn& turn, NodeRecord& node);
// Fails its gate, or did so too often: it gets no tasks.
inline bool is_closed(const NodeRecord& node) {
  return !node.status.failing.empty() || node.status.quarantined;
}
// Its entry among the nodes that take tasks.
void refresh_open(NodeRecord& node);

// ---- jobs
// ------------------------------------------------------------------------------------------------------------
void set_state(Turn& turn, JobRecord& job, JobState state, std::string_view what);
// Its place among the jobs of its pool, by priority and age; none when the pool does not exist.
void attach(State& state, JobRecord& job);
void remove_job(Turn& turn, JobRecord& job);

// ---- job schedules
// ------------------------------------------------------------------------------------------------------------
void set_state(Turn& turn, ScheduleRecord& schedule, ScheduleState state, std::string_view what);
void remove_schedule(Turn& turn, ScheduleRecord& schedule);

// ---- tasks
// -----------------------------------------------------------------------------------------------------------
// `satisfied`: the ids among those it depends on that are, folded (Turn::satisfied_ids).
// Its version.
std::int64_t add_task(Turn& turn, JobRecord& job, NewTask task, const SatisfiedIds& satisfied);
// A completed one comes back and waits.
void revive_task(Turn& turn, JobRecord& job, const ColdTask& cold, const SatisfiedIds& satisfied);
// Takes its seats on these nodes, one attempt on; `state` is preparing or running. It must not
// stand in the queue any more.
void start_task(Turn& turn, JobRecord& job, TaskIndex at, const std::vector<NodeRecord*>& nodes,
                TaskState state);
// From preparing to running.
void run_task(Turn& turn, JobRecord& job, Task& task);
// Back from a run into the queue, in front.
enum class Again { retry, requeue_counted, requeue };
void wait_again(Turn& turn, JobRecord& job, Task& task, Again why);
// Leaves memory. `end` nothing: ended while it waited. `satisfies`: those that depend on it may
// run.
void complete_task(Turn& turn, JobRecord& job, Task& task, const protocol::RunEnd& end,
                   bool satisfies);
void update_task(Turn& turn, JobRecord& job, Task& task, std::optional<std::int32_t> retries,
                 std::string spec, std::string constraints);
void remove_task(Turn& turn, JobRecord& job, Task& task);
void remove_cold_task(Turn& turn, JobRecord& job, const ColdTask& cold, bool succeeded);
// A member's coordination command ran in this container.
void note_container(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                    const protocol::ContainerInfo& container);
// A seat's node has no more of this run.
void leave_seat(Turn& turn, JobRecord& job, Task& task, std::int32_t member,
                const protocol::RunEnd& end);

// At start-up: it stands in the queue, or waits for others.
void take_place_in_line(JobRecord& job, TaskIndex at, const SatisfiedIds& satisfied);

// ---- preparations: what a job's preparation and release tasks do on its nodes
// ---------------------------------------------
// The job's entry for the node, new if there is none.
Preparation& preparation_on(JobRecord& job, NodeRecord& node);
void set_preparation(Turn& turn, JobRecord& job, Preparation& preparation,
                     protocol::StartTaskReport report, std::string_view what);
void set_release(Turn& turn, JobRecord& job, Preparation& preparation,
                 protocol::StartTaskReport report, std::string_view what);
// A task of the job starts there: there will be something to release.
void mark_used(Turn& turn, JobRecord& job, const NodeId& node);
// Before the next task there.
void run_again(Turn& turn, JobRecord& job, Preparation& preparation);
enum class Leaving { row_stays, row_goes };
void leave_preparation(Turn& turn, JobRecord& job, const NodeId& node, Leaving leaving);
void load_preparation(JobRecord& job, NodeRecord& node, PreparationStatus status,
                      std::int64_t version);

// Puts parked tasks back in front of the queue, since the pool has changed.
void unpark(JobRecord& job);

}  // namespace batchyard::engine
