#include "apps/cli/kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/algorithm/string/case_conv.hpp>

#include "base/text.h"

namespace batchyard::cli {

namespace {

// Certificates went with the versions after this one.
constexpr std::string_view last_with_certificates = "api-version=2024-07-01.20.0";

const std::vector<Listing>& kinds() {
  static const std::vector<Listing> known = {
      {"pools",
       "pool",
       "",
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
       "pool",
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
       "",
       {{"JOB", "id"},
        {"STATE", "state"},
        {"POOL", "poolInfo/poolId"},
        {"PRIORITY", "priority"},
        {"CREATED", "creationTime"},
        {"REASON", "executionInfo/terminateReason"}},
       1},
      {"tasks",
       "task",
       "job",
       {{"TASK", "id"},
        {"STATE", "state"},
        {"RESULT", "executionInfo/result"},
        {"EXIT", "executionInfo/exitCode"},
        {"NODE", "nodeInfo/nodeId"},
        {"RETRIES", "executionInfo/retryCount"},
        {"FAILURE", "executionInfo/failureInfo/code"}},
       1},
      {"schedules",
       "schedule",
       "",
       {{"SCHEDULE", "id"},
        {"STATE", "state"},
        {"EVERY", "schedule/recurrenceInterval"},
        {"NEXT", "executionInfo/nextRunTime"},
        {"JOB", "executionInfo/recentJob/id"},
        {"ENDED", "executionInfo/endTime"}},
       1},
      {"preparations",
       "preparation",
       "job",
       {{"NODE", "nodeId"},
        {"POOL", "poolId"},
        {"PREPARATION", "jobPreparationTaskExecutionInfo/state"},
        {"RESULT", "jobPreparationTaskExecutionInfo/result"},
        {"RELEASE", "jobReleaseTaskExecutionInfo/state"},
        {"RESULT", "jobReleaseTaskExecutionInfo/result"}},
       2},
      {"certificates",
       "certificate",
       "",
       {{"THUMBPRINT", "thumbprint"}, {"STATE", "state"}, {"SINCE", "stateTransitionTime"}},
       1},
      {"applications",
       "application",
       "",
       {{"APPLICATION", "id"},
        {"NAME", "displayName"},
        {"DEFAULT", "defaultVersion"},
        {"UPDATES", "allowUpdates"}}},
      {"packages",
       "package",
       "application",
       {{"VERSION", "version"},
        {"STATE", "state"},
        {"SIZE", "size"},
        {"ACTIVATED", "lastActivationTime"}},
       1},
  };
  return known;
}

// Where the list is; nothing when there is none.
std::optional<std::string> list_path(const Listing& kind, const std::vector<std::string>& names) {
  const std::string parent = names.empty() ? "" : percent_encode(names.front());
  if (kind.singular == "node") return "/pools/" + parent + "/nodes";
  if (kind.singular == "task") return "/jobs/" + parent + "/tasks";
  if (kind.singular == "preparation")
    return "/jobs/" + parent + "/jobpreparationandreleasetaskstatus";
  if (kind.singular == "schedule") return "/jobschedules";
  if (kind.singular == "application") return "/batchyard/applications";
  if (kind.singular == "package") return std::nullopt;
  if (kind.singular == "certificate")
    return fmt::format("/certificates?{}", last_with_certificates);
  return "/" + std::string(kind.plural);
}

std::string one_path(const Listing& kind, const std::vector<std::string>& names) {
  const std::string& id = names.back();
  if (kind.singular == "package")
    return "/batchyard/applications/" + percent_encode(names.front()) + "/versions/" +
           percent_encode(id);
  // The service lists them and gives none alone.
  if (kind.singular == "preparation")
    return *list_path(kind, names) +
           "?$filter=" + percent_encode(fmt::format("nodeId eq '{}'", id));
  if (kind.singular == "certificate") {
    const std::size_t dash = id.find('-');
    const bool whole = dash != std::string::npos;  // sha1-THUMBPRINT, or the thumbprint alone
    return fmt::format("/certificates(thumbprintAlgorithm={},thumbprint={})?{}",
                       percent_encode(whole ? id.substr(0, dash) : "sha1"),
                       percent_encode(whole ? id.substr(dash + 1) : id), last_with_certificates);
  }
  return *list_path(kind, names) + "/" + percent_encode(id);
}

std::string past_path(const Listing& kind, const std::vector<std::string>& names,
                      const std::string& as_of) {
  std::string path = "/batchyard/history/" + std::string(kind.singular);
  for (const std::string& name : names) {
    const bool bare = kind.singular == "certificate" && name.find('-') == std::string::npos;
    path += "/" + percent_encode(bare ? "sha1-" + name : name);
  }
  return path + "?as-of=" + percent_encode(as_of);
}

}  // namespace

const Listing* find_kind(const std::string& name) {
  const auto found = std::ranges::find_if(
      kinds(), [&](const Listing& kind) { return name == kind.plural || name == kind.singular; });
  return found == kinds().end() ? nullptr : &*found;
}

std::size_t parents_of(const Listing& kind) {
  return kind.parent.empty() ? 0 : 1;
}

std::optional<std::string> path_of(const Listing& kind, const std::vector<std::string>& names,
                                   const std::string& as_of) {
  const std::size_t parents = parents_of(kind);
  if (names.size() < parents || names.size() > parents + 1) return std::nullopt;
  if (names.size() == parents) return list_path(kind, names);
  return as_of.empty() ? one_path(kind, names) : past_path(kind, names, as_of);
}

std::string usage_of(const Listing& kind) {
  const std::string parent =
      kind.parent.empty() ? "" : " " + boost::algorithm::to_upper_copy(std::string(kind.parent));
  return kind.singular == "package" ? fmt::format("{}{} VERSION", kind.singular, parent)
                                    : fmt::format("{}{} [{}]", kind.plural, parent, kind.singular);
}

std::string all_kinds() {
  std::string all;
  for (const Listing& kind : kinds()) {
    if (!all.empty()) all += &kind == &kinds().back() ? " or " : ", ";
    all += kind.plural;
    if (!kind.parent.empty())
      all += " " + boost::algorithm::to_upper_copy(std::string(kind.parent));
  }
  return all;
}

std::string plural_kinds() {
  std::string all;
  for (const Listing& kind : kinds()) all += (all.empty() ? "" : ",") + std::string(kind.plural);
  return all;
}

std::string singular_kinds() {
  std::string all;
  for (const Listing& kind : kinds()) all += (all.empty() ? "" : ",") + std::string(kind.singular);
  return all;
}

}  // namespace batchyard::cli
