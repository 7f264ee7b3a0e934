#include "edge/blobs/blob_server.h"

#include <fmt/format.h>

#include "blob/codes.h"
#include "blob/limits.h"
#include "edge/blobs/exchange.h"
#include "edge/clock/clock.h"

namespace batchyard::edge {

namespace {

constexpr unsigned crew_size = 4;
constexpr unsigned fetchers_max = 2;
constexpr std::size_t blob_connections_max = 1'000;

}  // namespace

Result<std::unique_ptr<BlobServer>> BlobServer::start(BlobServerOptions options) {
  std::unique_ptr<BlobServer> server(new BlobServer(std::move(options)));
  server->store_ = TRY(BlobStore::open(server->options_.directory, server->options_.now));
  server->crew_ = std::make_unique<Crew>(crew_size);
  server->fetchers_ = std::make_unique<Crew>(fetchers_max);
  TRY(server->listen());
  return server;
}

Result<std::unique_ptr<Server>> BlobServer::listener(const std::optional<TlsFiles>& tls,
                                                     std::uint16_t port) {
  ServerOptions options;
  options.host = options_.host;
  options.port = port;
  options.tls = tls;
  options.connections_max = blob_connections_max;
  options.body_max = static_cast<std::uint64_t>(blob::whole_size_max);
  options.streams = [](const HttpRequest&) { return true; };
  options.refuse = [now = options_.now](const HttpRequest& head, const Error& error) {
    return blob::response_of(head, error, random_guid(), now());
  };
  return Server::start(std::move(options), [this](HttpRequest request, HttpReply reply) {
    const BlobSite site{options_.account, endpoint_, *store_,        *crew_,
                        *fetchers_,       halt_,     options_.egress};
    auto exchange = std::make_shared<Exchange>(site, std::move(request), std::move(reply));
    crew_->post([this, exchange] {
      known_.wait();
      exchange->begin();
    });
  });
}

std::string BlobServer::endpoint_of(const Server& server, std::string_view scheme) const {
  const bool six = options_.host.contains(':');
  return fmt::format("{}://{}:{}/{}", scheme, six ? "[" + options_.host + "]" : options_.host,
                     server.port(), options_.account.name);
}

Result<> BlobServer::listen() {
  http_ = TRY(listener(options_.tls, options_.port));
  endpoint_ = endpoint_of(*http_, options_.tls ? "https" : "http");
  secure_endpoint_ = endpoint_;
  if (!options_.tls && options_.tls_beside) {
    https_ = TRY(listener(options_.tls_beside, 0));
    secure_endpoint_ = endpoint_of(*https_, "https");
  }
  known_.count_down();
  return Done();
}

void BlobServer::stop() {
  halt_.set();
  if (http_) http_->stop();
  if (https_) https_->stop();
  if (fetchers_) fetchers_->stop();
  if (crew_) crew_->stop();
}

BlobServer::~BlobServer() {
  stop();
}

}  // namespace batchyard::edge
