#include "edge/http/transport.h"

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstring>
#include <utility>

namespace batchyard::edge {
namespace asio = boost::asio;
namespace {

class BareTransport final : public Transport {
 public:
  explicit BareTransport(TcpSocket socket) : socket_(std::move(socket)) {}

  TcpSocket& socket() override { return socket_; }
  void handshake(IoDone done) override { done({}); }
  void read_some(asio::mutable_buffer buffer, IoHandler done) override {
    socket_.async_read_some(buffer, std::move(done));
  }
  void write_some(std::span<const asio::const_buffer> buffers, IoHandler done) override {
    // The socket may look at the list again when it can take more: the caller's is gone by then.
    const std::size_t count = std::min(buffers.size(), output_.size());
    std::ranges::copy(buffers.first(count), output_.begin());
    socket_.async_write_some(std::span<const asio::const_buffer>(output_.data(), count),
                             std::move(done));
  }
  void finish(IoDone done) override {
    IoError ignored;
    socket_.shutdown(TcpSocket::shutdown_send, ignored);
    asio::post(socket_.get_executor(), [done = std::move(done)]() mutable { done({}); });
  }

 private:
  TcpSocket socket_;
  std::array<asio::const_buffer, 8> output_;
};

class TlsTransport final : public Transport {
 public:
  TlsTransport(TcpSocket socket, std::shared_ptr<asio::ssl::context> context,
               asio::ssl::stream_base::handshake_type role)
      : context_(std::move(context)), stream_(std::move(socket), *context_), role_(role) {}

  void expect_host(const std::string& host) {
    IoError not_an_address;
    asio::ip::make_address(host, not_an_address);
    if (not_an_address) SSL_set_tlsext_host_name(stream_.native_handle(), host.c_str());
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification(host));
  }

  TcpSocket& socket() override { return stream_.next_layer(); }
  void handshake(IoDone done) override { stream_.async_handshake(role_, std::move(done)); }
  void read_some(asio::mutable_buffer buffer, IoHandler done) override {
    stream_.async_read_some(buffer, std::move(done));
  }
  void write_some(std::span<const asio::const_buffer> buffers, IoHandler done) override {
    stream_.async_write_some(one_record(buffers), std::move(done));
  }
  void finish(IoDone done) override { stream_.async_shutdown(std::move(done)); }

 private:
  // Without this each buffer would become a TLS record, and a system call, of its own.
  asio::const_buffer one_record(std::span<const asio::const_buffer> buffers) {
    while (!buffers.empty() && buffers.front().size() == 0) buffers = buffers.subspan(1);
    if (buffers.empty()) return {};
    if (buffers.size() == 1 || buffers.front().size() >= record_size) return buffers.front();
    record_.resize(std::min(record_size, asio::buffer_size(buffers)));
    asio::buffer_copy(asio::buffer(record_), buffers);
    return asio::buffer(record_);
  }

  static constexpr std::size_t record_size = 16U << 10;
  std::shared_ptr<asio::ssl::context> context_;
  asio::ssl::stream<TcpSocket> stream_;
  asio::ssl::stream_base::handshake_type role_;
  std::string record_;
};

}  // namespace

void Transport::close() {
  IoError ignored;
  socket().shutdown(TcpSocket::shutdown_both, ignored);
  socket().close(ignored);
}

std::unique_ptr<Transport> bare_transport(TcpSocket socket) {
  return std::make_unique<BareTransport>(std::move(socket));
}

std::unique_ptr<Transport> tls_server_transport(TcpSocket socket,
                                                std::shared_ptr<asio::ssl::context> context) {
  return std::make_unique<TlsTransport>(std::move(socket), std::move(context),
                                        asio::ssl::stream_base::server);
}

std::unique_ptr<Transport> tls_client_transport(TcpSocket socket,
                                                std::shared_ptr<asio::ssl::context> context,
                                                const std::string& host) {
  auto transport = std::make_unique<TlsTransport>(std::move(socket), std::move(context),
                                                  asio::ssl::stream_base::client);
  transport->expect_host(host);
  return transport;
}

}  // namespace batchyard::edge
