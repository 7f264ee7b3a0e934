#include "templates/hash.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <bit>
#include <cstdint>

#include "base/check.h"

namespace batchyard::templates {

namespace {

constexpr std::uint32_t first_factor = 0x239b961b;
constexpr std::uint32_t second_factor = 0xab0e9789;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
constexpr int unique_letters = 13;

// Up to four bytes as a number, the lowest first.
std::uint32_t word_at(std::string_view text, std::size_t at) {
  std::uint32_t word = 0;
  for (std::size_t byte = 0; byte < 4 && at + byte < text.size(); ++byte)
    word |= static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + byte])) << (8 * byte);
  return word;
}

std::uint32_t mixed(std::uint32_t word, std::uint32_t before, int turn, std::uint32_t after) {
  return std::rotl(word * before, turn) * after;
}

std::uint32_t finished(std::uint32_t half) {
  half ^= half >> 16;
  half *= 0x85ebca6b;
  half ^= half >> 13;
  half *= 0xc2b2ae35;
  return half ^ (half >> 16);
}

// A Murmur hash of two halves of 32 bits.
std::uint64_t murmur(std::string_view text) {
  std::uint32_t low = 0;
  std::uint32_t high = 0;
  std::size_t at = 0;
  for (; at + 8 <= text.size(); at += 8) {
    low ^= mixed(word_at(text, at), first_factor, 15, second_factor);
    low = (std::rotl(low, 19) + high) * 5 + 0x561ccd1b;
    high ^= mixed(word_at(text, at + 4), second_factor, 17, first_factor);
    high = (std::rotl(high, 13) + low) * 5 + 0x0bcaa747;
  }
  low ^= mixed(word_at(text, at), first_factor, 15, second_factor);
  high ^= mixed(word_at(text, at + 4), second_factor, 17, first_factor);
  low ^= static_cast<std::uint32_t>(text.size());
  high ^= static_cast<std::uint32_t>(text.size());
  low += high;
  high += low;
  low = finished(low);
  high = finished(high);
  low += high;
  high += low;
  return (std::uint64_t{high} << 32) | low;
}

}  // namespace

std::string unique_string(std::string_view text) {
  std::uint64_t left = murmur(text);
  std::string name;
  for (int letter = 0; letter < unique_letters; ++letter, left <<= 5) name += letters[left >> 59];
  return name;
}

std::string name_guid(std::string_view text) {
  constexpr std::array<unsigned char, 16> space{0x11, 0xfb, 0x06, 0xfb, 0x71, 0x2d, 0x4d, 0xdd,
                                                0x98, 0xc7, 0xe7, 0x1b, 0xbd, 0x58, 0x88, 0x30};
  std::string all(space.begin(), space.end());
  all += text;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  check(EVP_Digest(all.data(), all.size(), digest.data(), &size, EVP_sha1(), nullptr) == 1,
        "SHA-1 is always there");
  digest[6] = static_cast<unsigned char>((digest[6] & 0x0f) | 0x50);
  digest[8] = static_cast<unsigned char>((digest[8] & 0x3f) | 0x80);
  std::string guid;
  for (std::size_t at = 0; at < 16; ++at) {
    if (at == 4 || at == 6 || at == 8 || at == 10) guid += '-';
    guid += fmt::format("{:02x}", digest[at]);
  }
  return guid;
}

}  // namespace batchyard::templates
