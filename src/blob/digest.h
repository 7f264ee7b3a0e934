// Sums over bytes that come one after another: what uploads are checked with.
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

}  // namespace batchyard::blob
