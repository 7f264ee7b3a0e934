#include "formula/names.h"

#include <algorithm>

namespace batchyard::formula {

namespace {

constexpr std::int64_t second = 10'000'000;
constexpr std::int64_t day = 24 * 3600 * second;

constexpr ServiceName services[] = {{"TargetDedicatedNodes", ServiceKind::dedicated},
                                    {"TargetDedicated", ServiceKind::dedicated, true},
                                    {"TargetLowPriorityNodes", ServiceKind::low_priority},
                                    {"TargetLowPriority", ServiceKind::low_priority, true},
                                    {"NodeDeallocationOption", ServiceKind::option},
                                    {"CPUPercent", ServiceKind::metric},
                                    {"WallClockSeconds", ServiceKind::metric},
                                    {"MemoryBytes", ServiceKind::metric},
                                    {"DiskBytes", ServiceKind::metric},
                                    {"DiskReadBytes", ServiceKind::metric},
                                    {"DiskWriteBytes", ServiceKind::metric},
                                    {"DiskReadOps", ServiceKind::metric},
                                    {"DiskWriteOps", ServiceKind::metric},
                                    {"NetworkInBytes", ServiceKind::metric},
                                    {"NetworkOutBytes", ServiceKind::metric},
                                    {"SampleNodeCount", ServiceKind::metric},
                                    {"ActiveTasks", ServiceKind::metric},
                                    {"RunningTasks", ServiceKind::metric},
                                    {"PendingTasks", ServiceKind::metric},
                                    {"SucceededTasks", ServiceKind::metric},
                                    {"FailedTasks", ServiceKind::metric},
                                    {"CurrentDedicatedNodes", ServiceKind::metric},
                                    {"CurrentDedicated", ServiceKind::metric, true},
                                    {"CurrentLowPriorityNodes", ServiceKind::metric},
                                    {"PreemptedNodeCount", ServiceKind::metric},
                                    {"TaskSlotsPerNode", ServiceKind::metric},
                                    {"UsableNodeCount", ServiceKind::metric}};

constexpr ConstantName constants[] = {{"TimeInterval_Zero", false, 0},
                                      {"TimeInterval_100ns", false, 1},
                                      {"TimeInterval_Microsecond", false, 10},
                                      {"TimeInterval_Millisecond", false, 10'000},
                                      {"TimeInterval_Second", false, second},
                                      {"TimeInterval_Minute", false, 60 * second},
                                      {"TimeInterval_Hour", false, 3600 * second},
                                      {"TimeInterval_Day", false, day},
                                      {"TimeInterval_Week", false, 7 * day},
                                      {"TimeInterval_Year", false, 365 * day},
                                      {"requeue", true, 0},
                                      {"terminate", true, 0},
                                      {"taskcompletion", true, 0},
                                      {"retaineddata", true, 0}};

template <class Name>
const Name* find(std::span<const Name> names, std::string_view wanted) {
  const auto found = std::ranges::find(names, wanted, &Name::name);
  return found == names.end() ? nullptr : &*found;
}

}  // namespace

std::span<const ServiceName> service_names() {
  return services;
}
std::span<const ConstantName> constant_names() {
  return constants;
}

const ServiceName* find_service_name(std::string_view name) {
  return find(service_names(), name);
}
const ConstantName* find_constant(std::string_view name) {
  return find(constant_names(), name);
}

}  // namespace batchyard::formula
