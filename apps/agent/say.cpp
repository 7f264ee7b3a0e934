#include "apps/agent/say.h"

#include <fmt/format.h>

#include <cstdio>

#include "base/time.h"
#include "edge/clock/clock.h"

namespace batchyard::agent {

void say(std::string_view what) {
  const std::string line = fmt::format("{} batchyard agent: {}\n", to_iso8601(edge::now()), what);
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace batchyard::agent
