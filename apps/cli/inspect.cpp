#include "apps/cli/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <optional>
#include <thread>

#include "apps/cli/exit_code.h"
#include "apps/cli/terminal.h"
#include "base/text.h"
#include "base/time.h"

namespace batchyard::cli {

namespace {

namespace json = boost::json;

// A member by its path ("executionInfo/exitCode") as text for a table; "" when it is not there.
std::string text_at(const json::value& value, std::string_view path) {
  const json::value* at = &value;
  for (const std::string_view part : split(path, '/')) {
    at = at->is_object() ? at->get_object().if_contains(part) : nullptr;
    if (at == nullptr) return {};
  }
  return at->is_string() ? std::string(at->get_string()) : json::serialize(*at);
}

struct Listing {
  std::string_view plural;
  std::string_view singular;
  std::size_t parents;
  std::vector<std::pair<std::string_view, std::string_view>> columns;  // title, path
  int state_column;
  std::string_view collection = plural;  // in the API's paths
};

const std::vector<Listing>& kinds() {
  static const std::vector<Listing> known = {
      {"pools",
       "pool",
       0,
       {{"POOL", "id"},
        {"STATE", "state"},
        {"ALLOCATION", "allocationState"},
        {"SIZE", "vmSize"},
        {"NODES", "currentDedicatedNodes"},
        {"TARGET", "targetDedicatedNodes"},
        {"SLOTS", "taskSlotsPerNode"},
        {"CREATED", "creationTime"}},
       1},
      {"nodes",
       "node",
       1,
       {{"NODE", "id"},
        {"STATE", "state"},
        {"ADDRESS", "ipAddress"},
        {"SIZE", "vmSize"},
        {"RUNNING", "runningTasksCount"},
        {"RUN", "totalTasksRun"},
        {"SINCE", "stateTransitionTime"}},
       1},
      {"jobs",
       "job",
       0,
       {{"JOB", "id"},
        {"STATE", "state"},
        {"POOL", "poolInfo/poolId"},
        {"PRIORITY", "priority"},
        {"CREATED", "creationTime"},
        {"REASON", "executionInfo/terminateReason"}},
       1},
      {"schedules",
       "schedule",
       0,
       {{"SCHEDULE", "id"},
        {"STATE", "state"},
        {"EVERY", "schedule/recurrenceInterval"},
        {"NEXT", "executionInfo/nextRunTime"},
        {"JOB", "executionInfo/recentJob/id"},
        {"ENDED", "executionInfo/endTime"}},
       1,
       "jobschedules"},
      {"tasks",
       "task",
       1,
       {{"TASK", "id"},
        {"STATE", "state"},
        {"RESULT", "executionInfo/result"},
        {"EXIT", "executionInfo/exitCode"},
        {"NODE", "nodeInfo/nodeId"},
        {"RETRIES", "executionInfo/retryCount"},
        {"FAILURE", "executionInfo/failureInfo/code"}},
       1},
  };
  return known;
}

const Listing* find_kind(const std::string& name) {
  const auto found = std::ranges::find_if(
      kinds(), [&](const Listing& kind) { return name == kind.plural || name == kind.singular; });
  return found == kinds().end() ? nullptr : &*found;
}

// "/pools/p1/nodes" or "/pools/p1/nodes/n1"; nothing when the number of names is wrong.
std::optional<std::string> path_of(const Listing& kind, const std::vector<std::string>& names) {
  if (names.size() < kind.parents || names.size() > kind.parents + 1) return std::nullopt;
  std::string path;
  if (kind.parents == 1)
    path = (kind.plural == "nodes" ? "/pools/" : "/jobs/") + percent_encode(names[0]);
  path += "/" + std::string(kind.collection);
  if (names.size() == kind.parents + 1) path += "/" + percent_encode(names.back());
  return path;
}

// The same, or where the past of the entity is.
std::optional<std::string> path_of(const Listing& kind, const Sight& sight) {
  std::optional<std::string> path = path_of(kind, sight.names);
  if (!path || sight.as_of.empty()) return path;
  *path = "/batchyard/history/" + std::string(kind.singular);
  for (const std::string& name : sight.names) *path += "/" + percent_encode(name);
  return *path + "?as-of=" + percent_encode(sight.as_of);
}

int bad_names(const Listing& kind) {
  const std::string parent = kind.parents == 0 ? "" : kind.plural == "nodes" ? " POOL" : " JOB";
  fmt::print(stderr, "batchyard: give {}{} [{}]\n", kind.plural, parent, fold(kind.singular));
  return ExitCode::usage;
}

int unknown_kind(const std::string& name) {
  fmt::print(
      stderr,
      "batchyard: '{}' is not a kind of thing here: give pools, nodes POOL, jobs, tasks JOB or "
      "schedules\n",
      name);
  return ExitCode::usage;
}

void print_indented(const json::value& value, const std::string& indent) {
  if (value.is_object()) {
    for (const auto& member : value.get_object()) {
      if (std::string_view(member.key()).starts_with("odata.")) continue;
      const bool nested = member.value().is_object() ||
                          (member.value().is_array() && !member.value().get_array().empty());
      fmt::print("{}{}:{}", indent, paint(std::string_view(member.key()), Colour::bold),
                 nested ? "\n" : " ");
      print_indented(member.value(), nested ? indent + "  " : "");
    }
  } else if (value.is_array()) {
    if (value.get_array().empty()) fmt::print("none\n");
    for (const json::value& element : value.get_array()) {
      if (element.is_object()) {
        fmt::print("{}-\n", indent);
        print_indented(element, indent + "  ");
      } else {
        fmt::print("{}- ", indent);
        print_indented(element, "");
      }
    }
  } else if (value.is_string()) {
    fmt::print("{}\n", std::string_view(value.get_string()));
  } else {
    fmt::print("{}\n", json::serialize(value));
  }
}

// The most urgent fact first: why is it not well?
void print_troubles(const json::value& entity) {
  for (const std::string_view path : {"errors", "resizeErrors"}) {
    const json::value* list = entity.as_object().if_contains(path);
    if (list == nullptr || !list->is_array()) continue;
    for (const json::value& trouble : list->get_array())
      fmt::print("{} {}: {}\n", paint("!", Colour::red), text_at(trouble, "code"),
                 text_at(trouble, "message"));
  }
  for (const std::string path :
       {"executionInfo/failureInfo", "executionInfo/schedulingError", "autoScaleRun/error"}) {
    if (const std::string code = text_at(entity, path + "/code"); !code.empty())
      fmt::print("{} {}: {}\n", paint("!", Colour::red), code, text_at(entity, path + "/message"));
  }
}

constexpr std::chrono::milliseconds poll_interval{200};

}  // namespace

int report(const Error& error) {
  fmt::print(stderr, "batchyard: {}{}{}\n", error.code, error.code.empty() ? "" : ": ",
             error.message);
  for (const Detail& detail : error.details)
    fmt::print(stderr, "  {}: {}\n", detail.key, detail.value);
  return exit_code_of(error);
}

int get(ApiClient& api, const Sight& sight, Output output) {
  const Listing* kind = find_kind(sight.kind);
  if (kind == nullptr) return unknown_kind(sight.kind);
  const bool one = sight.names.size() == kind->parents + 1;
  if (!one && !sight.as_of.empty()) {
    fmt::print(stderr, "batchyard: --as-of shows one {}: give its name\n", kind->singular);
    return ExitCode::usage;
  }
  const std::optional<std::string> path = path_of(*kind, sight);
  if (!path) return bad_names(*kind);
  json::array entities;
  if (one) {
    Result<json::value> entity = api.get(*path);
    if (!entity) return report(entity.error());
    entities.push_back(*std::move(entity));
  } else {
    Result<json::array> listed = api.list(*path);
    if (!listed) return report(listed.error());
    entities = *std::move(listed);
  }
  if (output == Output::json) {
    fmt::print("{}\n", one ? json::serialize(entities.front()) : json::serialize(entities));
    return ExitCode::done;
  }
  Table table;
  table.state_column = kind->state_column;
  for (const auto& [title, column] : kind->columns) table.head.emplace_back(title);
  for (const json::value& entity : entities) {
    std::vector<std::string>& row = table.rows.emplace_back();
    for (const auto& [title, column] : kind->columns) row.push_back(text_at(entity, column));
  }
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int describe(ApiClient& api, const Sight& sight, Output output) {
  const Listing* kind = find_kind(sight.kind);
  if (kind == nullptr) return unknown_kind(sight.kind);
  const std::optional<std::string> path = path_of(*kind, sight);
  if (!path || sight.names.size() != kind->parents + 1) return bad_names(*kind);
  const Result<json::value> entity = api.get(*path);
  if (!entity) return report(entity.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(*entity));
    return ExitCode::done;
  }
  print_troubles(*entity);
  print_indented(*entity, "");
  if (kind->singular == "task" && sight.as_of.empty() &&
      entity->as_object().if_contains("multiInstanceSettings") != nullptr) {
    const Result<json::value> subtasks = api.get(*path + "/subtasksinfo");
    if (subtasks) {
      fmt::print("{}:\n", paint("subtasks", Colour::bold));
      print_indented(subtasks->as_object().at("value"), "  ");
    }
  }
  return ExitCode::done;
}

int logs(ApiClient& api, const LogOptions& options) {
  const std::string task =
      "/jobs/" + percent_encode(options.job) + "/tasks/" + percent_encode(options.task);
  const std::string file = task + "/files/" + options.file;
  std::uint64_t offset = 0;
  while (true) {
    // Asked before the read: what was written until the end is then read for certain.
    const Result<json::value> entity = api.get(task + "?$select=id,state");
    if (!entity) return report(entity.error());
    const bool ended = text_at(*entity, "state") == "completed";
    const Result<std::string> part = api.read_file(file, offset);
    if (part) {
      std::fwrite(part->data(), 1, part->size(), stdout);
      std::fflush(stdout);
      offset += part->size();
    } else if (!options.follow || ended) {
      return report(part.error());
    }
    if (!options.follow || (ended && part && part->empty())) return ExitCode::done;
    if (!part || part->empty()) std::this_thread::sleep_for(poll_interval);
  }
}

int wait(ApiClient& api, const WaitOptions& options) {
  const Listing* kind = find_kind(options.kind);
  if (kind == nullptr) return unknown_kind(options.kind);
  const std::optional<std::string> path = path_of(*kind, options.names);
  if (!path || options.names.size() != kind->parents + 1) return bad_names(*kind);
  const bool is_pool = kind->singular == "pool";
  const std::string member =
      is_pool && (options.state.empty() || options.state == "steady") ? "allocationState" : "state";
  const std::string wanted = !options.state.empty()     ? fold(options.state)
                             : is_pool                  ? "steady"
                             : kind->singular == "node" ? "idle"
                                                        : "completed";
  const auto start = std::chrono::steady_clock::now();
  ProgressLine progress;
  while (true) {
    const Result<json::value> entity = api.get(*path);
    if (!entity) return report(entity.error());
    const std::string state = text_at(*entity, member);
    progress.show(fmt::format("{} {}: {}", kind->singular, options.names.back(), state));
    if (fold(state) == wanted) {
      progress.end();
      return text_at(*entity, "executionInfo/result") == "failure" ? ExitCode::failed
                                                                   : ExitCode::done;
    }
    if (options.timeout.count() > 0 && std::chrono::steady_clock::now() - start > options.timeout) {
      progress.end();
      fmt::print(stderr, "batchyard: {} {} is still {} after {}, not {}\n", kind->singular,
                 options.names.back(), state, short_duration(options.timeout.count()), wanted);
      return ExitCode::timed_out;
    }
    std::this_thread::sleep_for(poll_interval);
  }
}

}  // namespace batchyard::cli
