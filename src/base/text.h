// Small words about text that every floor needs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace batchyard {

// ASCII lower case. Ids, enum values and query names compare this way.
std::string fold(std::string_view text);
bool same_folded(std::string_view a, std::string_view b);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);

// A whole decimal number, and nothing else.
std::optional<std::int64_t> parse_integer(std::string_view text);

// Percent-decoding of a URL part; nothing on a broken escape.
std::optional<std::string> percent_decode(std::string_view text);
// Everything but unreserved characters is escaped, '/' too.
std::string percent_encode(std::string_view text);

// Whole and well-formed, as JSON wants its texts; no NUL among it.
bool is_plain_utf8(std::string_view text);
// As it may be shown in JSON, however it came: '?' for each byte that is no UTF-8, and "..." for
// the end of what has more than `most` bytes.
std::string readable(std::string_view bytes, std::size_t most);

std::string base64_encode(std::string_view bytes);
std::optional<std::string> base64_decode(std::string_view text);
// The form for URLs and file names, without padding (RFC 4648, section 5).
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);
std::string hex_encode(std::string_view bytes);

// Splits a task's command line into words. There is no shell: nothing is expanded and nothing
// redirected; single quotes, double quotes and backslashes group as in a shell. Nothing when a
// quote is left open.
std::optional<std::vector<std::string>> split_command_line(std::string_view command_line);

}  // namespace batchyard
