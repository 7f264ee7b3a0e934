// The listening socket: takes connections in and deals them out to the workers in turn, never more
// at once than are allowed; the rest wait in the system's queue until a place is free.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "base/result.h"
#include "edge/http/worker.h"

namespace batchyard::edge {

class Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  // The first worker's thread accepts.
  explicit Acceptor(std::vector<std::shared_ptr<Worker>> workers);

  Result<> listen(const ServerOptions& options);
  std::uint16_t port() const;

  // On the first worker's thread.
  void accept();
  void close();

 private:
  using Socket = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp,
                                                    boost::asio::io_context::executor_type>;
  Place take_place();
  void accepted(IoError error, TcpSocket socket, std::shared_ptr<Worker> worker);

  std::vector<std::shared_ptr<Worker>> workers_;
  Socket socket_;
  boost::asio::steady_timer pause_;
  std::size_t connections_max_ = 0;
  std::size_t next_ = 0;
  std::atomic<std::size_t> taken_ = 0;
  bool waits_for_place_ = false;
};

}  // namespace batchyard::edge
