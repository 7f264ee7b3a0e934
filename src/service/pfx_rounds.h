// How often a PKCS #12 file makes its readers hash a password: the file says it, so who reads one
// looks first.
#pragma once

#include <openssl/pkcs12.h>

#include <cstdint>
#include <string>

namespace batchyard::service {

// More is taken for an attempt to keep the service busy; programs use 2000 to 600,000.
inline constexpr std::int64_t pfx_rounds_max = 1'000'000;

// The most that any part of the file asks for. Parts inside encrypted ones are opened with the
// password, unless a part before them asks for too much already.
std::int64_t rounds_of_pfx(const PKCS12* file, const std::string& password);

}  // namespace batchyard::service
