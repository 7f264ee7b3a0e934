// The built-in storage beside the service: its blob endpoint, what clients are told of it, and how
// it stands behind autoStorageContainerName.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "edge/blobs/blob_server.h"

namespace batchyard::server {

struct StorageOptions {
  bool serves = true;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  edge::Egress egress{};  // where copies into it may come from
  // Where it is served by plain HTTP: what it is served by TLS with, on another port.
  std::optional<edge::TlsFiles> tls_beside = {};
};

class Storage {
 public:
  // Below the data directory. The account and its keys are the Batch account's. Plain HTTP without
  // `tls`, on loopback only.
  static Result<std::unique_ptr<Storage>> start(const StorageOptions& options,
                                                const std::string& data_dir, blob::Account account,
                                                std::optional<edge::TlsFiles> tls,
                                                std::function<Time()> now);

  const std::string& endpoint() const { return blobs_->endpoint(); }
  // What the storage's SDKs and tools read: AZURE_STORAGE_CONNECTION_STRING.
  std::string connection_string() const;
  // For agents: reading and listing every container, for as long as the account has its key.
  std::string signed_url(Time now) const;
  // …and what one does with a container: the query of a signature.
  std::string signature(const std::string& container, const std::string& permissions,
                        Time now) const;
  // By TLS whatever the endpoint is, where there are certificates.
  const std::string& secure_endpoint() const { return blobs_->secure_endpoint(); }
  const blob::Account& account() const { return account_; }
  void stop() { blobs_->stop(); }

 private:
  blob::Account account_;
  std::unique_ptr<edge::BlobServer> blobs_;
};

}  // namespace batchyard::server
