// The settings of TLS on both sides: 1.2 and newer, session tickets, http/1.1 by ALPN.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

#include "base/result.h"
#include "edge/http/server.h"

namespace batchyard::edge {

Result<std::shared_ptr<boost::asio::ssl::context>> tls_server_context(const TlsFiles& files);
// `ca_file` empty: the system's authorities.
Result<std::shared_ptr<boost::asio::ssl::context>> tls_client_context(const std::string& ca_file);

}  // namespace batchyard::edge
