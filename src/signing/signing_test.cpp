#include "signing/signing.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace batchyard {
namespace {

TEST(Hmac, FitsThePublishedVector) {
  EXPECT_EQ(hex_encode(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
}

TEST(Signature, IsTheKeysOwn) {
  const std::string key = base64_encode("key");
  const std::string signature = signature_of(key, "text");
  EXPECT_TRUE(is_signature(signature, key, "text"));
  EXPECT_FALSE(is_signature(signature, key, "texts"));
  EXPECT_FALSE(is_signature(signature, base64_encode("keys"), "text"));
  EXPECT_FALSE(is_signature(signature + "=", key, "text"));
}

TEST(Signature, NothingFitsAKeyThatIsNone) {
  EXPECT_EQ(signature_of("no base64!", "text"), "");
  EXPECT_FALSE(is_signature("", "no base64!", "text"));
}

}  // namespace
}  // namespace batchyard
