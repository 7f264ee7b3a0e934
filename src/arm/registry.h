// What an installation knows beside its accounts' own data: which accounts, resource groups and
// principals there are and who may do what. A port; edge/registry keeps it on disk.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace batchyard::arm {

// Numbers on disk: add behind the others.
enum class RecordKind {
  group,
  account,
  principal,
  assignment,
  private_endpoint,
  connection,
  deployment,
  deployment_template,
  storage_account
};

// Names compare without regard to the case of letters; the case that was given first is kept.
struct Record {
  RecordKind kind = RecordKind::group;
  std::string parent;  // empty for what stands on its own
  std::string name;
  std::string body;          // a JSON object, in the words of the folder that reads it
  std::int64_t version = 0;  // rises with every change of any record
  Time modified;
};

// What must hold for a record to be put.
struct PutCondition {
  bool absent = false;                  // none may be there
  std::optional<std::int64_t> version;  // that one must be there
};

class Registry {
 public:
  virtual ~Registry() = default;

  virtual Result<std::optional<Record>> read(RecordKind kind, std::string_view parent,
                                             std::string_view name) = 0;
  // By name.
  virtual Result<std::vector<Record>> list(RecordKind kind, std::string_view parent) = 0;
  // Durable when it returns: with the version that it has got. Nothing when the condition did not
  // hold.
  virtual Result<std::optional<Record>> put(Record record, const PutCondition& condition) = 0;
  // Whether there was one.
  virtual Result<bool> erase(RecordKind kind, std::string_view parent, std::string_view name) = 0;
};

}  // namespace batchyard::arm
