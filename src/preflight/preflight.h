// May this size, image, agent, software and setting go together, and if not, why and what would?
// The front door: all rules, and what they find in a pool.
#pragma once

#include <vector>

#include "preflight/rule.h"

namespace batchyard::preflight {

const std::vector<Rule>& rules();
const Rule* find_rule(std::string_view id);

// In the order of the rules. The findings refer to `pool`, which outlives them.
std::vector<Finding> findings_of(const Definition& pool);

}  // namespace batchyard::preflight
