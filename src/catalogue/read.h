// From the text of a catalogue to its facts. Called by Catalogue alone.
#pragma once

#include <boost/json/fwd.hpp>
#include <string_view>

#include "base/result.h"
#include "catalogue/facts.h"

namespace batchyard {

// `added` has the same shape: entries of a name that is there are laid over it, others are
// appended.
Result<> lay_over(boost::json::object& catalogue, std::string_view added);
Result<CatalogueFacts> facts_of(const boost::json::object& catalogue);

}  // namespace batchyard
