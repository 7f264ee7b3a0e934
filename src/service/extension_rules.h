// The extensions of a pool: those that it names, and the drivers that the service adds where an
// operator lets it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

#include "api/generated/structs.h"
#include "catalogue/catalogue.h"
#include "model/extension.h"
#include "model/status.h"
#include "protocol/extensions.h"

namespace batchyard::service {

// Types of the drivers that the size needs and neither image nor extensions bring: of Marketplace
// images of Linux alone, for what an own one has is its maker's choice.
std::vector<std::string> drivers_of(const api::PoolAddParameter& pool, const Catalogue& catalogue);

// In the API's shape; added ones come last.
boost::json::array extensions_of(const boost::json::object& pool, const PoolFacts& facts);
bool is_added(const boost::json::object& extension);

// What their nodes are to run.
std::vector<protocol::Extension> extensions_to_run(const boost::json::object& pool,
                                                   const PoolFacts& facts,
                                                   const std::vector<ExtensionHandler>& handlers,
                                                   const Catalogue& catalogue);

}  // namespace batchyard::service
