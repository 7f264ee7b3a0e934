// A pool in the words of this plane and of the data plane: which is which is said once, by the
// moves of preflight/dialect.h.
#pragma once

#include <boost/json/object.hpp>
#include <string>

#include "base/result.h"

namespace batchyard::arm {

// A canonical body, as the account is asked for it (service/whole_pools.cpp).
Result<boost::json::object> whole_of_pool(const boost::json::object& body,
                                          const std::string& account_id);
// And back: the account's answer as this plane's entity. Members that only some versions have are
// all there.
boost::json::object entity_of_pool(const boost::json::object& whole, const std::string& account_id);
// Names of properties in an error, in its message too.
Error told_of_pool(Error error);

}  // namespace batchyard::arm
