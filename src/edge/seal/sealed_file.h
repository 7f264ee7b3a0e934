// Small files of a data directory that are sealed as a whole. Each is sealed as its path below that
// directory ("tls/ca.key").
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.h"
#include "edge/seal/seal.h"

namespace batchyard::edge {

// All of them, for who changes keys: of every account, and of the installation beside them.
inline constexpr std::string_view account_file = "account";
inline constexpr std::string_view site_file = "site";
inline constexpr std::array sealed_files{account_file, site_file, std::string_view("tls/ca.key"),
                                         std::string_view("tls/server.key")};

// Its text; empty when it is not there. One that was written before there was a key, or under an
// earlier one, is sealed anew.
Result<std::string> read_sealed_file(const std::string& directory, std::string_view name,
                                     const Seal& seal);
Result<> write_sealed_file(const std::string& directory, std::string_view name,
                           std::string_view text, const Seal& seal);
// As it lies there; empty when it is not there.
std::string bytes_of_file(const std::string& path);

}  // namespace batchyard::edge
