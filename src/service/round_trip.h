// What the round trips need: bodies that set one member of a model, in any api-version, to a legal
// value, and where to look for it in an answer. For round_trip*_test.cpp alone.
#pragma once

#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "api/operations.h"
#include "api/schema.h"

namespace batchyard::service::round_trip {

namespace json = boost::json;

// The members that lead to a place in a body; lists are entered at their first item.
using Names = std::vector<std::string>;

// One api-version of each form that the contract has had: the first.
struct Spoken {
  std::string text;
  api::Version version;
};
std::vector<Spoken> forms();

// The least a member, or a body, can be in this version.
json::value value_for(const api::Member& member, api::Version version);
// Every choice of an enum and of a flag; otherwise that one value.
std::vector<json::value> values_for(const api::Member& member, api::Version version);

json::value* place_of(json::value& body, const Names& names);
// Sets the member that `names` lead to below the model, and what is required on the way. What is
// there already stays: it is a legal value.
void put(json::value& body, const api::ModelSchema& top, api::Version version, const Names& names,
         json::value value);
// Fills in what members need beside them, wherever they stand.
void complete(json::object& body);

// Whether what was sent is shown: members beside it, and the case of texts, do not count.
bool same(const json::value& sent, const json::value& shown);

// Whether every member of the operation's body is set and looked for in round_trip_test.cpp.
bool comes_back(std::string_view operation);

// A pool's body, whose machine every other pool's can have.
extern const char* const pool_body;
extern const char* const thumbprint;

}  // namespace batchyard::service::round_trip
