// What signatures of requests are made of, for the shared keys of both data planes, the storage's
// access signatures and our own tokens.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace batchyard {

// The headers that a shared key signs by value, in the order of the text that is signed. Batch and
// Storage have the same ones.
inline constexpr std::array<std::string_view, 11> signed_headers{"Content-Encoding",
                                                                 "Content-Language",
                                                                 "Content-Length",
                                                                 "Content-MD5",
                                                                 "Content-Type",
                                                                 "Date",
                                                                 "If-Modified-Since",
                                                                 "If-Match",
                                                                 "If-None-Match",
                                                                 "If-Unmodified-Since",
                                                                 "Range"};

// HMAC-SHA256; raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view text);

// Takes the same time whatever the contents are.
bool equal_in_constant_time(std::string_view a, std::string_view b);

// base64(HMAC-SHA256) by a key that is base64 itself; empty for a key that is none.
std::string signature_of(std::string_view key_base64, std::string_view text);

// Never for a key that is none.
bool is_signature(std::string_view given, std::string_view key_base64, std::string_view text);

}  // namespace batchyard
