#include "signing/signing.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "base/text.h"

namespace batchyard {

std::string hmac_sha256(std::string_view key, std::string_view text) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest, &length);
  return {reinterpret_cast<const char*>(digest), length};
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string signature_of(std::string_view key_base64, std::string_view text) {
  const std::optional<std::string> key = base64_decode(key_base64);
  return key ? base64_encode(hmac_sha256(*key, text)) : std::string();
}

bool is_signature(std::string_view given, std::string_view key_base64, std::string_view text) {
  const std::string right = signature_of(key_base64, text);
  return !right.empty() && equal_in_constant_time(given, right);
}

}  // namespace batchyard
