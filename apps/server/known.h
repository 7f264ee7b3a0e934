// What the service knows from before when it starts: its store's nodes and archives, and the files
// that its operator names.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "apps/server/switchboard.h"
#include "base/result.h"
#include "engine/fleet.h"
#include "engine/store.h"

namespace batchyard::server {

// Every node that the store knows, for the fleet to take over.
Result<std::vector<engine::NodeOrder>> known_nodes(engine::StoreReader& store,
                                                   const Switchboard& switchboard);
// The archives that packages refer to.
Result<std::set<std::string>> known_contents(engine::StoreReader& store);
// Of a file that an option names.
Result<std::string> file_text(const std::string& option, const std::string& path);

}  // namespace batchyard::server
