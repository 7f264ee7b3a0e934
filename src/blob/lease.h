// Leases of containers and blobs: who alone may write or delete one.
//
//   available ──acquire──> leased ──time──> expired ──write──> (nobody's again)
//                            └──break──> breaking ──time──> broken
//   release: available from anywhere; renew: leased again from leased and expired.
#pragma once

#include <string_view>

#include "base/http_message.h"
#include "base/result.h"
#include "blob/entities.h"

namespace batchyard::blob {

enum class LeaseState { available, leased, expired, breaking, broken };
LeaseState state_of(const Lease& lease, Time now);
std::string_view word_of(LeaseState state);

enum class Leased { blob, container };

// May this write go on? Deletes of containers and writes of blobs ask. `given` is x-ms-lease-id.
Result<> check_lease(const Lease& lease, std::string_view given, Leased what, Time now);
// A read names no lease, or the one that is there.
Result<> check_lease_named(const Lease& lease, std::string_view given, Leased what, Time now);

struct LeaseAnswer {
  int status = 200;
  std::string id;         // empty: none is told
  int seconds_left = -1;  // of a broken one; -1: not told
};
// x-ms-lease-action and what belongs to it. `new_id` is taken when an acquirer proposes none.
Result<LeaseAnswer> change_lease(Lease& lease, const HttpRequest& request, std::string_view new_id,
                                 Time now);

}  // namespace batchyard::blob
