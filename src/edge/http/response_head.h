// The text of an answer's head. Names and values cannot smuggle a line of their own in: control
// characters become blanks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/http_message.h"

namespace batchyard::edge {

struct Framing {
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool keep_alive = true;
  bool http_1_0 = false;
};

// Replaces `out`.
void write_response_head(std::string& out, const HttpResponse& response, const Framing& framing);

}  // namespace batchyard::edge
