// The registry port in memory.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <tuple>

#include "arm/registry.h"

namespace batchyard::testing {

class MemoryRegistry : public arm::Registry {
 public:
  Result<std::optional<arm::Record>> read(arm::RecordKind kind, std::string_view parent,
                                          std::string_view name) override;
  Result<std::vector<arm::Record>> list(arm::RecordKind kind, std::string_view parent) override;
  Result<std::optional<arm::Record>> put(arm::Record record,
                                         const arm::PutCondition& condition) override;
  Result<bool> erase(arm::RecordKind kind, std::string_view parent, std::string_view name) override;

  // What somebody else does before the next put.
  std::function<void()> meanwhile;

 private:
  using Place = std::tuple<arm::RecordKind, std::string, std::string>;  // folded
  std::mutex mutex_;
  std::map<Place, arm::Record> records_;
  std::int64_t version_ = 0;
};

}  // namespace batchyard::testing
