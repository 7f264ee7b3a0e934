#include "base/text.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace batchyard {

namespace {

char fold_letter(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_blank(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\r' || letter == '\n';
}

int hex_value(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  const char folded = fold_letter(letter);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

constexpr std::string_view base64_letters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::array<signed char, 256> base64_values = [] {
  std::array<signed char, 256> values{};
  values.fill(-1);
  for (std::size_t at = 0; at < base64_letters.size(); ++at)
    values[static_cast<unsigned char>(base64_letters[at])] = static_cast<signed char>(at);
  return values;
}();

// Reads one word of a command line from `at` on, which is not a blank. False when a quote is left
// open.
bool read_word(std::string_view line, std::size_t& at, std::string& word) {
  char quote = 0;
  for (; at < line.size(); ++at) {
    const char letter = line[at];
    if (quote == 0 && is_blank(letter)) return true;
    if (quote != 0 ? letter == quote : (letter == '"' || letter == '\'')) {
      quote = quote == 0 ? letter : char{0};
    } else if (letter == '\\' && quote != '\'' && at + 1 < line.size() &&
               (quote == 0 || line[at + 1] == '"' || line[at + 1] == '\\' || line[at + 1] == '$' ||
                line[at + 1] == '`')) {
      word += line[++at];
    } else {
      word += letter;
    }
  }
  return quote == 0;
}

}  // namespace

std::string fold(std::string_view text) {
  std::string folded(text);
  std::ranges::transform(folded, folded.begin(), fold_letter);
  return folded;
}

bool same_folded(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char one, char other) { return fold_letter(one) == fold_letter(other); });
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string joined;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0) joined += separator;
    joined += parts[at];
  }
  return joined;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      decoded += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return decoded;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char letter : text) {
    const char folded = fold_letter(letter);
    if ((folded >= 'a' && folded <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
        letter == '_' || letter == '.' || letter == '~') {
      encoded += letter;
    } else {
      const auto byte = static_cast<unsigned char>(letter);
      encoded += '%';
      encoded += digits[byte >> 4];
      encoded += digits[byte & 15];
    }
  }
  return encoded;
}

namespace {

// Of the character that the text begins with; 0 when it begins with none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xC2 ? 0
                             : lead < 0xE0 ? 2
                             : lead < 0xF0 ? 3
                             : lead < 0xF5 ? 4
                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  std::uint32_t point = length == 1 ? lead : lead & (0x7Fu >> length);
  for (std::size_t next = 1; next < length; ++next) {
    const auto byte = static_cast<unsigned char>(text[next]);
    if ((byte & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte & 0x3Fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  return overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000) ? 0 : length;
}

}  // namespace

bool is_plain_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0 || text.front() == '\0') return false;
    text.remove_prefix(length);
  }
  return true;
}

std::string readable(std::string_view bytes, std::size_t most) {
  std::string text;
  while (!bytes.empty()) {
    const std::size_t length = character_length(bytes);
    const std::string_view shown = length == 0 ? "?" : bytes.substr(0, length);
    if (text.size() + shown.size() > most) return text + "...";
    text += shown;
    bytes.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return text;
}

std::string base64_encode(std::string_view bytes) {
  std::string encoded;
  encoded.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    std::uint32_t group = 0;
    for (std::size_t one = 0; one < 3; ++one)
      group = group << 8 | (one < count ? static_cast<unsigned char>(bytes[at + one]) : 0u);
    for (std::size_t one = 0; one < 4; ++one)
      encoded += one <= count ? base64_letters[group >> (18 - 6 * one) & 63] : '=';
  }
  return encoded;
}

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::string decoded;
  decoded.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    std::size_t padding = 0;
    if (at + 4 == text.size()) padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
    std::uint32_t group = 0;
    for (std::size_t one = 0; one < 4; ++one) {
      const int value =
          one >= 4 - padding ? 0 : base64_values[static_cast<unsigned char>(text[at + one])];
      if (value < 0) return std::nullopt;
      group = group << 6 | static_cast<std::uint32_t>(value);
    }
    for (std::size_t one = 0; one < 3 - padding; ++one)
      decoded += static_cast<char>(group >> (16 - 8 * one) & 255);
  }
  return decoded;
}

std::string base64url_encode(std::string_view bytes) {
  std::string encoded = base64_encode(bytes);
  encoded.resize(encoded.find_last_not_of('=') + 1);
  std::ranges::replace(encoded, '+', '-');
  std::ranges::replace(encoded, '/', '_');
  return encoded;
}

std::optional<std::string> base64url_decode(std::string_view text) {
  if (text.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
  std::string plain(text);
  std::ranges::replace(plain, '-', '+');
  std::ranges::replace(plain, '_', '/');
  plain.append((4 - plain.size() % 4) % 4, '=');
  return base64_decode(plain);
}

std::string hex_encode(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string encoded;
  encoded.reserve(bytes.size() * 2);
  for (const char letter : bytes) {
    const auto byte = static_cast<unsigned char>(letter);
    encoded += digits[byte >> 4];
    encoded += digits[byte & 15];
  }
  return encoded;
}

std::optional<std::vector<std::string>> split_command_line(std::string_view command_line) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < command_line.size();) {
    if (is_blank(command_line[at])) {
      ++at;
      continue;
    }
    if (!read_word(command_line, at, words.emplace_back())) return std::nullopt;
  }
  return words;
}

}  // namespace batchyard
