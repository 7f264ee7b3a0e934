// Authentication tokens of tasks: a task that asks for one (authenticationTokenSettings) may use
// the operations of its own job with it, as `Authorization: Bearer`, until it ends.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/id.h"
#include "base/result.h"
#include "base/time.h"

namespace batchyard::service {

// Whom a token was given to. It is good for one attempt of one task.
struct TokenHolder {
  JobId job;
  TaskId task;
  std::int64_t attempt = 0;
  Time expires;
};

// No task lives longer: the service ends those that are not completed by then.
inline constexpr Duration token_life = std::chrono::days(180);

std::string make_token(std::string_view secret, const TokenHolder& holder);

// Whether a request brings a token rather than a signature.
bool has_token(const HttpRequest& request);
// AuthenticationFailed when it is not one that make_token() made with this secret, or is expired.
Result<TokenHolder> token_holder(std::string_view secret, const HttpRequest& request, Time now);

}  // namespace batchyard::service
