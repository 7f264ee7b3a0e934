#include "engine/event_detail.h"

#include <fmt/format.h>

#include <boost/describe.hpp>

namespace batchyard::engine {

namespace {

std::string text_of(const Failure& failure) {
  return failure.code + ": " + failure.message;
}

// Why its last run ended as it did.
std::string end_text(const TaskStatus& status) {
  std::string text = status.exit_code ? fmt::format("exit code {}", *status.exit_code) : "";
  if (!status.failure) return text;
  return text.empty() ? text_of(*status.failure) : text + "; " + text_of(*status.failure);
}

}  // namespace

std::string detail_of(const PoolStatus& status) {
  std::string text =
      fmt::format("{}: {} of {} dedicated and {} of {} low-priority nodes",
                  boost::describe::enum_to_string(status.allocation, ""), status.current_dedicated,
                  status.target_dedicated, status.current_low_priority, status.target_low_priority);
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
  if (status.state == TaskState::completed) return end_text(status);
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

}  // namespace batchyard::engine
