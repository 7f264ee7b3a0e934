#include "service/statistics.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>
#include <utility>

#include "base/described_json.h"
#include "base/error_codes.h"
#include "base/text.h"
#include "model/schedule_status.h"
#include "model/status.h"
#include "service/filter.h"
#include "service/service.h"

namespace batchyard::service {

namespace {

namespace json = boost::json;

constexpr std::size_t rows_max = 1'000'000;

// The versions whose contract still has usage metrics and whose service still answered them.
constexpr api::ShapeMask knows_usage = 1 | 2 | 4 | 8;

constexpr Duration usage_interval = std::chrono::minutes(30);

Result<std::vector<engine::Row>> rows_of(engine::StoreReader& store, engine::EntityKind kind,
                                         std::optional<std::string> parent = {}) {
  engine::Page page =
      TRY(store.list({.kind = kind, .parent = std::move(parent), .limit = rows_max}));
  return std::move(page.rows);
}

Duration core_time(const NodeStatus& node, std::int32_t cores, const Interval& interval) {
  if (node.allocated == Time()) return Duration(0);
  const Time from = std::max(node.allocated, interval.start);
  return from < interval.end ? (interval.end - from) * cores : Duration(0);
}

// Of the pool's dedicated nodes, those that are gone included.
Result<Duration> dedicated_core_time(const engine::Row& row, const PoolStatus& pool,
                                     engine::StoreReader& store, Time now) {
  Duration sum = pool.core_time;
  for (const engine::Row& node : TRY(rows_of(store, engine::EntityKind::node, row.key.id))) {
    const NodeStatus status = TRY(from_json<NodeStatus>(node.status));
    if (status.dedicated) sum += core_time(status, pool.facts.cores, {Time(), now});
  }
  return sum;
}

json::object pool_object(const std::string& url, Time start, Time now, Duration cores) {
  const std::string from = to_iso8601(start);
  const std::string until = to_iso8601(now);
  return {
      {"url", url},
      {"startTime", from},
      {"lastUpdateTime", until},
      {"usageStats",
       {{"startTime", from}, {"lastUpdateTime", until}, {"dedicatedCoreTime", to_iso8601(cores)}}}};
}

// The members that jobs, schedules and tasks share.
json::object work_object(const std::string& url, Time start, Time now, const JobUsage& usage) {
  return {{"url", url},
          {"startTime", to_iso8601(start)},
          {"lastUpdateTime", to_iso8601(now)},
          {"userCPUTime", "PT0S"},
          {"kernelCPUTime", "PT0S"},
          {"wallClockTime", to_iso8601(usage.wall_clock)},
          {"readIOps", "0"},
          {"writeIOps", "0"},
          {"readIOGiB", 0.0},
          {"writeIOGiB", 0.0},
          {"waitTime", to_iso8601(usage.wait)}};
}

void add_counts(json::object& object, std::int64_t retries, std::int64_t succeeded,
                std::int64_t failed) {
  object["numTaskRetries"] = std::to_string(retries);
  object["numSucceededTasks"] = std::to_string(succeeded);
  object["numFailedTasks"] = std::to_string(failed);
}

// The account's pools and jobs are its history: it begins with the oldest of them.
Time beginning(Time so_far, Time created) {
  return std::min(so_far, created);
}

}  // namespace

Result<bool> expands_stats(const Call& call) {
  bool found = false;
  for (const std::string_view word : split(call.query_value("$expand"), ',')) {
    if (word.empty()) continue;
    if (word != "stats")
      return refusal(
          "InvalidQueryParameterValue",
          "The value specified for one of the query parameters is invalid: $expand knows "
          "stats only.",
          {{"QueryParameterName", "$expand"},
           {"QueryParameterValue", std::string(call.query_value("$expand"))}});
    found = true;
  }
  return found;
}

Result<json::object> pool_statistics(const engine::Row& row, engine::StoreReader& store,
                                     const Call& call) {
  const PoolStatus pool = TRY(from_json<PoolStatus>(row.status));
  const Duration cores = TRY(dedicated_core_time(row, pool, store, call.now));
  return pool_object(fmt::format("{}/pools/{}", call.base_url(), row.key.id), pool.created,
                     call.now, cores);
}

Result<json::object> job_statistics(const engine::Row& row, const Call& call) {
  const JobStatus job = TRY(from_json<JobStatus>(row.status));
  json::object stats = work_object(fmt::format("{}/jobs/{}", call.base_url(), row.key.id),
                                   job.created, call.now, job.usage);
  add_counts(stats, job.usage.retries, job.counts.succeeded, job.counts.failed);
  return stats;
}

Result<json::object> task_statistics(const engine::Row& row, const Call& call) {
  const TaskStatus task = TRY(from_json<TaskStatus>(row.status));
  JobUsage usage;
  if (task.start) {
    usage.wall_clock = task.end.value_or(call.now) - *task.start;
    usage.wait = *task.start - task.created;
  } else {
    usage.wait = task.end.value_or(call.now) - task.created;
  }
  return work_object(
      fmt::format("{}/jobs/{}/tasks/{}", call.base_url(), row.key.parent, row.key.id),
      task.start.value_or(task.created), call.now, usage);
}

Result<json::object> all_pool_statistics(engine::StoreReader& store, const Call& call) {
  Time start = call.now;
  Duration cores{};
  for (const engine::Row& row : TRY(rows_of(store, engine::EntityKind::pool))) {
    const PoolStatus pool = TRY(from_json<PoolStatus>(row.status));
    start = beginning(start, pool.created);
    cores += TRY(dedicated_core_time(row, pool, store, call.now));
  }
  return pool_object(call.base_url() + "/lifetimepoolstats", start, call.now, cores);
}

namespace {

// Of those jobs that are counted, since the first of them or `start`, whichever is earlier.
Result<json::object> statistics_of_jobs(engine::StoreReader& store, const Call& call, Time start,
                                        const std::string& url,
                                        const std::function<bool(const JobStatus&)>& is_counted) {
  JobUsage usage;
  std::int64_t succeeded = 0;
  std::int64_t failed = 0;
  for (const engine::Row& row : TRY(rows_of(store, engine::EntityKind::job))) {
    const JobStatus job = TRY(from_json<JobStatus>(row.status));
    if (!is_counted(job)) continue;
    start = beginning(start, job.created);
    usage.wall_clock += job.usage.wall_clock;
    usage.wait += job.usage.wait;
    usage.retries += job.usage.retries;
    succeeded += job.counts.succeeded;
    failed += job.counts.failed;
  }
  json::object stats = work_object(url, start, call.now, usage);
  add_counts(stats, usage.retries, succeeded, failed);
  return stats;
}

}  // namespace

Result<json::object> all_job_statistics(engine::StoreReader& store, const Call& call) {
  return statistics_of_jobs(store, call, call.now, call.base_url() + "/lifetimejobstats",
                            [](const JobStatus&) { return true; });
}

Result<json::object> schedule_statistics(const engine::Row& row, engine::StoreReader& store,
                                         const Call& call) {
  const ScheduleStatus schedule = TRY(from_json<ScheduleStatus>(row.status));
  return statistics_of_jobs(
      store, call, schedule.created, fmt::format("{}/jobschedules/{}", call.base_url(), row.key.id),
      [&](const JobStatus& job) { return job.schedule.text() == row.key.id; });
}

Result<UsagePage> usage_metrics(engine::StoreReader& store, engine::Query pools,
                                const Interval& interval) {
  UsagePage page;
  const std::size_t most = std::exchange(pools.limit, rows_max);
  pools.looked_at_max = rows_max;
  engine::Page rows = TRY(store.list(pools));
  std::string last;
  for (const engine::Row& row : rows.rows) {
    const PoolStatus pool = TRY(from_json<PoolStatus>(row.status));
    Duration sum{};
    for (const engine::Row& node : TRY(rows_of(store, engine::EntityKind::node, row.key.id)))
      sum += core_time(TRY(from_json<NodeStatus>(node.status)), pool.facts.cores, interval);
    if (sum == Duration(0)) continue;
    if (page.metrics.size() == most) {
      page.next = std::move(last);
      break;
    }
    last = row.key.id;
    page.metrics.push_back(
        {{"poolId", row.key.id},
         {"startTime", to_iso8601(interval.start)},
         {"endTime", to_iso8601(interval.end)},
         {"vmSize", pool.facts.vm_size},
         {"totalCoreHours", std::chrono::duration<double, std::ratio<3600>>(sum).count()}});
  }
  return page;
}

void Service::lifetime_pool_statistics(Call call) {
  Result<json::object> stats = all_pool_statistics(*ports_.store, call);
  if (!stats) return answer_error(call, stats.error());
  answer_entity(call, "poolstats/@Element", *std::move(stats));
}

void Service::lifetime_job_statistics(Call call) {
  Result<json::object> stats = all_job_statistics(*ports_.store, call);
  if (!stats) return answer_error(call, stats.error());
  answer_entity(call, "jobstats/@Element", *std::move(stats));
}

void Service::list_usage_metrics(Call call) {
  const auto run = [&]() -> Result<> {
    engine::Query pools{.kind = engine::EntityKind::pool};
    pools.limit = TRY(page_size(call, 1000));
    if ((call.version.mask() & knows_usage) == 0)
      return refusal("PoolUsageMetricAPIRetired",
                     "The pool usage metrics API has been retired. Use the statistics of pools "
                     "($expand=stats) instead.");
    pools.after = TRY(start_after(call));
    std::optional<engine::FilterNode> filter;
    if (const std::string_view text = call.query_value("$filter"); !text.empty()) {
      filter = TRY(parse_filter(text, usage_fields()));
      pools.filter = &*filter;
    }
    Interval interval{call.now - usage_interval, call.now};
    const auto read = [&](const char* name, Time& into) -> Result<> {
      const std::string_view text = call.query_value(name);
      if (text.empty()) return Done();
      const std::optional<Time> time = parse_iso8601(text);
      if (!time)
        return refusal(
            "InvalidQueryParameterValue",
            fmt::format("The value specified for one of the query parameters is invalid: "
                        "{} must be a time, for example 2024-01-31T12:00:00Z.",
                        name),
            {{"QueryParameterName", name}, {"QueryParameterValue", std::string(text)}});
      into = *time;
      return Done();
    };
    TRY(read("starttime", interval.start));
    TRY(read("endtime", interval.end));
    if (interval.end < interval.start)
      return refusal(
          "InvalidQueryParameterValue",
          "The value specified for one of the query parameters is invalid: endtime must "
          "not lie before starttime.",
          {{"QueryParameterName", "endtime"},
           {"QueryParameterValue", std::string(call.query_value("endtime"))},
           {"Reason", fmt::format("The interval would begin at {}", to_iso8601(interval.start))}});
    interval.end = std::min(interval.end, call.now);
    UsagePage page = TRY(usage_metrics(*ports_.store, std::move(pools), interval));
    answer_list(call, "poolusagemetrics", std::move(page.metrics), page.next);
    return Done();
  };
  if (const Result<> done = run(); !done) answer_error(call, done.error());
}

}  // namespace batchyard::service
