// Thousands of simulated worlds. BATCHYARD_SEEDS=N runs N of them, BATCHYARD_SEED=S one, with its
// trace.
#include "testing/sim_world.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace batchyard::testing {
namespace {

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

TEST(SimWorld, KeepsItsPromises) {
  const std::uint64_t one = number_from("BATCHYARD_SEED", 0);
  const std::uint64_t count = number_from("BATCHYARD_SEEDS", 2000);
  const std::uint64_t first = one != 0 ? one : 1;
  const std::uint64_t last = one != 0 ? one : count;
  std::int64_t completed = 0;
  std::int64_t faults = 0;
  std::int64_t jobs = 0;
  std::int64_t in_containers = 0;
  std::int64_t extensions = 0;
  for (std::uint64_t seed = first; seed <= last; ++seed) {
    const SimOutcome outcome = run_world({.seed = seed, .keep_trace = one != 0});
    for (const std::string& line : outcome.lines) std::cout << line << "\n";
    ASSERT_EQ(outcome.violation, "") << "again with its trace: BATCHYARD_SEED=" << seed;
    completed += outcome.tasks_completed;
    faults += outcome.faults;
    jobs += outcome.jobs_of_schedules;
    in_containers += outcome.commands_in_containers;
    extensions += outcome.extensions_done;
  }
  std::cout << last - first + 1 << " worlds, " << completed << " tasks completed, " << faults
            << " faults\n";
  if (one == 0) {
    EXPECT_GT(completed, static_cast<std::int64_t>(count) * 10);
    EXPECT_GT(faults, static_cast<std::int64_t>(count));
    EXPECT_GT(jobs, static_cast<std::int64_t>(count));
    EXPECT_GT(in_containers, static_cast<std::int64_t>(count));
    EXPECT_GT(extensions, static_cast<std::int64_t>(count));
  }
}

TEST(SimWorld, TheSameSeedGivesTheSameTrace) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const SimOutcome first = run_world({.seed = seed});
    const SimOutcome second = run_world({.seed = seed});
    EXPECT_EQ(first.trace, second.trace) << seed;
    EXPECT_EQ(first.violation, second.violation);
  }
}

// A world with a planted bug: the checks must find it in most seeds, or they are blind.
class Canaries : public ::testing::TestWithParam<Canary> {};
TEST_P(Canaries, AreCaught) {
  int caught = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    caught += run_world({.seed = seed, .canary = GetParam()}).violation.empty() ? 0 : 1;
  EXPECT_GT(caught, 20);
}
INSTANTIATE_TEST_SUITE_P(All, Canaries,
                         ::testing::Values(Canary::lying_disk, Canary::double_start,
                                           Canary::lost_count, Canary::skipped_preparation,
                                           Canary::no_order, Canary::lost_packages,
                                           Canary::no_images, Canary::no_extensions,
                                           Canary::blind_gate));

}  // namespace
}  // namespace batchyard::testing
