// The account of a data directory: its keys, its storage's keys and the service's own secret.
#pragma once

#include <string>

#include "base/result.h"
#include "edge/seal/seal.h"

namespace batchyard::server {

struct AccountFile {
  std::string primary_key;  // base64
  std::string secondary_key;
  std::string secret;  // of the service alone: makes the tokens of nodes and the secrets of gangs
  std::string storage_primary;  // of the built-in storage, base64
  std::string storage_secondary;
};

// Reads `directory`/account, or makes it: sealed (0600).
Result<AccountFile> open_account(const std::string& directory, const edge::Seal& seal);
Result<> write_account(const std::string& directory, const AccountFile& account,
                       const edge::Seal& seal);
std::string new_account_key();

}  // namespace batchyard::server
