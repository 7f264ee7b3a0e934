// The query of a request's target: "/pools?$select=id&maxresults=5".
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace batchyard {

// Decoded values by decoded lower-case name; the first counts when a name stands there twice.
std::map<std::string, std::string> parse_query(std::string_view target);

}  // namespace batchyard
