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

Result<> BlobServer::listen() {
  ServerOptions options;
  options.host = options_.host;
  options.port = options_.port;
  options.tls = options_.tls;
  options.connections_max = blob_connections_max;
  options.body_max = static_cast<std::uint64_t>(blob::whole_size_max);
  options.streams = [](const HttpRequest&) { return true; };
  options.refuse = [now = options_.now](const HttpRequest& head, const Error& error) {
    return blob::response_of(head, error, random_guid(), now());
  };
  http_ = TRY(Server::start(std::move(options), [this](HttpRequest request, HttpReply reply) {
    const BlobSite site{options_.account, endpoint_, *store_,        *crew_,
                        *fetchers_,       halt_,     options_.egress};
    auto exchange = std::make_shared<Exchange>(site, std::move(request), std::move(reply));
    crew_->post([this, exchange] {
      known_.wait();
      exchange->begin();
    });
  }));
  const bool six = options_.host.contains(':');
  endpoint_ = fmt::format("{}://{}:{}/{}", options_.tls ? "https" : "http",
                          six ? "[" + options_.host + "]" : options_.host, http_->port(),
                          options_.account.name);
  known_.count_down();
  return Done();
}

void BlobServer::stop() {
  halt_.set();
  if (http_) http_->stop();
  if (fetchers_) fetchers_->stop();
  if (crew_) crew_->stop();
}

BlobServer::~BlobServer() {
  stop();
}

}  // namespace batchyard::edge
