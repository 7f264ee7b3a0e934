// The agent's own log: what it says goes to a file that the fleet gives it, for `agent.log` and
// UploadBatchServiceLogs.
#pragma once

#include <string_view>

namespace batchyard::agent {

// One line, with the time before it. From any thread.
void say(std::string_view what);

}  // namespace batchyard::agent
