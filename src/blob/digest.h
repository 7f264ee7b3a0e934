// Sums over bytes that come one after another: what uploads are checked with, and what signs.
#pragma once

#include <openssl/evp.h>

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace batchyard::blob {

// The storage's CRC64 (reflected polynomial 0x9A6C9329AC4BC9B5, all ones before and after).
class Crc64 {
 public:
  void add(std::string_view bytes);
  std::uint64_t value() const { return ~state_; }
  // As headers carry it: base64 of its eight bytes, the lowest first.
  std::string base64() const;

 private:
  std::uint64_t state_ = ~std::uint64_t{0};
};

std::uint64_t crc64(std::string_view bytes);

class Md5 {
 public:
  Md5();
  void add(std::string_view bytes);
  std::string base64();  // ends it

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

// base64(HMAC-SHA256) of a text by a key that is base64 itself; empty for a key that is none.
std::string signature_of(std::string_view key_base64, std::string_view text);
// Takes the same time whatever the contents are.
bool same_signature(std::string_view a, std::string_view b);

}  // namespace batchyard::blob
