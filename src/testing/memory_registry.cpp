#include "testing/memory_registry.h"

#include <utility>

#include "base/text.h"

namespace batchyard::testing {

Result<std::optional<arm::Record>> MemoryRegistry::read(arm::RecordKind kind,
                                                        std::string_view parent,
                                                        std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = records_.find(Place{kind, fold(parent), fold(name)});
  if (found == records_.end()) return std::optional<arm::Record>();
  return std::optional(found->second);
}

Result<std::vector<arm::Record>> MemoryRegistry::list(arm::RecordKind kind,
                                                      std::string_view parent) {
  const std::lock_guard lock(mutex_);
  std::vector<arm::Record> found;
  for (const auto& [place, record] : records_) {
    if (std::get<0>(place) == kind && std::get<1>(place) == fold(parent)) found.push_back(record);
  }
  return found;
}

Result<std::optional<arm::Record>> MemoryRegistry::put(arm::Record record,
                                                       const arm::PutCondition& condition) {
  if (meanwhile) std::exchange(meanwhile, {})();
  const std::lock_guard lock(mutex_);
  const Place place{record.kind, fold(record.parent), fold(record.name)};
  const auto found = records_.find(place);
  if (condition.absent && found != records_.end()) return std::optional<arm::Record>();
  if (condition.version && (found == records_.end() || found->second.version != *condition.version))
    return std::optional<arm::Record>();
  if (found != records_.end()) record.name = found->second.name;
  record.version = ++version_;
  records_[place] = record;
  return std::optional(std::move(record));
}

Result<bool> MemoryRegistry::erase(arm::RecordKind kind, std::string_view parent,
                                   std::string_view name) {
  const std::lock_guard lock(mutex_);
  return records_.erase(Place{kind, fold(parent), fold(name)}) > 0;
}

}  // namespace batchyard::testing
