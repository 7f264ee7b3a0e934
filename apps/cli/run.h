// `run`: one command on nodes of a pool that is made for it and taken away afterwards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/cli/api_client.h"

namespace batchyard::cli {

struct RunOptions {
  std::vector<std::string> command;
  std::int32_t nodes = 1;
  bool mpi = false;     // one multi-instance task over all nodes; otherwise one task on each
  std::string vm_size;  // empty: STANDARD_H16r with --mpi, otherwise STANDARD_D2s_v3
  std::string coordination = "/bin/true";
  std::string pool;   // an existing pool instead of a new one
  bool keep = false;  // leave pool and job
};
int run(ApiClient& api, const RunOptions& options);

// ---- shared with the demo ----

// Shows a progress line until the pool is steady and `nodes` of its nodes can take tasks. An error
// names the node and its cause when one cannot.
Result<> wait_for_nodes(ApiClient& api, const std::string& pool, std::int32_t nodes);
// Shows the task's stdout as it grows, until the task is completed; gives its exit code.
Result<std::int64_t> follow_task(ApiClient& api, const std::string& job, const std::string& task);

}  // namespace batchyard::cli
