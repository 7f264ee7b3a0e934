// The blob endpoint's meaning: from an admitted request and what the index holds to an answer. The
// edge moves the bytes.
//
//   admit (before a body is read) -> the edge takes the body -> perform, in one transaction
#pragma once

#include <optional>
#include <string>

#include "base/http_message.h"
#include "base/result.h"
#include "base/time.h"
#include "blob/account.h"
#include "blob/address.h"
#include "blob/authorize.h"
#include "blob/headers.h"
#include "blob/operation.h"
#include "blob/rows.h"

namespace batchyard::blob {

// A request that may be performed.
struct Admitted {
  Address address;
  Operation operation = Operation::get_blob;
  Caller caller;
};
Result<Admitted> admit(const Account& account, const HttpRequest& request, Rows& rows, Time now);

// What is known before the body came: lengths and what else a head says wrongly.
Result<> check_head(const Admitted& admitted, const HttpRequest& request);

// A body that has become a piece, on the disk.
struct Received {
  Piece piece;
  std::string md5;    // base64
  std::string crc64;  // base64
};

// What the world lends to one request.
struct Call {
  const Account& account;
  const HttpRequest& request;  // with the body of an operation whose facts say text
  const Admitted& admitted;
  Time now;
  std::string etag;      // one that nothing had before
  std::string guid;      // random
  std::string endpoint;  // http://127.0.0.1:10000/account
  const Received* received = nullptr;
};

// Bytes of committed blobs.
struct Bytes {
  std::vector<Extent> extents;
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

struct Answer {
  int status = 200;
  Headers headers;
  std::string body;
  std::optional<Bytes> send = {};  // instead of `body`
  // Not done yet: these bytes, or those of this URL, are to become a piece; then perform again.
  std::optional<Bytes> gather = {};
  std::string fetch = {};
};

Result<Answer> perform(const Call& call, Rows& rows);

// Every answer's: version, request's ids.
HttpResponse response_of(const HttpRequest& request, Answer answer, std::string_view request_id);
HttpResponse response_of(const HttpRequest& request, const Error& error,
                         std::string_view request_id, Time now);

}  // namespace batchyard::blob
