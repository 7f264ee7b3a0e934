#include "identity/token.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "identity/keys_test.h"

namespace batchyard::identity {
namespace {

constexpr const char* issuer_name = "https://127.0.0.1:8444/11111111-1111-1111-1111-111111111111/";
constexpr const char* audience = "https://batch.core.windows.net/";

class TokenTest : public testing::Test {
 protected:
  Time now_ = *parse_iso8601("2026-11-24T09:30:00Z");
  // Making them takes long.
  static inline const std::string private_key_ = make_key("RS256", "k1");
  static inline const std::string forged_key_ = make_key("RS256", "k1");
  SigningKey key_ = *SigningKey::open(private_key_);
  std::vector<Issuer> issuers_{*Issuer::open(issuer_name, key_.public_set())};

  Claims claims() const {
    return {.issuer = issuer_name,
            .audience = audience,
            .tenant = "11111111-1111-1111-1111-111111111111",
            .object = "22222222-2222-2222-2222-222222222222",
            .application = "33333333-3333-3333-3333-333333333333",
            .issued = now_,
            .not_before = now_,
            .expires = now_ + std::chrono::hours(1)};
  }
  std::string refused(std::string_view token) const {
    const Result<Claims> checked = check_token(token, issuers_, {audience}, now_);
    return checked ? "nothing" : checked.error().code;
  }
  // The token with another payload under its signature.
  static std::string with_payload(const std::string& token, std::string_view payload) {
    const auto parts = split(token, '.');
    return std::string(parts[0]) + "." + base64url_encode(payload) + "." + std::string(parts[2]);
  }
};

TEST_F(TokenTest, SaysWhoItsHolderIs) {
  const Result<Claims> read = check_token(key_.sign(claims()), issuers_, {"x", audience}, now_);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->object, claims().object);
  EXPECT_EQ(read->application, claims().application);
  EXPECT_EQ(read->tenant, claims().tenant);
  EXPECT_EQ(read->audience, audience);
  EXPECT_EQ(read->expires, now_ + std::chrono::hours(1));
}

TEST_F(TokenTest, ThePublicKeysShowNothingOfThePrivateOne) {
  EXPECT_EQ(key_.public_set().find("\"d\""), std::string::npos);
  EXPECT_NE(key_.public_set().find("\"n\""), std::string::npos);
}

TEST_F(TokenTest, OfAnotherTimeAreRefused) {
  Claims old = claims();
  old.expires = now_ - std::chrono::minutes(5);
  EXPECT_EQ(refused(key_.sign(old)), "ExpiredAuthenticationToken");
  old.expires += std::chrono::seconds(1);  // clocks may be off
  EXPECT_EQ(refused(key_.sign(old)), "nothing");
  Claims early = claims();
  early.not_before = now_ + std::chrono::minutes(6);
  EXPECT_EQ(refused(key_.sign(early)), "InvalidAuthenticationToken");
}

TEST_F(TokenTest, ForOthersAreRefused) {
  Claims other = claims();
  other.audience = "https://vault.azure.net";
  EXPECT_EQ(refused(key_.sign(other)), "InvalidAuthenticationTokenAudience");
}

TEST_F(TokenTest, OfOtherIssuersAreRefused) {
  Claims other = claims();
  other.issuer = "https://sts.windows.net/1/";
  EXPECT_EQ(refused(key_.sign(other)), "InvalidAuthenticationTokenIssuer");
  // One that only says it is ours, with a key of its own of the same name.
  const SigningKey forger = *SigningKey::open(forged_key_);
  EXPECT_EQ(refused(forger.sign(claims())), "InvalidAuthenticationToken");
}

TEST_F(TokenTest, ChangedOnesAreRefused) {
  const std::string token = key_.sign(claims());
  EXPECT_EQ(refused(with_payload(token, R"({"iss":"x"})")), "InvalidAuthenticationTokenIssuer");
  std::string payload = *base64url_decode(split(token, '.')[1]);
  payload.replace(payload.find("22222222"), 8, "99999999");
  EXPECT_EQ(refused(with_payload(token, payload)), "InvalidAuthenticationToken");
  // Every bit of the signature counts.
  const auto parts = split(token, '.');
  std::string signature = *base64url_decode(parts[2]);
  for (std::size_t at = 0; at < signature.size(); at += 17) {
    std::string bent = signature;
    bent[at] = static_cast<char>(bent[at] ^ 1);
    EXPECT_EQ(
        refused(std::string(parts[0]) + "." + std::string(parts[1]) + "." + base64url_encode(bent)),
        "InvalidAuthenticationToken");
  }
}

// "none" needs no signature, and with HMAC the public key would be the secret.
TEST_F(TokenTest, OtherAlgorithmsAreRefused) {
  const std::string token = key_.sign(claims());
  const std::string payload(split(token, '.')[1]);
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"RS1"})", R"({})"}) {
    for (const std::string& signature : {std::string(), std::string(split(token, '.')[2])})
      EXPECT_EQ(refused(base64url_encode(header) + "." + payload + "." + signature),
                "InvalidAuthenticationToken")
          << header;
  }
}

