#include "engine/engine.h"

#include "engine/decide.h"
#include "engine/schedule.h"

namespace batchyard::engine {

namespace {

struct Answer {
  OnDone done;
  Result<Reply> reply;
};

// Frequent commands that set no deadline of their own.
bool sets_no_deadline(const Command& command) {
  return std::holds_alternative<AgentSaid>(command) || std::holds_alternative<AddTasks>(command);
}

const char* who_asks(const Command& command) {
  if (std::holds_alternative<AgentSaid>(command) || std::holds_alternative<AgentLost>(command))
    return "agent";
  if (std::holds_alternative<FleetMade>(command) || std::holds_alternative<FleetFailed>(command) ||
      std::holds_alternative<FleetUnmade>(command))
    return "fleet";
  return std::holds_alternative<Tick>(command) ? "clock" : "user";
}

void schedule_all(Turn& turn) {
  turn.by = "scheduler";
  // A placement never asks for another round: what it frees is nothing.
  for (PoolRecord* pool : turn.take_pools_to_schedule()) schedule(turn, *pool);
  turn.take_pools_to_schedule();  // asked for by the placements themselves
}

}  // namespace

Result<> Engine::run(std::vector<Submission>& batch, Time now) {
  Turn turn(state_, store_, now);
  std::vector<Answer> answers;
  answers.reserve(batch.size());
  bool deadlines_stand = true;
  for (Submission& submission : batch) {
    deadlines_stand = deadlines_stand && sets_no_deadline(submission.command);
    turn.by = who_asks(submission.command);
    Result<Reply> reply =
        std::visit([&](auto& command) { return decide(turn, command); }, submission.command);
    settle_ended_jobs(turn);
    if (submission.done) answers.push_back({std::move(submission.done), std::move(reply)});
    if (turn.has_erased()) {
      // The store erases after its puts: an entity that is added again needs a commit of its own.
      schedule_all(turn);
      TRY(store_.commit(turn.take_batch()));
    }
  }
  batch.clear();
  schedule_all(turn);
  if (const Batch changes = turn.take_batch(); !changes.empty()) TRY(store_.commit(changes));
  for (Effect& effect : turn.effects) sink_.perform(std::move(effect));
  for (Answer& answer : answers) answer.done(std::move(answer.reply));
  if (!deadlines_stand || turn.deadline_set) next_deadline_ = engine::next_deadline(state_);
  return Done();
}

}  // namespace batchyard::engine
