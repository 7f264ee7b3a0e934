// The promises of job schedules and of autoscale, watched from outside: every commit of a simulated
// world, and its end.
#pragma once

#include <map>
#include <set>
#include <string>

#include "engine/state.h"
#include "engine/store.h"

namespace batchyard::testing {

class ScheduleChecks {
 public:
  // A broken promise as one sentence; empty when all is well.
  std::string committed(const engine::Batch& batch);
  // Nothing that is due is left undone.
  std::string at_end(const engine::State& state, Time now) const;

  std::int64_t jobs_made() const { return jobs_made_; }

 private:
  struct View {
    Time first;  // occurrence
    std::int64_t jobs = 0;
    std::optional<Time> last;
  };
  std::string job_put(const engine::Put& put);
  std::string schedule_put(const engine::Put& put, Time when);
  static std::string pool_put(const engine::Put& put);

  std::map<ScheduleId, View> schedules_;
  std::map<ScheduleId, std::set<JobId>> active_;
  std::int64_t jobs_made_ = 0;
};

}  // namespace batchyard::testing
