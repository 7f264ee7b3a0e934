// What an account's properties say of who may come to its data plane, and with what.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.h"
#include "identity/access_rules.h"

namespace batchyard::arm {

// Of `allowedAuthenticationModes`, `publicNetworkAccess` and `networkProfile.accountAccess`, as far
// as they are there; InvalidRequestContent names what is wrong. Nodes reach the service over links
// of their own, which `networkProfile.nodeManagementAccess` changes nothing of; it is checked.
Result<identity::AccessRules> access_rules_of(const boost::json::object& properties);

}  // namespace batchyard::arm
