// What a node has, in the few words that a column of a table has room for.
#pragma once

#include <string>

#include "protocol/hardware.h"

namespace batchyard {

// "2 Tesla K80 (emulated), InfiniBand 56 Gb/s (emulated)"; empty for a plain machine.
std::string in_brief(const protocol::Probe& probe);

}  // namespace batchyard
