#include "engine/event_detail.h"

#include <fmt/format.h>

#include <boost/describe.hpp>

namespace batchyard::engine {

namespace {

std::string text_of(const Failure& failure) {
  return failure.code + ": " + failure.message;
}

// Why a run ended as it did.
std::string end_text(const std::optional<std::int32_t>& exit_code,
                     const std::optional<Failure>& failure) {
  std::string text = exit_code ? fmt::format("exit code {}", *exit_code) : "";
  if (!failure) return text;
  return text.empty() ? text_of(*failure) : text + "; " + text_of(*failure);
}

}  // namespace

std::string detail_of(const PoolStatus& status) {
  std::string text =
      fmt::format("{}: {} of {} dedicated and {} of {} low-priority nodes",
                  boost::describe::enum_to_string(status.allocation, ""), status.current_dedicated,
                  status.target_dedicated, status.current_low_priority, status.target_low_priority);
  for (const PlannedFault& fault : status.faults) {
    if (fault.begun && !fault.over)
      text += fmt::format("; fault {}: {}", fault.id,
                          boost::describe::enum_to_string(fault.fault.kind, ""));
  }
  if (!status.resize_errors.empty() && status.allocation == AllocationState::steady)
    text += "; " + status.resize_errors.back().code + ": " + status.resize_errors.back().message;
  return text;
}

std::string detail_of(const NodeStatus& status) {
  const bool well = status.state == NodeState::idle || status.state == NodeState::running;
  if (well || status.errors.empty()) return {};
  return status.errors.back().code + ": " + status.errors.back().message;
}

std::string detail_of(const JobStatus& status) {
  return status.terminate_reason;
}

std::string detail_of(const TaskStatus& status) {
  if (status.state == TaskState::completed) return end_text(status.exit_code, status.failure);
  if (status.ending) return text_of(*status.ending);
  if (status.state != TaskState::active)
    return fmt::format("attempt {} on node {}{}", status.attempt, status.node.text(),
                       status.subtasks.empty()
                           ? std::string()
                           : fmt::format(" and {} more", status.subtasks.size()));
  if (status.retries > 0 || status.requeues > 0)
    return fmt::format("{} retries, {} requeues", status.retries, status.requeues);
  return {};
}

std::string detail_of(const ScheduleStatus& status) {
  std::string text = status.recent.empty() ? "" : "job " + status.recent.text();
  if (status.next)
    text += fmt::format("{}next at {}", text.empty() ? "" : "; ", to_iso8601(*status.next));
  return text;
}

const char* state_of(const PreparationStatus& status) {
  using protocol::StartTaskPhase;
  if (status.release)
    return status.release->phase == StartTaskPhase::running ? "releasing" : "released";
  if (status.again) return "waiting";
  switch (status.preparation.phase) {
    case StartTaskPhase::running:
      return "preparing";
    case StartTaskPhase::succeeded:
      return "prepared";
    case StartTaskPhase::failed:
      return "failed";
    default:
      return "waiting";
  }
}

std::string detail_of(const PreparationStatus& status) {
  const protocol::StartTaskReport& report = status.release ? *status.release : status.preparation;
  const bool over = report.phase == protocol::StartTaskPhase::succeeded ||
                    report.phase == protocol::StartTaskPhase::failed;
  return over ? end_text(report.end.exit_code, report.end.failure) : std::string();
}

std::string detail_of(const CertificateStatus& status) {
  if (status.used_by.empty()) return {};
  return fmt::format("in use by {}{}", status.used_by.front(),
                     status.used_by.size() == 1
                         ? std::string()
                         : fmt::format(" and {} more", status.used_by.size() - 1));
}

std::string detail_of(const ApplicationStatus& status) {
  return status.default_version.empty() ? std::string()
                                        : "default version " + status.default_version.text();
}

std::string detail_of(const PackageStatus& status) {
  const std::optional<PackageContent>& shown = status.content ? status.content : status.uploaded;
  return shown ? fmt::format("{} bytes, sha256 {}", shown->size, shown->sha256) : std::string();
}

}  // namespace batchyard::engine
