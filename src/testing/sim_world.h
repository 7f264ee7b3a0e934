// A whole installation in one process, under a seed: server, fleet, agents, network, disk and
// clock, with faults of all kinds and users who add, resize, terminate and delete. What the
// promises say is checked all the while (testing/sim_checks.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "testing/sim_server.h"

namespace batchyard::testing {

struct SimWish {
  std::uint64_t seed = 1;
  Canary canary = Canary::none;
  bool keep_trace = false;
};

struct SimOutcome {
  std::string violation;    // the first broken promise; empty: none
  std::uint64_t trace = 0;  // equal for equal seeds
  std::int64_t tasks_completed = 0;
  std::int64_t jobs_of_schedules = 0;
  std::int64_t commands_in_containers = 0;
  std::int64_t extensions_done = 0;
  std::int64_t faults = 0;
  std::vector<std::string> lines;
};

SimOutcome run_world(const SimWish& wish);

}  // namespace batchyard::testing
