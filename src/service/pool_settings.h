// What a pool wants on its nodes, checked beyond the shape that the contract gives: accounts,
// mounts, certificates, upgrade policy. Each refusal names the property and the cure.
#pragma once

#include <string_view>

#include "api/generated/structs.h"
#include "base/result.h"

namespace batchyard::service {

Result<> check_node_settings(const api::PoolAddParameter& pool);

// The account that a task of this pool (its spec) runs under is one of the pool's.
Result<> check_user_name(std::string_view pool_spec, std::string_view user_name);

}  // namespace batchyard::service
