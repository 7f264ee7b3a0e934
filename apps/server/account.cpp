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

Result<AccountFile> open_account(const std::string& directory) {
  const std::string path = directory + "/account";
  AccountFile account;
  std::ifstream(path) >> account.primary_key >> account.secondary_key >> account.secret;
  if (!account.secret.empty()) return account;
  account = {base64_encode(edge::random_bytes(64)), base64_encode(edge::random_bytes(64)),
             edge::random_hex(32)};
  const std::string beside = path + ".new";
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const std::string text =
      fmt::format("{}\n{}\n{}\n", account.primary_key, account.secondary_key, account.secret);
  const bool written = file >= 0 &&
                       write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  const int error = errno;
  if (file >= 0) close(file);
  if (!written || rename(beside.c_str(), path.c_str()) != 0)
    return fail(Kind::internal, "DataDirectoryUnusable",
                fmt::format("cannot write {}: {}. Give a --data-dir that can be written.", path,
                            std::strerror(error)));
  return account;
}

}  // namespace batchyard::server
