// Whether the facts of a catalogue can be: an operator's file may have any. Called when one is
// read.
#pragma once

#include "base/result.h"
#include "catalogue/facts.h"

namespace batchyard {

// The error names the entry, the member, its value and what would do.
Result<> check_facts(const CatalogueFacts& facts);

}  // namespace batchyard