TEST_F(TokenTest, WhatIsNoneIsRefused) {
  for (const std::string& text :
       {std::string(), std::string("."), std::string(".."), std::string("a.b.c"),
        std::string("a.b.c.d"), std::string(100'000, 'a'),
        base64url_encode("{}") + "." + base64url_encode("[]") + ".x",
        base64url_encode("{}") + "." + base64url_encode("{\"iss\":7}") + ".x"})
    EXPECT_NE(refused(text), "nothing") << text.substr(0, 40);
}

// Rightly signed, and odd.
TEST_F(TokenTest, ClaimsOfAnyKindAreReadOrRefused) {
  const auto with = [&](const std::string& claims) {
    return refused(
        sign_payload(private_key_, "{\"iss\":\"" + std::string(issuer_name) + "\"" + claims + "}"));
  };
  const std::string rest = ",\"oid\":\"o\",\"exp\":1796000000";
  EXPECT_EQ(with(",\"aud\":[\"x\",\"" + std::string(audience) + "\"]" + rest), "nothing");
  EXPECT_EQ(with(",\"aud\":[7]" + rest), "InvalidAuthenticationTokenAudience");
  EXPECT_EQ(with(rest), "InvalidAuthenticationTokenAudience");
  const std::string meant = ",\"aud\":\"" + std::string(audience) + "\"";
  for (const char* exp : {"1e300", "-1", "\"soon\"", "null", "9223372036854775807", "[]"})
    EXPECT_EQ(with(meant + ",\"oid\":\"o\",\"exp\":" + exp), "InvalidAuthenticationToken") << exp;
  EXPECT_EQ(with(meant + ",\"exp\":1796000000"), "InvalidAuthenticationToken");  // of nobody
}

// Issuers elsewhere may sign with curves.
TEST_F(TokenTest, AnIssuerHasKeysOfSomeKinds) {
  const std::string curve = make_key("ES256", "c");
  issuers_.push_back(*Issuer::open(
      "https://login.example",
      "{\"keys\":[" + make_key("HS256", "h") + "," + private_key_ + "," + curve + "]}"));
  const std::string payload = "{\"iss\":\"https://login.example\",\"aud\":\"" +
                              std::string(audience) + "\",\"sub\":\"s\",\"exp\":1796000000}";
  EXPECT_EQ(refused(sign_payload(curve, payload)), "nothing");
  EXPECT_EQ(refused(sign_payload(make_key("ES256", "c"), payload)), "InvalidAuthenticationToken");
  EXPECT_EQ(refused(sign_payload(make_key("HS256", "h"), payload)), "InvalidAuthenticationToken");
}

TEST(SigningKeyTest, WhatIsNoKeyIsRefused) {
  for (const char* text :
       {"", "{}", "[]", R"({"kty":"RSA","n":"AQ","e":"AQAB"})", R"({"kty":"oct","k":"AQ"})"})
    EXPECT_FALSE(SigningKey::open(text)) << text;
  for (const char* text : {"", "{}", "[]", R"({"keys":{}})"})
    EXPECT_FALSE(Issuer::open("x", text)) << text;
}

}  // namespace
}  // namespace batchyard::identity
