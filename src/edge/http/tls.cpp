#include "edge/http/tls.h"

#include <openssl/ssl.h>

#include <string_view>

namespace batchyard::edge {
namespace ssl = boost::asio::ssl;
namespace {

constexpr unsigned char alpn_http[] = "\x08http/1.1";
constexpr unsigned alpn_http_length = sizeof(alpn_http) - 1;
constexpr std::string_view session_context = "batchyard";

// A client that offers only other protocols is served all the same: HTTP/1.1 is all there is.
int choose_protocol(SSL*, const unsigned char** out, unsigned char* out_length,
                    const unsigned char* offered, unsigned offered_length, void*) {
  unsigned char* chosen = nullptr;
  const int found = SSL_select_next_proto(&chosen, out_length, alpn_http, alpn_http_length, offered,
                                          offered_length);
  if (found != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_NOACK;
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

std::unexpected<Error> cannot_read(std::string what, const std::string& file,
                                   const boost::system::error_code& error) {
  return fail(Kind::invalid, "InvalidTlsFile",
              "The " + what + " '" + file + "' cannot be used: " + error.message() +
                  ". Give a readable PEM file.");
}

void set_common(ssl::context& context) {
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.native_handle(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
  // An idle agent's connection would otherwise keep 34 kB of buffers.
  SSL_CTX_set_mode(context.native_handle(), SSL_MODE_RELEASE_BUFFERS);
}

}  // namespace

Result<std::shared_ptr<ssl::context>> tls_server_context(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  set_common(*context);
  SSL_CTX* native = context->native_handle();
  SSL_CTX_set_session_id_context(native,
                                 reinterpret_cast<const unsigned char*>(session_context.data()),
                                 static_cast<unsigned>(session_context.size()));
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_SERVER);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);

  boost::system::error_code error;
  context->use_certificate_chain_file(files.certificate_chain, error);
  if (error) return cannot_read("certificate chain", files.certificate_chain, error);
  if (files.key_text.empty())
    context->use_private_key_file(files.private_key, ssl::context::pem, error);
  else
    context->use_private_key(boost::asio::buffer(files.key_text), ssl::context::pem, error);
  if (error) return cannot_read("private key", files.private_key, error);
  return context;
}

Result<std::shared_ptr<ssl::context>> tls_client_context(const std::string& ca_file) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_client);
  set_common(*context);
  SSL_CTX_set_alpn_protos(context->native_handle(), alpn_http, alpn_http_length);
  boost::system::error_code error;
  if (ca_file.empty())
    context->set_default_verify_paths(error);
  else
    context->load_verify_file(ca_file, error);
  if (error) return cannot_read("file of trusted authorities", ca_file, error);
  context->set_verify_mode(ssl::verify_peer);
  return context;
}

}  // namespace batchyard::edge
