#include "blob/digest.h"

#include "base/text.h"

namespace batchyard::blob {

namespace {

constexpr std::uint64_t polynomial = 0x9A6C9329AC4BC9B5ULL;
constexpr std::size_t lanes = 8;
using Tables = std::array<std::array<std::uint64_t, 256>, lanes>;

// Eight bytes a step: table n moves a byte over n more bytes.
constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint64_t byte = 0; byte < 256; ++byte) {
    std::uint64_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? polynomial : 0);
    tables[0][byte] = sum;
  }
  for (std::size_t lane = 1; lane < lanes; ++lane) {
    for (std::size_t byte = 0; byte < 256; ++byte) {
      const std::uint64_t before = tables[lane - 1][byte];
      tables[lane][byte] = (before >> 8U) ^ tables[0][before & 0xFFU];
    }
  }
  return tables;
}

constexpr Tables tables = make_tables();

}  // namespace

void Crc64::add(std::string_view bytes) {
  while (bytes.size() >= lanes) {
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < lanes; ++at)
      word |= std::uint64_t{static_cast<unsigned char>(bytes[at])} << (8 * at);
    word ^= state_;
    state_ = 0;
    for (std::size_t at = 0; at < lanes; ++at)
      state_ ^= tables[lanes - 1 - at][(word >> (8 * at)) & 0xFFU];
    bytes.remove_prefix(lanes);
  }
  for (const char letter : bytes)
    state_ = (state_ >> 8U) ^ tables[0][(state_ ^ static_cast<unsigned char>(letter)) & 0xFFU];
}

std::string Crc64::base64() const {
  std::string bytes;
  for (std::size_t at = 0; at < sizeof(std::uint64_t); ++at)
    bytes += static_cast<char>((value() >> (8 * at)) & 0xFFU);
  return base64_encode(bytes);
}

std::uint64_t crc64(std::string_view bytes) {
  Crc64 sum;
  sum.add(bytes);
  return sum.value();
}

Md5::Md5() : context_(EVP_MD_CTX_new()) {
  EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr);
}

void Md5::add(std::string_view bytes) {
  EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Md5::base64() {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned count = 0;
  EVP_DigestFinal_ex(context_.get(), bytes, &count);
  return base64_encode({reinterpret_cast<const char*>(bytes), count});
}

}  // namespace batchyard::blob
