// The seal (edge/seal) in SQL, so that statements name what they seal and nothing else of the store
// need know of it:
//   sealed(KIND, PARENT, ID, TEXT), sealed(ENTITY, TEXT), and unsealed(…) of both;
//   is_current(BYTES): whether it is sealed under the key that seals now.
#pragma once

#include <memory>
#include <string_view>

#include "edge/seal/seal.h"
#include "edge/store/statement.h"
#include "engine/store.h"

namespace batchyard::edge {

// The functions, for as long as the connection is open.
Result<> teach_seal(sqlite3* connection, std::shared_ptr<const Seal> seal);

// Statuses of jobs and schedules hold the pool that is to be made for them.
constexpr bool status_is_sealed(engine::EntityKind kind) {
  return kind == engine::EntityKind::job || kind == engine::EntityKind::schedule;
}
// The same in SQL: their numbers, and what their events are of.
inline constexpr std::string_view sealed_status_kinds = "2, 4";
inline constexpr std::string_view event_is_sealed =
    "(entity LIKE 'job/%' OR entity LIKE 'schedule/%')";
static_assert(static_cast<int>(engine::EntityKind::job) == 2 &&
              static_cast<int>(engine::EntityKind::schedule) == 4);

}  // namespace batchyard::edge
