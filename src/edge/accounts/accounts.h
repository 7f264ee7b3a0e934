// Accounts of a node: entries in its passwd, shadow and group files. The files must be the node's
// own (edge/fleet puts copies over the machine's); entries that others made are left as they are.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "protocol/messages.h"

namespace batchyard::edge {

// crypt(3), SHA-512, with a fresh salt.
std::string hash_password(const std::string& password);

struct AccountFiles {
  std::string directory = "/etc";  // of passwd, shadow and group
  std::string homes;               // where home directories are made
};

// These accounts and no others of ours. Administrators are in the group sudo, if there is one. A
// name that the machine itself has is refused.
Result<> write_accounts(const AccountFiles& files, const std::vector<protocol::Account>& accounts);

}  // namespace batchyard::edge
