// The whole service in one process: store, engine, fleet, data plane and links. `up` runs it for
// development, `serve` for good.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/server/storage.h"
#include "base/result.h"
#include "edge/clock/clock.h"
#include "edge/fleet/local_fleet.h"
#include "edge/seal/seal.h"
#include "engine/quota.h"
#include "service/rights.h"

namespace batchyard::service {
class Service;
}

namespace batchyard::server {

// A certificate for all that listens, and the authority that vouches for it.
struct SharedTls {
  edge::TlsFiles files;
  std::string ca_file;
};

struct ServerOptions {
  std::string data_dir;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  // of HTTPS, or of HTTP with `http`
  bool http = false;       // plain HTTP, on loopback only
  std::string account = "batchyard";
  std::string program;  // this program's absolute path
  fleet::Isolation isolation = fleet::Isolation::automatic;
  bool instant = false;  // simulated nodes, with no process started
  edge::ClockMode clock = edge::ClockMode::real;
  std::optional<Time> clock_start;  // nothing: the present
  std::string catalogue;            // an operator's file of sizes and images; empty: none
  std::string gate;                 // an operator's file of thresholds; empty: none
  bool install_drivers = false;     // nodes may install what their sizes need
  std::string faults;               // a file of faults that are to happen; empty: none
  engine::Quotas quotas;
  // A blob endpoint with an account's signature, or a connection string; empty: our own.
  std::string auto_storage_url;
  StorageOptions storage;
  std::string key_file;  // what seals the data directory; empty: `key` in it
  // Of that file; empty: it is opened, and made if need be.
  std::shared_ptr<const edge::Seal> seal = {};
  // Asked once the data directory is taken; empty: an authority below it.
  std::function<Result<SharedTls>()> tls = {};
  // What a token of the installation allows in an account; empty: none is accepted.
  std::function<Result<service::Rights>(const std::string& account, std::string_view token)>
      rights = {};
  bool awaits_access = false;  // who may come from where is told after the start
};

class Server {
 public:
  static Result<std::unique_ptr<Server>> start(ServerOptions options);
  ~Server();

  const std::string& endpoint() const;  // https://127.0.0.1:8443
  const std::string& account() const;
  std::string key() const;                // the primary one
  std::vector<std::string> keys() const;  // primary and secondary
  // Makes one of them anew, durably; the old one is good for nothing from then on.
  Result<> renew_key(bool primary);
  // Its data plane, for whoever manages the account.
  service::Service& service();
  const std::string& ca_file() const;  // empty with plain HTTP
  // Of the built-in storage; empty without it.
  std::string storage_endpoint() const;
  std::string storage_connection_string() const;
  std::vector<std::string> storage_keys() const;
  const std::string& notice() const;  // about the nodes; empty when all is well

  // The store's error, after which nothing goes on.
  std::optional<Error> failure() const;
  // Ends: no more requests, what was accepted is committed. With `end_nodes` every node and its
  // tasks end, too.
  void stop(bool end_nodes);

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace batchyard::server
