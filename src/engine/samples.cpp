#include "engine/samples.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace batchyard::engine {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

// Sums over a pool's nodes whose agents have reported.
struct Usage {
  double nodes = 0;
  protocol::NodeUsage sum;
};

Usage usage_of(const PoolRecord& pool) {
  Usage usage;
  protocol::NodeUsage& sum = usage.sum;
  for (const auto& [id, node] : pool.nodes) {
    if (!node.usage) continue;
    ++usage.nodes;
    sum.cpu += node.usage->cpu;
    sum.memory += node.usage->memory;
    sum.disk += node.usage->disk;
    sum.disk_read_bytes += node.usage->disk_read_bytes;
    sum.disk_write_bytes += node.usage->disk_write_bytes;
    sum.disk_read_ops += node.usage->disk_read_ops;
    sum.disk_write_ops += node.usage->disk_write_ops;
    sum.network_in_bytes += node.usage->network_in_bytes;
    sum.network_out_bytes += node.usage->network_out_bytes;
  }
  return usage;
}

double count_nodes(const PoolRecord& pool, std::initializer_list<NodeState> states) {
  double count = 0;
  for (const auto& [id, node] : pool.nodes)
    count += std::ranges::find(states, node.status.state) != states.end() ? 1 : 0;
  return count;
}

// Of jobs that let their tasks run, and of tasks that wait for nothing but nodes. A gang counts
// as many times as it wants nodes.
double active_tasks(const PoolRecord& pool) {
  double count = 0;
  for (const JobRecord* job : pool.jobs) {
    if (job->status.state == JobState::active || job->status.state == JobState::enabling)
      count += static_cast<double>(job->status.counts.active + job->more_instances -
                                   job->blocked_instances);
  }
  return count;
}

double sum_counts(const PoolRecord& pool, std::int64_t TaskCounts::* which) {
  double count = 0;
  for (const JobRecord* job : pool.jobs) count += static_cast<double>(job->status.counts.*which);
  return count;
}

struct Metric {
  const char* name;
  double (*measure)(const PoolRecord& pool, const Usage& usage);
};

double mean(double sum, const Usage& usage) {
  return usage.nodes == 0 ? unknown : sum / usage.nodes;
}
double total(std::int64_t sum, const Usage& usage) {
  return usage.nodes == 0 ? unknown : static_cast<double>(sum);
}

constexpr Metric metrics[metric_count] = {
    {"CPUPercent",
     [](const PoolRecord&, const Usage& usage) { return mean(usage.sum.cpu, usage); }},
    {"WallClockSeconds",
     [](const PoolRecord& pool, const Usage&) {
       return 30 * count_nodes(pool, {NodeState::idle, NodeState::running});
     }},
    {"MemoryBytes",
     [](const PoolRecord&, const Usage& usage) { return mean(usage.sum.memory, usage); }},
    {"DiskBytes",
     [](const PoolRecord&, const Usage& usage) { return mean(usage.sum.disk, usage); }},
    {"DiskReadBytes",
     [](const PoolRecord&, const Usage& usage) { return total(usage.sum.disk_read_bytes, usage); }},
    {"DiskWriteBytes", [](const PoolRecord&,
                          const Usage& usage) { return total(usage.sum.disk_write_bytes, usage); }},
    {"DiskReadOps",
     [](const PoolRecord&, const Usage& usage) { return total(usage.sum.disk_read_ops, usage); }},
    {"DiskWriteOps",
     [](const PoolRecord&, const Usage& usage) { return total(usage.sum.disk_write_ops, usage); }},
    {"NetworkInBytes", [](const PoolRecord&,
                          const Usage& usage) { return total(usage.sum.network_in_bytes, usage); }},
    {"NetworkOutBytes",
     [](const PoolRecord&, const Usage& usage) {
       return total(usage.sum.network_out_bytes, usage);
     }},
    {"SampleNodeCount", [](const PoolRecord&, const Usage& usage) { return usage.nodes; }},
    {"ActiveTasks", [](const PoolRecord& pool, const Usage&) { return active_tasks(pool); }},
    {"RunningTasks",
     [](const PoolRecord& pool, const Usage&) { return sum_counts(pool, &TaskCounts::running); }},
    {"PendingTasks",
     [](const PoolRecord& pool, const Usage&) {
       return active_tasks(pool) + sum_counts(pool, &TaskCounts::running);
     }},
    {"SucceededTasks",
     [](const PoolRecord& pool, const Usage&) { return sum_counts(pool, &TaskCounts::succeeded); }},
    {"FailedTasks",
     [](const PoolRecord& pool, const Usage&) { return sum_counts(pool, &TaskCounts::failed); }},
    {"CurrentDedicatedNodes",
     [](const PoolRecord& pool, const Usage&) {
       return static_cast<double>(pool.status.current_dedicated);
     }},
    {"CurrentLowPriorityNodes",
     [](const PoolRecord& pool, const Usage&) {
       return static_cast<double>(pool.status.current_low_priority);
     }},
    {"PreemptedNodeCount", [](const PoolRecord& pool,
                              const Usage&) { return count_nodes(pool, {NodeState::preempted}); }},
    {"TaskSlotsPerNode",
     [](const PoolRecord& pool, const Usage&) {
       return static_cast<double>(pool.status.facts.task_slots);
     }},
    {"UsableNodeCount", [](const PoolRecord& pool, const Usage&) {
       return count_nodes(pool, {NodeState::idle, NodeState::running});
     }}};

PoolSample measure(const PoolRecord& pool, Time now) {
  PoolSample sample{.at = now, .values = {}};
  const Usage usage = usage_of(pool);
  for (std::size_t i = 0; i < metric_count; ++i) sample.values[i] = metrics[i].measure(pool, usage);
  return sample;
}

// A number from 0 to 1 that differs from pool to pool and from moment to moment, the same on every
// run of the same commands.
double chance(std::uint64_t& seed) {
  seed += 0x9E3779B97F4A7C15ULL;
  std::uint64_t mixed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9ULL;
  mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((mixed ^ (mixed >> 31)) >> 11) * 0x1.0p-53;
}

}  // namespace

PoolRecord::PoolRecord() = default;
PoolRecord::~PoolRecord() = default;

void take_sample(PoolRecord& pool, Time now) {
  if (!pool.samples) pool.samples = std::make_unique<PoolSamples>();
  PoolSamples& samples = *pool.samples;
  if (now < samples.next) return;
  samples.kept.push_back(measure(pool, now));
  if (samples.kept.size() > samples_max) samples.kept.pop_front();
  samples.next = now + sample_period;
}

formula::Scope scope_of(const PoolRecord& pool, Time now) {
  formula::Scope scope;
  scope.now = now;
  scope.sample_period = sample_period;
  scope.random = [seed = static_cast<std::uint64_t>(folded_hash(pool.id.text())) ^
                         static_cast<std::uint64_t>(now.time_since_epoch().count())]() mutable {
    return chance(seed);
  };
  scope.target_dedicated = pool.status.target_dedicated;
  scope.target_low_priority = pool.status.target_low_priority;
  const PoolSample current = measure(pool, now);
  for (std::size_t i = 0; i < metric_count; ++i) {
    formula::Metric& metric = scope.metrics[metrics[i].name];
    if (!std::isnan(current.values[i])) metric.current = current.values[i];
    if (!pool.samples) continue;
    for (const PoolSample& sample : pool.samples->kept) {
      if (!std::isnan(sample.values[i])) metric.samples.push_back({sample.at, sample.values[i]});
    }
  }
  return scope;
}

}  // namespace batchyard::engine
