#include "apps/cli/inspect.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <map>
#include <optional>
#include <thread>

#include "apps/cli/exit_code.h"
#include "apps/cli/fault.h"
#include "apps/cli/kinds.h"
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

int bad_names(const Listing& kind) {
  fmt::print(stderr, "batchyard: give {}\n", usage_of(kind));
  return ExitCode::usage;
}

int unknown_kind(const std::string& name) {
  fmt::print(stderr, "batchyard: '{}' is not a kind of thing here: give {}\n", name, all_kinds());
  return ExitCode::usage;
}

// The one entity that the names mean.
Result<json::value> get_one(ApiClient& api, const std::string& path) {
  json::value found = TRY(api.get(path));
  json::value* list = found.is_object() ? found.get_object().if_contains("value") : nullptr;
  if (list == nullptr || !list->is_array()) return found;
  if (list->get_array().empty()) return fail(Kind::not_found, "", "there is none of that name");
  return std::move(list->get_array().front());
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

// What the rules find in a pool that was taken all the same.
void print_findings(ApiClient& api, const std::string& pool) {
  const Result<json::value> found =
      api.get("/batchyard/pools/" + percent_encode(pool) + "/findings");
  if (!found) return;
  for (const json::value& finding : found->at("findings").as_array()) {
    if (text_at(finding, "severity") == "note") continue;
    fmt::print("{} {}: {}: {} {}\n", paint("!", Colour::yellow), text_at(finding, "rule"),
               text_at(finding, "property"), text_at(finding, "message"), text_at(finding, "why"));
  }
}

// What became of its VM extensions; nothing when it has none.
void print_extensions(ApiClient& api, const std::string& node) {
  const Result<json::array> listed = api.list(node + "/extensions");
  if (!listed || listed->empty()) return;
  fmt::print("{}:\n", paint("extensions", Colour::bold));
  for (const json::value& one : *listed) {
    const json::value& status = one.at("instanceView").at("statuses").at(0);
    fmt::print("  {} ({}/{}): {}. {}\n", text_at(one, "vmExtension/name"),
               text_at(one, "vmExtension/publisher"), text_at(one, "vmExtension/type"),
               text_at(status, "displayStatus"), text_at(status, "message"));
  }
}

// A column for what the nodes of a pool have; none when there is nothing to tell of any.
void add_hardware(ApiClient& api, const std::string& pool, const json::array& nodes, Table& table) {
  const Result<json::value> listed =
      api.get("/batchyard/pools/" + percent_encode(pool) + "/hardware");
  if (!listed) return;
  std::map<std::string, std::string> brief;
  bool any = false;
  for (const json::value& node : listed->at("value").as_array()) {
    std::string words = text_at(node, "hardware");
    any = any || !words.empty();
    brief.emplace(text_at(node, "id"), std::move(words));
  }
  if (!any) return;
  table.head.emplace_back("HARDWARE");
  for (std::size_t at = 0; at < nodes.size(); ++at)
    table.rows[at].push_back(brief[text_at(nodes[at], "id")]);
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
  const bool one = sight.names.size() == parents_of(*kind) + 1;
  if (!one && !sight.as_of.empty()) {
    fmt::print(stderr, "batchyard: --as-of shows one {}: give its name\n", kind->singular);
    return ExitCode::usage;
  }
  const std::optional<std::string> path = path_of(*kind, sight.names, sight.as_of);
  if (!path) return bad_names(*kind);
  json::array entities;
  if (one) {
    Result<json::value> entity = get_one(api, *path);
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
  if (kind->singular == "node" && sight.as_of.empty())
    add_hardware(api, sight.names.front(), entities, table);
  fmt::print("{}", table.text());
  return ExitCode::done;
}

int describe(ApiClient& api, const Sight& sight, Output output) {
  const Listing* kind = find_kind(sight.kind);
  if (kind == nullptr) return unknown_kind(sight.kind);
  const std::optional<std::string> path = path_of(*kind, sight.names, sight.as_of);
  if (!path || sight.names.size() != parents_of(*kind) + 1) return bad_names(*kind);
  const Result<json::value> entity = get_one(api, *path);
  if (!entity) return report(entity.error());
  if (output == Output::json) {
    fmt::print("{}\n", json::serialize(*entity));
    return ExitCode::done;
  }
  print_troubles(*entity);
  if (kind->singular == "pool" && sight.as_of.empty()) print_findings(api, sight.names.back());
  print_indented(*entity, "");
  if (sight.as_of.empty() && (kind->singular == "node" || kind->singular == "task"))
    print_hardware(api, *path);
  if (sight.as_of.empty() && kind->singular == "node") print_extensions(api, *path);
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
  if (!path || options.names.size() != parents_of(*kind) + 1) return bad_names(*kind);
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
    const Result<json::value> entity = get_one(api, *path);
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
