// `clock`: what time it is for the service, and moving it on.
#pragma once

#include <string>

#include "apps/cli/api_client.h"

namespace batchyard::cli {

struct ClockOptions {
  std::string advance;  // a duration
  std::string to;       // or an instant; both empty: only look
};
int clock(ApiClient& api, const ClockOptions& options);

}  // namespace batchyard::cli
