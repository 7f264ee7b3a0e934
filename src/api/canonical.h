// What a client sent, checked against the contract and put into one form: the names of the newest
// version, enum values as the service spells them, numbers as numbers, durations normalised, nulls
// gone.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <string_view>

#include "api/operations.h"
#include "base/result.h"

namespace batchyard::api {

// InvalidRequestBody with line, column and what is wrong.
Result<boost::json::value> parse_body(std::string_view text);

// In place. The first fault is the error: its PropertyName is the JSON path
// ("multiInstanceSettings.numberOfInstances", "value[3].id"). `where` is the path of `body` itself.
Result<> canonicalize(Model model, Version version, boost::json::value& body,
                      const std::string& where = {});

// Takes out of a specification what a body of that model replaces: every member that the model has
// in this version.
void erase_replaced(Model model, Version version, boost::json::object& specification);

}  // namespace batchyard::api
