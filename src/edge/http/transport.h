// The bytes under HTTP and WebSocket: a TCP socket, bare or under TLS, behind one small interface,
// so that what is built on it is compiled once (instantiating it for both costs minutes and
// gigabytes). All calls are made on the thread of its loop.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace batchyard::edge {

using IoError = boost::system::error_code;
using IoExecutor = boost::asio::io_context::executor_type;
using TcpSocket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, IoExecutor>;
using IoHandler = std::move_only_function<void(IoError, std::size_t)>;
using IoDone = std::move_only_function<void(IoError)>;

class Transport {
 public:
  virtual ~Transport() = default;
  virtual TcpSocket& socket() = 0;
  virtual void handshake(IoDone done) = 0;  // nothing to do on a bare socket
  virtual void read_some(boost::asio::mutable_buffer buffer, IoHandler done) = 0;
  // One write at a time; `buffers` themselves need to live only as long as the call.
  virtual void write_some(std::span<const boost::asio::const_buffer> buffers, IoHandler done) = 0;
  // Tells the peer that nothing more comes.
  virtual void finish(IoDone done) = 0;

  // Everything that waits ends with an error.
  void close();
};

std::unique_ptr<Transport> bare_transport(TcpSocket socket);
std::unique_ptr<Transport> tls_server_transport(TcpSocket socket,
                                                std::shared_ptr<boost::asio::ssl::context> context);
// Checks that the server's certificate is for `host`, a name or an address.
std::unique_ptr<Transport> tls_client_transport(TcpSocket socket,
                                                std::shared_ptr<boost::asio::ssl::context> context,
                                                const std::string& host);

}  // namespace batchyard::edge
