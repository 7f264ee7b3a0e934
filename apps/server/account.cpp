#include "apps/server/account.h"

#include <fmt/format.h>

#include <sstream>

#include "base/text.h"
#include "edge/clock/clock.h"
#include "edge/seal/sealed_file.h"

namespace batchyard::server {

std::string new_account_key() {
  return base64_encode(edge::random_bytes(64));
}

Result<> write_account(const std::string& directory, const AccountFile& account,
                       const edge::Seal& seal) {
  return edge::write_sealed_file(
      directory, edge::account_file,
      fmt::format("{}\n{}\n{}\n{}\n{}\n", account.primary_key, account.secondary_key,
                  account.secret, account.storage_primary, account.storage_secondary),
      seal);
}

Result<AccountFile> open_account(const std::string& directory, const edge::Seal& seal) {
  AccountFile account;
  std::istringstream(TRY(edge::read_sealed_file(directory, edge::account_file, seal))) >>
      account.primary_key >> account.secondary_key >> account.secret >> account.storage_primary >>
      account.storage_secondary;
  if (!account.storage_secondary.empty()) return account;
  if (account.secret.empty())
    account = {.primary_key = new_account_key(),
               .secondary_key = new_account_key(),
               .secret = edge::random_hex(32),
               .storage_primary = new_account_key(),
               .storage_secondary = new_account_key()};
  // A file of an earlier version: the storage had the account's keys, and keeps those it had.
  if (account.storage_primary.empty()) account.storage_primary = account.primary_key;
  if (account.storage_secondary.empty()) account.storage_secondary = account.secondary_key;
  TRY(write_account(directory, account, seal));
  return account;
}

}  // namespace batchyard::server
