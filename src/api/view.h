// What is stored, as a client of some version sees it.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "base/result.h"

namespace batchyard::api {

// In place: members that the version does not know and secrets go, names become the version's.
void view(Model model, Version version, boost::json::object& entity);

// Enumerated values in the spelling of that plane: the other one may write them otherwise. In
// place.
void spell(Model model, Version version, boost::json::object& entity);

// A $select list: names of members of the model, separated by commas, blanks around them ignored.
// Empty: everything. InvalidQueryParameterValue names the first one that the model does not have in
// this version.
Result<std::vector<std::string>> parse_select(Model model, Version version, std::string_view text);

// Keeps the named members only, in the entity's order.
void select(const std::vector<std::string>& names, boost::json::object& entity);

}  // namespace batchyard::api
