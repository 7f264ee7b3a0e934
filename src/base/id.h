// Names of things. An id is what the user wrote, compared without regard to case: `Job1` and `job1`
// are one job (source: the service's rule for every user-chosen id).
#pragma once

#include <compare>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace batchyard {

// Longest id a user may choose.
inline constexpr std::size_t id_length_max = 64;

// 1 to 64 characters of [A-Za-z0-9_-]; otherwise InvalidPropertyValue naming `property`.
Result<> check_id(std::string_view text, std::string_view property);

// Comparing and hashing without regard to ASCII case. The hash is the same on every run and
// machine.
std::size_t folded_hash(std::string_view text);
bool folded_equal(std::string_view a, std::string_view b);
std::strong_ordering folded_order(std::string_view a, std::string_view b);

template <class Tag>
class Id {
 public:
  Id() = default;
  // For user-chosen ids that come from outside. `property` is named in the error: "id", "poolId"…
  static Result<Id> parse(std::string_view text, std::string_view property = "id") {
    if (Result<> valid = check_id(text, property); !valid)
      return std::unexpected(std::move(valid).error());
    return Id(text);
  }
  // For ids that were checked before: read back from the store or a message, or made by the
  // service.
  static Id trusted(std::string_view text) { return Id(text); }

  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }

  friend bool operator==(const Id& a, const Id& b) { return folded_equal(a.text_, b.text_); }
  friend std::strong_ordering operator<=>(const Id& a, const Id& b) {
    return folded_order(a.text_, b.text_);
  }

 private:
  explicit Id(std::string_view text) : text_(text) {}
  std::string text_;  // as the user wrote it
};

using PoolId = Id<struct PoolTag>;
using NodeId = Id<struct NodeTag>;
using JobId = Id<struct JobTag>;
using TaskId = Id<struct TaskTag>;
using ScheduleId = Id<struct ScheduleTag>;
using ApplicationId = Id<struct ApplicationTag>;
using PackageVersion = Id<struct PackageVersionTag>;  // of an application; may have dots

}  // namespace batchyard

template <class Tag>
struct std::hash<batchyard::Id<Tag>> {
  std::size_t operator()(const batchyard::Id<Tag>& id) const noexcept {
    return batchyard::folded_hash(id.text());
  }
};
