#include "edge/http/server.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <thread>
#include <utility>
#include <vector>

#include "edge/http/acceptor.h"
#include "edge/http/connection.h"
#include "edge/http/tls.h"
#include "edge/http/websocket_channel.h"
#include "edge/http/worker.h"

namespace batchyard::edge {

class Server::Impl {
 public:
  Result<> start(ServerOptions options, HttpHandler handler);
  void stop();
  std::uint16_t port() const { return port_; }

 private:
  std::uint16_t port_ = 0;
  std::vector<std::shared_ptr<Worker>> workers_;
  std::shared_ptr<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
};

Result<> Server::Impl::start(ServerOptions options, HttpHandler handler) {
  auto serving = std::make_shared<Serving>();
  if (options.tls) serving->tls = TRY(tls_server_context(*options.tls));
  serving->options = std::move(options);
  serving->handler = std::move(handler);
  for (unsigned i = 0; i < std::max(1U, serving->options.threads); ++i)
    workers_.push_back(std::make_shared<Worker>(serving));
  acceptor_ = std::make_shared<Acceptor>(workers_);
  TRY(acceptor_->listen(serving->options));
  port_ = acceptor_->port();
  const std::string& host = serving->options.host;
  serving->own_host =
      (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port_);

  boost::asio::post(workers_.front()->loop(), [acceptor = acceptor_] { acceptor->accept(); });
  for (const auto& worker : workers_) threads_.emplace_back([worker] { worker->run(); });
  return Done{};
}

void Server::Impl::stop() {
  if (threads_.empty()) return;
  // From the accepting thread, so that every connection that was dealt out is before its worker's
  // order to drain.
  boost::asio::post(workers_.front()->loop(),
                    [acceptor = std::move(acceptor_), workers = workers_] {
                      acceptor->close();
                      for (const auto& worker : workers)
                        boost::asio::post(worker->loop(), [worker] { worker->drain(); });
                    });
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  stop();
}
std::uint16_t Server::port() const {
  return impl_->port();
}
void Server::stop() {
  impl_->stop();
}

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, HttpHandler handler) {
  auto impl = std::make_unique<Impl>();
  TRY(impl->start(std::move(options), std::move(handler)));
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

}  // namespace batchyard::edge
