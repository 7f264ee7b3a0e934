#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>

#include "engine/decide.h"
#include "engine/schedule.h"

namespace batchyard::engine {

namespace {

bool is_ending(const TaskStatus& status) {
  return status.ending || status.verdict || status.requeue;
}

bool is_offered(const NodeRecord& node) {
  return node.open_slots >= 0;
}

// A node, and the slots that are free or will be when what ends there has ended, less those that
// were promised in this round.
struct Room {
  NodeRecord* node = nullptr;
  std::int32_t free = 0;
  std::int32_t taken = 0;  // by tasks that may be ended; set anew for every look
};

// A run that may be ended for a job of a higher priority.
struct Victim {
  JobRecord* job = nullptr;
  TaskIndex at = 0;
  Task& task() const { return job->tasks[at]; }
};

// The least important first; among those of one priority the one that has done the least.
bool goes_first(const Victim& a, const Victim& b) {
  const auto rank = [](const Victim& one) {
    return std::tuple(one.job->status.facts.priority, -one.task().detail->status.attempt);
  };
  return rank(a) < rank(b);
}

bool has_preemptible_runs(const PoolRecord& pool) {
  return std::ranges::any_of(pool.jobs, [](const JobRecord* job) {
    return job->status.facts.preemptible && job->status.counts.running > 0;
  });
}

class Round {
 public:
  Round(Turn& turn, PoolRecord& pool) : turn_(turn), slots_(pool.status.facts.task_slots) {
    for (auto& [id, node] : pool.nodes) {
      if (is_offered(node)) {
        places_[&node] = rooms_.size();
        rooms_.push_back({&node, slots_ - staying_slots(node), 0});
      }
      for (const NodeRun& run : node.runs) {
        const Task& task = run.job->tasks[run.task];
        // A gang counts once, by its primary.
        if (run.job->status.facts.preemptible && run.member == 0 && !is_ending(task.detail->status))
          victims_.push_back({run.job, run.task});
      }
    }
    std::ranges::sort(victims_, goes_first);
  }

  bool has_victims(std::int32_t below) const {
    return !victims_.empty() && victims_.front().job->status.facts.priority < below;
  }

  // Promises room to a task, ending others when it must; false when nothing helps.
  bool make_room(const JobRecord& job, const Task& task) {
    const Wish wish{job, task, slots_of(job, task)};
    std::vector<Victim> ended;
    std::size_t found = rooms_for(wish, ended).size();
    while (found < wish.nodes() && ended.size() < victims_.size()) {
      const Victim& next = victims_[ended.size()];
      if (next.job->status.facts.priority >= job.status.facts.priority) break;
      ended.push_back(next);
      found = rooms_for(wish, ended).size();
    }
    if (found < wish.nodes()) return false;
    spare_needless(wish, ended);
    for (Room* room : rooms_for(wish, ended)) room->free -= wish.slots;
    for (const Victim& victim : ended) end(victim);
    return true;
  }

 private:
  struct Wish {
    const JobRecord& job;
    const Task& task;
    std::int32_t slots = 1;  // on each node
    std::size_t nodes() const { return static_cast<std::size_t>(std::max(1, task.instances)); }
  };

  // What shares its node with no other takes the whole.
  std::int32_t slots_of(const JobRecord& job, const Task& task) const {
    return job.is_exclusive(task) ? slots_ : task.slots;
  }
  std::int32_t staying_slots(const NodeRecord& node) const {
    std::int32_t slots = 0;
    for (const NodeRun& run : node.runs) {
      const Task& task = run.job->tasks[run.task];
      if (!is_ending(task.detail->status)) slots += slots_of(*run.job, task);
    }
    return slots;
  }

  Room* room_of(const Seat& seat) {
    const auto found = places_.find(seat.node);
    return found == places_.end() ? nullptr : &rooms_[found->second];
  }

  // The nodes, no more than are wished for, that would have room if those were ended.
  std::vector<Room*> rooms_for(const Wish& wish, const std::vector<Victim>& ended) {
    for (Room& room : rooms_) room.taken = 0;
    for (const Victim& victim : ended) {
      for (const Seat& seat : victim.task().detail->seats) {
        if (Room* room = room_of(seat)) room->taken += slots_of(*victim.job, victim.task());
      }
    }
    std::vector<Room*> found;
    for (Room& room : rooms_) {
      if (found.size() < wish.nodes() && room.free + room.taken >= wish.slots &&
          may_have(*room.node, wish.job, wish.task))
        found.push_back(&room);
    }
    return found;
  }

  // Those ended first may turn out not to help, when later ones stand on a better node.
  void spare_needless(const Wish& wish, std::vector<Victim>& ended) {
    for (std::size_t at = 0; at < ended.size();) {
      std::vector<Victim> fewer = ended;
      fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
      if (rooms_for(wish, fewer).size() >= wish.nodes())
        ended = std::move(fewer);
      else
        ++at;
    }
  }

  void end(const Victim& victim) {
    for (const Seat& seat : victim.task().detail->seats) {
      if (Room* room = room_of(seat)) room->free += slots_of(*victim.job, victim.task());
    }
    requeue_run(turn_, *victim.job, victim.task(), "a job of higher priority", false);
    std::erase_if(victims_,
                  [&](const Victim& one) { return one.job == victim.job && one.at == victim.at; });
  }

  Turn& turn_;
  std::int32_t slots_;
  std::vector<Room> rooms_;
  boost::unordered_flat_map<const NodeRecord*, std::size_t> places_;  // in rooms_
  std::vector<Victim> victims_;                                       // the first to be ended first
};

// False when the job has a task that must wait all the same: nothing behind it is served.
bool serve(Round& round, const PoolRecord& pool, const JobRecord& job) {
  const JobFacts& facts = job.status.facts;
  std::int64_t room = facts.max_parallel_tasks < 0
                          ? INT64_MAX
                          : facts.max_parallel_tasks - job.status.counts.running;
  for (const TaskIndex at : job.queue) {
    if (room <= 0 || !round.has_victims(facts.priority)) return true;
    const Task& task = job.tasks[at];
    if (task.gone || !possible(pool, job, task)) continue;
    if (!round.make_room(job, task)) return false;
    --room;
  }
  return true;
}

}  // namespace

void preempt(Turn& turn, PoolRecord& pool) {
  if (!has_preemptible_runs(pool)) return;
  Round round(turn, pool);
  for (const JobRecord* job : pool.jobs) {
    if (!round.has_victims(job->status.facts.priority)) return;
    if (job->status.state == JobState::active && !serve(round, pool, *job)) return;
  }
}

}  // namespace batchyard::engine
