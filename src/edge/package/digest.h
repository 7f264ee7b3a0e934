// SHA-256 of bytes that come one after another.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>

#include "base/text.h"

namespace batchyard::edge {

class Digest {
 public:
  Digest() : context_(EVP_MD_CTX_new()) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
  }
  void add(const char* bytes, std::size_t count) { EVP_DigestUpdate(context_.get(), bytes, count); }
  // Ends it.
  std::string hex() {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned count = 0;
    EVP_DigestFinal_ex(context_.get(), bytes, &count);
    return hex_encode({reinterpret_cast<const char*>(bytes), count});
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

}  // namespace batchyard::edge
