// Paths of Batchyard's own that name an entity: PREFIX and pool/ID, node/POOL/ID, task/JOB/ID…
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "engine/store.h"

namespace batchyard::service {

// InvalidUri, with the kinds that there are, when the path names none of them.
Result<engine::EntityKey> key_of_path(std::string_view path, std::string_view prefix,
                                      std::span<const engine::EntityKind> kinds);

}  // namespace batchyard::service
