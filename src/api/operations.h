// Which operation of the contract a request names, and in which version it speaks.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/generated/names.h"
#include "api/schema.h"
#include "base/result.h"

namespace batchyard::api {

// Of one operation of a plane.
template <class Name>
struct Facts {
  Name operation;
  std::string_view name;    // "Pool_Add"
  std::string_view method;  // "POST"
  std::string_view path;    // "/pools/{poolId}/resize"
  std::string_view
      query;  // parameters it takes beside api-version: lower case, separated by commas
  ShapeMask in;
  int success;
  std::optional<Model> body;
  bool body_required;
  std::optional<Model> answer;
  std::string_view conditions;  // conditional headers it heeds: lower case, separated by commas
  bool range;                   // it heeds ocp-range
};
using OperationFacts = Facts<Operation>;        // of the data plane
using ArmOperationFacts = Facts<ArmOperation>;  // of the management plane, where ranges are not
std::span<const OperationFacts> operations();
std::span<const ArmOperationFacts> arm_operations();

struct VersionFacts {
  std::string_view text;  // "2024-07-01.20.0"
  int shape;
  bool old_slots;  // says maxTasksPerNode for taskSlotsPerNode
};
std::span<const VersionFacts> versions();
std::span<const VersionFacts> arm_versions();

// What versions before 2020-09-01.12.0 call the task slots of a node, and what the newer ones do.
inline constexpr std::string_view old_slots_name = "maxTasksPerNode";
inline constexpr std::string_view new_slots_name = "taskSlotsPerNode";

// A version that a request speaks.
struct Version {
  int shape = 0;
  bool old_slots = false;
  ShapeMask mask() const { return static_cast<ShapeMask>(1u << shape); }
};
inline constexpr Version newest{shape_count - 1, false};
inline constexpr Version newest_arm{shape_count + arm_shape_count - 1, false};
// UnsupportedRequestVersion for one that is not known; MissingRequiredQueryParameter for an empty
// text.
Result<Version> parse_version(std::string_view text);
// Nothing for one that the management plane does not know.
std::optional<Version> find_arm_version(std::string_view text);

// The member that a name means in a version; nothing when the version has none of that name.
const Member* member_named(const ModelSchema& schema, Version version, std::string_view name);

template <class Name>
struct MatchOf {
  const Facts<Name>* facts = nullptr;   // nothing: the path exists, but not with this verb
  std::vector<std::string> parameters;  // of the path, decoded, in their order
};
using Match = MatchOf<Operation>;
using ArmMatch = MatchOf<ArmOperation>;
// By the raw, still encoded path without query. Nothing when no operation has such a path. A last
// parameter named filePath takes the rest of the path, slashes and all.
std::optional<Match> match(std::string_view method, std::string_view raw_path);
std::optional<ArmMatch> match_arm(std::string_view method, std::string_view raw_path);

}  // namespace batchyard::api
