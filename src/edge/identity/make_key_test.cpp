#include "edge/identity/make_key.h"

#include <gtest/gtest.h>

#include "identity/token.h"

namespace batchyard::edge {
namespace {

TEST(SigningKeys, SignWhatTheirPublicHalfKnows) {
  const Result<std::string> made = make_signing_key();
  ASSERT_TRUE(made);
  const auto key = identity::SigningKey::open(*made);
  ASSERT_TRUE(key) << key.error().message;
  const Time now = Time(std::chrono::hours(500'000));
  const std::string token = key->sign({.issuer = "i",
                                       .audience = "a",
                                       .object = "o",
                                       .issued = now,
                                       .not_before = now,
                                       .expires = now + std::chrono::hours(1)});
  const std::vector issuers{*identity::Issuer::open("i", key->public_set())};
  EXPECT_TRUE(identity::check_token(token, issuers, {"a"}, now));
  EXPECT_NE(*made, *make_signing_key());
}

}  // namespace
}  // namespace batchyard::edge
