#include "service/token.h"

#include <fmt/format.h>

#include <vector>

#include "base/text.h"
#include "service/shared_key.h"
#include "signing/signing.h"

namespace batchyard::service {

namespace {

constexpr std::string_view scheme = "Bearer ";

// Ids have no '/': the parts can be told apart again.
std::string claims_of(const TokenHolder& holder) {
  return fmt::format("{}/{}/{}/{}", holder.job.text(), holder.task.text(), holder.attempt,
                     holder.expires.time_since_epoch().count());
}

std::string seal(std::string_view secret, std::string_view claims) {
  return hex_encode(hmac_sha256(secret, fmt::format("token/{}", claims)));
}

}  // namespace

std::string make_token(std::string_view secret, const TokenHolder& holder) {
  const std::string claims = claims_of(holder);
  return base64_encode(claims) + "." + seal(secret, claims);
}

bool has_token(const HttpRequest& request) {
  return same_folded(request.header("Authorization").substr(0, scheme.size()), scheme);
}

Result<TokenHolder> token_holder(std::string_view secret, const HttpRequest& request, Time now) {
  constexpr const char* unknown =
      "The bearer token is none of this service: send AZ_BATCH_AUTHENTICATION_TOKEN as it is.";
  const std::string_view token = trim(request.header("Authorization").substr(scheme.size()));
  const std::size_t dot = token.find('.');
  if (secret.empty() || dot == std::string_view::npos) return unauthenticated(unknown);
  const std::optional<std::string> claims = base64_decode(token.substr(0, dot));
  if (!claims || !equal_in_constant_time(seal(secret, *claims), token.substr(dot + 1)))
    return unauthenticated(unknown);
  const std::vector<std::string_view> parts = split(*claims, '/');
  const std::optional<std::int64_t> attempt =
      parts.size() == 4 ? parse_integer(parts[2]) : std::nullopt;
  const std::optional<std::int64_t> expires =
      parts.size() == 4 ? parse_integer(parts[3]) : std::nullopt;
  if (!attempt || !expires) return unauthenticated(unknown);
  if (Time(Duration(*expires)) <= now)
    return unauthenticated(
        fmt::format("The bearer token has expired at {}.", to_iso8601(Time(Duration(*expires)))));
  return TokenHolder{.job = JobId::trusted(parts[0]),
                     .task = TaskId::trusted(parts[1]),
                     .attempt = *attempt,
                     .expires = Time(Duration(*expires))};
}

}  // namespace batchyard::service
