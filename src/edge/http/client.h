// A small blocking HTTP client for the command line and for tests. It keeps its connection open
// between calls. One thread at a time may use one client.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/http_message.h"
#include "base/result.h"

namespace batchyard::edge {

struct ClientOptions {
  std::string ca_file;  // empty: the system's authorities
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds timeout{
      60'000};  // of a whole exchange; 0: none (a followed log, an event stream)
};

// Takes the body as it arrives; false breaks the exchange off.
using BodySink = std::function<bool(std::string_view part)>;

class Client {
 public:
  explicit Client(ClientOptions options = {});
  ~Client();
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;

  // Sends to scheme://host + target. Any status is a success; an Error means that there was no
  // whole answer (Kind::busy: the server could not be reached) and says which server and what to
  // check.
  Result<HttpResponse> send(const HttpRequest& request);
  // The same, with the body handed to `sink` instead of kept, whatever the status is.
  Result<HttpResponse> send(const HttpRequest& request, const BodySink& sink);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// A request for an absolute URL: fills scheme, host and target.
Result<HttpRequest> request_for(std::string method, std::string_view url);

}  // namespace batchyard::edge
