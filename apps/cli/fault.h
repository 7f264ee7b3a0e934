// `batchyard fault`: what is to fail in a pool on purpose.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/cli/api_client.h"
#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct FaultOptions {
  std::string pool;
  std::string node = "*";
  std::string kind;
  std::optional<std::int64_t> gpu;
  std::optional<std::int64_t> value;
  std::string at;     // an instant, or a duration from now; empty: now
  std::string lasts;  // a duration; empty: until it is cleared
  std::string id;     // of one to clear; empty: all
};

int inject_fault(ApiClient& api, const FaultOptions& options);
int list_faults(ApiClient& api, const FaultOptions& options, Output output);
int clear_faults(ApiClient& api, const FaultOptions& options);

// What `describe` adds of a node's or a task's hardware; nothing when there is nothing to say.
void print_hardware(ApiClient& api, const std::string& path);

}  // namespace batchyard::cli
