// What the rules of preflight find in a pool as it is now.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>

#include "base/result.h"
#include "catalogue/catalogue.h"
#include "engine/store.h"

namespace batchyard::service {

// Of a pool's row, as the API shows findings: rule, severity, property, value, message, why, source
// and, where one mends it, a patch. `date` (2026-11-27) asks what Azure has ended by then; empty:
// nothing is said of that.
Result<boost::json::array> findings_in(const engine::Row& pool, const Catalogue& catalogue,
                                       std::string date);

}  // namespace batchyard::service
