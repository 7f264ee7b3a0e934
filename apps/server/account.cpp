#include "apps/server/account.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/text.h"
#include "edge/clock/clock.h"

namespace batchyard::server {

std::string new_account_key() {
  return base64_encode(edge::random_bytes(64));
}

Result<> write_account(const std::string& directory, const AccountFile& account) {
  const std::string path = directory + "/account";
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string text =
      fmt::format("{}\n{}\n{}\n{}\n{}\n", account.primary_key, account.secondary_key,
                  account.secret, account.storage_primary, account.storage_secondary);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  if (!written || rename(beside.c_str(), path.c_str()) != 0)
    return fail(Kind::internal, "DataDirectoryUnusable",
                fmt::format("cannot write {}: {}. Give a --data-dir that can be written.", path,
                            std::strerror(error)));
  return Done();
}

Result<AccountFile> open_account(const std::string& directory) {
  AccountFile account;
  std::ifstream(directory + "/account") >> account.primary_key >> account.secondary_key >>
      account.secret >> account.storage_primary >> account.storage_secondary;
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
  TRY(write_account(directory, account));
  return account;
}

}  // namespace batchyard::server
