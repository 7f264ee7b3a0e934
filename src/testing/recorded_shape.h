// What was recorded of the real service, held against our answer: the members of a body with their
// types, not their values.
#pragma once

#include <boost/json/fwd.hpp>
#include <functional>
#include <string>
#include <vector>

namespace batchyard::testing {

// Where they differ, a sentence each. Paths into the body ("/value/0/id") for which `may_differ`
// says so are not looked at. Of lists the first items are compared.
std::vector<std::string> shape_differences(
    const boost::json::value& ours, const boost::json::value& theirs,
    const std::function<bool(const std::string& path)>& may_differ);

}  // namespace batchyard::testing
