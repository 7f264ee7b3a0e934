// `up` and `serve`: the service in the foreground.
#pragma once

#include <string>
#include <vector>

#include "apps/server/server.h"

namespace batchyard::cli {

struct UpOptions {
  server::ServerOptions server;
  std::string listen = "127.0.0.1:0";
  std::string storage_listen = "127.0.0.1:0";
  std::string management_listen = "127.0.0.1:0";
  std::string trust;  // a file of issuers; empty: none but ourselves
  bool manages = true;
  bool registers_az = false;
  std::string env_file;
  std::string clock = "real";  // real, virtual[=START], frozen[=START]
  std::vector<std::string> quotas;
  std::vector<std::string> egress;  // ranges of addresses
  bool fetches_private = false;     // an older word for one of them
  bool development = true;          // `up`: nodes end with the service; `serve`: they go on
};
int up(UpOptions options);

// The lines that make az, the SDKs and this program talk to the service.
std::string export_lines(const server::Server& server);

// "127.0.0.1:8443", "[::1]:0".
Result<> parse_listen(const std::string& text, server::ServerOptions& options);

// The same of the built-in storage.
Result<> parse_storage_listen(const std::string& text, server::ServerOptions& options);

// "real", "frozen", "virtual=2026-11-24T09:15:02Z".
Result<> parse_clock(const std::string& text, server::ServerOptions& options);

// "pools=100", "azure".
Result<> parse_quotas(const std::vector<std::string>& words, server::ServerOptions& options);

// This program's own path.
std::string own_program();
std::string default_data_dir();

}  // namespace batchyard::cli
