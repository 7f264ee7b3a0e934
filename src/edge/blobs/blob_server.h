// The blob endpoint: containers and block blobs by the storage's REST, from this machine's disk.
// Bodies are taken and given part by part, whatever their size.
#pragma once

#include <functional>
#include <latch>
#include <memory>
#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "edge/blobs/blob_store.h"
#include "edge/blobs/crew.h"
#include "edge/http/server.h"
#include "edge/transfer/egress.h"
#include "edge/transfer/halt.h"

namespace batchyard::edge {

struct BlobServerOptions {
  std::string directory;  // made if need be
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::optional<TlsFiles> tls;
  std::optional<TlsFiles> tls_beside = {};  // without `tls`: on a port of its own, for who must
  blob::Account account;
  std::function<Time()> now;
  Egress egress{};  // where copies may come from
};

class BlobServer {
 public:
  static Result<std::unique_ptr<BlobServer>> start(BlobServerOptions options);
  ~BlobServer();  // stops

  const std::string& endpoint() const { return endpoint_; }  // http://127.0.0.1:10000/account
  // By TLS: the endpoint, or the one beside it; the plain one when there is no other.
  const std::string& secure_endpoint() const { return secure_endpoint_; }
  BlobStore& store() { return *store_; }
  void stop();

 private:
  explicit BlobServer(BlobServerOptions options) : options_(std::move(options)) {}
  Result<> listen();
  Result<std::unique_ptr<Server>> listener(const std::optional<TlsFiles>& tls, std::uint16_t port);
  std::string endpoint_of(const Server& server, std::string_view scheme) const;

  BlobServerOptions options_;
  std::string endpoint_;
  std::string secure_endpoint_;
  std::latch known_{1};  // the endpoint is, and requests may begin
  std::unique_ptr<BlobStore> store_;
  Halt halt_;
  std::unique_ptr<Crew> crew_;
  std::unique_ptr<Crew> fetchers_;
  std::unique_ptr<Server> http_;
  std::unique_ptr<Server> https_;  // beside the plain one
};

}  // namespace batchyard::edge
