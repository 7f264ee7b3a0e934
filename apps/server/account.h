// The account of a data directory: its keys and the service's own secret, made once.
#pragma once

#include <string>

#include "base/result.h"

namespace batchyard::server {

struct AccountFile {
  std::string primary_key;  // base64
  std::string secondary_key;
  std::string secret;  // of the service alone: makes the tokens of nodes and the secrets of gangs
};

// Reads `directory`/account, or makes it (0600).
Result<AccountFile> open_account(const std::string& directory);

}  // namespace batchyard::server
