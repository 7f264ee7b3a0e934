// One installation: its accounts, each with a server of its own, and the management plane over
// them. `up` and `serve` run it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/server/server.h"
#include "base/result.h"

namespace batchyard::server {

struct InstallationOptions {
  ServerOptions account;  // the first one's, and what every other has too
  bool serves_management = true;
  std::string management_host = "127.0.0.1";
  std::uint16_t management_port = 0;
  std::string trust;  // a file of issuers whose tokens are believed, too; empty: none
};

// What clients of the management plane need.
struct ManagementFacts {
  std::string endpoint;  // https://127.0.0.1:8444; empty when it is not served
  std::string tenant;
  std::string subscription;
  std::string client;  // of the administrator
  std::string secret;
  std::string ca_file;               // that vouches for it
  std::vector<std::string> notices;  // of what was found at the start
  std::string identity_url;          // where the managed identity's tokens are asked for
};

class Installation {
 public:
  static Result<std::unique_ptr<Installation>> start(InstallationOptions options);
  ~Installation();

  const Server& account() const;  // the first one
  const ManagementFacts& management() const;

  // Waits until a signal arrives (SIGINT, SIGTERM) or a store fails; the error is the store's.
  Result<> wait();
  // Ends as Server::stop does, every account.
  void stop(bool end_nodes);

 private:
  class Impl;
  explicit Installation(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchyard::server
