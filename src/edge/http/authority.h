// The development certificate authority: who vouches for this installation's certificate when
// nobody else does. The first start makes it; later starts use it again, so clients trust one file
// (`ca_file`) once. The server's own certificate is renewed when a name is missing from it or its
// end is near. Every file is written beside, synced and renamed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "edge/http/server.h"
#include "edge/seal/seal.h"

namespace batchyard::edge {

class Authority {
 public:
  // `names` are DNS names, wildcards and IP addresses. localhost, *.localhost, 127.0.0.1, ::1 and
  // this machine's host name are always there. OpenSSL wants two labels after a wildcard: give
  // "*.blob.localhost" for account.blob.localhost. `now` is the clock's when absent. Private keys
  // are sealed by `seal`; without one they lie there as they are.
  static Result<Authority> open(const std::string& directory, std::vector<std::string> names = {},
                                std::optional<Time> now = {}, const Seal* seal = nullptr);

  const std::string& ca_file() const { return ca_file_; }  // for clients; the key beside it is 0600
  const TlsFiles& server_files() const { return server_files_; }
  bool made() const { return made_; }  // the authority itself is new: clients must trust it anew
  bool renewed() const { return renewed_; }  // the server's certificate is new

 private:
  Authority() = default;
  Authority with_key(std::string key, const Seal* seal) &&;
  std::string ca_file_;
  TlsFiles server_files_;
  bool made_ = false;
  bool renewed_ = false;
};

}  // namespace batchyard::edge
