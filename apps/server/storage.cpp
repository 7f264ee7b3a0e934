#include "apps/server/storage.h"

#include <fmt/format.h>

#include "blob/sas.h"

namespace batchyard::server {

namespace {

// Tasks are handed the signature when they start and may run for long; it ends with the key.
constexpr std::chrono::hours signed_for{10 * 365 * 24};

}  // namespace

Result<std::unique_ptr<Storage>> Storage::start(const StorageOptions& options,
                                                const std::string& data_dir, blob::Account account,
                                                std::optional<edge::TlsFiles> tls,
                                                std::function<Time()> now) {
  auto storage = std::make_unique<Storage>();
  storage->account_ = account;
  storage->blobs_ = TRY(edge::BlobServer::start({.directory = data_dir + "/blobs",
                                                 .host = options.host,
                                                 .port = options.port,
                                                 .tls = std::move(tls),
                                                 .tls_beside = options.tls_beside,
                                                 .account = std::move(account),
                                                 .now = std::move(now),
                                                 .egress = options.egress}));
  return storage;
}

std::string Storage::connection_string() const {
  return fmt::format("DefaultEndpointsProtocol={};AccountName={};AccountKey={};BlobEndpoint={};",
                     endpoint().substr(0, endpoint().find(':')), account_.name,
                     account_.keys.front(), endpoint());
}

std::string Storage::signed_url(Time now) const {
  return endpoint() + "?" +
         blob::make_account_sas(account_,
                                {.permissions = "rl", .types = "co", .expiry = now + signed_for});
}

std::string Storage::signature(const std::string& container, const std::string& permissions,
                               Time now) const {
  return blob::make_service_sas(account_, {.container = container,
                                           .blob = {},
                                           .permissions = permissions,
                                           .expiry = now + signed_for,
                                           .policy = {}});
}

}  // namespace batchyard::server
