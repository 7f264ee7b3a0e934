#include "base/id.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace batchyard {
namespace {

constexpr unsigned char lower(unsigned char c) {
  return (c >= 'A' && c <= 'Z') ? static_cast<unsigned char>(c + 32) : c;
}

bool allowed(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

}  // namespace

Result<> check_id(std::string_view text, std::string_view property) {
  if (text.empty())
    return bad_property(std::string(property), "", "an id has 1 to 64 characters; give one");
  if (text.size() > id_length_max)
    return bad_property(std::string(property), std::string(text.substr(0, 80)),
                        fmt::format("an id has at most {} characters, this one has {}",
                                    id_length_max, text.size()));
  const auto wrong = std::find_if_not(text.begin(), text.end(), allowed);
  if (wrong != text.end())
    return bad_property(
        std::string(property), std::string(text),
        fmt::format("the character '{}' at position {} is not allowed; use letters, "
                    "digits, hyphens and underscores",
                    *wrong, wrong - text.begin() + 1));
  return Done{};
}

// FNV-1a over the folded bytes: fast for short ids and the same on every run.
std::size_t folded_hash(std::string_view text) {
  std::uint64_t value = 1469598103934665603ULL;
  for (const char c : text) {
    value ^= lower(static_cast<unsigned char>(c));
    value *= 1099511628211ULL;
  }
  value ^= value >> 32;
  return static_cast<std::size_t>(value * 0x9E3779B97F4A7C15ULL);
}

bool folded_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size() && folded_order(a, b) == std::strong_ordering::equal;
}

std::strong_ordering folded_order(std::string_view a, std::string_view b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const unsigned char x = lower(static_cast<unsigned char>(a[i]));
    const unsigned char y = lower(static_cast<unsigned char>(b[i]));
    if (x != y) return x <=> y;
  }
  return a.size() <=> b.size();
}

}  // namespace batchyard
