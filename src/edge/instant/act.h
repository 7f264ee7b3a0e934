// How a command is acted out: what its environment says (docs/testing.md). Nothing is started.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace batchyard::instant {

struct Act {
  Duration duration{0};
  std::int32_t exit_code = 0;
  std::optional<std::int32_t> start_error;  // errno: it cannot be started
  std::string out;
  std::string error;
  std::map<std::string, std::string> files;  // below the working directory, there at its end
};

// `run` counts the runs of the same command before this one: lists give each its own value, and the
// last one stands for those that follow. An error says which variable cannot be read.
Result<Act> read_act(const std::vector<std::string>& environment,
                     const std::vector<std::string>& arguments, bool coordination, std::size_t run);

}  // namespace batchyard::instant
