// `get`, `describe`, `logs` and `wait`: looking at a service.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "apps/cli/api_client.h"

namespace batchyard::cli {

enum class Output { table, json };

// kind: one of apps/cli/kinds.h, in the plural or singular. `names` are the parents and, last, one
// entity: `get nodes POOL`, `get task JOB TASK`.
struct Sight {
  std::string kind;
  std::vector<std::string> names;
  std::string as_of;  // an instant, or a duration for so long ago; empty: as it is
};
int get(ApiClient& api, const Sight& sight, Output output);
int describe(ApiClient& api, const Sight& sight, Output output);

struct LogOptions {
  std::string job;
  std::string task;
  std::string file = "stdout.txt";
  bool follow = false;
};
int logs(ApiClient& api, const LogOptions& options);

struct WaitOptions {
  std::string kind;  // pool, node, job, task
  std::vector<std::string> names;
  std::string state;  // empty: steady for a pool, idle for a node, completed for jobs and tasks
  std::chrono::seconds timeout{0};  // 0: for ever
};
int wait(ApiClient& api, const WaitOptions& options);

// Prints an error as people need it and gives the exit code.
int report(const Error& error);

}  // namespace batchyard::cli
