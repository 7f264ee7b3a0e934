// `events`: what has changed, and what changes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "apps/cli/inspect.h"

namespace batchyard::cli {

struct EventsOptions {
  std::optional<std::int64_t> after;  // a position; nothing: all that are kept, or with `follow`
                                      // those to come
  std::string entity;
  std::string kind;
  std::string job;
  std::string pool;
  bool follow = false;
};
int events(ApiClient& api, const EventsOptions& options, Output output);

}  // namespace batchyard::cli
