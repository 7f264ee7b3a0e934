// An HTTP request and its answer as plain values: what the service reads and writes, and what
// edge/http carries.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace batchyard {

struct HttpHeader {
  std::string name;
  std::string value;
};

// The first header of that name, compared without regard to case; empty when there is none.
std::string_view find_header(const std::vector<HttpHeader>& headers, std::string_view name);

// Gives the next part of a long body; an empty part ends it. An error breaks the connection off, so
// that the reader can tell a short answer from a whole one.
using BodyPart = std::move_only_function<void(Result<std::string>)>;
using BodySource = std::function<void(BodyPart)>;
// The `source_length` of a body whose end is not known before it is reached: it goes out in chunks.
inline constexpr std::uint64_t unknown_length = ~std::uint64_t{0};

struct HttpRequest {
  std::string method;  // upper case: "GET"
  std::string target;  // path and query exactly as received: signatures cover the raw path
  std::vector<HttpHeader> headers;  // in the order received
  std::string body;
  BodySource source;             // instead of `body`, where the listener was told to stream it
  std::string scheme = "https";  // "http" on a plain listener
  std::string host;              // the Host header, or the listener's address
  std::string peer;              // address of the caller, for the log

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

struct HttpResponse {
  int status = 200;
  std::string reason;               // empty: the standard phrase of the status
  std::vector<HttpHeader> headers;  // Content-Length, Connection and Date are the carrier's
  std::string body;                 // ignored when `source` is set
  BodySource source;                // a long body, pulled part by part
  std::uint64_t source_length = 0;  // bytes that `source` will give

  std::string_view header(std::string_view name) const { return find_header(headers, name); }
};

// Called once, from any thread.
using HttpReply = std::move_only_function<void(HttpResponse)>;
using HttpHandler = std::function<void(HttpRequest, HttpReply)>;

}  // namespace batchyard
