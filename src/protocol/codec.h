// Messages as text frames: {"<type>": {…}}.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "protocol/messages.h"

namespace batchyard::protocol {

std::string encode(const FromAgent& message);
std::string encode(const ToAgent& message);

// A malformed frame or an unknown type is an error; unknown members are ignored.
Result<FromAgent> decode_from_agent(std::string_view frame);
Result<ToAgent> decode_to_agent(std::string_view frame);

}  // namespace batchyard::protocol
