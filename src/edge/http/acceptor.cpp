#include "edge/http/acceptor.h"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <utility>

namespace batchyard::edge {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

constexpr std::chrono::milliseconds exhausted_pause{100};

std::unexpected<Error> cannot_listen(const std::string& where, const IoError& error) {
  std::string message = "Cannot listen on " + where + ": ";
  if (error == asio::error::address_in_use)
    return fail(Kind::conflict, "PortTaken",
                message +
                    "the port is in use by another program. Stop that program or choose "
                    "another port; port 0 takes any free one.");
  if (error == asio::error::access_denied)
    return fail(Kind::forbidden, "PortForbidden",
                message +
                    "this user may not take that port. Choose one above 1023 or give the "
                    "program CAP_NET_BIND_SERVICE.");
  return fail(Kind::invalid, "InvalidListenAddress",
              message + error.message() + ". Choose an address that this machine has.");
}

}  // namespace

Acceptor::Acceptor(std::vector<std::shared_ptr<Worker>> workers)
    : workers_(std::move(workers)),
      socket_(workers_.front()->loop().get_executor()),
      pause_(workers_.front()->loop()) {}

Result<> Acceptor::listen(const ServerOptions& options) {
  connections_max_ = options.connections_max;
  const bool v6 = options.host.find(':') != std::string::npos;
  const std::string where =
      (v6 ? "[" + options.host + "]" : options.host) + ":" + std::to_string(options.port);
  IoError error;
  tcp::resolver resolver(workers_.front()->loop());
  const auto found =
      resolver.resolve(options.host, std::to_string(options.port), tcp::resolver::passive, error);
  if (error || found.empty()) return cannot_listen(where, error);
  const tcp::endpoint endpoint = *found.begin();

  socket_.open(endpoint.protocol(), error);
  if (!error) socket_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) socket_.bind(endpoint, error);
  if (!error) socket_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return cannot_listen(where, error);
  return Done{};
}

std::uint16_t Acceptor::port() const {
  IoError ignored;
  return socket_.local_endpoint(ignored).port();
}

Place Acceptor::take_place() {
  taken_.fetch_add(1);
  return Place(this, [weak = weak_from_this()](void*) {
    const auto self = weak.lock();
    if (!self || self->taken_.fetch_sub(1) < self->connections_max_) return;
    asio::post(self->workers_.front()->loop(), [weak] {
      const auto here = weak.lock();
      if (here && std::exchange(here->waits_for_place_, false)) here->accept();
    });
  });
}

void Acceptor::accept() {
  if (!socket_.is_open()) return;
  if (taken_.load() >= connections_max_) {
    waits_for_place_ = true;
    return;
  }
  const std::shared_ptr<Worker> worker = workers_[next_++ % workers_.size()];
  socket_.async_accept(worker->loop().get_executor(),
                       [self = shared_from_this(), worker](IoError error, TcpSocket socket) {
                         self->accepted(error, std::move(socket), worker);
                       });
}

void Acceptor::accepted(IoError error, TcpSocket socket, std::shared_ptr<Worker> worker) {
  if (!socket_.is_open()) return;
  if (error) {  // most often no file descriptor is left: some will be closed
    pause_.expires_after(exhausted_pause);
    pause_.async_wait([self = shared_from_this()](IoError) { self->accept(); });
    return;
  }
  asio::dispatch(worker->loop(),
                 [worker, place = take_place(), socket = std::move(socket)]() mutable {
                   worker->add(std::move(socket), std::move(place));
                 });
  accept();
}

void Acceptor::close() {
  IoError ignored;
  socket_.close(ignored);
  pause_.cancel();
}

}  // namespace batchyard::edge
